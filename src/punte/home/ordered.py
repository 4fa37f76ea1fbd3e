"""Rows that come in the order of their key become Parquet files whose bytes depend on the rows alone.

Row groups have one size however the rows came in, so that equal rows give equal files and a snapshot can share them.
Personal columns go to a companion ``x_private`` with the same rows. Large tables of things that happen are split by
quarter of the year: what is over is not written again with every import.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from punte.records import disk
from punte.records.columns import Table
from punte.records.lake import PRIVATE

ROWS_PER_GROUP = 122_880
ROWS_PER_SPLIT_GROUP = 32_768
SPLIT_FROM_ROWS = 1_000_000
SPLIT_BY = "occurred_at"
IDS_OF_FEW = frozenset({"load_id", "traffic_id", "owner_id", "owner_record_id", "campaign_record_id"})
"""Ids of things of which there are far fewer than rows that name them."""
_WHOLE = 0


def is_split(table: Table, n_rows: int) -> bool:
    """Whether a table of that many rows is split by quarter: it is large and its rows happen at a moment."""
    return n_rows >= SPLIT_FROM_ROWS and any(column.name == SPLIT_BY for column in table.columns)


class OrderedWriter:
    """Writes one table. ``add`` takes its rows, personal columns included, in the order of the key."""

    def __init__(self, table: Table, folder: Path, *, by_quarter: bool = False) -> None:
        self._table = table
        self._folder = folder
        self._by_quarter = by_quarter
        self._parts: dict[int, _Part] = {}
        self.n_rows = 0

    def add(self, rows: pa.Table) -> None:
        """Take the next rows; columns are picked by name and cast to the declared types."""
        self.n_rows += rows.num_rows
        for quarter, part in self._split(rows.select(self._table.whole_schema.names).cast(self._table.whole_schema)):
            self._part(quarter).add(part)

    def close(self) -> dict[str, list[Path]]:
        """Finish the files; gives those of the table and of its companion, by name. No rows give an empty file."""
        if not self._parts:
            self._part(_WHOLE)
        staged: dict[str, list[Path]] = {}
        for quarter in sorted(self._parts):
            for name, path in self._parts[quarter].close().items():
                staged.setdefault(name, []).append(path)
        return staged

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for part in self._parts.values():
            part.abandon()

    def _split(self, rows: pa.Table) -> Iterator[tuple[int, pa.Table]]:
        if not self._by_quarter:
            yield _WHOLE, rows
            return
        moment = rows.column(SPLIT_BY)
        quarters = pc.add(pc.multiply(pc.year(moment), 10), pc.quarter(moment)).fill_null(_WHOLE).to_numpy()
        for quarter in np.unique(quarters):
            yield int(quarter), rows.take(np.flatnonzero(quarters == quarter))

    def _part(self, quarter: int) -> _Part:
        if quarter not in self._parts:
            size = ROWS_PER_SPLIT_GROUP if self._by_quarter else ROWS_PER_GROUP
            self._parts[quarter] = _Part(self._table, self._folder, quarter, size)
        return self._parts[quarter]


class _Part:
    """One file of a table and the file of its companion, written in row groups of one size."""

    def __init__(self, table: Table, folder: Path, quarter: int, size: int) -> None:
        self._size = size
        self._waiting: list[pa.Table] = []
        self._n_waiting = 0
        self._writers: dict[str, tuple[Path, pq.ParquetWriter]] = {}
        schemas = {table.name: table.schema, table.name + PRIVATE: table.private_schema}
        for name, schema in schemas.items():
            if len(schema):
                path = folder / f"{name}-{quarter}.parquet"
                few = [column for column in schema.names if _has_few_values(schema.field(column))]
                with disk.telling(path):
                    self._writers[name] = (path, pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=few))

    def add(self, rows: pa.Table) -> None:
        self._waiting.append(rows)
        self._n_waiting += rows.num_rows
        while self._n_waiting >= self._size:
            waiting = pa.concat_tables(self._waiting)
            self._write(waiting.slice(0, self._size))
            self._waiting = [waiting.slice(self._size)]
            self._n_waiting -= self._size

    def close(self) -> dict[str, Path]:
        if self._n_waiting:
            self._write(pa.concat_tables(self._waiting))
        self._waiting, self._n_waiting = [], 0
        for path, writer in self._writers.values():
            with disk.telling(path):
                writer.close()
        return {name: path for name, (path, _) in self._writers.items()}

    def abandon(self) -> None:
        for path, writer in self._writers.values():
            with disk.telling(path):
                writer.close()

    def _write(self, rows: pa.Table) -> None:
        rows = rows.combine_chunks()
        for path, writer in self._writers.values():
            with disk.telling(path):
                writer.write_table(rows.select(writer.schema.names), row_group_size=self._size)


def _has_few_values(column: pa.Field) -> bool:
    """Whether a column may repeat so few values that a dictionary of them pays: words and days, and few of the ids.

    A dictionary of what does not repeat takes as long to make as all the rest of writing, and makes the file larger.
    """
    if pa.types.is_string(column.type):
        return column.name in IDS_OF_FEW or not column.name.endswith(("_id", "_hash"))
    return bool(pa.types.is_date(column.type))


def write_ordered(table: Table, chunks: Iterable[pa.Table], folder: Path, *, by_quarter: bool) -> dict[str, list[Path]]:
    """Write rows that come in the order of the table's key; gives the files by name."""
    with OrderedWriter(table, folder, by_quarter=by_quarter) as writer:
        for rows in chunks:
            writer.add(rows)
        return writer.close()
