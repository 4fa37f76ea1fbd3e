"""What came in so far, and what is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from punte.core.access import Person, may_import
from punte.core.jobs.queries import WAITING, latest_jobs
from punte.rooms.data.models import Upload
from punte.rooms.data.rules import REBUILD, ROWS_PER_PAGE

if TYPE_CHECKING:
    from punte.records.lake import Snapshot
    from punte.records.raw import Load

_N_JOBS = 50


@dataclass(frozen=True)
class ImportCard:
    """One import of one file. ``by`` is empty where nobody was signed in (the command line, the demo).

    ``state`` is ``counts``, ``taken_back`` or ``held``; ``decided_by`` and ``decided_at`` tell of the last decision.
    ``is_changing`` while a job takes it back or brings it again.
    """

    load_id: str
    recorded_at: datetime
    by: str
    file_name: str
    source: str
    rule: str
    n_rows: int
    state: str
    decided_by: str
    decided_at: datetime | None
    reason: str
    is_changing: bool


@dataclass(frozen=True)
class TableCard:
    """One table of the snapshot that counts."""

    name: str
    about: str
    n_rows: int
    is_derived: bool


@dataclass(frozen=True)
class Standing:
    """The snapshot that counts now; ``rhythms`` tell how often each source brings something."""

    snapshot_id: str
    published_at: datetime
    tables: tuple[TableCard, ...]
    n_falls: int
    rhythms: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class HomePage:
    """The page of the room: the newest imports first, ``n_imports`` in all."""

    imports: tuple[ImportCard, ...]
    n_imports: int
    page: int
    n_pages: int
    standing: Standing | None
    may_import: bool


def get_home_page_for(*, user: Person, page: int, at: datetime) -> HomePage:
    """What came in, a page at a time (the first is 1; a page that there is not gives the nearest), and what stands."""
    home = settings.PUNTE_HOME
    from punte.records.raw import RawStore  # analytics are loaded by the first page that needs them

    loads = RawStore(home / "raw", home / "tmp" / "raw").loads()[::-1]
    n_pages = max(1, -(-len(loads) // ROWS_PER_PAGE))
    page = min(max(page, 1), n_pages)
    shown = loads[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]
    who, changing = _who_brought(), _changing(at)
    return HomePage(
        imports=tuple(_card(load, who.get(load.id, ""), load.id in changing) for load in shown),
        n_imports=len(loads),
        page=page,
        n_pages=n_pages,
        standing=current_standing(),
        may_import=may_import(user),
    )


def current_snapshot() -> Snapshot | None:
    """The snapshot that counts now. Raises DamagedSnapshot where it cannot be opened."""
    from punte.records.lake import Lake  # analytics are loaded by the first page that needs them

    return Lake(settings.PUNTE_HOME / "lake").current()


def current_standing() -> Standing | None:
    """What is published; None where nothing is."""
    from punte.records.tables import CANONICAL, DERIVED  # analytics are loaded by the first page that needs them

    snapshot = current_snapshot()
    if snapshot is None:
        return None
    tables = (
        TableCard(name, declared.grain, snapshot.rows(name), name in DERIVED)
        for name, declared in (CANONICAL | DERIVED).items()
        if name in snapshot.tables
    )
    kept = tuple(table for table in tables if table.n_rows)
    rhythms = tuple(snapshot.manifest.get("rhythms", ()))
    return Standing(snapshot.id, snapshot.at.replace(tzinfo=UTC), kept, len(snapshot.manifest["falls"]), rhythms)


def _who_brought() -> dict[str, str]:
    uploads = Upload.objects.filter(imported_at__isnull=False).select_related("imported_by")
    return {load_id: upload.imported_by.name for upload in uploads if upload.imported_by for load_id in upload.load_ids}


def _changing(at: datetime) -> frozenset[str]:
    jobs = latest_jobs(REBUILD, _N_JOBS, at)
    return frozenset(job.arguments["load_id"] for job in jobs if not job.has_ended or job.state == WAITING)


def _card(load: Load, by: str, is_changing: bool) -> ImportCard:
    last = load.decisions[-1] if load.decisions else None
    state = last.action if last and not load.counts else "counts"
    return ImportCard(
        load_id=load.id,
        recorded_at=load.recorded_at.replace(tzinfo=UTC),
        by=by,
        file_name=load.file_name,
        source=load.source,
        rule=load.rule,
        n_rows=load.rows,
        state=state,
        decided_by=last.by if last else "",
        decided_at=last.at.replace(tzinfo=UTC) if last else None,
        reason=last.reason if last else "",
        is_changing=is_changing,
    )
