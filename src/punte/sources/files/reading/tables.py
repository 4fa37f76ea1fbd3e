"""Opening a found file as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import pyarrow as pa

from .csv_tables import CsvTable
from .found import FoundFile
from .limits import DEFAULT_LIMITS, Limits
from .parquet_tables import ParquetTable
from .reports import Report
from .workbooks import ExcelTable


class TableReader(Protocol):
    """A table in a file, read forward in batches as often as wanted.

    *Grain of the batches*: one row per row of the file below the header that could be read and is not empty. The first
    column is ``row_number`` (int64, where a person finds the row in the file), then those of ``header``. CSV and Excel
    columns are strings, exactly as written, null where the cell is empty; Parquet columns keep their types.
    """

    header: list[str]
    schema: pa.Schema

    @property
    def report(self) -> Report:
        """The guesses, and what was repaired or left out so far; complete when the batches are exhausted."""
        ...

    def batches(self, n_rows: int = 100_000) -> Iterator[pa.RecordBatch]:
        """The rows from the first on, at most ``n_rows`` in a batch, fewer when rows are long."""
        ...


def open_table(
    found: FoundFile,
    limits: Limits = DEFAULT_LIMITS,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    header_line: int | None = None,
) -> TableReader:
    """A found file as a table. ``encoding`` (a Python codec name), ``separator`` and ``header_line`` (the line or
    sheet row of the names, from 1) replace the guess where given; Parquet needs none of them.

    Raises UnreadableFile for a file that is no table, and for one that cannot be read as what it is.
    """
    if found.refusal is not None and not found.is_table:
        raise found.refusal.error(found.name)
    if found.kind == "csv":
        return CsvTable(found, limits, encoding=encoding, separator=separator, header_line=header_line)
    if found.kind == "excel":
        return ExcelTable(found, limits, header_line=header_line)
    return ParquetTable(found, limits)
