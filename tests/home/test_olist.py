"""The real Olist exports through the whole import, against figures counted by others and by hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from punte.home.folder import create_home
from tests.home.small import AT, bring, mapping, select

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "olist"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.shared_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="The real Olist data do not lie beside the checkout."),
]


def test_the_real_exports_give_the_known_leads_wins_and_revenue_by_origin(tmp_path: Path) -> None:
    olist = mapping((ROOT / "examples" / "olist" / "mapping.toml").read_text())
    home = create_home(tmp_path / "home", name="Olist", zone="America/Sao_Paulo", reporting_currency="BRL", at=AT)
    report = bring(home, DATA, mappings=[olist])
    assert {file.name: file.rows_in for file in report.files if file.is_used} == {
        "olist_closed_deals_dataset.csv": 842,
        "olist_marketing_qualified_leads_dataset.csv": 8000,
        "olist_order_items_dataset.csv": 112_650,
        "olist_sellers_dataset.csv": 3095,
    }
    current = home.lake.current()
    assert select(current, "select count(*), sum(amount) from {deal}") == [(842, 67_685_148)]
    by_origin = """
        select t.channel, count(distinct c.lead_id), count(d.opportunity_id), sum(d.amount)
        from {cycle} c join {traffic} t using (traffic_id)
        left join {deal} d on d.lead_id = c.lead_id and d.cycle = c.cycle
        where t.channel is null or t.channel = 'organic_search' group by all order by 1 nulls last
    """
    assert select(current, by_origin) == [
        ("organic_search", 2296, 271, 20_702_345),
        (None, 60, 14, 124_260),
    ]
    gaps = "select reason, n, n_of from {coverage} where n > 0 and subject in ('deal', 'origin') order by 1, 3"
    assert select(current, gaps) == [
        ("empty", 60, 8000),
        ("empty", 60, 8000),
        ("without_touch", 1, 842),
        ("won_before_first_contact", 1, 842),
    ]
    again = bring(home, DATA, mappings=[olist], at=AT + timedelta(days=1))
    assert (again.snapshot_id, again.load_ids) == (None, ())
