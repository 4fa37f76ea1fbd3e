"""DuckDB in this process, locked down: it sees the folders that it was given and nothing else."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import duckdb
import ibis
import pyarrow as pa

from punte.engines import ROWS_PER_BATCH
from punte.engines.tables import empty_table, unique_name
from punte.errors import DiskFailed, OutsideHome, PunteError
from punte.records.lake import refuse_damaged

ROWS_PER_GROUP = 122_880

# Ibis would merge nested selects into fewer ones, which takes half of the time that it needs to write a long query;
# DuckDB merges them itself, in no time.
ibis.options.sql.fuse_selects = False


class DuckdbEngine:
    """An in-memory DuckDB; see ``punte.engines.Engine`` for what it promises."""

    name = "duckdb"

    def __init__(
        self,
        folders: Sequence[Path] = (),
        *,
        memory_limit: str | None = None,
        threads: int | None = None,
        temp_directory: Path | None = None,
    ) -> None:
        self._owns_temp = temp_directory is None
        self._temp = Path(temp_directory or tempfile.mkdtemp(prefix="punte-duckdb-")).resolve()
        self._temp.mkdir(parents=True, exist_ok=True)
        self.folders = tuple(Path(folder).resolve() for folder in (*folders, self._temp))
        sizes = {"memory_limit": memory_limit, "threads": threads}
        self._files: set[Path] = set()
        self._ibis = ibis.duckdb.connect(**{key: value for key, value in sizes.items() if value is not None})
        self._lock_down()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """DuckDB's own connection."""
        return self._ibis.con

    def _lock_down(self) -> None:
        # The order matters: once external access is off, neither folder can be named any more (only then is the
        # temporary one kept usable), and once the configuration is locked nothing can be.
        allowed = ", ".join(_quoted(f"{folder}/") for folder in self.folders)
        for setting in (
            f"temp_directory = {_quoted(str(self._temp))}",
            f"allowed_directories = [{allowed}]",
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            "allow_community_extensions = false",
            "allow_persistent_secrets = false",
            # An ORDER BY keeps its order all the same; without one, no reader may count on any.
            "preserve_insertion_order = false",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            self.connection.execute(f"SET {setting}")

    def tables(self, files: Mapping[str, Sequence[Path]]) -> dict[str, ibis.Table]:
        """One Ibis table per name over its Parquet files."""
        return {name: self._over_files(name, [self._allowed(path) for path in files[name]]) for name in files}

    def _over_files(self, name: str, paths: list[Path]) -> ibis.Table:
        if not paths:
            return self._over_arrow(name, empty_table(name))
        self._files.update(paths)
        with self._telling():
            return self._ibis.read_parquet([str(path) for path in paths], table_name=unique_name(name))

    def _allowed(self, path: Path) -> Path:
        resolved = Path(path).resolve()
        if not any(resolved.is_relative_to(folder) for folder in self.folders):
            raise OutsideHome(
                f"{resolved} lies outside the folders that this engine may touch.",
                remedy="Open the engine with the folder that holds the file.",
                path=resolved,
                folders=self.folders,
            )
        return resolved

    def from_arrow(self, tables: Mapping[str, pa.Table]) -> dict[str, ibis.Table]:
        """One Ibis table per Arrow table; the rows are not copied."""
        return {name: self._over_arrow(name, table) for name, table in tables.items()}

    def _over_arrow(self, name: str, table: pa.Table) -> ibis.Table:
        view = unique_name(name)
        self.connection.register(view, table)
        return self._ibis.table(view)

    def to_arrow(self, expr: ibis.Table) -> pa.Table:
        """Run the expression."""
        return self.run(self.sql(expr))

    def run(self, sql: str) -> pa.Table:
        """Run a query that ``sql`` gave."""
        with self._telling():
            return self.connection.execute(sql).to_arrow_table()

    def batches(self, expr: ibis.Table, *, n_rows: int = ROWS_PER_BATCH) -> pa.RecordBatchReader:
        """Run the expression and hand its rows over in batches; only one reader may be open at a time."""
        with self._telling():
            reader = self.connection.execute(self.sql(expr)).to_arrow_reader(n_rows)
        return pa.RecordBatchReader.from_batches(reader.schema, self._read(reader))

    def _read(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        """The batches, which may be computed only now."""
        with self._telling():
            yield from reader

    def write_parquet(self, expr: ibis.Table, path: Path, *, order_by: Sequence[str] = ()) -> None:
        """Run the expression into one new Parquet file; equal rows in a full order give equal bytes."""
        target = self._allowed(path)
        ordered = expr.order_by([*order_by]) if order_by else expr
        with self._telling():
            self.connection.execute(
                f"COPY ({self.sql(ordered)}) TO {_quoted(str(target))} "
                f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_PER_GROUP})"
            )

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn what DuckDB says of damaged files, of a disk or a memory that is full into an error with its remedy.

        A damaged file makes DuckDB say anything, so whatever fails asks first whether the files that were opened are
        still what was written.
        """
        try:
            yield
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            # What fails once the first batch was handed over comes as an OSError, with the same words.
            told = self._told(str(error).partition("\n")[0])
            if not isinstance(error, duckdb.OutOfMemoryException):
                refuse_damaged(self._files)
            if told is None:
                raise
            raise told from error

    def _told(self, words: str) -> PunteError | None:
        unchanged = "Nothing that was there before has changed."
        if words.startswith("IO Error"):
            told = f"The disk refused to work: {words.rstrip('.')}."
            return DiskFailed(told, remedy=f"{unchanged} Make room or mend the disk, then try again.")
        if words.startswith("Out of Memory Error") and "offload" in words:
            told = f"What does not fit into memory goes to {self._temp}, and there is no room left on that disk."
            return DiskFailed(told, remedy=f"{unchanged} Make room there, then try again.", path=str(self._temp))
        if words.startswith("Out of Memory Error"):
            told = f"DuckDB may not take as much memory as it needs: {words.rstrip('.')}."
            return PunteError(told, remedy=f"{unchanged} Ask for less at once, or use a machine with more memory.")
        return None

    def sql(self, expr: ibis.Table) -> str:
        """The query that runs the expression, every column in exactly its type; to look at, or to run again."""
        # DuckDB gives sums of whole numbers 128 bits, which Ibis does not see, and which Parquet would hold as floats.
        types = self._ibis.compiler.type_mapper
        columns = ", ".join(
            f"CAST({_name(column)} AS {types.to_string(kind)}) AS {_name(column)}"
            for column, kind in expr.schema().items()
        )
        return f"SELECT {columns} FROM ({self._ibis.compile(expr)})"

    def close(self) -> None:
        """Close the connection and remove the temporary folder if the engine made it."""
        self._ibis.disconnect()
        if self._owns_temp:
            shutil.rmtree(self._temp, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
