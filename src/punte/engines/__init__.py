"""Where it runs: DuckDB on one machine (the default) or Spark; both read the same files and hand over Arrow.

Measures never see an engine: they take Ibis tables and give one back. An engine makes the tables and runs the result.
Nothing heavy is imported before an engine is opened.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from punte.errors import UnknownName

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

ENGINES = ("duckdb", "spark")
ROWS_PER_BATCH = 65_536


class Engine(Protocol):
    """What every engine can do. Its session runs in UTC; an engine belongs to one thread."""

    name: str

    def tables(self, files: Mapping[str, Sequence[Path]]) -> dict[str, ibis.Table]:
        """One Ibis table per name over its Parquet files; no files give a declared table without rows.

        Raises OutsideHome for a file that the engine may not touch, UnknownName for a table without files that is
        not declared.
        """

    def from_arrow(self, tables: Mapping[str, pa.Table]) -> dict[str, ibis.Table]:
        """One Ibis table per Arrow table, for choices and other small tables that lie in memory."""

    def to_arrow(self, expr: ibis.Table) -> pa.Table:
        """Run the expression; the columns have exactly the types that the expression says."""

    def batches(self, expr: ibis.Table, *, n_rows: int = ROWS_PER_BATCH) -> pa.RecordBatchReader:
        """Run the expression and hand its rows over in batches of at most ``n_rows``."""

    def write_parquet(self, expr: ibis.Table, path: Path, *, order_by: Sequence[str] = ()) -> None:
        """Run the expression into one new Parquet file, rows ordered by these columns (nulls last)."""

    def close(self) -> None:
        """Let go of memory and temporary files; the tables of this engine are of no use afterwards."""

    def __enter__(self) -> Self:
        """The engine itself."""

    def __exit__(self, *error: object) -> None:
        """Close the engine."""


def open_engine(
    name: str | None = None,
    *,
    folders: Sequence[Path] = (),
    memory_limit: str | None = None,
    threads: int | None = None,
    temp_directory: Path | None = None,
    spark_master: str | None = None,
) -> Engine:
    """Open an engine: ``duckdb`` or ``spark``; without a name, what ``PUNTE_ENGINE`` says, else ``duckdb``.

    ``folders`` are the only places where DuckDB may read and write files; it is locked before the first table is made.
    ``memory_limit`` is written like ``4GB``; ``threads`` counts cores. ``temp_directory`` is where what does not fit
    into memory goes: a folder of the engine's own, which it makes and removes, unless one is named.
    ``spark_master`` is the address of a Spark cluster (else ``PUNTE_SPARK_MASTER``, else two threads of this process).

    Raises UnknownName for another name, NoEngine where Spark or Java is not installed.
    """
    name = name or os.environ.get("PUNTE_ENGINE") or "duckdb"
    if name == "duckdb":
        from punte.engines.duckdb_engine import DuckdbEngine

        return DuckdbEngine(folders, memory_limit=memory_limit, threads=threads, temp_directory=temp_directory)
    if name == "spark":
        from punte.engines.spark_engine import SparkEngine

        master = spark_master or os.environ.get("PUNTE_SPARK_MASTER") or f"local[{threads or 2}]"
        return SparkEngine(master, memory_limit=memory_limit, temp_directory=temp_directory)
    raise UnknownName(
        f"There is no engine named {name!r}.", remedy=f"Use one of: {', '.join(ENGINES)}.", name=name, known=ENGINES
    )
