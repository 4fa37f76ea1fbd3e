"""Touches: whose they are, what counts as a response, what a day held, where persons came from."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.engines import Engine
from punte.measures.touches import KINDS_IN_ORDER, browser_person, first_touch, person_origin, touch, touch_day
from punte.records.tables.touches import TOUCH_KINDS
from tests.measures.cases import Case, assert_twins_agree, drawn_cases, searching
from tests.measures.drawing import drawn, shown, sorted_cells
from tests.measures.strategies import clusters, maybe, moments, rows
from tests.reference import touches as twins

Run = Callable[..., pa.Table]

RECORDS, PERSONS = ["r0", "r1", "r2"], ["p0", "p1"]
ACCOUNT_RECORDS, ACCOUNTS = ["a0", "a1"], ["c0", "c1"]
TOUCHPOINTS = rows(
    6,
    "record_id",
    person_record_id=maybe([*RECORDS, "gone"]),
    anonymous_record_id=maybe(["b0", "b1"]),
    account_record_id=maybe([*ACCOUNT_RECORDS, "gone"]),
    kind=maybe(["email_sent", "email_open", "form", "page_view", "other"]),
    is_response=maybe(st.booleans()),
    occurred_at=moments(),
    traffic_id=maybe(["t0", "t1"]),
)
PERSON_ACCOUNTS = rows(
    3,
    "record_id",
    person_record_id=RECORDS,
    account_record_id=ACCOUNT_RECORDS,
    is_primary=maybe(st.booleans()),
    from_at=maybe(moments()),
    to_at=maybe(moments()),
)
IDENTIFIERS = rows(3, "record_id", person_record_id=RECORDS, kind=["anonymous_id", "email"], value_hash=["b0", "b1"])
TOUCH_CASES = st.fixed_dictionaries(
    {
        "touchpoint": TOUCHPOINTS,
        "person_of": clusters(RECORDS, "person_id", PERSONS),
        "account_of": clusters(ACCOUNT_RECORDS, "account_id", ACCOUNTS),
        "person_identifier": IDENTIFIERS,
        "person_account": PERSON_ACCOUNTS,
    }
)
TOUCHES = rows(
    6,
    "touch_id",
    person_id=maybe(PERSONS),
    traffic_id=maybe(["t0", "t1"]),
    kind=["email_sent", "form", "page_view"],
    is_response=st.booleans(),
    occurred_at=moments(),
)
# Touches without a traffic make one row for all cases together, so that this null is only in the drawn example below.
DAY_CASES = st.fixed_dictionaries(
    {"touch": rows(8, "touch_id", traffic_id=["t0", "t1"], is_response=st.booleans(), occurred_at=moments())}
)
ORIGIN_CASES = st.fixed_dictionaries(
    {
        "touch": TOUCHES,
        "cycle": rows(
            3,
            lead_id=["l0", "l1"],
            cycle=st.integers(1, 2),
            person_id=maybe(PERSONS),
            opened_at=maybe(moments()),
            sourced_by=maybe(["sales", "marketing"]),
            traffic_id=st.sampled_from(["t2", "t3"]),
            origin_basis=["declared", "first_touch", "none"],
        ).filter(lambda found: len({(row["lead_id"], row["cycle"]) for row in found}) == len(found)),
        "person": st.tuples(
            *(
                st.fixed_dictionaries(
                    {
                        "record_id": st.just(record),
                        "owner_record_id": maybe(["o0", "o1"]),
                        "segment": maybe(["small", "big"]),
                        "country": maybe(["RO", "MD"]),
                    }
                )
                for record in RECORDS
            )
        ).map(list),
        "person_of": clusters(RECORDS, "person_id", PERSONS),
        "account": rows(2, segment=maybe(["enterprise"]), country=maybe(["BG"])).map(
            lambda found: [{"record_id": f"a{n}", **row} for n, row in enumerate(found)]
        ),
        "account_of": clusters(ACCOUNT_RECORDS, "account_id", ACCOUNTS),
        "person_account": PERSON_ACCOUNTS,
    }
)
TWINS = [
    pytest.param(touch, twins.touch, TOUCH_CASES, id="touch"),
    pytest.param(touch_day, twins.touch_day, DAY_CASES, id="touch_day"),
    pytest.param(person_origin, twins.person_origin, ORIGIN_CASES, id="person_origin"),
]


def test_a_touch_is_its_records_persons_or_the_first_person_identified_in_its_browser(run: Run) -> None:
    """Ana filled in a form in browser b1 on the 5th, Bob there on the 7th: the visits before are Ana's."""
    touchpoints = """
        record_id | person_record_id | anonymous_record_id | occurred_at
        visit     |                  | b1                  | 2025-03-01 10:00
        form ana  | ana              | b1                  | 2025-03-05 10:00
        form bob  | bob              | b1                  | 2025-03-07 10:00
        later     |                  | b1                  | 2025-03-09 10:00
        stranger  |                  | b2                  | 2025-03-09 10:00
        dangling  | gone             | b1                  | 2025-03-09 10:00
        nobody    | gone             |                     | 2025-03-09 10:00
    """
    found = run(
        touch,
        touchpoint=drawn("touchpoint", touchpoints),
        person_of=drawn("person_of", "record_id | person_id\nana | P2\nbob | P1"),
    )
    expected = """
        touch_id | person_id
        visit    | P2
        form ana | P2
        form bob | P1
        later    | P2
        stranger |
        dangling | P2
        nobody   |
    """
    assert shown(found, expected) == sorted_cells(expected)


def test_a_browser_known_only_from_records_belongs_to_the_smallest_person(run: Run) -> None:
    found = run(
        browser_person,
        touchpoint=drawn("touchpoint", "record_id | anonymous_record_id | occurred_at\nt | b | 2025-03-01"),
        person_of=drawn("person_of", "record_id | person_id\nr1 | P2\nr2 | P1\nr3 | P1"),
        person_identifier=drawn(
            "person_identifier",
            """
            person_record_id | kind         | value_hash
            r1               | anonymous_id | b
            r2               | anonymous_id | b
            r3               | anonymous_id | b
            r1               | email        | c
            """,
        ),
    )
    assert found.to_pylist() == [{"anonymous_id": "b", "person_id": "P1", "n_persons": 2}]


def test_the_kind_decides_whether_a_touch_is_a_response_where_the_source_does_not(run: Run) -> None:
    touchpoints = """
        record_id | kind          | is_response | occurred_at
        1         | email_sent    |             | 2025-03-01
        2         | email_open    |             | 2025-03-01
        3         | ad_impression |             | 2025-03-01
        4         | email_click   |             | 2025-03-01
        5         | call          |             | 2025-03-01
        6         |               |             | 2025-03-01
        7         | email_open    | true        | 2025-03-01
        8         | form          | false       | 2025-03-01
    """
    expected = """
        touch_id | kind          | is_response
        1        | email_sent    | false
        2        | email_open    | false
        3        | ad_impression | false
        4        | email_click   | true
        5        | call          | true
        6        | other         | true
        7        | email_open    | true
        8        | form          | false
    """
    assert shown(run(touch, touchpoint=drawn("touchpoint", touchpoints)), expected) == sorted_cells(expected)


def test_a_touchs_own_company_comes_before_its_persons_main_one(run: Run) -> None:
    touchpoints = """
        record_id | person_record_id | account_record_id | occurred_at
        1         | ana              | b                 | 2025-03-01
        2         | ana              |                   | 2025-03-01
        3         | ana              | gone              | 2025-03-01
        4         |                  | b                 | 2025-03-01
    """
    work = """
        record_id | person_record_id | account_record_id | is_primary
        w1        | ana              | b                 |
        w2        | ana              | a                 | true
    """
    found = run(
        touch,
        touchpoint=drawn("touchpoint", touchpoints),
        person_of=drawn("person_of", "record_id | person_id\nana | P"),
        account_of=drawn("account_of", "record_id | account_id\na | A\nb | B"),
        person_account=drawn("person_account", work),
    )
    expected = """
        touch_id | person_id | account_id
        1        | P         | B
        2        | P         | A
        3        | P         | A
        4        |           | B
    """
    assert shown(found, expected) == sorted_cells(expected)


def test_touches_are_counted_by_traffic_and_local_day(run: Run) -> None:
    touches = """
        touch_id | traffic_id | is_response | occurred_at      | occurred_on
        1        | ads        | true        | 2025-03-01 22:30 | 2025-03-02
        2        | ads        | false       | 2025-03-02 10:00 | 2025-03-02
        3        | ads        | true        | 2025-03-02 22:30 | 2025-03-03
        4        |            | true        | 2025-03-02 10:00 | 2025-03-02
    """
    expected = """
        traffic_id | day        | n_touches | n_responses
        ads        | 2025-03-02 | 2         | 1
        ads        | 2025-03-03 | 1         | 1
                   | 2025-03-02 | 1         | 1
    """
    assert shown(run(touch_day, touch=drawn("touch", touches)), expected) == sorted_cells(expected)


def test_of_touches_at_one_moment_the_one_that_leads_to_the_other_is_first(run: Run) -> None:
    touches = """
        touch_id | person_id | traffic_id | kind      | occurred_at
        1        | P         | form       | form      | 2025-03-01 10:00
        2        | P         | click      | ad_click  | 2025-03-01 10:00
        3        | P         | page       | page_view | 2025-03-01 10:00
        9        |           | nobody     | form      | 2025-02-01 10:00
    """
    found = run(first_touch, touch=drawn("touch", touches))
    assert found.select(["person_id", "touch_id", "traffic_id"]).to_pylist() == [
        {"person_id": "P", "touch_id": "2", "traffic_id": "click"}
    ]


def test_every_kind_of_touch_has_its_place_in_the_order() -> None:
    assert sorted(KINDS_IN_ORDER) == sorted(TOUCH_KINDS)


def test_a_person_comes_from_what_is_declared_else_from_the_first_touch_else_from_nowhere(run: Run) -> None:
    cycles = """
        lead_id | cycle | person_id | opened_at  | origin_basis | traffic_id | sourced_by
        l1      | 1     | ana       | 2025-03-02 | declared     | fair       |
        l2      | 1     | ana       | 2025-03-01 | first_touch  | ads        | sales
        l3      | 1     | bob       | 2025-03-01 | none         |            |
    """
    touches = """
        touch_id | person_id | traffic_id | kind     | occurred_at
        1        | ana       | ads        | ad_click | 2025-02-01 09:00
        2        | bob       |            | form     | 2025-02-02 09:00
        3        | bob       | mail       | form     | 2025-02-03 09:00
    """
    found = run(
        person_origin,
        cycle=drawn("cycle", cycles),
        touch=drawn("touch", touches),
        person_of=drawn("person_of", "record_id | person_id\n1 | ana\n2 | ana\n3 | bob\n4 | cid"),
    )
    expected = """
        person_id | traffic_id | origin_basis | sourced_by | first_touch_at   | first_touch_on
        ana       | fair       | declared     | sales      | 2025-02-01 09:00 | 2025-02-01
        bob       |            | first_touch  |            | 2025-02-02 09:00 | 2025-02-02
        cid       |            | none         |            |                  |
    """
    assert shown(found, expected) == sorted_cells(expected)


@pytest.mark.slow
@pytest.mark.parametrize(("measure", "twin", "cases"), TWINS)
def test_duckdb_agrees_with_the_twin(
    duckdb: Engine, measure: Callable[..., object], twin: Callable[..., object], cases: st.SearchStrategy[Case]
) -> None:
    @searching
    @given(st.lists(cases, min_size=1, max_size=6))
    def search(drawn: list[Case]) -> None:
        assert_twins_agree(duckdb, measure, twin, drawn)

    search()


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.parametrize(("measure", "twin", "cases"), TWINS)
def test_spark_agrees_with_the_twin(
    spark: Engine, measure: Callable[..., object], twin: Callable[..., object], cases: st.SearchStrategy[Case]
) -> None:
    assert_twins_agree(spark, measure, twin, drawn_cases(cases))
