"""The tables of the snapshot in the making, as the engine reads them while more are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from punte.engines import Engine
from punte.records.tables import TABLES


class Tables:
    """Ibis tables by name; the companions of personal columns are named ``x_private``."""

    def __init__(self, engine: Engine, paths: Mapping[str, list[Path]]) -> None:
        self.engine = engine
        self._known: dict[str, ir.Table] = {}
        self._n_rows: dict[str, int] = {}
        self.add(paths)

    def add(self, paths: Mapping[str, list[Path]]) -> None:
        """Know more tables, or newer files of known ones."""
        self._known |= self.engine.tables(paths)
        self._n_rows |= {name: sum(pq.read_metadata(path).num_rows for path in paths[name]) for name in paths}

    def __getitem__(self, name: str) -> ir.Table:
        return self._known[name]

    def n_rows(self, name: str) -> int:
        """How many rows a table has."""
        return self._n_rows[name]

    def pick(self, *names: str) -> dict[str, ir.Table]:
        """Several tables by name."""
        return {name: self._known[name] for name in names}

    def arrow(self, name: str, *columns: str) -> pa.Table:
        """``record_id`` and some columns of a table in memory, in the order of ``record_id``."""
        return self.engine.to_arrow(self._known[name].select("record_id", *columns).order_by("record_id"))

    def rows(self, expr: ir.Table) -> list[dict[str, object]]:
        """The rows of a small result."""
        return self.engine.to_arrow(expr).to_pylist()

    def in_order(self, expr: ir.Table, name: str) -> Iterator[pa.Table]:
        """The rows of an expression as those of a declared table, in the order of its key, in batches."""
        table = TABLES[name]
        order = table.key or tuple(table.whole_schema.names)
        chosen = expr.select(*table.whole_schema.names).order_by([*order])
        return (pa.Table.from_batches([batch]) for batch in self.engine.batches(chosen))
