"""Real exports that lie beside the checkout, when they are there: the right rows, and nothing lost or repaired."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from punte.sources.files.reading import find_files, open_table

from .conftest import read_only_table

SHARED = Path(__file__).parents[5] / "shared" / "data"

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data sets are not beside the checkout"),
]


@pytest.mark.parametrize(
    ("path", "n_rows", "n_columns"),
    [
        ("olist/olist_marketing_qualified_leads_dataset.csv", 8_000, 4),
        ("olist/olist_closed_deals_dataset.csv", 842, 14),
        ("olist/olist_order_items_dataset.csv", 112_650, 7),
        ("olist/olist_order_payments_dataset.csv", 103_886, 5),
        ("olist/olist_sellers_dataset.csv", 3_095, 4),
        ("olist/olist_products_dataset.csv", 32_951, 9),
        ("maven_crm/sales_pipeline.csv", 8_800, 8),
        ("maven_crm/accounts.csv", 85, 7),
        ("x_education_leads/Leads.csv", 9_240, 38),
        ("bank_marketing/bank-full.csv", 45_211, 17),
        ("bank_marketing/bank-additional-full.csv", 41_188, 21),
        ("crm_export_headers/hubspot_contacts_full_22col.csv", 0, 22),
        ("crm_export_headers/pipedrive_import_official_sample.csv", 1, 13),
        ("crm_export_headers/meta_ads_manager_export_arabic_ui.csv", 1, 9),
    ],
)
def test_real_exports_have_the_rows_that_their_publishers_state(path: str, n_rows: int, n_columns: int) -> None:
    table = read_only_table(SHARED / path)
    assert (len(table.rows), len(table.header)) == (n_rows, n_columns)
    assert (table.report.repaired, table.problems, table.report.n_empty_rows) == ({}, [], 0)


@pytest.mark.parametrize(
    "path", ["olist/olist_closed_deals_dataset.csv", "maven_crm/sales_pipeline.csv", "x_education_leads/Leads.csv"]
)
def test_real_exports_are_read_as_the_csv_module_reads_them(path: str) -> None:
    table = read_only_table(SHARED / path)
    with (SHARED / path).open(newline="", encoding="utf-8-sig") as stream:
        expected = list(csv.reader(stream))
    assert table.cells == [tuple(cell or None for cell in row) for row in expected[1:]]


def test_every_table_of_the_vendors_schemas_has_the_rows_of_its_manifest() -> None:
    folder = SHARED / "fivetran_dbt_seeds"
    with (folder / "MANIFEST.csv").open(newline="") as stream:
        expected = {line["file"]: (int(line["rows"]), int(line["columns"])) for line in csv.DictReader(stream)}
    read = {}
    for found in find_files([folder]):
        if found.is_table and found.name in expected:
            table = open_table(found)
            list(table.batches())
            report = table.report
            read[found.name] = (report.n_rows + report.n_empty_rows + report.n_problems, len(table.header))
    assert read == expected


def test_the_documents_of_a_real_folder_are_skipped() -> None:
    found = find_files([SHARED / "bank_marketing"])
    assert [(file.name, file.kind) for file in found] == [
        ("SOURCE.md", "skipped"),
        ("bank-additional-full.csv", "csv"),
        ("bank-additional-names.txt", "skipped"),
        ("bank-full.csv", "csv"),
        ("bank-names.txt", "skipped"),
    ]


def test_the_titles_of_a_real_workbook_are_passed_over() -> None:
    table = read_only_table(SHARED / "x_education_leads" / "Leads Data Dictionary.xlsx")
    assert (table.header, len(table.rows), table.report.header_row) == (["Variables", "Description"], 37, 3)
