"""How a column writes its dates and numbers, decided from all of its sample values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import pyarrow as pa

from punte.sources.files.mapping import formats
from punte.sources.files.mapping.numbers import canonical

_DATES = (
    *("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d"),
    *("%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%y", "%d-%b-%y"),
    *("%d %b %Y", "%d. %b %Y", "%b %d, %Y", "%b %d %Y", "%d-%b-%Y"),
)
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %H:%M:%S", ", %I:%M %p", "T%H:%M:%S")
_CANDIDATES = ("iso", *(f"{date}{time}" for date, time in product(_DATES, _TIMES)))
_NUMBERED = (("excel", 20_000, 70_000), ("epoch_s", 5e8, 4e9), ("epoch_ms", 5e11, 4e12))
_ENOUGH, _A_FEW = 0.9, 30
_HAS_DAY = re.compile(r"^(?=.{6,40}$)(?:\d{1,4}[-/. ]|[^\W\d_]{3,}\.? \d)")


@dataclass(frozen=True)
class DateWay:
    """The formats that read a column, how many of its values they read, and whether day and month could swap."""

    formats: tuple[str, ...]
    n_read: int
    n_values: int
    could_swap: bool


@dataclass(frozen=True)
class NumberWay:
    """The decimal sign of a column, how many of its values it reads, and whether the other sign would do too.

    ``whole_with`` is the sign under which all values are whole numbers, where only one of the two does that.
    """

    decimal: str
    n_read: int
    n_values: int
    could_swap: bool
    whole_with: str | None = None

    @property
    def decimal_of_money(self) -> str | None:
        """The sign where it is clear for money, which has no three decimals: ``1.200`` is twelve hundred."""
        return self.whole_with if self.could_swap else self.decimal


def date_way(values: Sequence[str], *, day_first: bool = True) -> DateWay | None:
    """How the dates of a column are written; None when most values are no dates.

    Where every value fits day-first and month-first alike, ``day_first`` decides, and the result says so.
    """
    if sum(_HAS_DAY.match(text) is not None for text in values) < _ENOUGH * len(values):
        return None
    texts, some = pa.array(values, pa.string()), values[:: max(1, len(values) // _A_FEW)]
    read = {fmt: formats.read(texts, fmt).is_read for fmt in _CANDIDATES if any(map(_looks(fmt).match, some))}
    chosen: list[str] = []
    left = np.ones(len(values), bool)
    while read and left.any():
        best = max(read, key=lambda fmt: (int((read[fmt] & left).sum()), _is_preferred(fmt, day_first)))
        if not (read[best] & left).any() or _swapped(best) in chosen:
            break
        chosen.append(best)
        left &= ~read[best]
    n_read = len(values) - int(left.sum())
    if not chosen or n_read < _ENOUGH * len(values):
        return None
    swaps = any(_swapped(fmt) in read and bool((read[_swapped(fmt)] >= read[fmt]).all()) for fmt in chosen)
    return DateWay(tuple(chosen), n_read, len(values), swaps)


def numbered_date_way(values: Sequence[str]) -> DateWay | None:
    """How dates are written as numbers: serials of a spreadsheet, seconds or milliseconds since 1970."""
    numbers = [
        float(text) for text in values if canonical(text, ".", ",") is not None and text.replace(".", "").isdigit()
    ]
    if len(numbers) < len(values) or not numbers:
        return None
    for name, low, high in _NUMBERED:
        if all(low <= number <= high for number in numbers):
            return DateWay((name,), len(values), len(values), could_swap=False)
    return None


def number_way(values: Sequence[str], *, decimal: str = ".") -> NumberWay | None:
    """How the numbers of a column are written; None when most values are no numbers.

    Where both signs read everything, and differently, ``decimal`` decides, and the result says so.
    """
    read = {sign: [canonical(text, sign, "." if sign == "," else ",") for text in values] for sign in (".", ",")}
    counts = {sign: sum(one is not None for one in found) for sign, found in read.items()}
    best = max((decimal, *read), key=lambda sign: counts[sign])
    if not values or counts[best] < _ENOUGH * len(values):
        return None
    could_swap = counts["."] == counts[","] and read["."] != read[","]
    whole = [sign for sign, found in read.items() if not any("." in number for number in found if number is not None)]
    return NumberWay(best, counts[best], len(values), could_swap, whole[0] if len(whole) == 1 else None)


@cache
def _looks(fmt: str) -> re.Pattern[str]:
    """The pattern of a format for Python, which is quicker for a few values and knows letters by another name."""
    return re.compile(formats.pattern(fmt).replace(r"\pL", r"[^\W\d_]"))


def _is_preferred(fmt: str, day_first: bool) -> tuple[bool, bool]:
    return fmt == "iso", fmt.startswith("%d") == day_first


def _swapped(fmt: str) -> str:
    for sign in "/-":
        one, other = f"%d{sign}%m", f"%m{sign}%d"
        if fmt.startswith(one):
            return fmt.replace(one, other, 1)
        if fmt.startswith(other):
            return fmt.replace(other, one, 1)
    return ""
