"""The tables of the snapshot in the making, as the engine reads them while more are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from punte.engines import Engine
from punte.records.tables import TABLES


class Tables:
    """Ibis tables by name, each made when it is first asked for; companions are named ``x_private``."""

    def __init__(self, engine: Engine, paths: Mapping[str, list[Path]]) -> None:
        self.engine = engine
        self._paths = dict(paths)
        self._known: dict[str, ir.Table] = {}

    def add(self, paths: Mapping[str, list[Path]]) -> None:
        """Know more tables, or newer files of known ones."""
        self._paths |= paths
        for name in paths:
            self._known.pop(name, None)

    def __getitem__(self, name: str) -> ir.Table:
        if name not in self._known:
            self._known |= self.engine.tables({name: self._paths[name]})
        return self._known[name]

    def n_rows(self, name: str) -> int:
        """How many rows a table has."""
        return sum(pq.read_metadata(path).num_rows for path in self._paths[name])

    def pick(self, *names: str) -> dict[str, ir.Table]:
        """Several tables by name."""
        return {name: self[name] for name in names}

    def arrow(self, name: str, *columns: str) -> pa.Table:
        """``record_id`` and some columns of a table in memory, in the order of ``record_id``."""
        return self._arrow(name, ["record_id", *columns], is_ordered=True)

    def unordered(self, name: str, *columns: str) -> pa.Table:
        """Some columns of a table in memory, in any order."""
        return self._arrow(name, columns, is_ordered=False)

    def _arrow(self, name: str, columns: Sequence[str], *, is_ordered: bool) -> pa.Table:
        if not self.n_rows(name):
            schema = pq.read_schema(self._paths[name][0])
            return pa.schema([schema.field(column) for column in columns]).empty_table()
        rows = self[name].select(*columns)
        return self.engine.to_arrow(rows.order_by("record_id") if is_ordered else rows)

    def rows(self, expr: ir.Table) -> list[dict[str, Any]]:
        """The rows of a small result."""
        return self.engine.to_arrow(expr).to_pylist()

    def in_order(self, expr: ir.Table, name: str) -> Iterator[pa.Table]:
        """The rows of an expression as those of a declared table, in the order of its key, in batches."""
        table = TABLES[name]
        order = table.key or tuple(table.whole_schema.names)
        chosen = expr.select(*table.whole_schema.names).order_by([*order])
        return (pa.Table.from_batches([batch]) for batch in self.engine.batches(chosen))
