"""From a record to its row in the file that it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from punte.rooms.loop.queries.opened import Lent


@dataclass(frozen=True)
class SourceRow:
    """The row of a file: which source, which file, which row, and the record's id in its source."""

    source: str
    file_name: str
    row_number: int | None
    source_id: str


def source_rows(lent: Lent, records: Iterable[dict[str, Any]]) -> list[SourceRow]:
    """Where each of these records came from; they carry the columns of lineage."""
    files = lent.once("files", lambda numbers: {load.id: load.file_name for load in numbers.home.raw.loads()})
    return [
        SourceRow(
            record["from_source"] or "",
            files.get(record["load_id"], record["load_id"] or ""),
            record["row_number"],
            record["source_id"] or "",
        )
        for record in records
    ]
