"""Files whose bytes depend on their rows alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from punte.home import ordered
from punte.home.ordered import is_split, write_ordered
from punte.records.disk import sha256_of
from punte.records.tables import TABLES

TOUCH, PERSON = TABLES["touch"], TABLES["person"]


def touches(n: int) -> pa.Table:
    start = datetime(2025, 11, 20)
    rows = [{"touch_id": f"{i:012}", "kind": "form", "occurred_at": start + timedelta(days=i % 100)} for i in range(n)]
    return pa.Table.from_pylist(rows, schema=TOUCH.whole_schema)


def chunks(rows: pa.Table, size: int) -> list[pa.Table]:
    return [rows.slice(start, size) for start in range(0, rows.num_rows, size)]


@pytest.mark.parametrize("by_quarter", [False, True])
def test_bytes_do_not_depend_on_how_the_rows_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_quarter: bool
) -> None:
    monkeypatch.setattr(ordered, "ROWS_PER_GROUP", 1000)
    monkeypatch.setattr(ordered, "ROWS_PER_SPLIT_GROUP", 300)
    rows = touches(5000)
    hashes = set()
    for size in (5000, 999, 77):
        folder = tmp_path / str(size)
        folder.mkdir()
        staged = write_ordered(TOUCH, chunks(rows, size), folder, by_quarter=by_quarter)
        hashes.add(tuple(sha256_of(path) for path in staged["touch"]))
    assert len(hashes) == 1


def test_a_split_table_has_one_file_per_quarter_with_its_rows_in_order(tmp_path: Path) -> None:
    staged = write_ordered(TOUCH, chunks(touches(1000), 130), tmp_path, by_quarter=True)
    parts = [pq.read_table(path) for path in staged["touch"]]
    assert [path.name for path in staged["touch"]] == ["touch-20254.parquet", "touch-20261.parquet"]
    assert [part.column("occurred_at").to_pylist()[0].year for part in parts] == [2025, 2026]
    for part in parts:
        ids = part.column("touch_id").to_pylist()
        assert ids == sorted(ids)
    assert sum(part.num_rows for part in parts) == 1000


def test_personal_columns_go_to_the_companion_with_the_same_rows(tmp_path: Path) -> None:
    rows = pa.Table.from_pylist([{"record_id": "a", "email": "a@x.ro"}, {"record_id": "b"}], schema=PERSON.whole_schema)
    staged = write_ordered(PERSON, [rows], tmp_path, by_quarter=False)
    assert sorted(staged) == ["person", "person_private"]
    assert "email" not in pq.read_schema(staged["person"][0]).names
    private = pq.read_table(staged["person_private"][0])
    assert private.select(["record_id", "email"]).to_pylist() == [
        {"record_id": "a", "email": "a@x.ro"},
        {"record_id": "b", "email": None},
    ]


def test_a_table_without_rows_is_an_empty_file_with_its_columns(tmp_path: Path) -> None:
    staged = write_ordered(TOUCH, [], tmp_path, by_quarter=True)
    assert pq.read_table(staged["touch"][0]).schema == TOUCH.schema


def test_only_large_tables_of_things_that_happen_are_split() -> None:
    sizes = (ordered.SPLIT_FROM_ROWS - 1, ordered.SPLIT_FROM_ROWS)
    assert [(is_split(TOUCH, n), is_split(PERSON, n)) for n in sizes] == [(False, False), (True, False)]
