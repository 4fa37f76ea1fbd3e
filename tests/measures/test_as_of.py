"""Figures as of a moment come from nothing that had not happened: no credit, no origin and no win of later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from punte.engines import Engine
from punte.measures.flow import flow
from punte.measures.funnel import funnel
from punte.measures.loop import loop
from tests.measures.drawing import SCHEMAS, shown, sorted_cells, typed_rows
from tests.measures.loop_cases import tables_of

BEFORE_ALL = datetime(2026, 2, 1)
MORNING = datetime(2026, 3, 5, 10)
END_OF_DAY = datetime(2026, 3, 5, 23, 59, 59)
LATER = datetime(2026, 7, 1)
COMPANY = {
    "traffic": """
        traffic_id | channel
        fair       | Events
        """,
    "cycle": """
        lead_id | cycle | person_id | origin_basis | traffic_id | origin_at        | opened_at
        l1      | 1     | p1        | first_touch  | fair       | 2026-03-05 18:00 | 2026-01-10
        l2      | 1     |           | none         |            |                  | 2026-01-10
        """,
    "deal": """
        opportunity_id | lead_id | origin_basis | traffic_id | origin_at        | status | created_at | closed_at
        o1             | l1      | first_touch  | fair       | 2026-03-05 18:00 | won    | 2026-01-12 | 2026-03-05
        o2             | l2      | none         |            |                  | won    | 2026-06-01 |
        """,
    "journey": """
        opportunity_id | level  | ordinal | n_touches | traffic_id | is_response | age_hours | occurred_at
        o1             | person | 1       | 1         | fair       | true        | 6         | 2026-03-05 18:00
        """,
}


def company() -> dict[str, Any]:
    """The drawn tables; of the close of o1 only the day is known, so that the touch of its evening was before it."""
    case = {name: typed_rows(SCHEMAS[name], text) for name, text in COMPANY.items()}
    for row in case["deal"]:
        row |= {"cycle": 1, "amount": 1000, "currency": "EUR"}
    return case


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        (
            BEFORE_ALL,
            """
            channel | is_unattributed | n_leads | n_won | won_share | credit_last
                    | true            | 2       | 0     | 0.0       | 0
            """,
        ),
        (
            MORNING,
            """
            channel | is_unattributed | n_leads | n_won | won_share | credit_last
                    | true            | 2       | 1     | 0.0       | 1000
            """,
        ),
        (
            END_OF_DAY,
            """
            channel | is_unattributed | n_leads | n_won | won_share | credit_last
            Events  | false           | 1       | 1     | 0.0       | 1000
                    | true            | 1       | 0     | 0.0       | 0
            """,
        ),
    ],
    ids=["before all", "in the morning of the close", "at the end of its day"],
)
def test_the_loop_knows_only_what_had_happened(duckdb: Engine, at: datetime, wanted: str) -> None:
    found = duckdb.to_arrow(loop(tables=tables_of(duckdb, company()), at=at, by=("channel",), models=("last",)))
    assert shown(found, wanted) == sorted_cells(wanted)


@pytest.mark.parametrize(("at", "n_won"), [(BEFORE_ALL, 0), (LATER, 1)])
def test_a_win_of_no_known_day_is_none_before_its_deal_was_opened(duckdb: Engine, at: datetime, n_won: int) -> None:
    tables = tables_of(duckdb, company())
    stages = duckdb.to_arrow(funnel(tables=tables, at=at)).to_pylist()
    ends = duckdb.to_arrow(flow(tables=tables, by=(), at=at, at_on=at.date())).to_pylist()
    assert {row["n_reached"] for row in stages if row["stage"] == "won"} == {n_won}
    assert sum(row["n_leads"] for row in ends if row["outcome"] == "won") == n_won


def test_every_row_of_the_flow_says_the_origin_that_was_known_then(duckdb: Engine) -> None:
    found = duckdb.to_arrow(
        flow(tables=tables_of(duckdb, company()), by=("channel",), at=MORNING, at_on=MORNING.date())
    )
    assert {(row["channel"], row["is_unattributed"]) for row in found.to_pylist()} == {(None, True)}
