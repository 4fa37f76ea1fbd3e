"""The settings, as TOML: how the loop counts, and what the tables are built by.

Which touches count, half-life and direct channels count from the moment on from which the settings are in force; what
stands under ``[build]`` counts from the next build on.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from punte.records.money import OLDEST_RATE_DAYS
from punte.records.written_lines import Part, parsed

DEFAULT_TEXT = """\
# How figures are counted. A line that is left out counts as it stands here.

# look_back_days = 90           # touches older than this before the close earn no credit; left out: all earn it
counts_every_touch = false      # true: touches that were only shown (mail sent, advertisement seen) count too
half_life_days = 7              # time decay: a touch this many days before the last one weighs half
direct_channels = ["Direct"]    # channels that the model last_non_direct passes over

[build]                         # counts from the next import or `punte build` on
own_domains = []                # your own domains, such as "acme.ro": nobody with an address there is a customer
oldest_rate_days = 7            # how old an exchange rate may be on the day for which it is used
"""

HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_-]+(\.[a-z0-9_-]+)+")


@dataclass(frozen=True)
class LoopSettings:
    """``look_back_days`` None counts every touch; ``half_life_days`` is at least 1."""

    look_back_days: int | None = None
    counts_every_touch: bool = False
    half_life_days: int = 7
    direct_channels: tuple[str, ...] = ("Direct",)


@dataclass(frozen=True)
class TableSettings:
    """What tables are built by: the company's own domains, and how old an exchange rate may be (days, from 0)."""

    own_domains: frozenset[str] = frozenset()
    oldest_rate_days: int = OLDEST_RATE_DAYS


BUILD = "build"
OF_LOOP = tuple(LoopSettings.__dataclass_fields__)
OF_TABLES = tuple(TableSettings.__dataclass_fields__)


def loop_settings_from_toml(text: str) -> LoopSettings:
    """How the loop counts, by the whole text of the settings.

    Raises: UnknownMapping, with the line, for TOML that cannot be read, an unknown word, or a value out of bounds, also
    under ``[build]``.
    """
    return _settings(text)[0]


def table_settings_from_toml(text: str) -> TableSettings:
    """What tables are built by, by the whole text of the settings. Raises as ``loop_settings_from_toml``."""
    return _settings(text)[1]


def _settings(text: str) -> tuple[LoopSettings, TableSettings]:
    whole = Part(text, "")
    values = parsed(text, "The settings")
    below = values.pop(BUILD, {})
    heading = replace(whole, first=whole.line_of(BUILD))
    if not isinstance(below, dict):
        raise heading.refusal("build is a heading and no setting.", "Write [build], and its settings below.")
    _refuse_unknown(whole, values, OF_LOOP, dict.fromkeys(OF_TABLES, "below [build]"))
    _refuse_unknown(heading, below, OF_TABLES, dict.fromkeys(OF_LOOP, "above [build]"))
    ours, theirs = _read(whole, values), _read(heading, below)
    return LoopSettings(**ours), TableSettings(**theirs)


def _refuse_unknown(part: Part, given: dict[str, Any], known: tuple[str, ...], elsewhere: dict[str, str]) -> None:
    for word in given:
        if word in elsewhere:
            raise part.refusal(f"{word} stands in the wrong place.", f"Move it {elsewhere[word]}.", word=word)
        if word not in known:
            near = difflib.get_close_matches(word, (*known, *elsewhere), n=1)
            remedy = f"Did you mean {near[0]}?" if near else f"There are {', '.join((*known, *elsewhere))}."
            raise part.refusal(f"There is no setting {word}.", remedy, word=word)


def _read(part: Part, given: dict[str, Any]) -> dict[str, Any]:
    return {word: _READERS[word](replace(part, first=part.line_of(word)), word, value) for word, value in given.items()}


def _days(least: int) -> Callable[[Part, str, Any], int]:
    def read(part: Part, word: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            said = f"{word} = {value!r} is not a number of days."
            raise part.refusal(said, f"Give a whole number from {least} on.")
        return value

    return read


def _flag(part: Part, word: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise part.refusal(f"{word} is neither true nor false.", "Write true or false.")
    return value


def _texts(part: Part, word: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise part.refusal(f"{word} is no list of names.", f'Write {word} = ["...", "..."].')
    return tuple(one.strip() for one in value)


def _domains(part: Part, word: str, value: Any) -> frozenset[str]:
    found = frozenset(one.lower().removeprefix("www.") for one in _texts(part, word, value))
    for one in sorted(found):
        if not HOST.fullmatch(one):
            raise part.refusal(f"{one!r} is no domain.", 'Write only what stands after the @, such as "acme.ro".')
    return found


_READERS: dict[str, Callable[[Part, str, Any], Any]] = {
    "look_back_days": _days(1),
    "counts_every_touch": _flag,
    "half_life_days": _days(1),
    "direct_channels": _texts,
    "own_domains": _domains,
    "oldest_rate_days": _days(0),
}
