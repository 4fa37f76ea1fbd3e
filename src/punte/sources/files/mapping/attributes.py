"""Columns that nothing maps, kept as attributes of the file's first table and usable as dimensions."""

from __future__ import annotations

from collections.abc import Set

import pyarrow as pa
import pyarrow.compute as pc

from punte.records.tables import TABLES
from punte.sources.files.mapping.language import FileRule
from punte.sources.files.mapping.mistakes import Place
from punte.sources.files.mapping.privacy import E_MAIL, mapped_headers
from punte.sources.files.mapping.rows import Rows

_SCHEMA = TABLES["attribute"].whole_schema


def attribute_rows(rows: Rows, record_ids: pa.ChunkedArray, table: str, rule: FileRule, personal: Set[str]) -> pa.Table:
    """One row per filled cell of every column that is kept, on the record of its row; personal columns never."""
    place = Place(file=rule.name, table=table)
    owners = record_ids.combine_chunks()
    parts = [_of_column(rows.text(name, place), owners, table, name) for name in kept_headers(rows, rule, personal)]
    return pa.concat_tables([_SCHEMA.empty_table(), *parts])


def kept_headers(rows: Rows, rule: FileRule, personal: Set[str]) -> list[str]:
    """The headers that become attributes: the declared dimensions, and with ``keep = "all"`` every unmapped column."""
    place = Place(file=rule.name, field="dimensions")
    declared = {found for name in rule.dimensions if (found := rows.find(name, place))}
    mapped = {rows.headers.find(name) for name in mapped_headers(rule)}
    kept = [name for name in rows.headers.names if name.strip() and name not in mapped and rule.keep == "all"]
    return [name for name in rows.headers.names if name in declared | set(kept) and name not in personal]


def _of_column(texts: pa.Array, owners: pa.Array, table: str, name: str) -> pa.Table:
    filled = pc.fill_null(pc.invert(pc.match_substring_regex(texts, E_MAIL)), False)
    values = texts.filter(filled)
    n = len(values)
    return pa.table(
        {
            "record_id": pc.filter(owners, filled),
            "table": pa.repeat(table, n),
            "name": pa.repeat(name, n),
            "value": values,
        },
        schema=_SCHEMA,
    )
