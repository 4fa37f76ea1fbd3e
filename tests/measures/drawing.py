"""Tables drawn in text: small enough to read in a test, typed as declared.

    drawn("touchpoint", '''
        record_id | person_record_id | kind | occurred_at
        t1        | p1               | form | 2025-03-01 10:00
        t2        |                  | form | 2025-03-02
    ''')

An empty cell is null, and so is every declared column that is not drawn. A moment without a time is a day: its column
``<x>_at`` is that midnight, and where ``<x>_on`` and ``<x>_precision`` are declared but not drawn, they follow from it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from punte.records.choices import CHANNEL_RULES, SOURCE_LISTS
from punte.records.tables import TABLES

Row = dict[str, Any]

CONVERTED = [("amount", pa.int64()), ("currency", pa.string()), ("is_rate_missing", pa.bool_())]

LINKS = {
    "deal_person": ("opportunity_id", "person_id"),
    "deal_lead": ("opportunity_id", "lead_id"),
    "account_person": ("account_id", "person_id"),
    "rules": CHANNEL_RULES,
    "lists": SOURCE_LISTS,
    "converted": pa.schema([("opportunity_id", pa.string()), ("recurring_amount", pa.int64()), *CONVERTED]),
    "converted_spend": pa.schema([("spend_id", pa.string()), *CONVERTED]),
}
"""Tables that measures hand to each other without being declared, and choices, by the name of their parameter."""

SCHEMAS: dict[str, pa.Schema] = {
    **{name: table.schema for name, table in TABLES.items()},
    **{
        name: columns if isinstance(columns, pa.Schema) else pa.schema([(column, pa.string()) for column in columns])
        for name, columns in LINKS.items()
    },
}


def drawn(name: str, text: str) -> pa.Table:
    """A drawn table in the declared schema of that name."""
    return table_of(name, typed_rows(SCHEMAS[name], text))


def table_of(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows of some columns as a table in the declared schema of that name."""
    schema = SCHEMAS[name]
    whole = [whole_row(schema, row) for row in rows]
    return pa.Table.from_pylist(whole, schema=schema)


def whole_row(schema: pa.Schema, row: Mapping[str, Any]) -> Row:
    """The row with every column of the schema; days and precisions that are not given follow from their moments."""
    unknown = set(row) - set(schema.names)
    assert not unknown, f"no such columns: {unknown}"
    follows: Row = {}
    for column in schema.names:
        at = row.get(f"{column.removesuffix('_on').removesuffix('_precision')}_at")
        if column not in row and at is not None and column.endswith("_on"):
            follows[column] = at.date()
        if column not in row and at is not None and column.endswith("_precision"):
            follows[column] = "day" if isinstance(at, Midnight) else "second"
    return {column: row.get(column, follows.get(column)) for column in schema.names}


class Midnight(datetime):
    """The moment of something of which only the day is known."""


def cells(text: str) -> list[dict[str, str]]:
    """The cells of a drawn table, row by row, as written."""
    lines = [line for line in text.splitlines() if line.strip()]
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    assert all(len(row) == len(header) for row in rows), f"every row of the drawing needs {len(header)} cells"
    return [dict(zip(header, row, strict=True)) for row in rows]


def typed_rows(schema: pa.Schema, text: str) -> list[Row]:
    return [{name: typed(schema.field(name).type, cell) for name, cell in row.items()} for row in cells(text)]


def typed(kind: pa.DataType, cell: str) -> Any:
    if cell == "":
        return None
    if pa.types.is_boolean(kind):
        return {"true": True, "false": False}[cell]
    if pa.types.is_integer(kind):
        return int(cell)
    if pa.types.is_floating(kind):
        return float(cell)
    if pa.types.is_date(kind):
        return date.fromisoformat(cell)
    if pa.types.is_timestamp(kind):
        return Midnight.fromisoformat(cell) if len(cell) == len("2025-01-01") else datetime.fromisoformat(cell)
    return cell


def shown(table: pa.Table, like: str) -> list[tuple[str, ...]]:
    """The table's cells as text, for the columns that ``like`` draws, in an order that does not depend on the engine.

    Compare it with ``sorted_cells(like)``.
    """
    columns = like.strip().splitlines()[0]
    names = [name.strip() for name in columns.split("|")]
    return sorted(tuple(as_text(row[name]) for name in names) for row in table.select(names).to_pylist())


def sorted_cells(like: str) -> list[tuple[str, ...]]:
    """The cells of a drawn table as text, sorted as ``shown`` sorts them."""
    return sorted(tuple(row.values()) for row in cells(like))


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(":00")
    return str(value)


def filled_in(
    measure: Callable[..., object], given: Mapping[str, object]
) -> tuple[dict[str, pa.Table], dict[str, Any]]:
    """The tables of a call of that measure, empty ones for those not given, and the rest of what was given."""
    tables = {name: value for name, value in given.items() if isinstance(value, pa.Table)}
    settings = {name: value for name, value in given.items() if name not in tables}
    for name, parameter in inspect.signature(measure).parameters.items():
        if "Table" in str(parameter.annotation) and name not in given and parameter.default is parameter.empty:
            tables[name] = SCHEMAS[name].empty_table()
    return tables, settings
