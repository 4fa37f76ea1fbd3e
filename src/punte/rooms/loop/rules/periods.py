"""Periods by name, as days: counted from the day of the data, never from the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ALL = "all"
PERIODS = (
    ALL,
    "this-month",
    "last-month",
    "this-quarter",
    "last-quarter",
    "this-year",
    "last-year",
)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Days:
    """Local days ``[since, until)``; None is without bound."""

    since: date | None = None
    until: date | None = None

    @property
    def is_bounded(self) -> bool:
        """Whether there is a first or a last day."""
        return self.since is not None or self.until is not None

    def before(self) -> Days | None:
        """As many days that end where these start; None where a bound is missing or the calendar has no such day."""
        if self.since is None or self.until is None or self.until <= self.since:
            return None
        length = self.until - self.since
        if self.since - date.min < length:
            return None
        return Days(self.since - length, self.since)


def days_of(period: str, at_on: date) -> Days:
    """The days of a named period, seen from the day of the data.

    "This" periods end with that day, so that they compare with as many days before. KeyError for an unknown name.

    >>> days_of("last-quarter", date(2026, 11, 20))
    Days(since=datetime.date(2026, 7, 1), until=datetime.date(2026, 10, 1))
    """
    if period == ALL:
        return Days()
    which, _, unit = period.partition("-")
    start = _start(at_on, _MONTHS[unit])
    if which == "this":
        return Days(start, at_on + timedelta(days=1))
    return Days(_start(start - timedelta(days=1), _MONTHS[unit]), start)


def _start(day: date, n_months: int) -> date:
    """The first day of the month, quarter or year that holds the day."""
    return day.replace(month=(day.month - 1) // n_months * n_months + 1, day=1)
