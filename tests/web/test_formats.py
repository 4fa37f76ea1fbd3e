"""How values are written: one table a function, English beside Romanian. ``_`` stands for the no-break space."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from punte.web import formats

BOTH = ("en", "ro")


def both(function: object, *args: object, **options: object) -> tuple[str, ...]:
    """What ``function`` writes in English and in Romanian, no-break spaces made visible."""
    return tuple(function(*args, lang=lang, **options).replace(formats.NBSP, "_") for lang in BOTH)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("value", "decimals", "english", "romanian"),
    [
        (0, None, "0", "0"),
        (1234.5, None, "1,234.5", "1.234,5"),
        (1234567, None, "1,234,567", "1.234.567"),
        (Decimal("2.50"), None, "2.5", "2,5"),
        (1, 2, "1.00", "1,00"),
        (0.125, 2, "0.13", "0,13"),
        (-71500, None, "−71,500", "−71.500"),
        (-0.001, 2, "0.00", "0,00"),
        (1 / 3, None, "0.33", "0,33"),
        (None, None, "not known", "necunoscut"),
    ],
)
def test_numbers_are_grouped_as_readers_expect(
    value: float | None, decimals: int | None, english: str, romanian: str
) -> None:
    assert both(formats.number, value, decimals=decimals) == (english, romanian)


def test_what_is_not_a_number_is_refused_and_not_written() -> None:
    with pytest.raises(ValueError, match="nan"):
        formats.number(float("nan"))


@pytest.mark.parametrize(
    ("amount", "currency", "cents", "english", "romanian"),
    [
        (1_240_000, "EUR", None, "12,400_EUR", "12.400_EUR"),
        (123_450, "RON", None, "1,234.50_RON", "1.234,50_lei"),
        (100, "RON", None, "1_RON", "1_leu"),
        (100, "RON", True, "1.00_RON", "1,00_lei"),
        (123_450, "EUR", False, "1,235_EUR", "1.235_EUR"),
        (0, "EUR", None, "0_EUR", "0_EUR"),
        (-5, "EUR", None, "−0.05_EUR", "−0,05_EUR"),
        (1234, "JPY", None, "1,234_JPY", "1.234_JPY"),
        (1234, "KWD", None, "1.234_KWD", "1,234_KWD"),
        (None, "EUR", None, "not known", "necunoscut"),
    ],
)
def test_money_names_its_currency_and_its_cents(
    amount: int | None, currency: str, cents: bool | None, english: str, romanian: str
) -> None:
    assert both(formats.money, amount, currency, cents=cents) == (english, romanian)


def test_what_is_not_known_says_why_and_is_never_zero() -> None:
    written = [
        formats.money(None, "EUR", reason="no spend"),
        formats.percent(None, reason="no spend"),
        formats.days(None, reason="no spend"),
        formats.duration(None, reason="no spend"),
        formats.day(None, reason="no spend"),
        formats.moment(None, reason="no spend"),
    ]
    assert written == ["not known: no spend"] * 6


@pytest.mark.parametrize(
    ("hits", "cases", "english", "romanian"),
    [
        (4, 11, "4 of 11", "4 din 11"),
        (19, 19, "19 of 19", "19 din 19"),
        (19, 20, "95%", "95_%"),
        (43, 50, "86%", "86_%"),
        (0, 50, "0%", "0_%"),
        (0, 0, "not known: no cases", "necunoscut: niciun caz"),
        (None, 50, "not known", "necunoscut"),
        (3, None, "not known", "necunoscut"),
    ],
)
def test_shares_below_twenty_cases_are_counted_out(
    hits: int | None, cases: int | None, english: str, romanian: str
) -> None:
    assert both(formats.share, hits, cases) == (english, romanian)


@pytest.mark.parametrize(
    ("value", "english", "romanian"),
    [
        (0, "0_days", "0_zile"),
        (1, "1_day", "1_zi"),
        (2, "2_days", "2_zile"),
        (2.5, "2.5_days", "2,5_zile"),
        (19, "19_days", "19_zile"),
        (20, "20_days", "20_de_zile"),
        (100, "100_days", "100_de_zile"),
        (101, "101_days", "101_zile"),
        (119, "119_days", "119_zile"),
        (120, "120_days", "120_de_zile"),
        (1000, "1,000_days", "1.000_de_zile"),
        (20.4, "20_days", "20_de_zile"),
    ],
)
def test_days_take_de_as_romanian_does(value: float, english: str, romanian: str) -> None:
    assert both(formats.days, value) == (english, romanian)


@pytest.mark.parametrize(
    ("minutes", "english", "romanian"),
    [
        (0, "0_min", "0_min"),
        (38, "38_min", "38_min"),
        (60, "1_h", "1_h"),
        (190, "3_h_10_min", "3_h_10_min"),
        (24 * 60 + 240, "1_day_4_h", "1_zi_4_h"),
        (21 * 24 * 60, "21_days", "21_de_zile"),
        (-38, "−38_min", "−38_min"),
    ],
)
def test_durations_have_two_units_at_most(minutes: int, english: str, romanian: str) -> None:
    assert both(formats.duration, minutes) == (english, romanian)


@pytest.mark.parametrize(
    ("value", "english", "romanian"),
    [
        (999, "999", "999"),
        (12_400, "12.4k", "12,4_mii"),
        (999_949, "999.9k", "999,9_mii"),
        (999_950, "1M", "1_mil."),
        (-1_234_567, "−1.2M", "−1,2_mil."),
        (2_000_000_000, "2B", "2_mld."),
    ],
)
def test_numbers_on_an_axis_are_short(value: int, english: str, romanian: str) -> None:
    assert both(formats.short_number, value) == (english, romanian)


@pytest.mark.parametrize(
    ("now", "before", "english", "romanian"),
    [
        (112, 100, "+12%", "+12_%"),
        (88, 100, "−12%", "−12_%"),
        (100, 100, "0%", "0_%"),
        (1001, 1000, "0%", "0_%"),
        (11, 7, "+4", "+4"),
        (5, 40, "−35", "−35"),
        (3, 0, "+3", "+3"),
        (None, 7, "not known", "necunoscut"),
    ],
)
def test_a_change_of_small_numbers_is_counted_out(
    now: int | None, before: int | None, english: str, romanian: str
) -> None:
    assert both(formats.change, now, before) == (english, romanian)


@pytest.mark.parametrize(
    ("month", "english", "romanian"),
    [
        (1, "20_Jan_2026", "20_ian._2026"),
        (3, "20_Mar_2026", "20_mar._2026"),
        (5, "20_May_2026", "20_mai_2026"),
        (6, "20_Jun_2026", "20_iun._2026"),
        (9, "20_Sep_2026", "20_sept._2026"),
        (11, "20_Nov_2026", "20_nov._2026"),
        (12, "20_Dec_2026", "20_dec._2026"),
    ],
)
def test_dates_name_their_month_in_short(month: int, english: str, romanian: str) -> None:
    assert both(formats.day, date(2026, month, 20)) == (english, romanian)


def test_a_moment_is_a_date_and_a_time() -> None:
    assert both(formats.moment, datetime(2026, 11, 20, 18, 5)) == ("20_Nov_2026, 18:05", "20_nov._2026, 18:05")


@pytest.mark.parametrize(
    ("start", "end", "year", "english", "romanian"),
    [
        (date(2026, 10, 1), date(2026, 11, 1), True, "1–31_Oct_2026", "1–31_oct._2026"),
        (date(2026, 10, 1), date(2026, 11, 1), False, "1–31_Oct", "1–31_oct."),
        (date(2026, 10, 1), date(2027, 1, 1), True, "1_Oct – 31_Dec_2026", "1_oct. – 31_dec._2026"),
        (date(2025, 12, 1), date(2026, 2, 1), True, "1_Dec_2025 – 31_Jan_2026", "1_dec._2025 – 31_ian._2026"),
        (date(2026, 10, 1), date(2026, 10, 2), True, "1_Oct_2026", "1_oct._2026"),
        (datetime(2026, 10, 1), datetime(2026, 11, 1), True, "1–31_Oct_2026", "1–31_oct._2026"),
        (datetime(2026, 10, 1), datetime(2026, 10, 31, 12), True, "1–31_Oct_2026", "1–31_oct._2026"),
    ],
)
def test_a_half_open_window_is_written_with_both_its_days(
    start: date, end: date, year: bool, english: str, romanian: str
) -> None:
    assert both(formats.window, start, end, year=year) == (english, romanian)


def test_quarters_months_and_weekdays() -> None:
    assert both(formats.quarter, 2026, 4) == ("Q4_2026", "T4_2026")
    assert both(formats.month_name, date(2026, 9, 1)) == ("Sep_2026", "sept._2026")
    assert both(formats.weekday, date(2026, 11, 13)) == ("Friday", "vineri")
    assert formats.weekdays(lang="ro") == ("lun.", "mar.", "mie.", "joi", "vin.", "sâm.", "dum.")


def test_a_language_that_is_not_ours_reads_as_english() -> None:
    assert (formats.days(20, lang="de"), formats.days(20, lang="ro-ro")) == (
        f"20{formats.NBSP}days",
        f"20{formats.NBSP}de{formats.NBSP}zile",
    )


@pytest.mark.parametrize(
    ("kind", "value", "text", "exact", "axis"),
    [
        ("count", 1234, "1,234", "1,234", "1.2k"),
        ("money", 1_234_567, "12,346_EUR", "12,345.67_EUR", "12.3k"),
        ("days", 2.5, "2.5_days", "2.5_days", "2.5"),
        ("minutes", 190, "3_h_10_min", "3_h_10_min", "3_h_10_min"),
        ("share", 0.864, "86%", "86%", "86%"),
    ],
)
def test_a_value_format_writes_values_in_full_exactly_and_short(
    kind: formats.Kind, value: float, text: str, exact: str, axis: str
) -> None:
    how = formats.ValueFormat(kind, currency="EUR")
    written = [how.text(value), how.exact(value), how.axis(value)]
    assert [words.replace(formats.NBSP, "_") for words in written] == [text, exact, axis]
