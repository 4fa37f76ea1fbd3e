"""What can be asked of the loop, as tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.rooms.loop.rules import (
    Days,
    Filter,
    Highlights,
    LoopQuestion,
    Refusal,
    Value,
    days_of,
    highlights,
    names_of,
    question_from,
)

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("period", "at_on", "since", "until"),
    [
        ("all", FRIDAY, None, None),
        ("this-month", FRIDAY, date(2026, 11, 1), date(2026, 11, 21)),
        ("last-month", FRIDAY, date(2026, 10, 1), date(2026, 11, 1)),
        ("this-quarter", FRIDAY, date(2026, 10, 1), date(2026, 11, 21)),
        ("last-quarter", FRIDAY, date(2026, 7, 1), date(2026, 10, 1)),
        ("this-year", FRIDAY, date(2026, 1, 1), date(2026, 11, 21)),
        ("last-year", FRIDAY, date(2025, 1, 1), date(2026, 1, 1)),
        ("last-month", date(2026, 1, 5), date(2025, 12, 1), date(2026, 1, 1)),
        ("last-quarter", date(2026, 3, 31), date(2025, 10, 1), date(2026, 1, 1)),
        ("this-month", date(2024, 2, 29), date(2024, 2, 1), date(2024, 3, 1)),
    ],
)
def test_a_named_period_is_counted_from_the_day_of_the_data(
    period: str, at_on: date, since: date | None, until: date | None
) -> None:
    assert days_of(period, at_on) == Days(since, until)


@pytest.mark.parametrize(
    ("days", "before"),
    [
        (Days(date(2026, 10, 1), date(2026, 11, 1)), Days(date(2026, 8, 31), date(2026, 10, 1))),
        (Days(date(2026, 11, 1), date(2026, 11, 21)), Days(date(2026, 10, 12), date(2026, 11, 1))),
        (Days(date(2026, 10, 1), None), None),
        (Days(None, date(2026, 10, 1)), None),
        (Days(), None),
        (Days(date(1, 1, 2), date(2026, 1, 1)), None),
    ],
)
def test_days_are_compared_with_as_many_days_before_them(days: Days, before: Days | None) -> None:
    assert days.before() == before


def test_an_empty_address_asks_the_usual() -> None:
    assert question_from({}) == (LoopQuestion(), ())


def test_every_word_of_an_address_is_read() -> None:
    words = {
        "by": "campaign",
        "model": "w_shaped",
        "period": "last-quarter",
        "window": "cohort",
        "level": "account",
        "scope": "touched",
        "unit": "money",
        "sort": "cost",
        "block": "sales",
        "outcome": "lost",
        "rows": "all",
        "channel": "Paid Search",
        "segment": "~none",
        "utm_source": "mail",
    }
    asked = LoopQuestion(
        by="campaign",
        model="w_shaped",
        period="last-quarter",
        window="cohort",
        level="account",
        scope="touched",
        unit="money",
        sort="cost",
        block="sales",
        outcome="lost",
        rows="all",
        filters=(Filter("channel", Value("Paid Search")), Filter("segment", Value())),
    )
    assert question_from(words) == (asked, ())


@pytest.mark.parametrize(
    ("words", "refusals"),
    [
        ({"model": "markov"}, [("model", "markov")]),
        ({"by": "zodiac"}, [("by", "zodiac")]),
        ({"by": "attribute:"}, [("by", "attribute:")]),
        ({"period": "yesterday", "unit": "miles"}, [("period", "yesterday"), ("unit", "miles")]),
        ({"since": "2026-13-01"}, [("since", "2026-13-01")]),
        ({"since": "2026-07-02", "until": "2026-07-02"}, [("until", "2026-07-02")]),
        ({"since": "2026-07-02", "until": "2026-07-03"}, []),
    ],
)
def test_an_unknown_word_is_refused_by_name_and_the_usual_stands_in(
    words: dict[str, str], refusals: list[tuple[str, str]]
) -> None:
    question, found = question_from(words)
    assert [(refusal.name, refusal.said) for refusal in found] == refusals
    assert (question == LoopQuestion()) is bool(refusals)


def test_a_refusal_names_what_there_is() -> None:
    _, found = question_from({"window": "moon"})
    assert found == (Refusal("window", "moon", ("activity", "cohort")),)


@pytest.mark.parametrize(
    ("value", "token"),
    [
        (Value("Paid Search"), "Paid Search"),
        (Value(), "~none"),
        (Value(None, True), "~unattributed"),
        (Value("~none"), "~~none"),
        (Value("unattributed"), "unattributed"),
    ],
)
def test_a_value_and_its_token_are_each_other(value: Value, token: str) -> None:
    assert (value.token(), Value.from_token(token)) == (token, value)


@given(text=st.text(min_size=1))
def test_no_text_of_a_source_can_be_taken_for_a_missing_value(text: str) -> None:
    assert Value.from_token(Value(text).token()) == Value(text)


def test_a_question_becomes_an_address_and_the_address_the_question() -> None:
    asked = LoopQuestion(by="source", since=date(2026, 7, 1), period="", sort="n_won").where(
        campaign=Value('a&b="c"'), channel=Value(None, True)
    )
    from urllib.parse import parse_qsl

    assert question_from(dict(parse_qsl(asked.query(), keep_blank_values=True))) == (asked, ())


def test_the_usual_question_needs_no_words() -> None:
    assert LoopQuestion().query() == ""


def test_a_named_period_takes_the_place_of_days_and_days_that_of_a_period() -> None:
    asked = LoopQuestion(period="last-year")
    between = asked.changed(since=date(2026, 1, 1))
    assert (between.period, between.since) == ("", date(2026, 1, 1))
    assert between.changed(period="this-month") == LoopQuestion(period="this-month")


def test_a_second_filter_on_a_dimension_takes_the_place_of_the_first() -> None:
    asked = LoopQuestion().where(channel=Value("Email")).where(segment=Value("small"), channel=Value("Events"))
    assert asked.filters == (Filter("segment", Value("small")), Filter("channel", Value("Events")))
    assert asked.without("channel").filters == (Filter("segment", Value("small")),)
    assert asked.without().filters == ()


def test_filters_are_named_before_what_rows_are_told_apart_by_and_each_once() -> None:
    assert names_of(LoopQuestion(by="channel").where(channel=Value("Email"), form=Value())) == ("channel", "form")


@dataclass(frozen=True)
class Row:
    """As much of a row as its return needs."""

    n_won: int
    revenue: int | None
    cost: int | None
    is_unattributed: bool = False


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], Highlights()),
        ([Row(9, 900, 100)], Highlights()),
        ([Row(9, 900, 100), Row(9, 300, 100)], Highlights(best=0)),
        ([Row(4, 900, 1), Row(5, 300, 100)], Highlights(best=1)),
        ([Row(9, 90, 100), Row(0, 0, 500)], Highlights(loss=1)),
        ([Row(9, None, 100), Row(9, 900, None), Row(9, 900, 0)], Highlights()),
        ([Row(9, 900, 100), Row(1, 10, 30)], Highlights(best=0, loss=1)),
    ],
)
def test_the_sentence_names_the_best_return_of_at_least_five_wins_and_the_largest_loss(
    rows: list[Row], found: Highlights
) -> None:
    assert highlights(rows) == found
