"""The closed loop answers as its slow twin does, whatever is asked of whatever Hypothesis draws, on both engines."""

from datetime import date, timedelta

import pytest

from tests.measures.loop_cases import AT, assert_loop_agrees, cases
from tests.reference.loop import Question

WEEK = {"since": date(2026, 1, 3), "until": date(2026, 1, 7)}
LATE = AT + timedelta(days=1000)
MODELS = ("first", "last", "linear")
QUESTIONS = {
    "everything": Question(AT, models=MODELS),
    "by channel": Question(AT, by=("channel",), models=MODELS),
    "by channel and segment": Question(AT, by=("channel", "segment"), models=MODELS),
    "by campaign in a week": Question(AT, by=("campaign",), models=MODELS, **WEEK),
    "by channel, a cohort": Question(AT, by=("channel",), models=("linear",), window="cohort", **WEEK),
    "by channel, all cohorts": Question(AT, by=("channel",), window="cohort"),
    "by owner": Question(AT, by=("owner",), models=MODELS),
    "by kind of deal": Question(AT, by=("kind",), models=("linear",)),
    "by an attribute": Question(AT, by=("attribute:Colour",), models=("last",)),
    "by company, account level": Question(AT, by=("account", "channel"), models=MODELS, level="account"),
    "touched": Question(AT, by=("channel",), models=("last",), scope="touched"),
    "touched in a week": Question(AT, by=("channel", "owner"), scope="touched", level="account", **WEEK),
    "touched, a cohort": Question(AT, by=("campaign",), scope="touched", window="cohort", **WEEK),
    "when everything is past": Question(LATE, by=("channel", "segment"), models=MODELS),
    "a week long past": Question(LATE, by=("campaign",), models=MODELS, **WEEK),
    "a cohort long past": Question(LATE, by=("channel",), window="cohort", **WEEK),
    "touched, when everything is past": Question(LATE, by=("channel",), scope="touched"),
}
ON_SPARK = ["by channel and segment", "touched, a cohort", "by an attribute"]


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_loop_is_that_of_the_twin(duckdb, question):
    assert_loop_agrees(duckdb, cases(), question)


@pytest.mark.spark
@pytest.mark.parametrize("name", ON_SPARK)
def test_the_loop_is_the_same_on_spark(spark, name):
    assert_loop_agrees(spark, cases(), QUESTIONS[name])
