"""Spark: threads of this process by default, or a cluster that sees the same files."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.formats.pyarrow import PyArrowSchema

from punte.engines import ROWS_PER_BATCH
from punte.engines.tables import empty_table, unique_name
from punte.errors import NoEngine, PunteError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

ROWS_PER_GROUP = 122_880
N_SHUFFLE_PARTITIONS = 4
"""To begin with; Spark itself merges those that turn out small."""
_ESCAPES = re.compile(r"\\.", re.DOTALL)


class SparkEngine:
    """A Spark session; see ``punte.engines.Engine`` for what it promises.

    Every file must lie where driver and workers see it under the same path.
    """

    name = "spark"

    def __init__(self, master: str, *, memory_limit: str | None = None, temp_directory: Path | None = None) -> None:
        spark_session = _import_pyspark()
        self._starts_spark = spark_session.getActiveSession() is None
        self._session = _start(spark_session, master, memory_limit, temp_directory).newSession()
        self._session.sparkContext.setLogLevel("ERROR")
        self._ibis = ibis.pyspark.connect(self._session)

    @property
    def session(self) -> SparkSession:
        """Spark's own session."""
        return self._session

    def tables(self, files: Mapping[str, Sequence[Path]]) -> dict[str, ibis.Table]:
        """One Ibis table per name over its Parquet files."""
        return {name: self._over_files(name, files[name]) for name in files}

    def _over_files(self, name: str, paths: Sequence[Path]) -> ibis.Table:
        if not paths:
            return self._over_arrow(name, empty_table(name))
        return self._view(name, self._session.read.parquet(*(Path(path).resolve().as_uri() for path in paths)))

    def from_arrow(self, tables: Mapping[str, pa.Table]) -> dict[str, ibis.Table]:
        """One Ibis table per Arrow table; the rows are copied to Spark."""
        return {name: self._over_arrow(name, table) for name, table in tables.items()}

    def _over_arrow(self, name: str, table: pa.Table) -> ibis.Table:
        return self._view(name, self._session.createDataFrame(table))

    def _view(self, name: str, frame: DataFrame) -> ibis.Table:
        view = unique_name(name)
        frame.createOrReplaceTempView(view)
        return self._ibis.table(view)

    def to_arrow(self, expr: ibis.Table) -> pa.Table:
        """Run the expression; its rows come to the driver."""
        # Ibis's own way leads through pandas, where a whole number beside a null becomes a float.
        return _typed(self._frame(expr).toArrow(), _schema(expr))

    def batches(self, expr: ibis.Table, *, n_rows: int = ROWS_PER_BATCH) -> pa.RecordBatchReader:
        """Run the expression and hand its rows over in batches; all of them come to the driver first."""
        return pa.RecordBatchReader.from_batches(_schema(expr), self.to_arrow(expr).to_batches(max_chunksize=n_rows))

    def write_parquet(self, expr: ibis.Table, path: Path, *, order_by: Sequence[str] = ()) -> None:
        """Run the expression into one new Parquet file: the workers write parts beside it, which are then joined."""
        parts = Path(f"{path}.parts")
        ordered = expr.order_by([*order_by]) if order_by else expr
        self._frame(ordered).write.parquet(parts.resolve().as_uri())
        _join(parts, path, _schema(expr))
        shutil.rmtree(parts)

    def _frame(self, expr: ibis.Table) -> DataFrame:
        return self._session.sql(_ESCAPES.sub(_known_to_spark, self._ibis.compile(expr)))

    def close(self) -> None:
        """End the session; Spark itself ends with the engine that started it."""
        if self._starts_spark:
            self._session.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _typed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    # Ibis takes some results for whole numbers that Spark computes as floats (sign() is one): cast back, a large
    # amount would be off by cents and nobody would know.
    for found, wanted in zip(table.schema, schema, strict=True):
        if pa.types.is_floating(found.type) and pa.types.is_integer(wanted.type):
            raise PunteError(
                f"Spark computed {wanted.name} as a float, where a whole number was asked for.",
                remedy="Write the expression so that Spark keeps it whole; this is a fault in punte.",
                column=wanted.name,
            )
    return table.cast(schema)


def _join(parts: Path, path: Path, schema: pa.Schema) -> None:
    # Spark cuts its parts where it likes; row groups of one size give equal bytes for equal rows all the same.
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        waiting = schema.empty_table()
        for part in sorted(parts.glob("part-*.parquet")):
            for batch in pq.ParquetFile(part).iter_batches():
                waiting = pa.concat_tables([waiting, _typed(pa.Table.from_batches([batch]), schema)])
                while waiting.num_rows >= ROWS_PER_GROUP:
                    writer.write_table(waiting.slice(0, ROWS_PER_GROUP).combine_chunks())
                    waiting = waiting.slice(ROWS_PER_GROUP)
        writer.write_table(waiting.combine_chunks())


def _known_to_spark(escape: re.Match[str]) -> str:
    # Spark reads an escape that it does not know as the letter alone: strip() would take f and v off every text.
    return {"\\v": "\\u000b", "\\f": "\\u000c", "\\a": "\\u0007"}.get(escape[0], escape[0])


def _schema(expr: ibis.Table) -> pa.Schema:
    return pa.schema([field.with_nullable(True) for field in PyArrowSchema.from_ibis(expr.schema())])


def _import_pyspark() -> type[SparkSession]:
    try:
        import pyspark  # noqa: F401
    except ModuleNotFoundError as error:
        raise NoEngine(
            "Spark is not installed, so nothing can run on it.",
            remedy="Install it with: pip install 'punte[spark]'. Or leave PUNTE_ENGINE unset to use DuckDB.",
        ) from error
    if not _java():
        raise NoEngine(
            "Spark needs Java, and there is no java program here.",
            remedy="Install Java 17 (Debian: apt-get install openjdk-17-jre-headless) or set JAVA_HOME.",
        )
    with warnings.catch_warnings():
        # Said of pandas 3 at import; nothing here passes through pandas.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        import ibis.backends.pyspark  # noqa: F401
        from pyspark.sql import SparkSession
    return SparkSession


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")


def _start(
    spark_session: type[SparkSession], master: str, memory_limit: str | None, temp_directory: Path | None
) -> SparkSession:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.shuffle.partitions": str(N_SHUFFLE_PARTITIONS),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": str(Path(temp_directory or tempfile.gettempdir()) / "punte-spark-warehouse"),
    }
    if master.startswith("local"):
        settings["spark.driver.host"] = settings["spark.driver.bindAddress"] = "127.0.0.1"
    if memory_limit:
        settings["spark.driver.memory"] = memory_limit.lower().removesuffix("b")
    if temp_directory:
        settings["spark.local.dir"] = str(temp_directory)
    builder = spark_session.builder.master(master).appName("punte")
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()
