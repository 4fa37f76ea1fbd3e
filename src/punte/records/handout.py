"""How a table is handed out: CSV, JSON or Parquet, the same from the command line, the site and Python.

A text cell that a spreadsheet would take for a formula is written with an apostrophe before it; numbers stay numbers,
null is an empty cell. ``plain`` takes such an apostrophe away again when a file comes back in.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any, BinaryIO, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

FORMULA_STARTS = frozenset("=+-@\t\r\n\0|")
N_ROWS = 10_000


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet could run the text, also after apostrophes were taken off its front."""
    folded = unicodedata.normalize("NFKC", text.lstrip("'")).lstrip(" \ufeff")
    return folded[:1] in FORMULA_STARTS if folded else False


def neutral(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{text}" if _is_formula(text) else text


def plain(text: str) -> str:
    """The text as it was before ``neutral``."""
    return text[1:] if text[:1] == "'" and _is_formula(text) else text


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Decimal):
        return format(value, "f")
    return value


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in table.to_batches(max_chunksize=N_ROWS):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def write_csv(table: pa.Table, out: TextIO) -> None:
    """The header and the rows, commas between, quoted where needed, line feeds at the ends."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.column_names)
    for row in _rows(table):
        writer.writerow([_cell(value) for value in row])


def csv_parts(batches: pa.RecordBatchReader) -> Iterator[str]:
    """What ``write_csv`` writes, piece by piece, for tables larger than memory should hold."""
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerow(batches.schema.names)
    yield out.getvalue()
    for batch in batches:
        out = StringIO()
        writer = csv.writer(out, lineterminator="\n")
        for row in _rows(pa.Table.from_batches([batch])):
            writer.writerow([_cell(value) for value in row])
        yield out.getvalue()


def _json_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds") + ("Z" if value.tzinfo is None else "")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    return value


def write_json(table: pa.Table, out: TextIO) -> None:
    """A list of objects, one line per row; a decimal too long for a JSON number is written as text."""
    lines = (
        json.dumps(dict(zip(table.column_names, map(_json_value, row), strict=True)), ensure_ascii=False)
        for row in _rows(table)
    )
    out.write("[\n" + ",\n".join(lines) + "\n]\n")


def write_parquet(table: pa.Table, out: BinaryIO) -> None:
    """Parquet with the table's own types."""
    pq.write_table(table, out, compression="zstd")


def write_parquet_batches(batches: pa.RecordBatchReader, out: BinaryIO) -> None:
    """What ``write_parquet`` writes, batch by batch."""
    with pq.ParquetWriter(out, batches.schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
