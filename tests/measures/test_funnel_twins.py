"""The funnel counts as its slow twin does, whatever Hypothesis draws, on both engines."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from punte.engines import Engine
from punte.measures import funnel
from tests.measures.cases import in_order
from tests.measures.drawing import Row
from tests.measures.loop_cases import AT, company, tables_of
from tests.reference import funnel as twin
from tests.reference.loop import Question

WEEK = {"since": date(2026, 1, 3), "until": date(2026, 1, 7)}
ASKED = {
    "everything": ({}, {}),
    "by channel and month": ({"by": ("channel",)}, {"cohort": "month"}),
    "from MQL on, in a week": ({"by": ("segment",), **WEEK}, {"begins": "mql", "cohort": "quarter"}),
    "by an attribute, in a week": ({"by": ("attribute:Colour",), **WEEK}, {}),
}


def answers(
    engine: Engine,
    question: dict[str, Any],
    more: dict[str, Any],
    *,
    measure: Callable[..., Any] = funnel.funnel,
    told: Callable[..., list[Row]] = twin.funnel,
) -> tuple[list[Row], list[Row]]:
    """The measure's rows and the twin's."""
    found = measure(tables=tables_of(engine, company()), at=AT, **question, **more)
    wanted = told(Question(AT, **question), company(), **more)
    return in_order(engine.to_arrow(found).to_pylist()), in_order(wanted)


@pytest.mark.slow
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_the_funnel_is_that_of_the_twin(duckdb, asked):
    found, wanted = answers(duckdb, *asked)
    assert found == wanted


@pytest.mark.slow
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_the_time_in_each_stage_is_that_of_the_twin(duckdb, asked):
    found, wanted = answers(duckdb, *asked, measure=funnel.time_in_stage, told=twin.time_in_stage)
    assert found == wanted


@pytest.mark.spark
def test_the_time_in_each_stage_is_the_same_on_spark(spark):
    asked = ASKED["by channel and month"]
    found, wanted = answers(spark, *asked, measure=funnel.time_in_stage, told=twin.time_in_stage)
    assert found == wanted


@pytest.mark.spark
def test_the_funnel_is_the_same_on_spark(spark):
    found, wanted = answers(spark, *ASKED["from MQL on, in a week"])
    assert found == wanted
