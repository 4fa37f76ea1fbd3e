"""Writes the demo company's exports to a folder, as its CRM and its marketing platform would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from punte.demo import company as exports
from punte.demo.company import Company

CSV_TOUCHES = 400_000
"""Above this many touches they are written as Parquet, as a platform with so many would hand them out."""
SLICE = 500_000

TABLES: dict[str, Callable[[Company], pa.Table]] = {
    "crm_owners": exports.owners,
    "crm_companies": exports.companies,
    "crm_contacts": exports.contacts,
    "crm_leads": exports.leads_table,
    "crm_lead_history": exports.lead_history,
    "crm_assignments": exports.assignments,
    "crm_activities": exports.activities,
    "crm_deals": exports.deals_table,
    "crm_deal_contacts": exports.deal_contacts,
    "marketing_spend": exports.spend_table,
    "fx_rates": exports.rates_table,
}


def write_exports(company: Company, folder: Path) -> list[Path]:
    """Every export of the company; returns the files in the order written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, make in TABLES.items():
        path = folder / f"{name}.csv"
        pyarrow.csv.write_csv(make(company), path)
        written.append(path)
    written.append(_write_touches(company, folder))
    return written


def _write_touches(company: Company, folder: Path) -> Path:
    n = len(company.touches.at)
    if n <= CSV_TOUCHES:
        path = folder / "marketing_touches.csv"
        pyarrow.csv.write_csv(exports.touches_table(company), path)
        return path
    path = folder / "marketing_touches.parquet"
    with pq.ParquetWriter(path, exports.touches_table(company, 0, 1).schema, compression="zstd") as writer:
        for start in range(0, n, SLICE):
            writer.write_table(exports.touches_table(company, start, start + SLICE))
    return path
