"""The people of the tests: Marta in marketing, Sandro in sales, Lea who leads both, and those around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from punte.rooms.people.models import User

ADDED_AT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)

ROLES = {
    "marta": ("member", "marketing"),
    "sandro": ("member", "sales"),
    "lea": ("side_lead", "both"),
    "vera": ("viewer", "both"),
    "ada": ("admin", "both"),
    "nino": ("member", "sales"),
}


@dataclass(frozen=True)
class Actors:
    """One user of each kind; Nino's account is closed, so he must get nothing."""

    marta: User
    sandro: User
    lea: User
    vera: User
    ada: User
    nino: User


def add_actors() -> Actors:
    from punte.rooms.people.models import User

    users = {
        name: User.objects.create(
            email=f"{name}@tests.punte",
            name=name.capitalize(),
            role=role,
            side=side,
            is_active=name != "nino",
            added_at=ADDED_AT,
            password="!",
        )
        for name, (role, side) in ROLES.items()
    }
    return Actors(**users)
