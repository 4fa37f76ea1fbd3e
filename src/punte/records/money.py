"""Amounts in the reporting currency, exact: whole minor units, rates in billionths, one rounding at the very end.

A rate is looked up for a currency and a day: the last one known at or before the day and not older than a few days.
Where a pair is not quoted, the opposite pair is turned round, else both are crossed over a third currency. Without any
rate an amount is null and said to lack its rate; it is never taken for 0 and never converted by guess.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.errors import AmountTooLarge

OLDEST_RATE_DAYS = 7
BILLION = 10**9
_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class _Series:
    """The rates of one pair by day, in order."""

    days: list[date]
    rates: list[Fraction]


class Rates:
    """The rates of table fx_rate; of several for one pair and day the one of the largest record_id counts."""

    def __init__(self, fx_rate: pa.Table, oldest_days: int = OLDEST_RATE_DAYS) -> None:
        self._oldest = timedelta(days=oldest_days)
        by_pair: dict[tuple[str, str], dict[date, Fraction]] = {}
        for row in fx_rate.select(["record_id", "day", "base", "quote", "rate"]).sort_by("record_id").to_pylist():
            by_pair.setdefault((row["base"], row["quote"]), {})[row["day"]] = Fraction(row["rate"], BILLION)
        self._series = {
            pair: _Series(sorted(rates), [rates[day] for day in sorted(rates)]) for pair, rates in by_pair.items()
        }
        self._currencies = sorted({currency for pair in by_pair for currency in pair})

    def on(self, day: date, base: str, quote: str) -> Fraction | None:
        """How much of ``quote`` one unit of ``base`` costs on a day (major units); None where no rate is known."""
        if base == quote:
            return Fraction(1)
        direct = self._either_way(day, base, quote)
        if direct is not None:
            return direct
        crossed = ((self._either_way(day, base, via), self._either_way(day, via, quote)) for via in self._currencies)
        return next((first * second for first, second in crossed if first is not None and second is not None), None)

    def _either_way(self, day: date, base: str, quote: str) -> Fraction | None:
        quoted = self._quoted(day, base, quote)
        if quoted is not None:
            return quoted
        opposite = self._quoted(day, quote, base)
        return 1 / opposite if opposite else None

    def _quoted(self, day: date, base: str, quote: str) -> Fraction | None:
        series = self._series.get((base, quote))
        if series is None:
            return None
        place = bisect_right(series.days, day) - 1
        return series.rates[place] if place >= 0 and day - series.days[place] <= self._oldest else None


@dataclass(frozen=True)
class Converted:
    """Amounts in the reporting currency (minor units, null where not known) and whether a rate was missing."""

    amounts: list[pa.Array]
    is_rate_missing: pa.Array


def converted(
    amounts: Sequence[pa.ChunkedArray],
    currency: pa.ChunkedArray,
    day: pa.ChunkedArray,
    *,
    rates: Rates,
    reporting: str,
    exponent: Callable[[str], int],
) -> Converted:
    """Convert columns of amounts (minor units) that share a currency and a day, row by row.

    ``exponent`` gives a currency's number of minor digits. Rows in the reporting currency keep their amounts, whatever
    their day. Halves are rounded to even. Raises AmountTooLarge beyond 64 bits.
    """
    factor, code = _factors(currency, day, rates, reporting, exponent)
    is_own = pc.fill_null(pc.equal(currency, reporting), True).to_numpy()
    has_rate = np.array([one is not None for one in factor], bool)[code] if len(code) else np.zeros(0, bool)
    wants = np.flatnonzero(~is_own & has_rate)
    results = [_with_converted(values, wants, [factor[i] for i in code[wants]], is_own) for values in amounts]
    has_amount = np.logical_or.reduce([values.is_valid().to_numpy() for values in amounts])
    return Converted(results, pa.array(~is_own & ~has_rate & has_amount))


def _factors(
    currency: pa.ChunkedArray, day: pa.ChunkedArray, rates: Rates, reporting: str, exponent: Callable[[str], int]
) -> tuple[list[Fraction | None], np.ndarray]:
    """For each distinct currency and day the factor between minor units, and for each row which of them is its own."""
    pairs = pa.table({"currency": currency, "day": day}).combine_chunks()
    distinct = pairs.group_by(["currency", "day"], use_threads=False).aggregate([])
    keyed = [
        pc.binary_join_element_wise(pc.fill_null(t["currency"], ""), pc.fill_null(t["day"].cast(pa.string()), ""), "|")
        for t in (pairs, distinct)
    ]
    code = pc.index_in(keyed[0], value_set=keyed[1].combine_chunks()).to_numpy()
    factors = []
    for row in distinct.to_pylist():
        known = row["currency"] is not None and row["day"] is not None
        rate = rates.on(row["day"], row["currency"], reporting) if known else None
        shift = exponent(reporting) - exponent(row["currency"]) if rate is not None else 0
        factors.append(None if rate is None else rate * Fraction(10) ** shift)
    return factors, code


def _with_converted(
    values: pa.ChunkedArray, wants: np.ndarray, factors: list[Fraction | None], is_own: np.ndarray
) -> pa.Array:
    kept = pc.if_else(pa.array(is_own), values, None)
    taken = values.take(pa.array(wants)).to_pylist()
    new = [
        None if amount is None or factor is None else _times(amount, factor)
        for amount, factor in zip(taken, factors, strict=True)
    ]
    whole = kept.combine_chunks() if isinstance(kept, pa.ChunkedArray) else kept
    mask = np.zeros(len(whole), bool)
    mask[wants] = True
    return pc.replace_with_mask(whole, pa.array(mask), pa.array(new, pa.int64()))


def _times(amount: int, factor: Fraction) -> int:
    """A whole amount times an exact factor, rounded half to even."""
    product, rest = divmod(amount * factor.numerator, factor.denominator)
    twice = 2 * rest
    product += twice > factor.denominator or (twice == factor.denominator and product % 2 == 1)
    if abs(product) > _LARGEST:
        raise AmountTooLarge(
            f"An amount of {amount} minor units becomes {product} in the reporting currency, beyond 64 bits.",
            remedy="Correct the amount or the rate in the source and import it again.",
            amount=amount,
        )
    return product
