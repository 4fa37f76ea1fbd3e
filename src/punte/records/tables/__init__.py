"""The canonical tables, declared once; documents, checks and types are made from these declarations."""

from __future__ import annotations

from punte.records.columns import Table
from punte.records.tables.deals import DEAL_TABLES
from punte.records.tables.derived import DERIVED_TABLES
from punte.records.tables.leads import LEAD_TABLES
from punte.records.tables.lineage import LINEAGE_TABLES
from punte.records.tables.people import PEOPLE_TABLES
from punte.records.tables.touches import TOUCH_TABLES

CANONICAL: dict[str, Table] = {
    table.name: table for table in (*PEOPLE_TABLES, *LEAD_TABLES, *TOUCH_TABLES, *DEAL_TABLES, *LINEAGE_TABLES)
}
"""What happened: the tables that mappings fill, by name."""

DERIVED: dict[str, Table] = {table.name: table for table in DERIVED_TABLES}
"""What is computed from the canonical tables once per snapshot, by name."""

TABLES: dict[str, Table] = {**CANONICAL, **DERIVED}

SCHEMA_VERSION = 3
"""Raised when a table changes shape; a snapshot with another version is rebuilt from raw."""
