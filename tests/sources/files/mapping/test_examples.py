"""The mappings in examples/ on the real files that they are written for, against plain counting."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest

from punte.sources.files import mapping as m
from tests.sources.files.mapping.drawn import AT, KEY, file_at, shared

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
pytestmark = [pytest.mark.shared_data, pytest.mark.slow]


@cache
def imported(example: str, folder: str) -> tuple[dict[str, m.Converted], list[str]]:
    """What each file of a folder becomes under the example's mapping, and the files that it does not use."""
    mapping = m.load_mapping((EXAMPLES / example / "mapping.toml").read_text(encoding="utf-8"))
    used: dict[str, tuple[m.FileRule, pa.RecordBatch]] = {}
    unused = []
    for path in sorted(shared(folder).glob("*.csv")):
        rows = file_at(path)
        rule = m.rule_for(mapping, path.name, rows.schema.names[1:])
        if rule is None:
            unused.append(path.name)
        else:
            used[rule.name] = rule, rows
    lookups = [m.build_lookup(need, [used[need.file][1]]) for need in m.lookup_needs(mapping)]
    converted = {
        name: m.convert(
            rows, rule=rule, mapping=mapping, key=KEY, lookups=lookups, load_id="l1", recorded_at=AT, file=name
        )
        for name, (rule, rows) in used.items()
    }
    return converted, unused


def plain(folder: str, name: str) -> list[dict[str, str]]:
    rows = file_at(shared(folder) / name)
    return rows.to_pylist()


def minor(text: str) -> int:
    return int(Decimal(text) * 100)


def test_every_olist_lead_becomes_a_person_a_lead_a_stage_and_a_touch() -> None:
    leads, unused = imported("olist", "olist")
    assert {name: rows.num_rows for name, rows in leads["leads"].tables.items() if name != "traffic"} == {
        "person": 8000,
        "person_identifier": 0,
        "attribute": 0,
        "lead": 8000,
        "stage_event": 8000,
        "touchpoint": 8000,
    }
    assert leads["leads"].problems.num_rows == 0
    assert unused == [
        "olist_order_payments_dataset.csv",
        "olist_products_dataset.csv",
        "product_category_name_translation.csv",
    ]


def test_olist_leads_keep_the_origin_that_the_source_declares_untouched() -> None:
    tables = imported("olist", "olist")[0]["leads"].tables
    channels = dict(
        zip(*(tables["traffic"].column(name).to_pylist() for name in ("traffic_id", "channel")), strict=True)
    )
    counted = Counter(channels[traffic_id] for traffic_id in tables["lead"].column("traffic_id").to_pylist())
    plainly = Counter(row["origin"] or None for row in plain("olist", "olist_marketing_qualified_leads_dataset.csv"))
    assert counted == plainly
    assert (counted[None], counted["unknown"], counted["organic_search"]) == (60, 1099, 2296)


def test_an_olist_win_is_worth_what_its_seller_sold_and_nothing_where_it_sold_nothing() -> None:
    sold: dict[str, int] = defaultdict(int)
    for row in plain("olist", "olist_order_items_dataset.csv"):
        sold[row["seller_id"]] += minor(row["price"])
    plainly = {row["mql_id"]: sold[row["seller_id"]] for row in plain("olist", "olist_closed_deals_dataset.csv")}
    deals = imported("olist", "olist")[0]["wins"].tables["opportunity"]
    amounts = dict(zip(deals.column("source_id").to_pylist(), deals.column("amount").to_pylist(), strict=True))
    assert amounts == plainly
    assert (len(amounts), sum(amounts.values()), sum(1 for amount in amounts.values() if amount)) == (
        842,
        67685148,
        380,
    )


def test_olist_wins_by_origin_are_the_golden_ones() -> None:
    leads, deals = (imported("olist", "olist")[0][name].tables for name in ("leads", "wins"))
    channels = {row["traffic_id"]: row["channel"] for row in leads["traffic"].to_pylist()}
    of_lead = {row["record_id"]: channels[row["traffic_id"]] for row in leads["lead"].to_pylist()}
    won: dict[str | None, list[int]] = defaultdict(list)
    for deal in deals["opportunity"].to_pylist():
        won[of_lead[deal["lead_record_id"]]].append(deal["amount"])
    assert {name: (len(won[name]), sum(won[name])) for name in (None, "organic_search")} == {
        None: (14, 124260),
        "organic_search": (271, 20702345),
    }


def test_days_to_an_olist_win_are_whole_local_days() -> None:
    leads, deals = (imported("olist", "olist")[0][name].tables for name in ("leads", "wins"))
    channels = {row["traffic_id"]: row["channel"] for row in leads["traffic"].to_pylist()}
    opened = {row["record_id"]: row for row in leads["lead"].to_pylist()}
    days = sorted(
        (deal["closed_on"] - opened[deal["lead_record_id"]]["opened_on"]).days
        for deal in deals["opportunity"].to_pylist()
        if channels[opened[deal["lead_record_id"]]["traffic_id"]] == "organic_search"
    )
    assert days[len(days) // 2] == 14


def test_olist_segments_are_dimensions_of_the_deal() -> None:
    attributes = imported("olist", "olist")[0]["wins"].tables["attribute"].to_pylist()
    rows = plain("olist", "olist_closed_deals_dataset.csv")
    counted = Counter((row["name"], row["value"]) for row in attributes)
    for name in ("business_segment", "lead_type", "lead_behaviour_profile"):
        assert {value: n for (header, value), n in counted.items() if header == name} == Counter(
            row[name] for row in rows if row[name]
        )


def test_the_deals_of_a_crm_alone_are_counted_by_their_status() -> None:
    tables = imported("maven_crm", "maven_crm")[0]["deals"].tables
    deals = tables["opportunity"].to_pylist()
    rows = plain("maven_crm", "sales_pipeline.csv")
    status = {"Won": "won", "Lost": "lost", "Engaging": "open", "Prospecting": "open"}
    assert {row["source_id"]: (row["status"], row["amount"]) for row in deals} == {
        row["opportunity_id"]: (status[row["deal_stage"]], minor(row["close_value"]) if row["close_value"] else None)
        for row in rows
    }
    assert Counter(row["status"] for row in deals) == {"won": 4238, "lost": 2473, "open": 2089}
    assert sum(row["amount"] or 0 for row in deals) == 1_000_553_400
    assert sum(row["account_record_id"] is None for row in deals) == 1425
    assert sum(row["product"] == "GTX Pro" for row in tables["opportunity_line"].to_pylist()) == 1480


def test_deals_of_a_crm_alone_lead_to_companies_and_agents_that_are_there() -> None:
    converted, unused = imported("maven_crm", "maven_crm")
    deals, companies, agents = (converted[name].tables for name in ("deals", "companies", "agents"))
    known = set(companies["account"].column("record_id").to_pylist())
    named = set(deals["opportunity"].column("account_record_id").to_pylist()) - {None}
    assert (len(known), named - known) == (85, set())
    owners = set(agents["owner"].column("record_id").to_pylist())
    assert set(deals["opportunity"].column("owner_record_id").to_pylist()) - owners == set()
    assert (len(owners), unused) == (41, ["data_dictionary.csv", "products.csv"])


def test_the_stages_of_a_deal_are_kept_as_events() -> None:
    events = imported("maven_crm", "maven_crm")[0]["deals"].tables["opportunity_event"].to_pylist()
    assert Counter(row["value"] for row in events) == {"Engaging": 8300, "Won": 4238, "Lost": 2473}


def test_a_flat_file_of_leads_gives_leads_with_their_channel_and_who_became_a_customer() -> None:
    tables = imported("x_education_leads", "x_education_leads")[0]["leads"].tables
    channels = {row["traffic_id"]: row["channel"] for row in tables["traffic"].to_pylist()}
    counted = Counter(channels.get(row["traffic_id"]) for row in tables["lead"].to_pylist())
    rows = plain("x_education_leads", "Leads.csv")
    words = Counter({"google": "Google"}.get(row["Lead Source"], row["Lead Source"]) or None for row in rows)
    assert counted == words
    assert (tables["lead"].num_rows, counted[None], counted["Google"]) == (9240, 36, 2873)
    of_lead = {row["record_id"]: row["traffic_id"] for row in tables["lead"].to_pylist()}
    customers = set(tables["stage_event"].column("lead_record_id").to_pylist())
    ids_of = dict(
        zip(tables["lead"].column("source_id").to_pylist(), tables["lead"].column("record_id").to_pylist(), strict=True)
    )
    assert customers == {ids_of[row["Prospect ID"]] for row in rows if row["Converted"] == "1"}
    assert Counter(tables["stage_event"].column("stage").to_pylist()) == {"customer": 3561}
    won = Counter(channels.get(of_lead[lead]) for lead in tables["opportunity"].column("lead_record_id").to_pylist())
    assert (won.total(), won["Google"], won["Olark Chat"]) == (3561, 1147, 448)


def test_a_word_that_stands_for_nothing_is_empty_in_every_column() -> None:
    tables = imported("x_education_leads", "x_education_leads")[0]["leads"].tables
    values = set(tables["attribute"].column("value").to_pylist()) | set(tables["person"].column("city").to_pylist())
    assert ("Select" in values, "Mumbai" in values) == (False, True)
