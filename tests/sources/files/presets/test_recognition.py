"""Exports are recognised by their headers, and by their names where those say the same."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pytest

from punte.sources.files import mapping as m
from punte.sources.files.presets import Sample, presets, propose, recognise
from tests.sources.files.mapping.drawn import AT, KEY, file_at, shared

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"


def test_every_preset_is_the_same_after_it_is_written_and_read_again() -> None:
    assert [m.load_mapping(m.dump_mapping(one)) for one in presets()] == list(presets())


def test_every_rule_of_a_preset_says_what_it_is_for() -> None:
    assert [rule.name for mapping in presets() for rule in mapping.files if not rule.about] == []


def test_no_two_rules_have_one_name() -> None:
    names = [rule.name for mapping in presets() for rule in mapping.files]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize(
    ("file", "header", "name"),
    [
        ("a.csv", "RECORD ID,first name,LAST NAME,e mail", None),
        ("a.csv", "record id,First\u00a0Name,Email", "hubspot contacts"),
        ("contacts.csv", "Record ID,Email,First Conversion,Original Source", "hubspot contacts"),
        ("mql-2026.csv", "Record ID,Email,First Conversion,Original Source", "hubspot mql contacts"),
        ("a.csv", "Record Id,Lead Owner,Lead Source,First Name,Email", "zoho leads"),
        ("a.csv", "Day,Campaign,Cost,Impr.", "google ads"),
        ("a.csv", "Date,Campaign,Cost,Clicks", None),
        ("a.csv", "Zi,Suma cheltuită (RON),Numele campaniei,Ziua", "meta ads"),
        ("a.csv", "", None),
    ],
)
def test_a_file_is_recognised_by_its_headers_and_then_by_its_name(file: str, header: str, name: str | None) -> None:
    found = recognise(file, header.split(","))
    assert (found.name if found else None) == name


def test_the_share_of_columns_with_a_meaning_is_told() -> None:
    found = recognise("a.csv", ["Record ID", "Email", "First Name", "Something else"])
    assert found is not None
    assert (found.n_known, found.n_headers, found.known_share, found.source) == (3, 4, 0.75, "hubspot")


HEADERS = {
    "google_ads_export.csv": "google ads",
    "hubspot_companies.csv": "hubspot companies",
    "hubspot_contacts.csv": "hubspot contacts",
    "hubspot_contacts_2.csv": "hubspot contacts",
    "hubspot_contacts_3_lifecycle.csv": "hubspot contacts",
    "hubspot_contacts_4_associations.csv": "hubspot contacts",
    "hubspot_contacts_full_22col.csv": "hubspot contacts",
    "hubspot_deals.csv": "hubspot deals",
    "hubspot_mql_export_18col.csv": "hubspot mql contacts",
    "mailchimp_audience_export.csv": "mailchimp audience",
    "mailchimp_audience_export_unsubscribed.csv": "mailchimp audience",
    "meta_ads_manager_export_arabic_ui.csv": "meta ads",
    "meta_ads_manager_export_daily.csv": "meta ads",
    "meta_ads_manager_export_day_breakdown_eur.csv": "meta ads",
    "pipedrive_deals_list_export.csv": "pipedrive deals without a number",
    "pipedrive_import_official_sample.csv": "pipedrive sheet",
    "pipedrive_import_with_products.csv": "pipedrive sheet",
    "salesforce_lead_data_export.csv": "salesforce leads",
    "salesforce_lead_report_export.csv": "salesforce lead report",
    "salesforce_opportunity_report_export.csv": "salesforce opportunity report",
    "tiktok_ads_export.csv": "tiktok ads",
    "ga4_bigquery_export_columns.csv": None,
}


@pytest.mark.shared_data
def test_every_known_header_of_an_export_is_recognised() -> None:
    folder = shared("crm_export_headers")
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            preset = recognise(path.name, next(csv.reader(lines)))
        found[path.name] = preset.name if preset else None
    assert found == HEADERS


@pytest.mark.shared_data
@pytest.mark.slow
@pytest.mark.parametrize("folder", ["olist", "maven_crm", "x_education_leads", "bank_marketing", "identity_febrl"])
def test_files_of_no_vendor_are_not_taken_for_one(folder: str) -> None:
    found = {}
    for path in sorted(shared(folder).glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            preset = recognise(path.name, next(csv.reader(lines)))
        found[path.name] = preset
    assert {name: preset for name, preset in found.items() if preset is not None} == {}


def tables_of(vendor: str) -> list[Sample]:
    folder = shared("fivetran_dbt_seeds") / f"{vendor}_source"
    return [Sample(path.name, file_at(path)) for path in sorted(folder.glob("*.csv"))]


@pytest.mark.shared_data
@pytest.mark.slow
@pytest.mark.parametrize("vendor", ["hubspot", "salesforce", "marketo"])
def test_the_example_for_a_warehouse_is_what_is_proposed_for_its_tables(vendor: str) -> None:
    proposed = m.dump_mapping(propose(tables_of(vendor), zone="America/New_York", currency="USD"))
    assert (EXAMPLES / f"fivetran_{vendor}" / "mapping.toml").read_text(encoding="utf-8") == proposed


COUNTED = {
    "hubspot": {
        "account": 96, "activity": 106, "campaign": 100, "identity_link": 4, "lead": 22,
        "opportunity": 44, "opportunity_event": 14, "opportunity_person": 11, "owner": 100, "person": 22,
        "person_identifier": 22, "touchpoint": 99,
    },
    "salesforce": {
        "account": 1, "activity": 20, "identity_link": 1, "lead": 1, "opportunity": 0,
        "opportunity_event": 10, "opportunity_line": 10, "owner": 10, "person": 5, "person_account": 3,
        "person_identifier": 4, "stage_event": 1,
    },
    "marketo": {
        "campaign": 200, "consent_event": 100, "identity_link": 99, "lead": 100, "person": 100,
        "person_identifier": 100, "record_deletion": 62, "touchpoint": 298,
    },
}  # fmt: skip


@pytest.mark.shared_data
@pytest.mark.slow
@pytest.mark.parametrize("vendor", ["hubspot", "salesforce", "marketo"])
def test_tables_of_a_warehouse_become_records_and_none_is_lost(vendor: str) -> None:
    mapping = m.load_mapping((EXAMPLES / f"fivetran_{vendor}" / "mapping.toml").read_text(encoding="utf-8"))
    samples = {one.name: (m.rule_for(mapping, one.name, one.header), one.rows) for one in tables_of(vendor)}
    lookups = [
        m.build_lookup(need, [rows for rule, rows in samples.values() if rule is not None and rule.name == need.file])
        for need in m.lookup_needs(mapping)
    ]
    parts: dict[str, list[pa.Table]] = {}
    for rule, rows in samples.values():
        if rule is not None:
            result = m.convert(rows, rule=rule, mapping=mapping, key=KEY, lookups=lookups, load_id="l1", recorded_at=AT)
            assert result.problems.num_rows == 0
            for name, table in result.tables.items():
                parts.setdefault(name, []).append(table)
    counted = {name: sum(table.num_rows for table in tables) for name, tables in parts.items()}
    told = {name: n for name, n in counted.items() if name not in ("traffic", "attribute")}
    assert {name: n for name, n in told.items() if n or name == "opportunity"} == COUNTED[vendor]
