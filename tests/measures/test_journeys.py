"""Journeys: whose touches are on the way of a deal, up to when, in which order, and which of them are positions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.engines import Engine
from punte.errors import UnknownName
from punte.measures.journeys import journey
from tests.measures.cases import Case, assert_twins_agree, drawn_cases, searching
from tests.measures.drawing import drawn, shown, sorted_cells
from tests.measures.strategies import days, maybe, moments, rows
from tests.reference.journeys import journey as twin

Run = Callable[..., pa.Table]

AT = datetime(2025, 3, 4, 1)
PERSONS, COMPANIES = ["p0", "p1", "p2"], ["c0", "c1"]


def pairs(**columns: list[str]) -> st.SearchStrategy[list[dict[str, str]]]:
    return rows(4, **columns).map(lambda found: [dict(pair) for pair in {tuple(row.items()): None for row in found}])


CASES = st.fixed_dictionaries(
    {
        "deal": rows(
            3,
            "opportunity_id",
            account_id=maybe(COMPANIES),
            lead_id=maybe(["l0", "l1"]),
            cycle=st.integers(1, 2),
            status=["open", "won", "lost"],
            created_at=maybe(moments() | days()),
            closed_at=maybe(moments() | days()),
        ),
        "deal_person": pairs(opportunity_id=["o0", "o1", "o2"], person_id=PERSONS),
        "account_person": pairs(account_id=COMPANIES, person_id=PERSONS),
        "touch": rows(
            8,
            "touch_id",
            person_id=maybe(PERSONS),
            account_id=maybe(COMPANIES),
            traffic_id=maybe(["t0", "t1"]),
            kind=["email_sent", "form", "call"],
            is_response=st.booleans(),
            occurred_at=moments(),
            occurred_on=days().map(datetime.date),
        ),
        "cycle": rows(3, lead_id=["l0", "l1"], cycle=st.integers(1, 2), opened_at=maybe(moments() | days())).filter(
            lambda found: len({(row["lead_id"], row["cycle"]) for row in found}) == len(found)
        ),
    }
)
LEVELS = pytest.mark.parametrize("level", ["person", "account"])

DEAL = """
    opportunity_id | account_id | lead_id | cycle | status | created_at       | closed_at
    deal           | Acme       | lead    | 1     | won    | 2025-03-06 12:00 | 2025-03-10 17:00
"""
CYCLE = "lead_id | cycle | opened_at\nlead | 1 | 2025-03-03 12:00\nlead | 2 | 2025-03-09 12:00"


def way(run: Run, touches: str, level: str = "person", deal: str = DEAL, **more: object) -> pa.Table:
    return run(
        journey,
        deal=drawn("deal", deal),
        deal_person=drawn("deal_person", "opportunity_id | person_id\ndeal | ana\ndeal | bob"),
        account_person=drawn("account_person", "account_id | person_id\nAcme | bob\nAcme | cid\nOther | dan"),
        touch=drawn("touch", touches),
        level=level,
        **{"cycle": drawn("cycle", CYCLE), "at": datetime(2025, 3, 31), **more},
    )


def test_a_way_holds_the_touches_of_all_persons_of_the_deal_up_to_its_close(run: Run) -> None:
    found = way(
        run,
        """
        touch_id | person_id | kind | traffic_id | is_response | occurred_at
        1        | ana       | form | ads        | true        | 2025-03-01 10:00
        2        | bob       | form | mail       | false       | 2025-03-04 10:00
        3        | ana       | call |            | true        | 2025-03-10 17:00
        4        | ana       | call | ads        | true        | 2025-03-10 17:01
        5        | cid       | form | ads        | true        | 2025-03-02 10:00
        6        |           | form | ads        | true        | 2025-03-02 10:00
        """,
    )
    expected = """
        opportunity_id | level  | ordinal | n_touches | touch_id | person_id | traffic_id | is_response | age_hours
        deal           | person | 1       | 3         | 1        | ana       | ads        | true        | 223
        deal           | person | 2       | 3         | 2        | bob       | mail       | false       | 151
        deal           | person | 3       | 3         | 3        | ana       |            | true        | 0
    """
    assert shown(found, expected) == sorted_cells(expected)


def test_at_the_level_of_the_company_everybody_of_it_counts_even_nobody_known(run: Run) -> None:
    touches = """
        touch_id | person_id | account_id | kind | occurred_at
        1        | ana       |            | form | 2025-03-01 10:00
        2        | cid       | Other      | form | 2025-03-02 10:00
        3        |           | Acme       | form | 2025-03-03 10:00
        4        | bob       | Acme       | form | 2025-03-04 10:00
        5        | dan       |            | form | 2025-03-05 10:00
        6        | dan       | Other      | form | 2025-03-06 10:00
    """
    expected = """
        level   | ordinal | n_touches | touch_id | person_id
        account | 1       | 4         | 1        | ana
        account | 2       | 4         | 2        | cid
        account | 3       | 4         | 3        |
        account | 4       | 4         | 4        | bob
    """
    assert shown(way(run, touches, "account"), expected) == sorted_cells(expected)


def test_a_touch_told_by_two_sources_is_one_touch(run: Run) -> None:
    touches = """
        touch_id | person_id | kind | traffic_id | is_response | occurred_at
        2        | ana       | form | ads        | true        | 2025-03-01 10:00
        1        | ana       | form | ads        | false       | 2025-03-01 10:00
        3        | ana       | form | mail       | true        | 2025-03-01 10:00
        4        | ana       | call | ads        | true        | 2025-03-01 10:00
        5        | bob       | form | ads        | true        | 2025-03-01 10:00
        6        | ana       | form | ads        | true        | 2025-03-01 10:00:01
    """
    expected = """
        ordinal | n_touches | touch_id | is_response
        1       | 5         | 1        | true
        2       | 5         | 3        | true
        3       | 5         | 5        | true
        4       | 5         | 4        | true
        5       | 5         | 6        | true
    """
    assert shown(way(run, touches), expected) == sorted_cells(expected)


def test_the_touch_of_a_day_counts_before_a_close_on_the_same_local_day(run: Run) -> None:
    """Both in Bucharest, two hours ahead: the day begins at 22:00 the evening before in UTC."""
    deal = """
        opportunity_id | status | closed_at        | closed_on
        deal           | won    | 2025-03-09 22:30 | 2025-03-10
    """
    touches = """
        touch_id | person_id | kind  | occurred_at      | occurred_on
        same day | ana       | event | 2025-03-09 22:00 | 2025-03-10
        next day | ana       | event | 2025-03-10 22:00 | 2025-03-11
    """
    assert way(run, touches, deal=deal)["touch_id"].to_pylist() == ["same day"]


BUCHAREST_DAY = """
    touch_id    | person_id | kind    | is_response | occurred_at         | occurred_on
    day before  | ana       | form    | true        | 2025-03-08 22:00    | 2025-03-09
    as it began | ana       | event   | true        | 2025-03-09 22:00    | 2025-03-10
    at noon     | ana       | webinar | true        | 2025-03-10 10:00    | 2025-03-10
    last second | ana       | form    | true        | 2025-03-10 21:59:59 | 2025-03-10
    next day    | ana       | form    | true        | 2025-03-10 22:00    | 2025-03-11
"""
"""A local day in Bucharest, two hours ahead, and a touch on either side of it."""
OF_THE_DAY = """
    touch_id    | age_hours | is_opportunity_creation
    day before  | 47        | false
    as it began | 23        | false
    at noon     | 11        | false
    last second | 0         | true
"""


def test_a_close_of_which_only_the_day_is_known_has_all_of_that_local_day_before_it(run: Run) -> None:
    day = "2025-03-09 22:00 | 2025-03-10 | day"
    deal = f"""
        opportunity_id | status | created_at | created_on | created_precision | closed_at | closed_on | closed_precision
        deal           | won    | {day} | {day}
    """
    assert shown(way(run, BUCHAREST_DAY, deal=deal), OF_THE_DAY) == sorted_cells(OF_THE_DAY)


def test_a_close_at_midnight_has_only_what_was_before_midnight(run: Run) -> None:
    deal = """
        opportunity_id | status | created_at       | created_on | closed_at        | closed_on
        deal           | won    | 2025-03-09 22:00 | 2025-03-10 | 2025-03-09 22:00 | 2025-03-10
    """
    expected = """
        touch_id    | age_hours | is_opportunity_creation
        day before  | 24        | false
        as it began | 0         | true
    """
    assert shown(way(run, BUCHAREST_DAY, deal=deal), expected) == sorted_cells(expected)


@pytest.mark.parametrize(("precision", "creates"), [("day", ["last second"]), ("second", ["as it began"])])
def test_a_lead_opened_on_a_day_was_opened_after_the_touches_of_that_day(
    run: Run, precision: str, creates: list[str]
) -> None:
    cycle = f"""
        lead_id | cycle | opened_at        | opened_on  | opened_precision
        lead    | 1     | 2025-03-09 22:00 | 2025-03-10 | {precision}
    """
    deal = DEAL.replace("2025-03-10 17:00", "2025-03-20 17:00")
    found = way(run, BUCHAREST_DAY, deal=deal, cycle=drawn("cycle", cycle))
    assert found.filter(found["is_lead_creation"])["touch_id"].to_pylist() == creates


def test_on_the_day_of_twenty_five_hours_the_last_hour_is_before_the_close_and_no_younger_than_it(run: Run) -> None:
    """In Bucharest the 26th of October 2025 lasts from 21:00 the evening before to 22:00 in UTC."""
    deal = """
        opportunity_id | status | closed_at        | closed_on  | closed_precision
        deal           | won    | 2025-10-25 21:00 | 2025-10-26 | day
    """
    touches = """
        touch_id | person_id | kind | occurred_at      | occurred_on
        last     | ana       | form | 2025-10-26 21:59 | 2025-10-26
        next day | ana       | form | 2025-10-26 22:00 | 2025-10-27
    """
    found = way(run, touches, deal=deal, at=datetime(2025, 11, 30))
    assert found.select(["touch_id", "age_hours"]).to_pylist() == [{"touch_id": "last", "age_hours": 0}]


def test_what_has_not_happened_yet_is_not_on_the_way_of_a_deal_closed_today(run: Run) -> None:
    deal = "opportunity_id | status | closed_at\ndeal | won | 2025-03-30"
    touches = """
        touch_id | person_id | kind    | occurred_at
        before   | ana       | form    | 2025-03-30 12:00
        planned  | ana       | webinar | 2025-03-30 12:01
    """
    assert way(run, touches, deal=deal, at=datetime(2025, 3, 30, 12))["touch_id"].to_pylist() == ["before"]


@pytest.mark.parametrize(
    ("status", "closed_at", "ordinals"),
    [
        ("won", "2025-03-02 00:00", [1]),
        ("lost", "2025-03-02 00:00", [1]),
        ("open", "2025-03-02 00:00", [1, 2]),
        ("won", "", [1, 2]),
        ("won", "2025-06-01", [1, 2]),
    ],
)
def test_a_way_without_a_close_ends_at_the_moment_of_the_question(
    run: Run, status: str, closed_at: str, ordinals: list[int]
) -> None:
    deal = f"opportunity_id | status | closed_at\ndeal | {status} | {closed_at}"
    touches = """
        touch_id | person_id | kind | occurred_at
        1        | ana       | form | 2025-03-01 10:00
        2        | ana       | form | 2025-03-30 23:00
        3        | ana       | form | 2025-03-31 00:01
    """
    found = way(run, touches, deal=deal).sort_by("ordinal")
    assert found["ordinal"].to_pylist() == ordinals
    assert found["age_hours"].to_pylist()[-1] == (14 if ordinals == [1] else 1)


def test_positions_are_the_last_responses_up_to_the_openings_of_lead_and_deal(run: Run) -> None:
    touches = """
        touch_id | person_id | kind       | is_response | occurred_at
        1        | ana       | ad_click   | true        | 2025-03-01 10:00
        2        | ana       | form       | true        | 2025-03-03 12:00
        3        | ana       | email_sent | false       | 2025-03-03 12:00
        4        | bob       | webinar    | true        | 2025-03-05 10:00
        5        | ana       | email_sent | false       | 2025-03-06 12:00
        6        | ana       | meeting    | true        | 2025-03-06 12:01
    """
    expected = """
        touch_id | ordinal | is_lead_creation | is_opportunity_creation
        1        | 1       | false            | false
        3        | 2       | false            | false
        2        | 3       | true             | false
        4        | 4       | false            | true
        5        | 5       | false            | false
        6        | 6       | false            | false
    """
    assert shown(way(run, touches), expected) == sorted_cells(expected)


def test_without_a_lead_or_an_opening_no_touch_is_a_position(run: Run) -> None:
    deal = "opportunity_id | status | lead_id | cycle | created_at\ndeal | won | | |"
    found = way(
        run, "touch_id | person_id | kind | is_response | occurred_at\n1 | ana | form | true | 2025-03-01", deal=deal
    )
    assert found.select(["is_lead_creation", "is_opportunity_creation"]).to_pylist() == [
        {"is_lead_creation": False, "is_opportunity_creation": False}
    ]


def test_another_level_is_refused_by_name(run: Run) -> None:
    with pytest.raises(UnknownName, match="There is no level 'team' of journeys. Use one of: person, account."):
        way(run, "touch_id | occurred_at\n1 | 2025-03-01", "team")


@pytest.mark.slow
@LEVELS
def test_duckdb_agrees_with_the_twin(duckdb: Engine, level: str) -> None:
    @searching
    @given(st.lists(CASES, min_size=1, max_size=5))
    def search(drawn: list[Case]) -> None:
        assert_twins_agree(duckdb, journey, twin, drawn, level=level, at=AT)

    search()


@pytest.mark.spark
@pytest.mark.slow
@LEVELS
def test_spark_agrees_with_the_twin(spark: Engine, level: str) -> None:
    assert_twins_agree(spark, journey, twin, drawn_cases(CASES), level=level, at=AT)
