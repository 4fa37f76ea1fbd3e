"""The kinds of choices, and what each kind's body must be.

A body is TOML. What it must say beyond that is known to the layer that reads it, which registers its own check:
``register_kind("mapping", check)``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable

from punte.errors import PunteError, UnknownName

Validate = Callable[[str], None]
"""Takes a body and raises a PunteError that says what is wrong with it."""

MAPPING, CHANNEL_RULES, CALENDAR, SETTINGS = "mapping", "channel_rules", "calendar", "settings"

_CHECKS: dict[str, list[Validate]] = {MAPPING: [], CHANNEL_RULES: [], CALENDAR: [], SETTINGS: []}


class UnreadableChoice(PunteError):
    """The body of a choice is not TOML."""


def register_kind(kind: str, validate: Validate) -> None:
    """Have each new body of this kind checked; a kind not known so far becomes known. Doing it twice checks once."""
    checks = _CHECKS.setdefault(kind, [])
    if validate not in checks:
        checks.append(validate)


def kinds() -> tuple[str, ...]:
    """The kinds that exist, in alphabetical order."""
    return tuple(sorted(_CHECKS))


def must_be_known(kind: str) -> None:
    """Refuse a kind that nobody registered.

    Raises: UnknownName, naming those that exist.
    """
    if kind not in _CHECKS:
        raise UnknownName(
            f"There is no kind of choice '{kind}'.", remedy=f"Take one of: {', '.join(kinds())}.", kind=kind
        )


def validate_body(kind: str, body: str) -> None:
    """Check a body as its kind demands.

    Raises: UnknownName for an unknown kind, UnreadableChoice for a body that is not TOML, and what the kind's own
    checks raise.
    """
    must_be_known(kind)
    try:
        tomllib.loads(body)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableChoice(
            f"This {kind.replace('_', ' ')} is not readable as TOML: {error}.",
            remedy="Mend that place and record it again; nothing was changed.",
            kind=kind,
        ) from error
    for check in _CHECKS[kind]:
        check(body)
