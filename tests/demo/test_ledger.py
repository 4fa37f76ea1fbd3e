"""The demo company is the same for the same seed, and its story is in its ledger."""

from datetime import date

import pytest

from punte.demo.company import make_company
from punte.demo.files import TABLES, write_exports
from punte.demo.ledger import make_ledger

LAST_DAY = date(2026, 10, 31)


@pytest.fixture(scope="module")
def ledger():
    return make_ledger(make_company(until=LAST_DAY))


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    first, second = (
        [
            path.read_bytes()
            for path in write_exports(make_company(seed=3, n_persons=500, until=LAST_DAY), tmp_path / name)
        ]
        for name in ("first", "second")
    )
    assert first == second
    assert len(first) == len(TABLES) + 1


def test_the_parts_of_the_ledger_sum_to_its_total(ledger):
    for parts in (ledger.by_channel, ledger.by_campaign):
        summed = {name: sum(getattr(row, name) for row in parts.values()) for name in ledger.total.__dataclass_fields__}
        assert summed == {name: getattr(ledger.total, name) for name in summed}
    assert sum(ledger.last_touch.values()) == ledger.total.revenue


def test_brand_search_shines_on_last_touch_and_loses_money_on_the_closed_loop(ledger):
    brand = ledger.by_campaign["brand-search"]
    assert ledger.last_touch["brand-search"] == max(ledger.last_touch.values())
    assert brand.revenue < brand.cost


def test_week_ends_delay_routing_and_one_rep_is_slow(ledger):
    assert ledger.routing_hours_weekend > 20 * ledger.routing_hours_weekday
    assert ledger.response_hours_slow_rep > 10 * ledger.response_hours_others


def test_students_become_mql_and_are_hardly_ever_accepted(ledger):
    assert ledger.student_mql > 100
    assert ledger.student_accepted < ledger.student_mql / 10


def test_the_breakfast_moves_companies_and_not_persons(ledger):
    assert ledger.breakfast_revenue_persons == 0
    assert ledger.breakfast_revenue_accounts > ledger.total.revenue / 10


def test_some_leads_are_qualified_twice(ledger):
    assert ledger.n_recycled_twice_mql > 10
