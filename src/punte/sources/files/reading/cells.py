"""The cells of a workbook as text, the way a person reads them in the sheet."""

from __future__ import annotations

import datetime
from decimal import Decimal

ALMOST_A_SECOND = datetime.timedelta(milliseconds=10)

Cell = str | int | float | bool | datetime.datetime | datetime.date | datetime.time | datetime.timedelta


def text_of(value: Cell) -> str | None:
    """The text of a cell; None when it is empty or an error such as #N/A.

    Numbers have the 15 significant digits that Excel keeps, no exponent, and no ``.0`` (an id 8001.0 is 8001).
    Dates are ISO: 2024-12-05, or 2024-12-05 14:30:00 where the cell has a time of day. Durations are hours, 26:30:00.
    """
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime.datetime):
        return _rounded(value).isoformat(sep=" ")
    if isinstance(value, datetime.timedelta):
        return _duration_text(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)


def number_text(value: float) -> str:
    """A number as Excel shows it in a cell of its own: ``number_text(8001.0)`` is "8001"."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{Decimal(f'{value:.15g}'):f}"


def _rounded(moment: datetime.datetime) -> datetime.datetime:
    """Serial dates are fractions of a day; what lies a few milliseconds off a whole second was meant to be it."""
    second = (moment + datetime.timedelta(milliseconds=500)).replace(microsecond=0)
    if abs(second - moment) < ALMOST_A_SECOND:
        return second
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _duration_text(span: datetime.timedelta) -> str:
    seconds = round(abs(span).total_seconds())
    sign = "-" if span < datetime.timedelta(0) else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
