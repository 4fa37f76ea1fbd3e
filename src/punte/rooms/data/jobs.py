"""What takes time: looking at files, importing them, building again, and clearing away what nobody imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop as noop

from punte.core.jobs.context import JobContext
from punte.core.jobs.kinds import job
from punte.core.jobs.lease import JobCancelled
from punte.errors import HomeIsBusy, PunteError, TooManyDeletions
from punte.rooms.data import actions
from punte.rooms.data.models import MAPPING, files_of, folder_of
from punte.rooms.data.rules import IMPORT, KEPT, PREVIEW, REBUILD, FilesAreGone

N_TRIES = 30
PAUSE = timedelta(seconds=2)
# Somebody else is writing to the home: that passes, so each of these jobs waits for its turn.

_STEPS = {
    "read": noop("Reading the files"),
    "convert": noop("Understanding the rows"),
    "tables": noop("Comparing with what is here"),
    "derive": noop("Working out who is who and what led to what"),
    "publish": noop("Publishing"),
}


@job(PREVIEW, retry_on=(HomeIsBusy,), backoff=PAUSE, max_attempts=N_TRIES)
def preview_files(context: JobContext, *, upload: str) -> dict[str, Any]:
    """Look at the files of an upload and say what importing them would do; nothing is kept but the preview."""
    from punte.rooms import facts

    files = _files(upload)
    home = facts.existing_home(settings.PUNTE_HOME)
    try:
        given = _given(upload)
    except facts.REFUSALS as error:
        actions.keep_preview(upload, columns=[], proposal="")
        return {"refusal": _told(error)}
    found = facts.preview(home, files, given=given, at=context.at, progress=_reporting(context))
    actions.keep_preview(upload, columns=[asdict(one) for one in found.files], proposal=found.proposal)
    return {
        "report": asdict(found.report) if found.report else None,
        "refusal": _told(found.refusal) if found.refusal else None,
        "deletions": _told(found.deletions) if found.deletions else None,
        "refused": [asdict(one) for one in found.refused],
        "understood": [one.name for one in found.files],
        "unknown": list(found.unknown),
    }


@job(IMPORT, retry_on=(HomeIsBusy,), backoff=PAUSE, max_attempts=N_TRIES)
def import_files(context: JobContext, *, upload: str, confirm_deletions: bool) -> dict[str, Any]:
    """Import the files of an upload; afterwards they are removed."""
    from punte.rooms import facts

    files = _files(upload)
    by = actions.asked_by(context.requested_by)
    home = facts.existing_home(settings.PUNTE_HOME)
    try:
        report = facts.bring_in(
            home,
            files,
            given=_given(upload),
            by=by,
            at=context.at,
            recognises=True,
            confirm_deletions=confirm_deletions,
            progress=_reporting(context),
        )
    except JobCancelled:
        facts.let_go(home, by=by, at=context.at)
        raise
    except (*facts.REFUSALS, TooManyDeletions) as error:
        return {"refusal": _told(error)}
    told = {"report": asdict(report)}
    with context.finishing() as ending:
        actions.note_import(key=upload, load_ids=report.load_ids, snapshot_id=report.snapshot_id, by=by, at=context.at)
        ending.result = told
    actions.remove_files(upload)
    return told


@job(REBUILD, retry_on=(HomeIsBusy,), backoff=PAUSE, max_attempts=N_TRIES)
def rebuild(context: JobContext, *, load_id: str, action: str) -> dict[str, Any]:
    """Let an import count no more, or again, and make every table anew."""
    from punte.rooms import facts

    home = facts.existing_home(settings.PUNTE_HOME)
    by = actions.asked_by(context.requested_by)
    decide = facts.take_back if action == "taken_back" else facts.bring_again
    try:
        report = decide(home, [load_id], by=by, at=context.at, progress=_reporting(context))
    except (*facts.REFUSALS, TooManyDeletions) as error:
        return {"refusal": _told(error)}
    told = {"build": asdict(report)}
    with context.finishing() as ending:
        snapshot_id = report.snapshot_id if report.published else None
        actions.note_decision(load_id=load_id, action=action, snapshot_id=snapshot_id, by=by, at=context.at)
        ending.result = told
    return told


@job("data.remove_old_uploads", every=timedelta(hours=1))
def remove_old_uploads(context: JobContext) -> dict[str, int]:
    """Remove files that nobody imported within a day."""
    return {"n_folders": actions.remove_old_files(before=context.at - KEPT)}


def _files(upload: str) -> list[Any]:
    files = files_of(upload)
    if not files:
        raise FilesAreGone("The files of this upload are not here any more.", remedy="Bring them again.", upload=upload)
    return files


def _given(upload: str) -> list[Any]:
    from punte.rooms import facts

    path = folder_of(upload) / MAPPING
    return [facts.read_mapping(path)] if path.is_file() else []


def _reporting(context: JobContext) -> Callable[[str, int, int | None], None]:
    def report(step: str, done: int, total: int | None) -> None:
        kind = step.partition(" ")[0]
        if (kind, done) != ("publish", 1):  # what is published stays so: from here on nobody may stop the job
            context.report(done, total, _STEPS[kind])

    return report


def _told(error: PunteError) -> dict[str, Any]:
    """A refusal as it is kept: its own words, and by what a page says it in the reader's language."""
    facts = {name: value for name, value in error.facts.items() if isinstance(value, str | int | float)}
    counts = {f"n_{name}": len(value) for name, value in error.facts.items() if isinstance(value, list | tuple)}
    return {"what": error.what, "remedy": error.remedy, "kind": type(error).__name__, "facts": facts | counts}
