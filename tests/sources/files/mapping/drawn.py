"""Files drawn as text in a test, and what they become, with ids turned back into what they stand for."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from punte.records import ids
from punte.records.tables import TABLES
from punte.sources.files import mapping as m

KEY = b"a key of thirty-two bytes, or so"
AT = datetime(2026, 5, 1)
SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"
_BOOKKEEPING = {"from_source", "load_id", "recorded_at", "record_id"}


def batch(text: str) -> pa.RecordBatch:
    """A CSV drawn in a test, as the reading of files hands it over."""
    header, *rows = list(csv.reader(io.StringIO("\n".join(line.strip() for line in text.strip().splitlines()))))
    return from_rows(header, rows)


def from_rows(header: list[str], rows: list[list[str]]) -> pa.RecordBatch:
    numbers = pa.array(range(1, len(rows) + 1), pa.int64())
    columns = [pa.array([row[at] for row in rows], pa.string()) for at in range(len(header))]
    return pa.RecordBatch.from_arrays([numbers, *columns], ["row_number", *header])


def file_at(path: Path) -> pa.RecordBatch:
    """A real CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        header, *rows = list(csv.reader(lines))
    return from_rows(header, rows)


def shared(name: str) -> Path:
    """A folder of real data beside the checkout; the test is skipped where it is not there."""
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"the real data set {name} is not here")
    return folder


def convert(toml: str, text: str, **options: Any) -> m.Converted:
    """What a drawn file becomes under the first rule of a mapping."""
    mapping = m.load_mapping(toml)
    return m.convert(
        batch(text), rule=mapping.files[0], mapping=mapping, key=KEY, load_id="l1", recorded_at=AT, **options
    )


def whole(converted: m.Converted, source: str = "crm") -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, empty fields left out, record ids as 'table:source id'."""
    names = _names(converted, source)
    return {
        table: [_plain(row, names) for row in rows.to_pylist()]
        for table, rows in converted.tables.items()
        if rows.num_rows
    }


def _plain(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    dropped = _BOOKKEEPING if "source_id" in row else set()
    return {
        name: names.get(value, value) if isinstance(value, str) else value
        for name, value in row.items()
        if value is not None and name not in dropped
    }


def _names(converted: m.Converted, source: str) -> dict[str, str]:
    known = {
        (table, row["source_id"])
        for table, rows in converted.tables.items()
        if "source_id" in rows.column_names
        for row in rows.to_pylist()
    }
    of_records = {ids.record_id(KEY, source, table, source_id): f"{table}:{source_id}" for table, source_id in known}
    return {**of_records}


def ref(table: str, source_id: str, source: str = "crm") -> str:
    """The record id of something that is not in the result itself."""
    return ids.record_id(KEY, source, table, source_id)


def problems(converted: m.Converted) -> list[tuple[Any, ...]]:
    """Per problem: row, table, column, outcome, reason."""
    names = ("row_number", "table", "column", "outcome", "reason")
    return [tuple(row[name] for name in names) for row in converted.problems.to_pylist()]


def traffic(**fields: str) -> dict[str, str]:
    """A row of table traffic."""
    names = [column.name for column in TABLES["traffic"].columns[1:]]
    return {"traffic_id": ids.traffic_id([fields.get(name) for name in names]), **fields}
