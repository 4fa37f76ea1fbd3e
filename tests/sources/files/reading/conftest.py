"""Files written on the spot, and a table read from them in one line."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from punte.sources.files.reading import DEFAULT_LIMITS, Limits, Report, find_files, open_table

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Reading:
    """What came out of one table: rows as tuples, the row number first."""

    header: list[str]
    rows: list[Row]
    report: Report

    @property
    def cells(self) -> list[Row]:
        """The rows without their numbers."""
        return [row[1:] for row in self.rows]

    @property
    def problems(self) -> list[tuple[int, str]]:
        """Row number and reason of each row that was left out."""
        return [(problem.row_number, problem.reason) for problem in self.report.problems]

    @property
    def note_codes(self) -> list[str]:
        return [note.code for note in self.report.notes]


def read_only_table(path: Path, limits: Limits = DEFAULT_LIMITS, n_rows: int = 100_000, **options: Any) -> Reading:
    """The one table at a path."""
    (found,) = [file for file in find_files([path], limits) if file.is_table]
    table = open_table(found, limits, **options)
    rows = [row for batch in table.batches(n_rows) for row in zip(*batch.to_pydict().values(), strict=True)]
    return Reading(table.header, rows, table.report)


Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """``read(content)`` writes bytes (or text, as UTF-8) to a file and reads it back as a table."""

    def read_content(
        content: bytes | str,
        name: str = "export.csv",
        limits: Limits = DEFAULT_LIMITS,
        n_rows: int = 100_000,
        **options: Any,
    ) -> Reading:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_only_table(path, limits, n_rows, **options)

    return read_content


@pytest.fixture
def write_zip(tmp_path: Path) -> Callable[..., Path]:
    """``write_zip({"a.csv": b"..."})`` packs members into a zip."""

    def write(members: Mapping[str, bytes], name: str = "export.zip", method: int = zipfile.ZIP_DEFLATED) -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", method) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return path

    return write
