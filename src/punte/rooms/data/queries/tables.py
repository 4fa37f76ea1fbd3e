"""Tables to be taken away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings

from punte.core.access import Person, may_see_personal_data
from punte.errors import UnknownName
from punte.rooms.data.queries.imports import current_snapshot


@dataclass(frozen=True)
class TableFile:
    """One table of the snapshot that counts, for one person: with its personal columns or without.

    The pieces come while they are read; whoever takes them takes them to the end.
    """

    name: str
    snapshot_id: str
    has_personal: bool

    def csv(self) -> Iterator[str]:
        """The table as CSV, piece by piece."""
        with self._opened() as numbers:
            from punte.records.handout import csv_parts  # analytics are loaded by the first page that needs them

            yield from csv_parts(numbers.engine.batches(self._rows(numbers)))

    def parquet(self) -> IO[bytes]:
        """The table as a Parquet file, at its beginning; it is gone when it is closed."""
        with ExitStack() as opened:
            file = opened.enter_context(tempfile.TemporaryFile(dir=settings.PUNTE_HOME))
            with self._opened() as numbers:
                from punte.records.handout import (
                    write_parquet_batches,
                )  # analytics are loaded by the first page that needs them

                write_parquet_batches(numbers.engine.batches(self._rows(numbers)), file)
            file.seek(0)
            opened.pop_all()  # whoever sends it closes it
            return file

    def _opened(self) -> Any:
        from punte.rooms.numbers import open_home  # analytics are loaded by the first page that needs them

        return open_home(settings.PUNTE_HOME, verifies=False)

    def _rows(self, numbers: Any) -> Any:
        snapshot = numbers.snapshot
        given = {self.name: snapshot.paths(self.name)}
        if not self.has_personal:
            return _ordered(numbers.engine.tables(given)[self.name])
        private = f"{self.name}_private"
        tables = numbers.engine.tables(given | {private: snapshot.private_paths(self.name)})
        secret = tables[private].rename(of_record="record_id")
        rows = tables[self.name]
        joined = rows.left_join(secret, rows.record_id == secret.of_record).drop("of_record")
        from punte.records.tables import CANONICAL  # analytics are loaded by the first page that needs them

        return _ordered(joined.select(*(column.name for column in CANONICAL[self.name].columns)))


def get_table_for(*, user: Person, name: str) -> TableFile:
    """A table of the snapshot that counts; personal columns only for those who work with leads.

    Raises: UnknownName where there is no such table, or nothing was imported yet.
    """
    snapshot = current_snapshot()
    if snapshot is None or name not in snapshot.tables:
        raise UnknownName(f"There is no table {name}.", remedy="Take one of those on the page of the data.", table=name)
    from punte.records.tables import CANONICAL  # analytics are loaded by the first page that needs them

    declared = CANONICAL.get(name)
    has_private = declared is not None and declared.has_lineage and bool(snapshot.private_paths(name))
    return TableFile(name, snapshot.id, has_private and may_see_personal_data(user))


def _ordered(rows: Any) -> Any:
    return rows.order_by("record_id") if "record_id" in rows.columns else rows
