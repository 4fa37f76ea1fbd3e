"""Which SQLite may hold the choices, and how it is set."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pysqlite3
import pytest
from django.db import connection

from punte.core.sqlite import FILE_NAME, has_wal_reset_fix, reading_settings


@pytest.mark.parametrize(
    ("version", "is_sound"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 3), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_a_sqlite_without_the_fix_of_the_wal_reset_bug_is_told(version: tuple[int, int, int], is_sound: bool) -> None:
    assert has_wal_reset_fix(version) is is_sound


@pytest.mark.django_db
def test_the_choices_are_written_durably_and_without_memory_mapping() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("these are settings of SQLite")
    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2  # FULL
    assert pragma("mmap_size") == 0
    assert pragma("busy_timeout") == 20_000
    assert connection.transaction_mode == "IMMEDIATE"
    assert has_wal_reset_fix(connection.Database.sqlite_version_info)


def pragma(name: str) -> str | int:
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]


@pytest.mark.parametrize("state", ["closed", "open elsewhere", "copied without its index"])
def test_choices_are_read_whole_where_nothing_may_be_written(tmp_path: Path, state: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    writer = pysqlite3.connect(home / FILE_NAME)
    writer.executescript("PRAGMA journal_mode=WAL; CREATE TABLE choice (words); INSERT INTO choice VALUES ('ours');")
    if state == "copied without its index":
        home = tmp_path / "copy"
        home.mkdir()
        for name in (FILE_NAME, f"{FILE_NAME}-wal"):
            shutil.copy(tmp_path / "home" / name, home)
    if state == "closed":
        writer.close()
    before = sorted(home.iterdir())

    with closing(pysqlite3.connect(reading_settings(home)["NAME"], uri=True)) as reader:
        assert reader.execute("SELECT words FROM choice").fetchall() == [("ours",)]
        assert sorted(home.iterdir()) == before
        with pytest.raises(pysqlite3.OperationalError, match="readonly"):
            reader.execute("INSERT INTO choice VALUES ('theirs')")
    writer.close()
