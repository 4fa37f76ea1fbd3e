"""What an engine promises, held by DuckDB and by Spark alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from punte.engines import Engine, open_engine
from punte.errors import PunteError, UnknownName
from punte.measures.channels import host_of
from punte.records.tables import TABLES

SAMPLE = pa.table(
    {
        "id": pa.array(["a", "b", "c", "ș"]),
        "amount": pa.array([2**62, None, -5, 2**53 + 1], pa.int64()),
        "at": pa.array([datetime(2025, 3, 30, 2, 30, 0, 123456), None, datetime(2039, 1, 1), datetime(1969, 7, 20)]),
        "on": pa.array([date(2025, 3, 30), None, date(2039, 1, 1), date(1969, 7, 20)]),
        "is_new": pa.array([True, None, False, True]),
        "share": pa.array([0.1, None, 1.0, 2.5]),
    }
).cast(
    pa.schema(
        [
            ("id", pa.string()),
            ("amount", pa.int64()),
            ("at", pa.timestamp("us")),
            ("on", pa.date32()),
            ("is_new", pa.bool_()),
            ("share", pa.float64()),
        ]
    )
)


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "spark":
        yield request.getfixturevalue("spark")
        return
    with open_engine("duckdb", folders=[tmp_path]) as engine:
        yield engine


def test_what_goes_in_as_arrow_comes_out_the_same(engine: Engine) -> None:
    table = engine.from_arrow({"sample": SAMPLE})["sample"]
    assert engine.to_arrow(table.order_by("id")) == SAMPLE


def test_several_files_make_one_table(engine: Engine, tmp_path: Path) -> None:
    paths = [tmp_path / "one.parquet", tmp_path / "two.parquet"]
    pq.write_table(SAMPLE.slice(0, 2), paths[0])
    pq.write_table(SAMPLE.slice(2), paths[1])
    table = engine.tables({"sample": paths})["sample"]
    assert engine.to_arrow(table.order_by("id")) == SAMPLE


def test_a_table_made_later_leaves_an_earlier_one_of_the_same_name_alone(engine: Engine) -> None:
    first = engine.from_arrow({"sample": SAMPLE.slice(0, 1)})["sample"]
    engine.from_arrow({"sample": SAMPLE.slice(1)})
    assert engine.to_arrow(first) == SAMPLE.slice(0, 1)


def test_a_declared_table_without_files_is_empty(engine: Engine) -> None:
    tables = engine.tables({"touch": [], "person_private": []})
    assert engine.to_arrow(tables["touch"]) == TABLES["touch"].schema.empty_table()
    assert engine.to_arrow(tables["person_private"]) == TABLES["person"].private_schema.empty_table()


@pytest.mark.parametrize("name", ["nothing_of_ours", "touch_private"])
def test_an_undeclared_table_without_files_is_refused(engine: Engine, name: str) -> None:
    with pytest.raises(UnknownName, match=f"No table named '{name}' is declared"):
        engine.tables({name: []})


def test_a_sum_of_whole_numbers_stays_a_whole_number(engine: Engine, tmp_path: Path) -> None:
    table = engine.from_arrow({"sample": SAMPLE})["sample"]
    total = table.group_by(is_new=table.is_new.fill_null(False)).agg(amount=table.amount.sum())
    rows = [{"is_new": False, "amount": -5}, {"is_new": True, "amount": 2**62 + 2**53 + 1}]
    engine.write_parquet(total, tmp_path / "total.parquet", order_by=["is_new"])
    assert engine.to_arrow(total.order_by("is_new")).to_pylist() == rows
    assert pq.read_table(tmp_path / "total.parquet").to_pylist() == rows


def test_a_file_is_written_in_order_with_nulls_last(engine: Engine, tmp_path: Path) -> None:
    table = engine.from_arrow({"sample": SAMPLE})["sample"]
    engine.write_parquet(table, tmp_path / "sample.parquet", order_by=["amount", "id"])
    assert pq.read_table(tmp_path / "sample.parquet").equals(SAMPLE.take([2, 3, 0, 1]))
    assert [path.name for path in tmp_path.iterdir()] == ["sample.parquet"]


@pytest.mark.slow
def test_equal_rows_are_written_as_equal_bytes(engine: Engine, tmp_path: Path) -> None:
    rows = pa.table({"id": [f"{number * 7919 % 300_007:08d}" for number in range(300_000)]})
    paths = [tmp_path / "one.parquet", tmp_path / "two.parquet"]
    for path, order in zip(paths, (rows, rows.take(list(range(299_999, -1, -1)))), strict=True):
        engine.write_parquet(engine.from_arrow({"rows": order})["rows"], path, order_by=["id"])
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert pq.read_table(paths[0])["id"].to_pylist() == sorted(rows["id"].to_pylist())


def test_rows_come_in_batches_of_the_size_asked_for(engine: Engine) -> None:
    table = engine.from_arrow({"sample": SAMPLE})["sample"]
    sizes = [batch.num_rows for batch in engine.batches(table, n_rows=3)]
    assert max(sizes) <= 3
    assert sum(sizes) == 4


def test_a_text_that_is_stripped_loses_its_white_space_and_no_letter(engine: Engine) -> None:
    """Spark does not know the escapes of all white space, and took the letters f and v for it."""
    texts = ["facebook", "vimeo", " \t\n\r\v\fav\f", "\\vf\\f", "a"]
    table = engine.from_arrow({"texts": pa.table({"text": texts})})["texts"]
    found = engine.to_arrow(table.select("text", stripped=table.text.strip(), marked=table.text.replace("\\v", "|")))
    wanted = [{"text": text, "stripped": text.strip(), "marked": text.replace("\\v", "|")} for text in sorted(texts)]
    assert sorted(found.to_pylist(), key=lambda row: row["text"]) == wanted


def test_the_session_runs_in_utc(engine: Engine) -> None:
    table = engine.from_arrow({"sample": SAMPLE.slice(0, 1)})["sample"]
    parts = table.select(hour=table["at"].hour(), epoch=table["at"].truncate("s").epoch_seconds().cast("int64"))
    assert engine.to_arrow(parts).to_pylist() == [{"hour": 2, "epoch": 1_743_301_800}]


@pytest.mark.spark
def test_spark_refuses_a_float_where_a_whole_number_was_asked_for(spark: Engine) -> None:
    table = spark.from_arrow({"sample": SAMPLE})["sample"]
    with pytest.raises(PunteError, match="Spark computed sign as a float, where a whole number was asked for."):
        spark.to_arrow(table.select(sign=table.amount.sign()))


def test_the_host_of_an_address_is_the_same_on_both(engine: Engine) -> None:
    pages = ["http://[2001:DB8::7]:80/a?b=[c]", "http://u:p@[::1]", "[fe80::1]", "http://[x/", "https://www.A.ro:1/[d]"]
    table = engine.from_arrow({"page": pa.table({"id": range(len(pages)), "page": pages})})["page"]
    found = engine.to_arrow(table.select("id", host=host_of(table.page)).order_by("id"))
    assert found.column("host").to_pylist() == ["2001:db8::7", "::1", "fe80::1", "", "a.ro"]
