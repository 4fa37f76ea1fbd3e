"""DuckDB sees the folders that it was given and nothing else; and the pinned versions still work together."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
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


SPILL = """
import pathlib, resource, sys
import ibis, pyarrow as pa
from punte.engines.duckdb_engine import DuckdbEngine
from punte.errors import PunteError

way, folder, most = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
if most:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
with DuckdbEngine(memory_limit=sys.argv[4], threads=1, temp_directory=folder) as engine:
    rows = engine.from_arrow({"rows": pa.table({"n": pa.array(range(3_000_000), pa.int64())})})["rows"]
    long = rows.mutate(text=rows.n.cast("string") + "-long-enough-to-need-room").order_by(ibis.desc("text"))
    try:
        if way == "batches":
            print(sum(batch.num_rows for batch in engine.batches(long)))
        elif way == "file":
            engine.write_parquet(long, folder / "long.parquet")
        else:
            print(engine.to_arrow(long).num_rows)
    except PunteError as error:
        print(type(error).__name__, error)
"""
"""Sorts what does not fit into memory, in a process of its own: no file may grow beyond ``most`` bytes (0: any)."""
UNCHANGED = "Nothing that was there before has changed."


def spilled(way: str, folder: Path, *, most: int = 0, memory: str = "60MB", before: tuple[str, ...] = ()) -> str:
    """What the process says; ``before`` runs it in another world."""
    command = [*before, sys.executable, "-c", SPILL, way, str(folder), str(most), memory]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("way", ["table", "batches", "file"])
def test_a_disk_that_takes_no_more_is_told_with_its_remedy(tmp_path: Path, way: str) -> None:
    said = spilled(way, tmp_path, most=1_000_000)
    assert said.startswith("DiskFailed The disk refused to work: IO Error: Could not write")
    assert said.endswith(f"File too large. {UNCHANGED} Make room or mend the disk, then try again.")


@pytest.mark.slow
@pytest.mark.parametrize("way", ["table", "batches"])
def test_a_full_disk_is_told_with_its_remedy(tmp_path: Path, way: str) -> None:
    """A disk of 16 MB of its own, which only a process that may mount one gets."""
    mount = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")
    small = f"mount -t tmpfs -o size=16m tmpfs {shlex.quote(str(tmp_path))}"
    if not shutil.which("unshare") or subprocess.run([*mount, small], capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here, so no disk can be made that is full")
    said = spilled(way, tmp_path, before=(*mount, f'{small} && exec "$@"', "sh"))
    assert said == (
        f"DiskFailed What does not fit into memory goes to {tmp_path}, and there is no room left on that disk. "
        f"{UNCHANGED} Make room there, then try again."
    )


@pytest.mark.slow
def test_too_little_memory_is_told_with_its_remedy(tmp_path: Path) -> None:
    said = spilled("table", tmp_path, memory="2MB")
    assert said.startswith("PunteError DuckDB may not take as much memory as it needs: Out of Memory Error: ")
    assert said.endswith(f"{UNCHANGED} Ask for less at once, or use a machine with more memory.")


def test_what_fails_only_after_the_first_batches_is_told_as_what_fails_at_once(engine: DuckdbEngine) -> None:
    """DuckDB's reader says it as an OSError; a mistake of another kind stays what it is."""
    rows = engine.from_arrow({"rows": pa.table({"n": range(500_000)})})["rows"]
    late = ibis.cases((rows.n < 400_000, rows.n.cast("string")), else_="x").cast("int64")
    with pytest.raises(OSError, match="Conversion Error"):
        engine.batches(rows.select(n=late), n_rows=1000).read_all()


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
