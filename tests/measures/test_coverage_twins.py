"""What is missing is counted as its slow twins count it, whatever Hypothesis draws, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.engines import Engine
from punte.measures.coverage import coverage, rows_put_aside, won_with_touch
from tests.measures.agreement import assert_company_agrees
from tests.measures.cases import Case, drawn_cases, searching
from tests.measures.strategies import days, maybe, moments, rows
from tests.reference import coverage as twins

AT = datetime(2025, 3, 3, 12)
COUNTS = st.fixed_dictionaries(
    {
        "coverage": rows(
            6,
            source=maybe(["crm", "mail"]),
            table=maybe(["lead"]),
            subject=["rows", "rows", "freshness", "deal"],
            reason=["in", "good", "repaired", "quarantined", "standing"],
            n=maybe([0, 3, 7]),
            n_of=maybe([0, 7, 10]),
        )
    }
)
DEALS = st.fixed_dictionaries(
    {
        "deal": rows(
            5,
            "opportunity_id",
            status=["won", "won", "lost", "open"],
            created_at=maybe(moments() | days()),
            closed_at=maybe(moments() | days()),
            amount=maybe([0, 100, 2**53 + 1]),
            currency=["EUR"],
        ),
        "journey": rows(
            6, opportunity_id=["o0", "o1", "o2"], level=["person", "account"], ordinal=[1, 2], occurred_at=moments()
        ),
    }
)
DAYS: dict[str, Any] = {"since": date(2025, 3, 1), "until": date(2025, 3, 3)}
TWINS = [
    pytest.param(coverage, twins.coverage, COUNTS, {}, id="coverage"),
    pytest.param(rows_put_aside, twins.rows_put_aside, COUNTS, {}, id="rows_put_aside"),
    pytest.param(won_with_touch, twins.won_with_touch, DEALS, {"at": AT}, id="won_with_touch"),
    pytest.param(won_with_touch, twins.won_with_touch, DEALS, {"at": AT, "level": "account", **DAYS}, id="in a window"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("measure", "twin", "cases", "settings"), TWINS)
def test_duckdb_agrees_with_the_twin(
    duckdb: Engine,
    measure: Callable[..., Any],
    twin: Callable[..., Any],
    cases: st.SearchStrategy[Case],
    settings: dict[str, Any],
) -> None:
    @searching
    @given(st.lists(cases, min_size=1, max_size=3))
    def search(drawn: list[Case]) -> None:
        assert_company_agrees(duckdb, measure, twin, drawn, **settings)

    search()


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.parametrize(("measure", "twin", "cases", "settings"), TWINS)
def test_spark_agrees_with_the_twin(
    spark: Engine,
    measure: Callable[..., Any],
    twin: Callable[..., Any],
    cases: st.SearchStrategy[Case],
    settings: dict[str, Any],
) -> None:
    assert_company_agrees(spark, measure, twin, drawn_cases(cases), **settings)
