"""Links: the persons of a deal, the lead that it came from, the people of a company."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.engines import Engine
from punte.measures.links import account_person, deal_lead, deal_person
from tests.measures.cases import Case, assert_twins_agree, drawn_cases, searching
from tests.measures.drawing import drawn, shown, sorted_cells
from tests.measures.strategies import clusters, days, maybe, moments, rows
from tests.reference import links as twins

Run = Callable[..., pa.Table]

RECORDS = ["r0", "r1", "r2"]
PERSON_OF = clusters(RECORDS, "person_id", ["p0", "p1"])
MOMENTS = maybe(moments() | days())
LEADS = rows(4, "record_id", person_record_id=maybe([*RECORDS, "gone"]), opened_at=MOMENTS)
OPPORTUNITIES = rows(
    3,
    "record_id",
    person_record_id=maybe([*RECORDS, "gone"]),
    lead_record_id=maybe(["r0", "r1", "gone"]),
    created_at=MOMENTS,
    closed_at=MOMENTS,
)
PERSON_CASES = st.fixed_dictionaries(
    {
        "opportunity": OPPORTUNITIES,
        "opportunity_person": rows(3, opportunity_record_id=["r0", "r1", "gone"], person_record_id=[*RECORDS, "gone"]),
        "lead": LEADS,
        "person_of": PERSON_OF,
    }
)
LEAD_CASES = st.fixed_dictionaries(
    {
        "opportunity": OPPORTUNITIES,
        "deal_person": rows(4, opportunity_id=["r0", "r1", "r2"], person_id=["p0", "p1"]).map(
            lambda found: [dict(pair) for pair in {tuple(row.items()): None for row in found}]
        ),
        "lead": LEADS,
        "person_of": PERSON_OF,
    }
)
ACCOUNT_CASES = st.fixed_dictionaries(
    {
        "person_account": rows(4, person_record_id=[*RECORDS, "gone"], account_record_id=["a0", "a1", "gone"]),
        "person_of": PERSON_OF,
        "account_of": clusters(["a0", "a1"], "account_id", ["c0", "c1"]),
    }
)
TWINS = [
    pytest.param(deal_person, twins.deal_person, PERSON_CASES, id="deal_person"),
    pytest.param(deal_lead, twins.deal_lead, LEAD_CASES, id="deal_lead"),
    pytest.param(account_person, twins.account_person, ACCOUNT_CASES, id="account_person"),
]


def test_a_deals_persons_are_its_contact_its_roles_and_its_leads_person_each_once(run: Run) -> None:
    """Ana is contact and decider of one deal, and two records of one person; the second deal knows nobody."""
    found = run(
        deal_person,
        opportunity=drawn(
            "opportunity",
            """
            record_id | person_record_id | lead_record_id
            deal      | ana 1            | lead
            other     | gone             |
            """,
        ),
        opportunity_person=drawn(
            "opportunity_person",
            """
            opportunity_record_id | person_record_id | role
            deal                  | ana 2            | decider
            deal                  | bob              | user
            deal                  | bob              | buyer
            gone                  | bob              |
            """,
        ),
        lead=drawn("lead", "record_id | person_record_id\nlead | cid"),
        person_of=drawn("person_of", "record_id | person_id\nana 1 | A\nana 2 | A\nbob | B\ncid | C"),
    )
    expected = """
        opportunity_id | person_id
        deal           | A
        deal           | B
        deal           | C
    """
    assert shown(found, expected) == sorted_cells(expected)


@pytest.mark.parametrize(
    ("created", "closed", "declared", "lead"),
    [
        ("2025-03-10 12:00", "", "", "second"),
        ("2025-03-05 12:00", "", "", "first"),
        ("2025-03-05 11:59", "", "", ""),
        ("2025-03-10 12:00", "", "strangers", "strangers"),
        ("2025-03-10 12:00", "", "gone", "second"),
        ("2025-03-08", "", "", "second"),
        ("2025-03-07", "", "", "first"),
        ("", "2025-03-08 09:59", "", "first"),
        ("", "2025-03-08 10:00", "", "second"),
        ("", "", "", ""),
    ],
)
def test_a_deal_comes_from_its_declared_lead_else_from_the_latest_opened_before_it(
    run: Run, created: str, closed: str, declared: str, lead: str
) -> None:
    leads = """
        record_id | person_record_id | opened_at
        first     | ana              | 2025-03-05 12:00
        second    | ana              | 2025-03-08 10:00
        undated   | ana              |
        strangers | bob              | 2025-03-01 10:00
    """
    deal = f"record_id | created_at | closed_at | lead_record_id\ndeal | {created} | {closed} | {declared}"
    found = run(
        deal_lead,
        opportunity=drawn("opportunity", deal),
        deal_person=drawn("deal_person", "opportunity_id | person_id\ndeal | A"),
        lead=drawn("lead", leads),
        person_of=drawn("person_of", "record_id | person_id\nana | A\nbob | B"),
    )
    assert found.to_pylist() == ([{"opportunity_id": "deal", "lead_id": lead}] if lead else [])


def test_of_two_leads_opened_at_one_moment_the_larger_record_id_is_the_deals(run: Run) -> None:
    found = run(
        deal_lead,
        opportunity=drawn("opportunity", "record_id | created_at\ndeal | 2025-03-10 12:00"),
        deal_person=drawn("deal_person", "opportunity_id | person_id\ndeal | A"),
        lead=drawn("lead", "record_id | person_record_id | opened_at\na | ana | 2025-03-01\nb | ana | 2025-03-01"),
        person_of=drawn("person_of", "record_id | person_id\nana | A"),
    )
    assert found.to_pylist() == [{"opportunity_id": "deal", "lead_id": "b"}]


def test_everybody_who_ever_worked_for_a_company_is_of_it_once(run: Run) -> None:
    found = run(
        account_person,
        person_account=drawn(
            "person_account",
            """
            person_record_id | account_record_id | to_at
            ana 1            | acme 1            | 2020-01-01
            ana 2            | acme 2            |
            bob              | gone              |
            """,
        ),
        person_of=drawn("person_of", "record_id | person_id\nana 1 | A\nana 2 | A\nbob | B"),
        account_of=drawn("account_of", "record_id | account_id\nacme 1 | Acme\nacme 2 | Acme"),
    )
    assert found.to_pylist() == [{"account_id": "Acme", "person_id": "A"}]


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
