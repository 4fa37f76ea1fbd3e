"""Cycles and deals come out as their slow twins say, for whatever Hypothesis draws, on DuckDB and on Spark."""

import pytest

from punte.measures.lifecycle import cycle
from tests.measures.agreement import assert_each_case_agrees
from tests.measures.cases import drawn_cases
from tests.measures.lifecycle_strategies import lead_cases
from tests.reference import lifecycle as twin


@pytest.mark.slow
def test_cycles_are_those_of_the_twin(duckdb):
    assert_each_case_agrees(duckdb, cycle, twin.cycle, drawn_cases(lead_cases(), n=600), key="lead_id")


@pytest.mark.spark
def test_cycles_are_the_same_on_spark(spark):
    assert_each_case_agrees(spark, cycle, twin.cycle, drawn_cases(lead_cases()), key="lead_id")
