"""The question that an address asks of the loop, and addresses that ask it a little differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from punte.rooms.loop.rules.periods import ALL, PERIODS, Days, days_of

OF_TRAFFIC = (
    "channel",
    "campaign",
    "source",
    "medium",
    "content",
    "term",
    "landing_page",
    "form",
    "offer",
    "referrer",
)
OF_PEOPLE = ("sourced_by", "segment", "country", "account", "owner")
OF_DEALS = ("kind", "pipeline", "lost_reason")
DIMENSIONS = OF_TRAFFIC + OF_PEOPLE + OF_DEALS
ATTRIBUTE = "attribute:"

KINDS_OF_DEAL = ("new", "renewal", "upsell")
MODELS = (
    "first",
    "last",
    "last_non_direct",
    "linear",
    "position",
    "u_shaped",
    "w_shaped",
    "full_path",
    "time_decay",
)
DEFAULT_MODEL = "last"
WINDOWS = ("activity", "cohort")
LEVELS = ("person", "account")
SCOPES = ("origin", "touched")
UNITS = ("persons", "money")
BLOCKS = ("marketing", "shared", "sales")
OUTCOMES = ("won", "open", "lost")
SORTS = (
    "revenue",
    "cost",
    "n_touches",
    "n_leads",
    "n_mql",
    "cost_per_lead",
    "n_sal",
    "n_sql",
    "n_opportunities",
    "n_won",
    "won_share",
    "median_days_to_won",
    "credit",
    "roi",
)
_CHOICES: dict[str, tuple[str, ...]] = {
    "model": MODELS,
    "period": PERIODS,
    "window": WINDOWS,
    "level": LEVELS,
    "scope": SCOPES,
    "unit": UNITS,
    "sort": SORTS,
    "block": BLOCKS,
    "outcome": OUTCOMES,
    "rows": ("top", "all"),
}
_NOT_KNOWN, _UNATTRIBUTED, _MARK = "~none", "~unattributed", "~"


@dataclass(frozen=True)
class Value:
    """One value of a dimension: a text, None for not known, or what has no known touch at all."""

    text: str | None = None
    is_unattributed: bool = False

    def token(self) -> str:
        """How the value stands in an address; a text can never be taken for one of the two words."""
        if self.is_unattributed:
            return _UNATTRIBUTED
        if self.text is None or self.text == "":
            return _NOT_KNOWN
        return _MARK + self.text if self.text.startswith(_MARK) else self.text

    @classmethod
    def from_token(cls, token: str) -> Value:
        """The value of a token."""
        if token == _UNATTRIBUTED:
            return cls(None, True)
        if token in (_NOT_KNOWN, ""):
            return cls()
        return cls(token[1:] if token.startswith(_MARK * 2) else token)


@dataclass(frozen=True)
class Filter:
    """Only what has this value of this dimension."""

    dimension: str
    value: Value


@dataclass(frozen=True)
class Refusal:
    """A word of the address that means nothing here: its name, what it said, and what it could have said."""

    name: str
    said: str
    known: tuple[str, ...]


@dataclass(frozen=True)
class LoopQuestion:
    """What is asked: told apart by what, under which model, over which days, of what part of the whole.

    ``since`` and ``until`` (half-open) hold where ``period`` is empty.
    """

    by: str = "channel"
    model: str = DEFAULT_MODEL
    period: str = ALL
    since: date | None = None
    until: date | None = None
    window: str = "activity"
    level: str = "person"
    scope: str = "origin"
    unit: str = "persons"
    sort: str = "revenue"
    block: str = "marketing"
    outcome: str = "won"
    rows: str = "top"
    filters: tuple[Filter, ...] = ()

    def days(self, at_on: date) -> Days:
        """The days that are asked about, seen from the day of the data."""
        return days_of(self.period, at_on) if self.period else Days(self.since, self.until)

    def filtered_by(self, dimension: str) -> bool:
        """Whether a filter holds on that dimension."""
        return any(chip.dimension == dimension for chip in self.filters)

    def where(self, **values: Value) -> LoopQuestion:
        """The same question with these filters too; one on the same dimension gives way."""
        kept = tuple(chip for chip in self.filters if chip.dimension not in values)
        return replace(self, filters=(*kept, *(Filter(name, value) for name, value in values.items())))

    def without(self, *dimensions: str) -> LoopQuestion:
        """The same question without the filters on these dimensions; without any, where none is named."""
        kept = tuple(chip for chip in self.filters if dimensions and chip.dimension not in dimensions)
        return replace(self, filters=kept)

    def changed(self, **values: Any) -> LoopQuestion:
        """The same question with other words; a named period takes the place of days, and days that of a period."""
        if "period" in values:
            values = {"since": None, "until": None, **values}
        elif "since" in values or "until" in values:
            values = {"period": "", **values}
        return replace(self, **values)

    def query(self) -> str:
        """The question as the part of an address after "?"; what is as usual is left out."""
        usual = LoopQuestion()
        words = [
            (name, _word(getattr(self, name)))
            for name in ("by", "model", "since", "until", "period", "window", "level", "scope", *_LATER)
            if getattr(self, name) != getattr(usual, name) and getattr(self, name)
        ]
        return urlencode([*words, *((chip.dimension, chip.value.token()) for chip in self.filters)])


_LATER = ("unit", "sort", "block", "outcome", "rows")


def _word(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def question_from(words: Mapping[str, str]) -> tuple[LoopQuestion, tuple[Refusal, ...]]:
    """The question of an address, and what of it could not be understood; the usual stands in for that.

    Words that are none of ours (a tracking mark, a page number) are passed over.
    """
    found: dict[str, Any] = {}
    refusals: list[Refusal] = []
    _read_dimension(words, found, refusals)
    for name, known in _CHOICES.items():
        said = words.get(name, "")
        if said in known:
            found[name] = said
        elif said:
            refusals.append(Refusal(name, said, known))
    _read_days(words, found, refusals)
    found["filters"] = tuple(
        Filter(name, Value.from_token(words[name])) for name in words if is_dimension(name) and name in words
    )
    return LoopQuestion(**found), tuple(refusals)


def is_dimension(name: str) -> bool:
    """Whether rows can be told apart by that name; an unmapped column of a source is ``attribute:<its header>``."""
    return name in DIMENSIONS or (name.startswith(ATTRIBUTE) and name != ATTRIBUTE)


def _read_dimension(words: Mapping[str, str], found: dict[str, Any], refusals: list[Refusal]) -> None:
    said = words.get("by", "")
    if is_dimension(said):
        found["by"] = said
    elif said:
        refusals.append(Refusal("by", said, DIMENSIONS))


def _read_days(words: Mapping[str, str], found: dict[str, Any], refusals: list[Refusal]) -> None:
    days = {name: _day(words[name]) for name in ("since", "until") if words.get(name)}
    refusals += [Refusal(name, words[name], ("2026-07-01",)) for name, day in days.items() if day is None]
    known = {name: day for name, day in days.items() if day is not None}
    since, until = known.get("since"), known.get("until")
    if since and until and until <= since:
        refusals.append(Refusal("until", until.isoformat(), (f"> {since.isoformat()}",)))
    elif known:
        found.update(known, period="")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def names_of(question: LoopQuestion) -> Sequence[str]:
    """The dimensions that the question names, those of its filters first, each once."""
    return tuple(dict.fromkeys([*(chip.dimension for chip in question.filters), question.by]))
