"""Arithmetic that comes out the same on every engine: whole division, money split to the cent, whole hours and days.

Ibis's own ``//`` is a division of floats and loses whole numbers beyond 2**53; differences by ``unit="hour"`` count
full hours on one engine and passed hour marks on another. These functions use neither.
"""

from __future__ import annotations

import math

import ibis
import ibis.expr.types as ir

LARGEST_AMOUNT = 2**62
"""Amounts (minor units) are exact up to this on either side of zero."""

LARGEST_TOTAL_WEIGHT = 2**26
"""Weights of one amount may sum up to this: remainder times weight stays below 2**53, where floats are exact."""


def floor_divide(dividend: ir.IntegerValue, divisor: ir.IntegerValue | int) -> ir.IntegerValue:
    """The quotient rounded down, exact for every dividend within ``LARGEST_AMOUNT`` and 1 <= divisor <= 2**31.

    A null on either side gives null; a divisor of 0 is not allowed.
    """
    exact = ibis.literal(divisor, "int64") if isinstance(divisor, int) else divisor.cast("int64")
    dividend, fine = dividend.cast("int64"), exact.cast("float64")
    # The floats are off by at most a few parts in 2**52, which leaves a remainder so small that floats hold it.
    nearly = (dividend.cast("float64") / fine).floor().cast("int64")
    rest = dividend - nearly * exact
    return nearly + (rest.cast("float64") / fine).floor().cast("int64")


def near_quotient(dividend: ir.IntegerValue, divisor: ir.IntegerValue) -> ir.IntegerValue:
    """The quotient rounded down, one step of floats: exact for dividends below 2**53, else off by a little.

    What it is off by shows in the remainder ``dividend - near_quotient * divisor``, which is exact and small:
    within 2**12 of the range from 0 to the divisor, for dividends within ``LARGEST_AMOUNT``.
    """
    return (dividend.cast("float64") / divisor.cast("float64")).floor().cast("int64")


def split_amount(
    amount: ir.IntegerValue, weight: ir.IntegerValue, cumulative: ir.IntegerValue, total: ir.IntegerValue
) -> ir.IntegerValue:
    """The credit of one row (minor units): its weight's part of the amount, where ``cumulative`` includes the weight.

    Over all rows of one amount, in the order in which ``cumulative`` runs up to ``total``, the credits sum to the
    amount exactly: the credit is what falls on the weights up to this row (rounded towards zero) less what falls on
    those before it. A negative amount splits as its positive twin does; a null amount gives null. Exact for amounts
    within ``LARGEST_AMOUNT`` and totals of 1 to ``LARGEST_TOTAL_WEIGHT``.

    Source: cumulative rounding, as in Bresenham's line algorithm (1965); no float is in it that could lose a cent.
    """
    size = amount.abs()
    quotient = near_quotient(size, total)
    part = part_of(quotient, size - quotient * total, weight, cumulative, total)
    return ibis.ifelse(amount < 0, -part, part)


def part_of(
    quotient: ir.IntegerValue,
    remainder: ir.NumericValue,
    weight: ir.NumericValue,
    cumulative: ir.NumericValue,
    total: ir.NumericValue,
) -> ir.IntegerValue:
    """The last step of ``split_amount``, for callers that keep quotient and remainder of an amount as columns.

    ``quotient * total + remainder`` is the amount, whichever multiple of the total was taken off. Everything but the
    quotient is small, so that floats hold it exactly and divide it exactly; they may be handed in as such, which
    spares an engine the checks of whole numbers.
    """
    remainder, fine, cumulative, total = (value.cast("float64") for value in (remainder, weight, cumulative, total))
    so_far = remainder * cumulative
    before = so_far - remainder * fine
    return quotient * weight.cast("int64") + (so_far / total).floor() - (before / total).floor()


def whole_seconds(since: ir.TimestampValue, until: ir.TimestampValue) -> ir.IntegerValue:
    """Seconds from one moment to another, both cut to the second; negative where ``until`` comes first."""
    return until.truncate("s").delta(since.truncate("s"), unit="second")


def whole_hours(since: ir.TimestampValue, until: ir.TimestampValue) -> ir.IntegerValue:
    """Full hours (of 3600 seconds) from one moment to another, rounded down."""
    return floor_divide(whole_seconds(since, until), 3600)


def whole_days(since: ir.DateValue, until: ir.DateValue) -> ir.IntegerValue:
    """Days from one local day to another: 0 on the same day, negative where ``until`` comes first."""
    return until.delta(since, unit="day")


def halving_weights(half_life_hours: int, bits: int) -> list[int]:
    """Weights of things 0, 1 ... half_life_hours - 1 hours old, the newest 2**bits; half of it at the half-life.

    Made once in Python and handed to the engine as a table, because engines differ in the last place of a power.
    """
    return [math.floor(2 ** (bits - age / half_life_hours) + 0.5) for age in range(half_life_hours)]
