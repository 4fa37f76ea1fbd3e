"""The page that documents every table, made from the declarations so that it cannot part from them."""

from __future__ import annotations

from punte.records.columns import Column, Table
from punte.records.tables import CANONICAL, DERIVED

HEAD = """# The tables

This page is made from the declarations in `src/punte/records/tables` by `python -m punte.records.documents`.

Moments (`_at`) are UTC and without a zone in the files; days (`_on`) are local days in the source's zone. Money is
whole minor units of an ISO 4217 currency. A column marked *personal* lives only in the table's `_private` file.
"""


def _line(column: Column) -> str:
    mark = " *personal*" if column.personal else ""
    target = f" → `{column.references}`" if column.references else ""
    return f"| `{column.name}` | {column.sql} | {column.about}{target}{mark} | {column.null} |"


def table_section(table: Table) -> str:
    """The part of the page about one table."""
    key = ", ".join(f"`{name}`" for name in table.key) or "none"
    lines = [f"### {table.name}", "", f"One row: {table.grain}. Key: {key}.", ""]
    lines += ["| column | type | what it is | empty means |", "| --- | --- | --- | --- |"]
    lines += [_line(column) for column in table.columns]
    return "\n".join(lines) + "\n"


def records_page() -> str:
    """The whole page, in Markdown."""
    parts = [HEAD, "## What happened\n", *map(table_section, CANONICAL.values())]
    parts += ["## What is computed once per snapshot\n", *map(table_section, DERIVED.values())]
    return "\n".join(parts)


if __name__ == "__main__":
    import sys

    sys.stdout.write(records_page())
