"""Exports drawn as a table of what matters, written out with every column that the real export has."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str]
EXPORTS = Path(__file__).parent / "exports"


@dataclass(frozen=True)
class Drawn:
    """One export: every header that it has, and of its rows what they fill."""

    header: list[str]
    rows: list[Row]


def drawn(vendor: str, name: str) -> Drawn:
    """The export drawn in a file: headers divided by bars, an empty line, then a table divided by bars."""
    text = (EXPORTS / vendor / f"{name}.txt").read_text(encoding="utf-8")
    header, _, table = text.partition("\n\n")
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    rows = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    return Drawn([name.strip() for name in header.replace("\n", " ").split("|")], rows)


def write(
    path: Path,
    header: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    *,
    always: Mapping[str, str] | None = None,
    separator: str = ",",
    encoding: str = "utf-8-sig",
    after: str = "",
) -> Path:
    """Writes every column of ``header``; a row says what it fills, ``always`` what stands in every row."""
    out = io.StringIO()
    unknown = {name for row in rows for name in row} - set(header)
    assert not unknown, f"not in the header: {unknown}"
    lines = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    lines.writerow(header)
    for row in rows:
        lines.writerow([{**(always or {}), **row}.get(name, "") for name in header])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((out.getvalue() + after).encode(encoding))
    return path


def figures(said_rows: Sequence[Row], key: str, *wanted: str) -> dict[str, tuple[str, ...]]:
    """Some columns of a report by the words of another one; a row of which nothing is known is called '-'."""
    return {name_of(row, key): tuple(row[name] for name in wanted) for row in said_rows}


def name_of(row: Row, key: str) -> str:
    """What a row of a report is called."""
    return "unattributed" if row.get("is_unattributed") == "true" else row[key] or "-"


def missing(said_rows: Sequence[Row]) -> dict[str, int]:
    """What coverage finds wanting, as ``table subject reason``; how fresh the data are is left out."""
    well = ("in", "good", "standing", "rows")
    return {
        f"{row['table']} {row['subject']} {row['reason']}": int(row["n"])
        for row in said_rows
        if int(row["n"] or 0) and row["reason"] not in well and row["subject"] != "freshness"
    }
