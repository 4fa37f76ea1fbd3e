"""What punte says about the demo company is what the company was built with."""

from decimal import Decimal

import pytest

from punte.measures.credit import MODELS

pytestmark = pytest.mark.usefixtures("further_homes")

COUNTS = ("n_leads", "n_mql", "n_sal", "n_sql", "n_opportunities", "n_won", "revenue", "cost")


def euros(cents):
    return Decimal(cents) / 100


def said(row):
    """A row of the loop as the ledger writes it."""
    return tuple(row[name] or 0 for name in COUNTS)


def right(row):
    counts = (row.leads, row.mql, row.sal, row.sql, row.opportunities, row.won)
    return (*counts, euros(row.revenue), euros(row.cost))


@pytest.mark.slow
@pytest.mark.parametrize("dimension", ["channel", "campaign"])
def test_the_closed_loop_by_origin_is_the_ledger_s(demo, numbers, dimension):
    rows = {row[dimension]: said(row) for row in numbers.loop(by=[dimension]).to_pyarrow().to_pylist()}
    ledger = getattr(demo.ledger, f"by_{dimension}")
    answers = {key: right(row) for key, row in ledger.items()}
    # Letters and the breakfast bring nobody for the first time: the loop shows their spend, the ledger too.
    assert {key: row for key, row in rows.items() if any(row)} == {key: row for key, row in answers.items() if any(row)}


@pytest.mark.slow
def test_the_last_touch_before_each_win_is_the_ledger_s(demo, numbers):
    rows = numbers.loop(by=["campaign"], models=["last"]).to_pyarrow().to_pylist()
    credit = {row["campaign"]: row["credit_last"] for row in rows if row["credit_last"]}
    assert credit == {campaign: euros(cents) for campaign, cents in demo.ledger.last_touch.items() if cents}


@pytest.mark.slow
def test_every_model_sums_to_closed_won_to_the_cent(demo, numbers):
    for level in ("person", "account"):
        rows = numbers.loop(by=["channel"], models=["all"], level=level).to_pyarrow().to_pylist()
        sums = {model: sum(row[f"credit_{model}"] for row in rows) for model in MODELS}
        assert sums == dict.fromkeys(MODELS, euros(demo.ledger.total.revenue))


@pytest.mark.slow
def test_all_deals_sum_to_the_crm_s_closed_won_and_take_as_long_as_they_took(demo, numbers):
    (row,) = numbers.loop(by=[]).to_pyarrow().to_pylist()
    assert said(row) == right(demo.ledger.total)
    assert row["median_days_to_won"] == demo.ledger.median_days_to_won


@pytest.mark.slow
def test_students_become_mql_and_are_hardly_ever_accepted(demo, numbers):
    rows = {row["segment"]: row for row in numbers.loop(by=["segment"]).to_pyarrow().to_pylist()}
    assert (rows["student"]["n_mql"], rows["student"]["n_sal"]) == (
        demo.ledger.student_mql,
        demo.ledger.student_accepted,
    )


@pytest.mark.slow
def test_the_breakfast_is_seen_at_the_level_of_companies_only(demo, numbers):
    journey, deal = numbers.tables["journey"], numbers.tables["deal"]
    breakfast = numbers.traffic.filter(numbers.traffic.campaign == "executive-breakfast").select("traffic_id")
    money = {}
    for level in ("person", "account"):
        ways = journey.filter(journey.level == level).semi_join(breakfast, "traffic_id")
        won = deal.filter(deal.status == "won").semi_join(ways, "opportunity_id")
        (row,) = numbers.engine.to_arrow(won.agg(cents=won.amount.sum().fill_null(0))).to_pylist()
        money[level] = row["cents"]
    ledger = demo.ledger
    assert money == {"person": ledger.breakfast_revenue_persons, "account": ledger.breakfast_revenue_accounts}


@pytest.mark.slow
def test_the_same_company_once_more_publishes_nothing(demo):
    from punte.demo.install import install_demo
    from tests.demo.conftest import AT, LAST_DAY, N_PERSONS, silent

    _, report, _ = install_demo(demo.path, n_persons=N_PERSONS, seed=7, until=LAST_DAY, at=AT, progress=silent)
    assert report.snapshot_id is None
