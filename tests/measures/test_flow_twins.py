"""The flow is that of its slow twin, whatever Hypothesis draws, on both engines; and of a lead that only a deal won."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from punte.engines import Engine
from punte.errors import UnknownName
from punte.measures.flow import flow
from tests.measures.cases import in_order
from tests.measures.drawing import SCHEMAS, Row, typed_rows
from tests.measures.loop_cases import AT, company, tables_of
from tests.reference import flow as twin
from tests.reference.loop import Question

WEEK = {"since": date(2026, 1, 3), "until": date(2026, 1, 7)}
ASKED: dict[str, dict[str, Any]] = {
    "by channel and campaign": {"by": ("channel", "campaign")},
    "everything": {"by": ()},
    "by owner, in a week": {"by": ("owner",), **WEEK},
    "by an attribute and channel, in a week": {"by": ("attribute:Colour", "channel"), **WEEK},
}


def answers(engine: Engine, question: dict[str, Any]) -> tuple[list[Row], list[Row]]:
    """The measure's rows and the twin's."""
    found = flow(tables=tables_of(engine, company()), at=AT, at_on=AT.date(), **question)
    return in_order(engine.to_arrow(found).to_pylist()), in_order(twin.flow(Question(AT, **question), company()))


@pytest.mark.slow
@pytest.mark.parametrize("question", ASKED.values(), ids=ASKED)
def test_the_flow_is_that_of_the_twin(duckdb: Engine, question: dict[str, Any]) -> None:
    found, wanted = answers(duckdb, question)
    assert found == wanted


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.parametrize("name", ["by channel and campaign", "by an attribute and channel, in a week"])
def test_the_flow_is_the_same_on_spark(spark: Engine, name: str) -> None:
    found, wanted = answers(spark, ASKED[name])
    assert found == wanted


def test_a_lead_with_a_won_deal_of_which_no_close_is_known_is_won(duckdb: Engine) -> None:
    cycle = "lead_id | cycle | origin_basis | opened_at\nl1 | 1 | none | 2026-01-02"
    deal = """
        opportunity_id | lead_id | cycle | status | origin_basis | amount | currency
        o1             | l1      | 1     | won    | none         | 500    | EUR
    """
    case = {name: typed_rows(SCHEMAS[name], text) for name, text in (("cycle", cycle), ("deal", deal))}
    found = duckdb.to_arrow(flow(tables=tables_of(duckdb, case), by=(), at=AT, at_on=AT.date())).to_pylist()
    row = {"is_unattributed": True, "stage": "opportunity", "outcome": "won"}
    assert found == [{**row, "n_leads": 1, "n_deals": 1, "revenue": 500}]


def test_what_leads_do_not_have_is_no_dimension_of_the_flow(duckdb: Engine) -> None:
    with pytest.raises(UnknownName, match="Leads flow, and leads have no kind. Leave it out."):
        flow(tables=tables_of(duckdb, {}), by=("kind",), at=AT, at_on=AT.date())
