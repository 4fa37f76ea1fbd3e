"""The table of the loop: one row for each value of a dimension, and the row of everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from punte.rooms.loop.queries.opened import Lent
from punte.rooms.loop.rules import OF_TRAFFIC, Days, Filter, LoopQuestion, Value, names_of
from punte.units import exponent

_COUNTS = (
    "n_touches",
    "n_persons",
    "n_leads",
    "n_mql",
    "n_sal",
    "n_sql",
    "n_opportunities",
    "n_won",
    "n_open",
    "n_too_recent",
    "n_amount_unknown",
    "n_cost_unknown",
)
_MONEY = ("revenue", "cost", "cac", "cost_per_lead")
_RATIOS = ("won_share", "median_days_to_won", "roi")


@dataclass(frozen=True)
class LoopRow:
    """The figures of one value. Money in minor units; None is not known; ``credits`` by model.

    ``n_begun`` and ``n_begun_won`` are the counts behind ``won_share``; None where only the share is known.
    """

    value: Value
    n_touches: int | None
    n_persons: int | None
    n_leads: int | None
    n_mql: int | None
    n_sal: int | None
    n_sql: int | None
    n_opportunities: int | None
    n_won: int | None
    n_open: int | None
    n_too_recent: int | None
    n_amount_unknown: int | None
    n_cost_unknown: int | None
    revenue: int | None
    cost: int | None
    cac: int | None
    cost_per_lead: int | None
    won_share: float | None
    median_days_to_won: float | None
    roi: float | None
    credits: dict[str, int | None] = field(default_factory=dict)
    n_begun: int | None = None
    n_begun_won: int | None = None

    @property
    def is_unattributed(self) -> bool:
        """Whether it is the row of what has no known touch."""
        return self.value.is_unattributed


def rows_of(lent: Lent, question: LoopQuestion, days: Days, models: Sequence[str]) -> tuple[LoopRow, ...]:
    """A row for each value of the question's dimension, within its filters; the largest value first."""
    by = names_of(question)
    return tuple(_row(record, question.by, models, lent) for record in _asked(lent, question, days, by, models))


def total_of(lent: Lent, question: LoopQuestion, days: Days) -> LoopRow | None:
    """The row of everything within the question's filters; None where there is nothing."""
    by = tuple(chip.dimension for chip in question.filters)
    for record in _asked(lent, question, days, by, ()):
        return _row(record, "", (), lent)
    return None


def _asked(
    lent: Lent, question: LoopQuestion, days: Days, by: Sequence[str], models: Sequence[str]
) -> list[dict[str, Any]]:
    """Each filter's dimension has one value in the rows that are kept, so no row has to be added to another."""
    words: dict[str, Any] = {
        "by": tuple(by),
        "models": tuple(models),
        "since": days.since,
        "until": days.until,
        "window": question.window,
        "scope": question.scope,
        "level": question.level,
    }
    records = lent.once(("loop", *words.items()), lambda numbers: numbers.answer("loop", **words).to_pylist())
    return list(within(records, question.filters))


def records_of(numbers: Any, table: Any) -> list[dict[str, Any]]:
    """The rows of an expression, as dictionaries."""
    return numbers.engine.to_arrow(table).to_pylist()


def within(records: Iterable[dict[str, Any]], filters: Sequence[Filter]) -> Iterable[dict[str, Any]]:
    """The rows that have the value of every filter."""
    return (record for record in records if all(value_of(record, chip.dimension) == chip.value for chip in filters))


def value_of(record: dict[str, Any], dimension: str) -> Value:
    """The value of a dimension in a row; every dimension of traffic is unattributed in a row that is."""
    if record["is_unattributed"] and dimension in OF_TRAFFIC:
        return Value(None, True)
    return Value(record[dimension] or None)


def minor(amount: Decimal | None, currency: str) -> int | None:
    """Major units as whole minor units, exact."""
    return None if amount is None else int(amount.scaleb(exponent(currency)))


def _row(record: dict[str, Any], by: str, models: Sequence[str], lent: Lent) -> LoopRow:
    currency = lent.numbers.currency
    return LoopRow(
        value=value_of(record, by) if by else Value(),
        **{name: record[name] for name in (*_COUNTS, *_RATIOS)},
        **{name: minor(record[name], currency) for name in _MONEY},
        credits={model: minor(record[f"credit_{model}"], currency) for model in models},
    )
