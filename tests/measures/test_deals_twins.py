"""Deals come out as their slow twin says, and spend adds up by day, whatever Hypothesis draws, on both engines."""

import pytest

from punte.measures.deals import deal, spend_day
from tests.measures.agreement import assert_each_case_agrees
from tests.measures.cases import apart, drawn_cases, in_order, together
from tests.measures.lifecycle_strategies import deal_cases, spend_cases
from tests.reference import deals as twin


@pytest.mark.slow
def test_deals_are_those_of_the_twin(duckdb):
    assert_each_case_agrees(duckdb, deal, twin.deal, drawn_cases(deal_cases(), n=600), key="opportunity_id")


@pytest.mark.spark
def test_deals_are_the_same_on_spark(spark):
    assert_each_case_agrees(spark, deal, twin.deal, drawn_cases(deal_cases(), n=300), key="opportunity_id")


@pytest.mark.slow
def test_spend_by_day_is_that_of_the_twin(duckdb):
    cases = [apart(case, number) for number, case in enumerate(drawn_cases(spend_cases(), n=300))]
    found = duckdb.to_arrow(spend_day(**duckdb.from_arrow(together(cases))))
    rows = {name: [row for case in cases for row in case[name]] for name in ("spend", "converted_spend")}
    assert in_order(found.to_pylist()) == in_order(twin.spend_day(**rows))
