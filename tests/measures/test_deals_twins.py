"""Deals come out as their slow twin says, and spend adds up by day, whatever Hypothesis draws, on both engines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.measures.deals import deal, spend_day
from tests.measures.agreement import assert_company_agrees, assert_each_case_agrees
from tests.measures.cases import drawn_cases, searching
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
    @searching
    @given(st.lists(spend_cases(), min_size=1, max_size=4))
    def search(drawn):
        assert_company_agrees(duckdb, spend_day, twin.spend_day, drawn)

    search()


@pytest.mark.spark
@pytest.mark.slow
def test_spend_by_day_is_the_same_on_spark(spark):
    assert_company_agrees(spark, spend_day, twin.spend_day, drawn_cases(spend_cases()))
