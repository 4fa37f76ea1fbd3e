"""Rules about people: plain values in, an answer or a refusal out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import available_timezones

from punte.core.access import ADMIN, BOTH, MARKETING, ROLES, SALES, SIDE_LEAD, SIDES
from punte.errors import PunteError


class CannotSignIn(PunteError):
    """E-mail and password do not belong together. The same words whether or not there is such an account."""


class TooManyAttempts(PunteError):
    """Too many failed sign-ins in a short time."""


class CannotManagePeople(PunteError):
    """Only an admin, or the command line, may change who belongs here."""


class CannotAddPerson(PunteError):
    """The person cannot be added as described."""


class CannotRemoveLastAdmin(PunteError):
    """Without an admin nobody could add people any more."""


class WeakPassword(PunteError):
    """The password is too easy to guess."""


class NotADemoHome(PunteError):
    """Demo accounts have a password that everyone knows, so only a demo home may have them."""


LANGUAGES = ("en", "ro")
DEFAULT_TIME_ZONE = "Europe/Bucharest"


@dataclass(frozen=True)
class DemoAccount:
    """One account of the demo company."""

    email: str
    name: str
    side: str
    role: str


DEMO_PASSWORD = "over-the-footbridge"
DEMO_ACCOUNTS = (
    DemoAccount("marta@demo.punte", "Marta Ionescu", MARKETING, SIDE_LEAD),
    DemoAccount("sandro@demo.punte", "Sandro Popa", SALES, SIDE_LEAD),
    DemoAccount("admin@demo.punte", "Ada Moldovan", BOTH, ADMIN),
)


@dataclass(frozen=True)
class Limit:
    """At most ``n_failures`` within ``window``."""

    n_failures: int
    window: timedelta


PER_ACCOUNT = Limit(5, timedelta(minutes=5))
PER_ADDRESS = Limit(20, timedelta(minutes=5))  # an office shares one address


def minutes_to_wait(attempts: Sequence[datetime], limit: Limit, at: datetime) -> int:
    """Whole minutes until another attempt is let through; 0 when one may be made now.

    ``attempts`` are the failed ones and the one being made, in any order.
    """
    recent = sorted(moment for moment in attempts if moment > at - limit.window)
    if len(recent) <= limit.n_failures:
        return 0
    frees_at = recent[-limit.n_failures - 1] + limit.window
    return max(1, -(-(frees_at - at) // timedelta(minutes=1)))


def normal_email(email: str) -> str:
    """An e-mail address as accounts are found by it: trimmed, in lower case."""
    return email.strip().lower()


def client_address(remote: str, forwarded_for: str, is_behind_proxy: bool) -> str:
    """Whom the request comes from. Behind our proxy it is the last address, which the proxy itself added; the ones
    before it are what the client claims.
    """
    if is_behind_proxy and forwarded_for:
        return forwarded_for.rsplit(",", 1)[-1].strip()
    return remote


def must_be_a_person(*, email: str, name: str, role: str, side: str, language: str, time_zone: str) -> None:
    """Refuse what no account can have.

    Raises: CannotAddPerson, naming the field and what it may be.
    """
    local, at_sign, domain = email.partition("@")
    if not (local and at_sign and "." in domain.strip(".")) or any(sign.isspace() for sign in email):
        _refuse("email", email, "Give an address such as ana@company.ro.")
    if not name.strip():
        _refuse("name", name, "Give the person's name.")
    if role not in ROLES:
        _refuse("role", role, f"Take one of: {', '.join(ROLES)}.")
    if side not in SIDES:
        _refuse("side", side, f"Take one of: {', '.join(SIDES)}.")
    must_be_a_language(language)
    must_be_a_time_zone(time_zone)


def must_be_a_language(language: str) -> None:
    """Raises CannotAddPerson for a language that punte does not speak."""
    if language not in LANGUAGES:
        _refuse("language", language, f"Take one of: {', '.join(LANGUAGES)}.")


def must_be_a_time_zone(time_zone: str) -> None:
    """Raises CannotAddPerson for a name that is no time zone."""
    if time_zone not in time_zones():
        _refuse("time zone", time_zone, "Take a name such as Europe/Bucharest.")


@cache
def time_zones() -> tuple[str, ...]:
    """The names of time zones that a person may choose, in alphabetical order."""
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))) + (
        "UTC",
    )


def _refuse(field: str, value: str, remedy: str) -> None:
    raise CannotAddPerson(f"'{value}' cannot be a person's {field}.", remedy=remedy, field=field, value=value)
