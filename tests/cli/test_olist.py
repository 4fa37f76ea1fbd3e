"""Real exports of a marketplace, through the command line, against a computation of its own in pandas."""

from pathlib import Path

import pandas as pd
import pytest

OLIST = Path(__file__).parents[3] / "shared" / "data" / "olist"
MAPPING = Path(__file__).parents[2] / "examples" / "olist" / "mapping.toml"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.shared_data,
    pytest.mark.skipif(not OLIST.is_dir(), reason="the Olist data do not lie beside the checkout"),
]


@pytest.fixture(scope="module")
def home(punte, tmp_path_factory):
    path = tmp_path_factory.mktemp("olist") / "home"
    said = punte("import", OLIST, "--map", MAPPING, home=path)
    assert said.code == 0, said.err
    return path


def by_origin():
    """Leads, wins, share, median local days and revenue in cents (items of the won sellers) by the file's own words."""
    leads = pd.read_csv(OLIST / "olist_marketing_qualified_leads_dataset.csv", keep_default_na=False)
    deals = pd.read_csv(OLIST / "olist_closed_deals_dataset.csv")
    items = pd.read_csv(OLIST / "olist_order_items_dataset.csv", dtype={"price": str})
    cents = items.assign(cents=items.price.str.replace(".", "").astype(int)).groupby("seller_id").cents.sum()
    assert items.price.str.fullmatch(r"\d+\.\d\d").all()
    table = leads.merge(deals, on="mql_id", how="left")
    won_on = pd.to_datetime(table.won_date, utc=True).dt.tz_convert("America/Sao_Paulo").dt.tz_localize(None)
    table["days"] = (won_on.dt.normalize() - pd.to_datetime(table.first_contact_date)).dt.days
    table["cents"] = table.seller_id.map(cents).fillna(0).where(table.seller_id.notna(), 0).astype(int)
    rows = {}
    for origin, part in table.groupby("origin"):
        won = int(part.seller_id.notna().sum())
        rows[origin] = (len(part), won, won / len(part), float(part.days.median()), int(part.cents.sum()))
    return rows


def test_the_loop_by_origin_equals_the_computation_in_pandas(punte, home):
    said = punte("loop", "--by", "channel", "--model", "last", "--format", "csv", home=home).rows
    rows = {
        row["channel"]: (
            int(row["n_mql"]),
            int(row["n_won"]),
            float(row["won_share"]),
            float(row["median_days_to_won"]),
            round(float(row["revenue"]) * 100),
        )
        for row in said
        if row["is_unattributed"] == "false"
    }
    assert rows == by_origin()


def test_totals_are_the_golden_ones(punte, home):
    (row,) = punte("loop", "--by", "", "--model", "all", "--format", "csv", home=home).rows
    assert (row["n_mql"], row["n_won"], row["revenue"]) == ("8000", "842", "676851.48")
    credits = {name: row[name] for name in row if name.startswith("credit_")}
    assert credits == dict.fromkeys(credits, "676851.48")


def test_empty_origins_and_the_win_before_its_contact_are_said(punte, home):
    counts = {
        (row["table"], row["subject"], row["reason"]): row["n"]
        for row in punte("coverage", "--format", "csv", home=home).rows
    }
    assert counts["lead", "origin", "empty"] == "60"
    assert counts["opportunity", "deal", "won_before_first_contact"] == "1"


def test_the_same_files_once_more_publish_nothing(punte, home):
    current = (home / "lake" / "CURRENT").read_text()
    said = punte("import", OLIST, home=home)
    assert (said.code, "Nothing new" in said.out) == (0, True), said.err
    assert (home / "lake" / "CURRENT").read_text() == current


def test_columns_that_nothing_maps_are_dimensions(punte, home):
    rows = punte("loop", "--by", "attribute:lead_type", "--format", "csv", home=home).rows
    deals = pd.read_csv(OLIST / "olist_closed_deals_dataset.csv")
    won = {row["attribute:lead_type"]: int(row["n_won"]) for row in rows if int(row["n_won"])}
    assert won == {**deals.lead_type.value_counts().to_dict(), "": int(deals.lead_type.isna().sum())}
