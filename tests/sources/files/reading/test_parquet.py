"""Parquet files keep their types."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from punte.errors import UnreadableFile
from punte.sources.files.reading import find_files, open_table


def test_columns_keep_their_types_and_values(tmp_path: Path) -> None:
    moment = datetime.datetime(2024, 12, 5, 14, 30, tzinfo=datetime.UTC)
    written = pa.table(
        {
            "id": pa.array([1, 2], pa.int32()),
            "amount": pa.array([Decimal("1.50"), None], pa.decimal128(10, 2)),
            "won_at": pa.array([moment, None], pa.timestamp("us", "UTC")),
            "name": pa.array(["Ana", ""], pa.string()),
            "stage": pa.array(["won", "won"]).dictionary_encode(),
        }
    )
    pq.write_table(written, tmp_path / "deals.parquet")
    table = open_table(find_files([tmp_path / "deals.parquet"])[0])
    (batch,) = table.batches()
    assert batch.to_pydict() == {"row_number": [1, 2], **written.to_pydict()}
    assert table.schema == pa.schema(
        [
            ("row_number", pa.int64()),
            ("id", pa.int32()),
            ("amount", pa.decimal128(10, 2)),
            ("won_at", pa.timestamp("us", "UTC")),
            ("name", pa.string()),
            ("stage", pa.string()),
        ]
    )
    assert batch.schema == table.schema


def test_nested_columns_become_json_and_are_said(tmp_path: Path) -> None:
    written = {
        "id": [1, 2],
        "tags": [["a", "ș"], None],
        "owner": [{"name": "Marta", "day": datetime.date(2024, 1, 2)}, None],
    }
    pq.write_table(pa.table(written), tmp_path / "a.parquet")
    table = open_table(find_files([tmp_path / "a.parquet"])[0])
    assert [batch.to_pydict() for batch in table.batches()] == [
        {
            "row_number": [1, 2],
            "id": [1, 2],
            "tags": ['["a", "ș"]', None],
            "owner": ['{"name": "Marta", "day": "2024-01-02"}', None],
        }
    ]
    assert [note.code for note in table.report.notes] == ["nested_column", "nested_column"]


def test_rows_are_numbered_across_batches(tmp_path: Path) -> None:
    pq.write_table(pa.table({"row_number": list(range(25))}), tmp_path / "a.parquet", row_group_size=7)
    table = open_table(find_files([tmp_path / "a.parquet"])[0])
    batches = list(table.batches(10))
    assert table.header == ["row_number (2)"]
    assert [number for batch in batches for number in batch.column(0).to_pylist()] == list(range(1, 26))
    assert [value for batch in batches for value in batch.column(1).to_pylist()] == list(range(25))
    assert max(batch.num_rows for batch in batches) <= 10
    assert table.report.n_rows == 25


def test_columns_of_one_name_are_both_read(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["id", "id"]), tmp_path / "a.parquet")
    table = open_table(find_files([tmp_path / "a.parquet"])[0])
    assert [batch.to_pydict() for batch in table.batches()] == [{"row_number": [1], "id": [1], "id (2)": [2]}]


def test_a_file_whose_pages_are_damaged_is_refused_with_one_sentence(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"id": [str(place) for place in range(9999)]}), tmp_path / "a.parquet", write_page_checksum=True
    )
    content = bytearray((tmp_path / "a.parquet").read_bytes())
    content[100:2000] = b"\xff" * 1900
    (tmp_path / "a.parquet").write_bytes(content)
    table = open_table(find_files([tmp_path / "a.parquet"])[0])
    with pytest.raises(UnreadableFile) as refused:
        list(table.batches())
    assert str(refused.value) == "a.parquet is a damaged or incomplete Parquet file. Copy or write it again."


@pytest.mark.parametrize("values", [["plain \ufffd"], [["nested \ufffd"]]])
def test_text_that_is_not_utf_8_is_refused_with_one_sentence(tmp_path: Path, values: list[object]) -> None:
    pq.write_table(pa.table({"name": values}), tmp_path / "a.parquet", compression="none", write_statistics=False)
    content = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(content.replace("\ufffd".encode(), b"\xff\xff\xff"))
    table = open_table(find_files([tmp_path / "a.parquet"])[0])
    with pytest.raises(UnreadableFile) as refused:
        list(table.batches())
    assert str(refused.value) == "a.parquet holds values that are not of their column's type. Write it again."
