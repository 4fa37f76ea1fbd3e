"""DuckDB sees the folders that it was given and nothing else; and the pinned versions still work together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from punte.engines.duckdb_engine import DuckdbEngine
from punte.errors import OutsideHome

ROWS = pa.table({"id": ["a", "b"]})


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckdbEngine]:
    (tmp_path / "home").mkdir()
    (tmp_path / "secret.csv").write_text("secret\n1\n", encoding="utf-8")
    pq.write_table(ROWS, tmp_path / "secret.parquet")
    with DuckdbEngine([tmp_path / "home"]) as engine:
        yield engine


ESCAPES = {
    "read a text": "SELECT * FROM read_text('{outside}/secret.csv')",
    "read a CSV": "SELECT * FROM read_csv('{outside}/secret.csv')",
    "sniff at a CSV": "SELECT * FROM sniff_csv('{outside}/secret.csv')",
    "read a Parquet file": "SELECT * FROM read_parquet('{outside}/secret.parquet')",
    "climb out of the folder": "SELECT * FROM read_parquet('{outside}/home/../secret.parquet')",
    "list a folder": "SELECT * FROM glob('{outside}/*')",
    "write a file": "COPY (SELECT 1) TO '{outside}/written.csv'",
    "attach a database": "ATTACH '{outside}/other.db'",
    "install an extension": "INSTALL httpfs",
    "load an extension": "LOAD '{outside}/evil.duckdb_extension'",
    "fetch from the network": "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
    "take more memory": "SET memory_limit = '1TB'",
    "open the door again": "SET enable_external_access = true",
    "allow another folder": "SET allowed_directories = ['/']",
    "keep a secret": "CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')",
    "read the environment": "SELECT getenv('PATH')",
}


@pytest.mark.parametrize("escape", ESCAPES)
def test_no_statement_gets_out_of_the_folders(engine: DuckdbEngine, tmp_path: Path, escape: str) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(duckdb.Error):
        engine.connection.execute(ESCAPES[escape].format(outside=tmp_path)).fetchall()
    assert sorted(tmp_path.iterdir()) == before


def test_files_inside_the_folder_are_read_and_written(engine: DuckdbEngine, tmp_path: Path) -> None:
    engine.write_parquet(engine.from_arrow({"rows": ROWS})["rows"], tmp_path / "home" / "it's.parquet", order_by=["id"])
    table = engine.tables({"rows": [tmp_path / "home" / "it's.parquet"]})["rows"]
    assert engine.to_arrow(table.order_by("id")) == ROWS


def test_a_file_outside_is_refused_before_duckdb_sees_it(engine: DuckdbEngine, tmp_path: Path) -> None:
    (tmp_path / "home" / "link.parquet").symlink_to(tmp_path / "secret.parquet")
    for path in (tmp_path / "secret.parquet", tmp_path / "home" / "link.parquet"):
        with pytest.raises(OutsideHome, match="Open the engine with the folder that holds the file."):
            engine.tables({"rows": [path]})


def test_what_does_not_fit_into_memory_goes_to_the_temporary_folder(tmp_path: Path) -> None:
    with DuckdbEngine(memory_limit="60MB", threads=1, temp_directory=tmp_path) as engine:
        rows = engine.from_arrow({"rows": pa.table({"n": pa.array(range(3_000_000), pa.int64())})})["rows"]
        sorted_rows = rows.mutate(text=rows.n.cast("string") + "-long-enough-to-need-room").order_by(ibis.desc("text"))
        reader = engine.batches(sorted_rows)
        assert reader.read_next_batch()["n"][0].as_py() == 999999
        assert any(path.stat().st_size for path in tmp_path.iterdir())


def test_the_engines_own_temporary_folder_goes_with_it() -> None:
    engine = DuckdbEngine()
    folder = engine.folders[0]
    assert folder.is_dir()
    engine.close()
    assert not os.path.exists(folder)


@pytest.mark.filterwarnings("ignore:fetch_.*is deprecated:DeprecationWarning")
def test_ibis_duckdb_and_sqlglot_still_work_together_as_pinned() -> None:
    """Fails at once when a pin is lifted too far: duckdb 2.0 took methods away that Ibis 12 calls, and sqlglot 30.18
    and later drop the name in DROP VIEW."""
    connection = ibis.duckdb.connect()
    table = connection.create_table("rows", ROWS)
    assert connection.list_tables() == ["rows"]
    assert pa.Table.from_batches(connection.to_pyarrow_batches(table)) == ROWS
    connection.create_view("seen", table)
    connection.drop_view("seen")
    connection.drop_table("rows")
    assert connection.list_tables() == []
