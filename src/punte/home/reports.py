"""What an import or a build did, as it is told to people and programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class TableReport:
    """What became of one table: how many rows it has, and how they differ from the snapshot before."""

    name: str
    rows: int
    new: int
    changed: int
    unchanged: int
    gone: int


@dataclass(frozen=True)
class BuildReport:
    """``snapshot_id`` is the snapshot that counts afterwards; ``published`` says whether this build made it.

    ``falls`` names what is worse than before: see ``punte.home.coverage.falls``. ``unread_loads`` are imports of which
    the mapping has no rule any more. ``unmatched`` are the counts of references that find no row.
    """

    snapshot_id: str | None
    published: bool
    tables: tuple[TableReport, ...] = ()
    falls: tuple[dict[str, Any], ...] = ()
    unread_loads: tuple[str, ...] = ()
    unmatched: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class ProblemReport:
    """One reason for which rows of a file were put aside or repaired: how often, and the first of them in words.

    ``row_number`` is None where no single row is known, ``sentence`` then empty.
    """

    outcome: str
    reason: str
    n: int
    row_number: int | None
    sentence: str


@dataclass(frozen=True)
class FileReport:
    """What became of one file.

    ``is_used`` files have a load; ``why`` says in a sentence why a file is not used, or since when it is here already;
    ``why_code`` is the code of why it is not used.
    ``rows_in`` = ``skipped`` + ``unread`` + rows converted; ``good``, ``repaired`` and ``quarantined`` count rows of
    tables, of which one row of a file may fill several. ``reasons`` counts quarantined and unread rows by code.
    ``problems`` are their commonest reasons with an example each, those put aside first; none where nothing was built.
    ``notes`` are what reading guessed or repaired, ``note_codes`` their codes (none of a file that was read before
    these were kept).
    """

    name: str
    is_used: bool
    why: str
    source: str | None = None
    rule: str | None = None
    load_id: str | None = None
    is_new: bool = False
    rows_in: int = 0
    skipped: int = 0
    unread: int = 0
    good: int = 0
    repaired: int = 0
    quarantined: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    note_codes: tuple[str, ...] = ()
    why_code: str = ""
    problems: tuple[ProblemReport, ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """What an import did: its files, its loads, and what it made of the tables (nothing, where nothing was new)."""

    files: tuple[FileReport, ...]
    load_ids: tuple[str, ...]
    build: BuildReport
    is_dry_run: bool = False

    @property
    def snapshot_id(self) -> str | None:
        """The snapshot that this import published; None when there was nothing new."""
        return self.build.snapshot_id if self.build.published else None
