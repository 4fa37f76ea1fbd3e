"""Months as people write them over the columns of a spreadsheet, in English and Romanian."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_NAMES = {
    "jan": 1, "january": 1, "ian": 1, "ianuarie": 1,
    "feb": 2, "february": 2, "februarie": 2,
    "mar": 3, "march": 3, "martie": 3,
    "apr": 4, "april": 4, "aprilie": 4,
    "may": 5, "mai": 5,
    "jun": 6, "june": 6, "iun": 6, "iunie": 6,
    "jul": 7, "july": 7, "iul": 7, "iulie": 7,
    "aug": 8, "august": 8,
    "sep": 9, "sept": 9, "september": 9, "septembrie": 9,
    "oct": 10, "october": 10, "octombrie": 10,
    "nov": 11, "november": 11, "noiembrie": 11, "noi": 11,
    "dec": 12, "december": 12, "decembrie": 12,
}  # fmt: skip
_YEAR_FIRST = re.compile(r"(\d{4})[-./ ](\d{1,2})(?:[-./ ]0?1)?(?: 00:00(?::00)?)?")
_MONTH_FIRST = re.compile(r"(?:0?1[-./ ])?(\d{1,2})[-./ ](\d{4})")
_NAMED = re.compile(r"(?:0?1[-. ])?([a-z]+)\.?[-./ ]*'?(\d{4}|\d{2})")
_NAMED_LAST = re.compile(r"(\d{4})[-./ ]*([a-z]+)\.?")


def month_of(text: str) -> date | None:
    """The first day of a month written as 2026-03, 03.2026, 1.3.2026, Mar 2026, mar-26 or martie 2026; else None.

    >>> month_of("sept. 2026"), month_of("03/2026"), month_of("Q3 2026")
    (datetime.date(2026, 9, 1), datetime.date(2026, 3, 1), None)
    """
    plain = " ".join(_without_marks(text.casefold()).split())
    if found := _YEAR_FIRST.fullmatch(plain):
        return _first(int(found[1]), int(found[2]))
    if found := _MONTH_FIRST.fullmatch(plain):
        return _first(int(found[2]), int(found[1]))
    if found := _NAMED.fullmatch(plain):
        return _first(_whole_year(found[2]), _NAMES.get(found[1], 0))
    if found := _NAMED_LAST.fullmatch(plain):
        return _first(int(found[1]), _NAMES.get(found[2], 0))
    return None


def _first(year: int, month: int) -> date | None:
    return date(year, month, 1) if 1 <= month <= 12 and 1970 <= year <= 2099 else None


def _whole_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _without_marks(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
