"""Which columns of moments hold nothing later than a moment, read from the files' own words."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from punte.records.moments import moments_past

AT = datetime(2026, 3, 2, 9, 0)
LATER = AT + timedelta(microseconds=1)
MOMENT = pa.timestamp("us")


def write(path: Path, statistics: bool = True, **columns: list[datetime | None]) -> Path:
    """One row in each row group, so that every group is asked."""
    table = pa.table({name: pa.array(values, MOMENT) for name, values in columns.items()})
    pq.write_table(table, path, row_group_size=1, write_statistics=statistics)
    return path


def test_a_column_is_past_where_no_row_of_any_file_is_later(tmp_path: Path) -> None:
    deals = [
        write(tmp_path / "1", created_at=[AT, None], closed_at=[AT, None]),
        write(tmp_path / "2", created_at=[None, AT], closed_at=[None, LATER]),
    ]
    leads = [write(tmp_path / "3", opened_at=[None, None], won_at=[AT, LATER])]
    assert moments_past({"deal": deals, "lead": leads}, AT) == {"created_at", "opened_at"}
    assert moments_past({"deal": deals, "lead": leads}, LATER) == {"created_at", "closed_at", "opened_at", "won_at"}


def test_a_name_in_two_tables_is_past_only_in_both(tmp_path: Path) -> None:
    files = {
        "touch": [write(tmp_path / "1", occurred_at=[AT])],
        "journey": [write(tmp_path / "2", occurred_at=[LATER])],
    }
    assert moments_past(files, AT) == frozenset()


def test_a_file_that_says_nothing_of_itself_may_hold_anything(tmp_path: Path) -> None:
    files = {"deal": [write(tmp_path / "1", statistics=False, created_at=[AT])]}
    assert moments_past(files, AT) == frozenset()


def test_where_there_is_no_file_nothing_is_named() -> None:
    assert moments_past({"deal": []}, AT) == frozenset()
