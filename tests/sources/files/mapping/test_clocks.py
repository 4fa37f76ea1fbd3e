"""Moments and numbers against slow twins in plain Python."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from punte.sources.files.mapping import formats
from punte.sources.files.mapping.moments import read_moments
from punte.sources.files.mapping.numbers import canonical, minor_units, read_decimals
from punte.sources.files.mapping.zones import zone

ZONES = ["Europe/Bucharest", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata", "UTC"]
EPOCH = datetime(1970, 1, 1)
WALLS = st.datetimes(datetime(1971, 1, 1), datetime(2037, 12, 31))


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def slow_utc(wall: datetime, name: str) -> tuple[datetime, bool, bool]:
    """UTC by the standard library: fold 0 is the first reading, and shifts what the clock skipped."""
    info = ZoneInfo(name)
    utc = wall.replace(tzinfo=info).astimezone(UTC)
    is_missing = utc.astimezone(info).replace(tzinfo=None) != wall
    other = wall.replace(tzinfo=info, fold=1).astimezone(UTC)
    return utc.replace(tzinfo=None), other != utc and not is_missing, is_missing


@settings(deadline=None)
@given(WALLS, st.sampled_from(ZONES))
@example(datetime(2026, 3, 29, 3, 30), "Europe/Bucharest")
@example(datetime(2026, 10, 25, 3, 30), "Europe/Bucharest")
@example(datetime(2018, 11, 4), "America/Sao_Paulo")
@example(datetime(2027, 4, 4, 1, 45), "Australia/Lord_Howe")
def test_a_wall_clock_is_read_as_the_standard_library_reads_it(wall: datetime, name: str) -> None:
    utc, ambiguous, missing = zone(name).to_utc(np.array([micros(wall)]))
    slow, is_ambiguous, is_missing = slow_utc(wall, name)
    assert (utc[0], bool(ambiguous[0]), bool(missing[0])) == (micros(slow), is_ambiguous, is_missing)


@settings(deadline=None)
@given(WALLS, st.sampled_from(ZONES))
def test_the_local_day_is_that_of_the_standard_library(utc: datetime, name: str) -> None:
    slow = utc.replace(tzinfo=UTC).astimezone(ZoneInfo(name)).date()
    days = zone(name).day_of(np.array([micros(utc)]))
    assert EPOCH.date() + timedelta(days=int(days[0])) == slow


@settings(deadline=None)
@given(WALLS, st.sampled_from(["%Y-%m-%d %H:%M:%S.%f", "%d.%m.%Y %H:%M", "%m/%d/%y", "%I:%M %p %d %b %Y"]))
def test_a_written_moment_is_read_as_strptime_reads_it(wall: datetime, fmt: str) -> None:
    written = wall.strftime(fmt)
    clock = formats.read(pa.array([written]), fmt)
    assert (clock.wall[0], bool(clock.is_read[0])) == (micros(datetime.strptime(written, fmt)), True)


@settings(deadline=None)
@given(WALLS, st.integers(-14 * 60, 14 * 60))
def test_iso_with_an_offset_is_read_as_fromisoformat_reads_it(wall: datetime, minutes: int) -> None:
    sign = "-" if minutes < 0 else "+"
    written = f"{wall.isoformat()}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    moments = read_moments(pa.array([written]), ["iso"], written_in="Asia/Kolkata", counted_in="UTC")
    assert moments.at[0] == micros(datetime.fromisoformat(written).astimezone(UTC).replace(tzinfo=None))


@settings(deadline=None)
@given(st.dates(date(1970, 1, 2), date(2099, 12, 30)), st.sampled_from(ZONES))
def test_a_date_alone_is_the_local_midnight_of_that_day(day: date, name: str) -> None:
    moments = read_moments(pa.array([day.isoformat()]), ["iso"], written_in="UTC", counted_in=name)
    slow, _, _ = slow_utc(datetime(day.year, day.month, day.day), name)
    assert (moments.at[0], moments.days()[0].as_py(), bool(moments.is_day[0])) == (micros(slow), day, True)


@pytest.mark.parametrize(
    ("text", "fmt"),
    [
        ("2026-02-29", "iso"),
        ("2026-13-01", "iso"),
        ("2026-01-00", "iso"),
        ("2026-01-01 25:00", "iso"),
        ("2026-01-01 24:01", "iso"),
        ("2026-01-01 10:60", "iso"),
        ("2026-01-01T10:00:00+19:00", "iso"),
        ("01/02/2026", "iso"),
        ("2026-01-01 and more", "iso"),
        ("31.04.2026", "%d.%m.%Y"),
        ("13:00 PM 1 Jan 2026", "%I:%M %p %d %b %Y"),
        ("1 Brumaire 2026", "%d %B %Y"),
        ("-1", "excel"),
        ("9999999", "excel"),
        ("12.5", "epoch_s"),
        ("999999999999999999", "epoch_s"),
    ],
)
def test_what_is_no_moment_in_the_format_is_left_unread(text: str, fmt: str) -> None:
    assert formats.read(pa.array([text]), fmt).is_read.tolist() == [False]


@pytest.mark.parametrize("fmt", ["%d.%m", "%Y-%m-%d %Q", "soon", "%Y-%m"])
def test_a_format_that_names_no_whole_day_is_refused(fmt: str) -> None:
    with pytest.raises(ValueError, match=r"names the year|means nothing"):
        formats.pattern(fmt)


def test_native_columns_are_read_without_a_format() -> None:
    wall = datetime(2026, 7, 1, 12)
    naive = pa.array([wall, None], pa.timestamp("ms"))
    aware = pa.array([wall, None], pa.timestamp("ns", "Asia/Kolkata"))
    days = pa.array([wall.date(), None], pa.date32())
    read = [read_moments(one, [], written_in="Europe/Bucharest", counted_in="UTC") for one in (naive, aware, days)]
    assert [int(one.at[0]) for one in read] == [micros(datetime(2026, 7, 1, h)) for h in (9, 12, 0)]
    assert [one.is_known.tolist() for one in read] == [[True, False]] * 3
    assert [bool(one.is_day[0]) for one in read] == [False, False, True]


NUMBERS = st.decimals(-(10**12), 10**12, places=3, allow_nan=False, allow_infinity=False)


@settings(deadline=None)
@given(NUMBERS, st.sampled_from([(".", ","), (",", "."), (",", " "), (".", "'")]), st.booleans(), st.booleans())
def test_a_number_is_read_back_however_it_is_grouped(
    value: Decimal, signs: tuple[str, str], grouped: bool, in_brackets: bool
) -> None:
    decimal, thousands = signs
    text = f"{abs(value):{',' if grouped else ''}f}".translate({ord(","): thousands, ord("."): decimal})
    written = (f"({text})" if in_brackets else f"-{text}") if value < 0 else text
    assert read_decimals(pa.array([written]), decimal, thousands).to_pylist() == [value]


@settings(deadline=None)
@given(NUMBERS, st.sampled_from([("JPY", 0), ("EUR", 2), ("KWD", 3)]))
def test_minor_units_are_those_of_exact_decimals_rounded_half_to_even(value: Decimal, kind: tuple[str, int]) -> None:
    currency, digits = kind
    slow = value.scaleb(digits).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    amounts, rounded = minor_units(read_decimals(pa.array([f"{value:f}"]), ".", ","), pa.array([currency]))
    assert (amounts.to_pylist(), rounded.tolist()) == ([int(slow)], [slow != value.scaleb(digits)])


def test_each_row_is_rounded_to_the_decimals_of_its_own_currency() -> None:
    amounts, rounded = minor_units(read_decimals(pa.array(["1.255"] * 3), ".", ","), pa.array(["KWD", "JPY", "EUR"]))
    assert (amounts.to_pylist(), rounded.tolist()) == ([1255, 1, 126], [False, True, True])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("US$ 5", "5"),
        ("5.5 EUR", "5.5"),
        ("EUR 5.5", "5.5"),
        ("-$5", "-5"),
        ("$-5", "-5"),
        ("5-", "-5"),
        ("\u22125", "-5"),
        (".5", "0.5"),
        ("1E+05", "100000"),
        ("12%", "0.12"),
        ("1'200", "1200"),
        ("--5", None),
        ("1,20", None),
        ("12,34,567", None),
        ("1.2.3", None),
        ("5 abc", None),
        ("12abc", None),
        (".", None),
        ("1E+99", None),
        ("999999999999999", None),
    ],
)
def test_a_number_written_by_a_person_is_understood_or_refused(text: str, number: str | None) -> None:
    assert canonical(text, ".", ",") == number


def test_native_numbers_are_read_as_what_they_print() -> None:
    assert read_decimals(pa.array([0.1, None, float("nan"), 1e300]), ",", ".").to_pylist() == [
        Decimal("0.1"),
        None,
        None,
        None,
    ]
    assert read_decimals(pa.array([7, None, 10**15]), ",", ".").to_pylist() == [7, None, None]
    assert read_decimals(pa.array([Decimal("1.50")]), ",", ".").to_pylist() == [Decimal("1.5")]
