"""People as pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from punte.core.access import COMMAND_LINE, Person, may_manage
from punte.rooms.people.models import User
from punte.rooms.people.rules import DEMO_ACCOUNTS, DEMO_PASSWORD, CannotManagePeople


@dataclass(frozen=True)
class PersonCard:
    """One person, as those who work with them see them."""

    person_id: int
    name: str
    email: str
    side: str
    role: str
    is_active: bool
    is_demo: bool


@dataclass(frozen=True)
class DemoDoor:
    """The accounts of a demo home and the one password that opens them all."""

    accounts: tuple[PersonCard, ...]
    password: str


def get_demo_door() -> DemoDoor | None:
    """What the sign-in page of a demo home shows; None in every other home."""
    emails = [account.email for account in DEMO_ACCOUNTS]
    users = {user.email: user for user in User.objects.filter(is_demo=True, is_active=True, email__in=emails)}
    cards = tuple(_card(users[email]) for email in emails if email in users)
    return DemoDoor(accounts=cards, password=DEMO_PASSWORD) if cards else None


def has_people() -> bool:
    """Whether anybody has an account at all: before the first one nobody can sign in."""
    return User.objects.exists()


def get_people_for(*, user: Person | str) -> tuple[PersonCard, ...]:
    """Everyone who has an account, by name.

    Raises: CannotManagePeople for anyone but an admin or the command line.
    """
    if user != COMMAND_LINE and not (not isinstance(user, str) and may_manage(user)):
        raise CannotManagePeople("Only an admin sees all accounts.", remedy="Ask an admin.")
    return tuple(_card(row) for row in User.objects.order_by("name", "pk"))


def _card(user: User) -> PersonCard:
    return PersonCard(
        person_id=user.pk,
        name=user.name,
        email=user.email,
        side=user.side,
        role=user.role,
        is_active=user.is_active,
        is_demo=user.is_demo,
    )
