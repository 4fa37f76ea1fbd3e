"""Uploads on their way in: how far they are, and what their preview shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from punte.core.access import Person
from punte.core.jobs.queries import CANCELLED, FAILED, FINISHED, RUNNING, WAITING, JobProgress, get_job
from punte.errors import UnknownName
from punte.rooms.data.models import COLUMNS, MAPPING, PROPOSAL, Upload, files_of, folder_of
from punte.rooms.data.queries.costs import EnteredCosts, entered_costs
from punte.rooms.data.rules import IMPORT, KEPT, PREVIEW, REBUILD, Outcome, must_import, outcome_from


@dataclass(frozen=True)
class Work:
    """A job of this room as its page shows it: how far it is, or what came of it.

    ``words`` is a gettext msgid of what it does now. ``error`` is why it failed, where it did.
    """

    job_id: int
    kind: str
    arguments: dict[str, Any]
    state: str
    done: int | None
    total: int | None
    words: str
    error: str
    asked_at: datetime
    outcome: Outcome | None

    @property
    def is_going_on(self) -> bool:
        """Whether more will come."""
        return self.state in (WAITING, RUNNING)

    @property
    def may_be_stopped(self) -> bool:
        """Whether it leaves everything as it was when it is stopped."""
        return self.kind in (PREVIEW, IMPORT)

    @property
    def is_waiting_for_others(self) -> bool:
        """Whether it was tried and must wait for another writer of the home."""
        return self.state == WAITING and bool(self.error)


@dataclass(frozen=True)
class ColumnTold:
    """One column of a file: the fields that it feeds (``table.field``), and the first of its values."""

    header: str
    meanings: tuple[str, ...]
    is_personal: bool
    is_kept: bool
    samples: tuple[str, ...]


@dataclass(frozen=True)
class FileColumns:
    """The columns of one file that a rule reads."""

    name: str
    source: str
    rule: str
    about: str
    columns: tuple[ColumnTold, ...]

    @property
    def n_read(self) -> int:
        """How many columns feed a field."""
        return sum(1 for column in self.columns if column.meanings)


@dataclass(frozen=True)
class UploadPage:
    """One upload. ``work`` is the import where one was asked for, else the preview; None when its row was cleared.

    ``was_stopped``: an import was begun and stopped, so that the preview holds again.

    ``columns``, ``mapping``, ``proposal`` and ``entered`` are there as long as the files are.
    """

    key: str
    n_files: int
    n_bytes: int
    uploaded_at: datetime
    uploaded_by: str
    gone_at: datetime
    has_files: bool
    work: Work | None
    preview: Work | None
    imported_at: datetime | None
    was_stopped: bool
    load_ids: tuple[str, ...]
    columns: tuple[FileColumns, ...]
    mapping: str
    proposal: str
    entered: EnteredCosts | None

    @property
    def is_import(self) -> bool:
        """Whether the page tells of the import and no more of the preview."""
        return self.work is not None and self.work.kind == IMPORT


@dataclass(frozen=True)
class WaitingUpload:
    """An upload whose files were not imported yet."""

    key: str
    n_files: int
    n_bytes: int
    uploaded_at: datetime
    uploaded_by: str


def get_upload_for(*, user: Person, key: str, at: datetime) -> UploadPage:
    """One upload, for those who may import.

    Raises: CannotImport, UnknownName.
    """
    must_import(user)
    upload = Upload.objects.filter(key=key).select_related("uploaded_by").first()
    if upload is None:
        raise UnknownName("There is no such upload.", remedy="Bring the files again.", upload=key)
    preview = _work(upload.preview_job_id, at)
    imported = _work(upload.import_job_id, at)
    was_stopped = imported is not None and imported.state == CANCELLED
    return UploadPage(
        key=key,
        n_files=upload.n_files,
        n_bytes=upload.n_bytes,
        uploaded_at=upload.uploaded_at,
        uploaded_by=upload.uploaded_by.name,
        gone_at=upload.uploaded_at + KEPT,
        has_files=bool(files_of(key)),
        work=preview if imported is None or was_stopped else imported,
        preview=preview,
        imported_at=upload.imported_at,
        was_stopped=was_stopped,
        load_ids=tuple(upload.load_ids),
        columns=_columns(key),
        mapping=_text(key, MAPPING),
        proposal=_text(key, PROPOSAL),
        entered=entered_costs(key),
    )


def get_waiting_for(*, user: Person) -> tuple[WaitingUpload, ...]:
    """Uploads that somebody began and did not finish, the newest first. Raises CannotImport for those who may not."""
    must_import(user)
    uploads = Upload.objects.filter(imported_at__isnull=True).select_related("uploaded_by").order_by("-pk")[:20]
    return tuple(
        WaitingUpload(one.key, one.n_files, one.n_bytes, one.uploaded_at, one.uploaded_by.name)
        for one in uploads
        if files_of(one.key)
    )


def get_work_for(*, user: Person, job_id: int, at: datetime) -> Work:
    """A job that takes an import back or brings it again.

    Raises: CannotImport; UnknownName where there is none, or it is no such job.
    """
    must_import(user)
    job = get_job(job_id, at)
    if job.kind != REBUILD:
        raise UnknownName(f"Job {job_id} is none of this page.", remedy="Look at the list of imports.", job=job_id)
    return _told(job)


def _work(job_id: int | None, at: datetime) -> Work | None:
    if job_id is None:
        return None
    try:
        return _told(get_job(job_id, at))
    except UnknownName:  # ended long ago, and its row was cleared away
        return None


def _told(job: JobProgress) -> Work:
    result = job.result or {}
    return Work(
        job_id=job.job_id,
        kind=job.kind,
        arguments=job.arguments,
        state=job.state,
        done=job.done,
        total=job.total,
        words=job.words,
        error=job.error if job.state in (FAILED, WAITING) else "",
        asked_at=job.requested_at,
        outcome=outcome_from(result) if job.state == FINISHED else None,
    )


def _columns(key: str) -> tuple[FileColumns, ...]:
    told = json.loads(_text(key, COLUMNS) or "[]")
    return tuple(
        FileColumns(
            one["name"],
            one["source"],
            one["rule"],
            one["about"],
            tuple(
                ColumnTold(**{**column, "meanings": tuple(column["meanings"]), "samples": tuple(column["samples"])})
                for column in one["columns"]
            ),
        )
        for one in told
    )


def _text(key: str, name: str) -> str:
    path = folder_of(key) / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""
