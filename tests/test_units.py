"""Money in whole minor units, half-open windows and shares."""

from __future__ import annotations

import doctest
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punte import units
from punte.units import Money, Share, Window, exponent


@pytest.mark.parametrize(
    ("currency", "decimals"), [("EUR", 2), ("RON", 2), ("JPY", 0), ("HUF", 2), ("KWD", 3), ("UYW", 4), ("XXX", 2)]
)
def test_a_currency_has_as_many_decimals_as_its_standard_says(currency: str, decimals: int) -> None:
    assert exponent(currency) == decimals


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.34", "EUR", 1234),
        ("12.345", "EUR", 1234),
        ("12.355", "EUR", 1236),
        ("-0.005", "EUR", 0),
        ("1200", "JPY", 1200),
        ("0.5", "JPY", 0),
        ("1.5", "JPY", 2),
        ("1.2345", "KWD", 1234),
    ],
)
def test_a_decimal_becomes_minor_units_rounded_half_to_even(text: str, currency: str, minor: int) -> None:
    assert Money.from_decimal(Decimal(text), currency) == Money(minor, currency)


@settings(deadline=None)
@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_money_written_as_a_decimal_and_read_again_is_the_same(amount: int, currency: str) -> None:
    money = Money(amount, currency)
    assert Money.from_decimal(Decimal(str(money).split()[0]), currency) == money


def test_money_of_two_currencies_is_not_added_without_a_rate() -> None:
    with pytest.raises(ValueError, match="EUR and RON cannot be added without a rate"):
        Money(1, "EUR") - Money(1, "RON")


def test_a_window_holds_its_start_and_not_its_end() -> None:
    day = Window(datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC))
    edges = [day.start - timedelta(microseconds=1), day.start, day.end - timedelta(microseconds=1), day.end]
    assert [moment in day for moment in edges] == [False, True, True, False]


@settings(deadline=None)
@given(st.dates(date(1950, 1, 1), date(2200, 1, 1)), st.integers(1, 4000))
def test_the_window_before_is_as_long_and_ends_where_this_one_starts(start: date, days: int) -> None:
    window = Window(start, start + timedelta(days=days))
    assert (window.previous().length, window.previous().end) == (window.length, start)


@pytest.mark.parametrize("end", [date(2026, 1, 1), date(2025, 12, 31)])
def test_a_window_that_does_not_end_after_its_start_is_refused(end: date) -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Window(date(2026, 1, 1), end)


def test_a_share_of_nothing_is_not_known() -> None:
    assert [Share.of(1, 4), Share.of(0, 5), Share.of(0, 0)] == [0.25, 0.0, None]


@pytest.mark.parametrize("value", [-0.01, 1.01, float("nan")])
def test_a_share_outside_zero_to_one_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Share(value)


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(units).failed == 0
