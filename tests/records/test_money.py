"""Amounts in the reporting currency: exact, with the last known rate, null and said where there is none."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.errors import AmountTooLarge
from punte.records.money import Rates, converted
from punte.units import exponent

FRIDAY, SUNDAY = date(2026, 3, 6), date(2026, 3, 8)


def fx(*rows: tuple[date, str, str, str]) -> pa.Table:
    """Rates as they are written: day, base, quote, rate."""
    return pa.table(
        {
            "record_id": [f"{i:012}" for i in range(len(rows))],
            "day": pa.array([row[0] for row in rows], pa.date32()),
            "base": pa.array([row[1] for row in rows], pa.string()),
            "quote": pa.array([row[2] for row in rows], pa.string()),
            "rate": pa.array([int(Decimal(row[3]) * 10**9) for row in rows], pa.int64()),
        }
    )


def in_ron(rates: Rates, *rows: tuple[int | None, str | None, date | None]) -> list[tuple[int | None, bool]]:
    columns = list(zip(*rows, strict=True))
    result = converted(
        [pa.chunked_array([pa.array(columns[0], pa.int64())])],
        pa.chunked_array([pa.array(columns[1], pa.string())]),
        pa.chunked_array([pa.array(columns[2], pa.date32())]),
        rates=rates,
        reporting="RON",
        exponent=exponent,
    )
    return list(zip(result.amounts[0].to_pylist(), result.is_rate_missing.to_pylist(), strict=True))


def test_the_last_rate_before_the_day_counts_for_a_week_and_no_longer() -> None:
    rates = Rates(fx((FRIDAY, "EUR", "RON", "4.97"), (date(2026, 3, 2), "EUR", "RON", "1.00")))
    days = [date(2026, 3, 1), FRIDAY, SUNDAY, date(2026, 3, 13), date(2026, 3, 14)]
    assert in_ron(rates, *((10_000, "EUR", day) for day in days)) == [
        (None, True),
        (49_700, False),
        (49_700, False),
        (49_700, False),
        (None, True),
    ]


def test_the_reporting_currency_needs_no_rate_and_no_day() -> None:
    assert in_ron(Rates(fx()), (12_345, "RON", None), (None, None, FRIDAY), (None, "RON", FRIDAY)) == [
        (12_345, False),
        (None, False),
        (None, False),
    ]


def test_without_a_rate_an_amount_is_null_and_said_so_and_never_zero() -> None:
    assert in_ron(Rates(fx()), (100, "EUR", FRIDAY), (100, "EUR", None), (None, "EUR", FRIDAY)) == [
        (None, True),
        (None, True),
        (None, False),
    ]


def test_a_pair_quoted_the_other_way_is_turned_round_exactly() -> None:
    rates = Rates(fx((FRIDAY, "RON", "EUR", "0.3")))
    assert rates.on(FRIDAY, "EUR", "RON") == Fraction(10, 3)
    assert in_ron(rates, (300, "EUR", FRIDAY), (100, "EUR", FRIDAY)) == [(1_000, False), (333, False)]


def test_two_pairs_are_crossed_over_a_third_currency() -> None:
    rates = Rates(fx((FRIDAY, "USD", "EUR", "0.9"), (FRIDAY, "EUR", "RON", "5")))
    assert in_ron(rates, (10_000, "USD", SUNDAY)) == [(45_000, False)]


def test_minor_digits_of_both_currencies_are_minded() -> None:
    rates = Rates(fx((FRIDAY, "JPY", "RON", "0.03"), (FRIDAY, "KWD", "RON", "15")))
    assert in_ron(rates, (1_000, "JPY", FRIDAY), (1_000, "KWD", FRIDAY)) == [(3_000, False), (1_500, False)]


def test_halves_are_rounded_to_even() -> None:
    rates = Rates(fx((FRIDAY, "EUR", "RON", "0.5")))
    assert [amount for amount, _ in in_ron(rates, *((n, "EUR", FRIDAY) for n in (1, 3, 5, -1, -3)))] == [0, 2, 2, 0, -2]


def test_an_amount_beyond_64_bits_is_refused() -> None:
    rates = Rates(fx((FRIDAY, "EUR", "RON", "5")))
    with pytest.raises(AmountTooLarge, match="beyond 64 bits"):
        in_ron(rates, (2**62, "EUR", FRIDAY))


def test_several_columns_share_one_currency_and_one_day() -> None:
    rates = Rates(fx((FRIDAY, "EUR", "RON", "5")))
    result = converted(
        [pa.chunked_array([[100, None, None]], pa.int64()), pa.chunked_array([[None, 7, None]], pa.int64())],
        pa.chunked_array([["EUR", "USD", "USD"]]),
        pa.chunked_array([pa.array([FRIDAY] * 3)]),
        rates=rates,
        reporting="RON",
        exponent=exponent,
    )
    assert [column.to_pylist() for column in result.amounts] == [[500, None, None], [None, None, None]]
    assert result.is_rate_missing.to_pylist() == [False, True, False]


@given(amount=st.integers(-(10**12), 10**12), rate=st.decimals(Decimal("0.0001"), Decimal("1000"), places=4))
def test_the_product_is_that_of_exact_decimals(amount: int, rate: Decimal) -> None:
    rates = Rates(fx((FRIDAY, "EUR", "RON", str(rate))))
    expected = int((Decimal(amount) * rate).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    assert in_ron(rates, (amount, "EUR", FRIDAY)) == [(expected, False)]


def test_no_rows_are_converted_to_no_rows() -> None:
    empty = pa.chunked_array([pa.array([], pa.int64())])
    result = converted(
        [empty],
        empty.cast(pa.string()),
        pa.chunked_array([pa.array([], pa.date32())]),
        rates=Rates(fx()),
        reporting="RON",
        exponent=exponent,
    )
    assert (result.amounts[0].to_pylist(), result.is_rate_missing.to_pylist()) == ([], [])
