"""What can be done with data: bring files, have them looked at, import them, take imports back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model

from punte.core.audit.trail import Actor, one_action, write_audit
from punte.core.jobs.kinds import kind_named
from punte.core.jobs.lease import cancel
from punte.core.jobs.queries import get_job
from punte.errors import UnknownName
from punte.records import disk
from punte.rooms.data.models import COLUMNS, COSTS, FILES, MAPPING, PROPOSAL, UPLOADS, Upload, files_of, folder_of
from punte.rooms.data.rules import (
    FILE_NAME,
    IMPORT,
    KEPT,
    MAPPING_BYTES,
    PREVIEW,
    REBUILD,
    CannotReadMapping,
    Costs,
    FilesAreGone,
    MustConfirmDeletions,
    NothingBrought,
    NotLookedAtYet,
    Outcome,
    as_csv,
    distinct_names,
    mapping_of,
    must_import,
    with_channels,
)


@dataclass(frozen=True)
class Received:
    """A file as it came over the wire: its name there, and where its bytes lie now, on the home's own disk."""

    name: str
    path: Path


def receive(*, files: Sequence[Received], mapping: bytes | None, by: Any, at: datetime) -> str:
    """Keep files in the home and have them looked at; gives the upload's key. The files are moved, not copied.

    Raises: CannotImport, NothingBrought, CannotReadMapping.
    """
    must_import(by)
    if not files:
        raise NothingBrought("No file was chosen.", remedy="Choose the files, or drop them on the page.")
    text = None if mapping is None else mapping_text(mapping)
    key = secrets.token_hex(8)
    disk.make_folder(folder_of(key) / FILES, mode=0o700)
    n_bytes = sum(one.path.stat().st_size for one in files)
    for one, name in zip(files, distinct_names(one.name for one in files), strict=True):
        disk.put(one.path, folder_of(key) / FILES / name)
    if text is not None:
        disk.write(folder_of(key) / MAPPING, text.encode())
    with one_action():
        upload = Upload(key=key, n_files=len(files), n_bytes=n_bytes, uploaded_at=at, uploaded_by=by)
        upload.preview_job_id = _look_at(key, by, at)
        upload.save()
        told = {"n_files": len(files), "n_bytes": n_bytes}
        write_audit(action="data.upload", subject=f"upload/{key}", by=by, at=at, after=told)
    return key


def receive_costs(*, costs: Costs, basis: Any, by: Any, at: datetime) -> str:
    """Keep costs that somebody entered as a file like any other, and have it looked at; gives the upload's key.

    Raises: CannotImport; NothingBrought where the costs have a problem or are none.
    """
    must_import(by)
    if costs.problems or not costs.costs:
        raise NothingBrought("There are no costs to bring in.", remedy="Enter amounts, or correct them.")
    known = with_channels(costs.costs, basis.channels)
    disk.make_folder(settings.FILE_UPLOAD_TEMP_DIR, mode=0o700)
    name = FILE_NAME.format(at.astimezone(ZoneInfo(basis.zone)).strftime("%Y-%m-%d-%H%M%S"))
    passing = Path(settings.FILE_UPLOAD_TEMP_DIR) / f"{secrets.token_hex(8)}.csv"
    disk.write(passing, as_csv(known).encode())
    mapping = mapping_of(basis.zone, basis.currency).encode()
    key = receive(files=[Received(name, passing)], mapping=mapping, by=by, at=at)
    also = sorted({(one.campaign, one.month_on) for one in known} & basis.spent)
    told = {
        "left_out": costs.left_out,
        "also_in_files": [[campaign, month.isoformat()] for campaign, month in also],
        "costs": [
            {
                "campaign": one.campaign,
                "channel": one.channel,
                "month": one.month_on.isoformat(),
                "amount": str(one.amount),
                "currency": one.currency,
            }
            for one in known
        ],
    }
    disk.write(folder_of(key) / COSTS, json.dumps(told, ensure_ascii=False).encode())
    return key


def look_again(*, key: str, mapping: bytes, by: Any, at: datetime) -> None:
    """Have an upload looked at again with another mapping; an empty one takes the mapping away.

    Raises: CannotImport, UnknownName, FilesAreGone, CannotReadMapping.
    """
    must_import(by)
    upload = upload_waiting(key)
    text = mapping_text(mapping)
    if text.strip():
        disk.write(folder_of(key) / MAPPING, text.encode())
    else:
        disk.remove(folder_of(key) / MAPPING)
    with one_action():
        upload.preview_job_id = _look_at(key, by, at)
        upload.save(update_fields=["preview_job_id"])
        write_audit(action="data.look_again", subject=f"upload/{key}", by=by, at=at)


def ask_import(*, key: str, seen: Outcome | None, confirms_deletions: bool, by: Any, at: datetime) -> int:
    """Have an upload imported as it was seen in its preview; gives the job's id.

    Raises: CannotImport, UnknownName, FilesAreGone; NotLookedAtYet where the preview found nothing that can come in;
    MustConfirmDeletions where it found that many records would be gone.
    """
    must_import(by)
    upload = upload_waiting(key)
    if seen is None or seen.refusal is not None or not seen.used:
        raise NotLookedAtYet("There is nothing that could come in yet.", remedy="Look at the preview first.")
    if seen.deletions is not None and not confirms_deletions:
        raise MustConfirmDeletions(
            seen.deletions.what, remedy="Say that they are really gone, or bring the whole export.", upload=key
        )
    with one_action():
        upload.import_job_id = (
            kind_named(IMPORT)
            .using(by=by, at=at, unique_key=f"{IMPORT}/{key}")
            .enqueue(upload=key, confirm_deletions=confirms_deletions)
        )
        upload.save(update_fields=["import_job_id"])
        write_audit(action="data.ask_import", subject=f"upload/{key}", by=by, at=at)
    return upload.import_job_id


def ask_decision(*, load_id: str, action: str, by: Any, at: datetime) -> int:
    """Have an import taken back (``taken_back``) or brought again (``brought_again``); gives the job's id.

    Raises: CannotImport, UnknownLoad.
    """
    must_import(by)
    from punte.records.raw import RawStore  # analytics are loaded by the first page that needs them

    RawStore(settings.PUNTE_HOME / "raw", settings.PUNTE_HOME / "tmp" / "raw").load(load_id)
    with one_action():
        kind = kind_named(REBUILD).using(by=by, at=at, unique_key=f"{REBUILD}/{load_id}")
        job_id = kind.enqueue(load_id=load_id, action=action)
        write_audit(action=f"data.ask_{action}", subject=f"import/{load_id}", by=by, at=at)
    return job_id


def stop(*, job_id: int, by: Any, at: datetime) -> None:
    """Have a job of this room stop.

    Raises: CannotImport, UnknownName.
    """
    must_import(by)
    if get_job(job_id, at).kind not in (PREVIEW, IMPORT):  # only what leaves everything as it was when it stops
        raise UnknownName(f"Job {job_id} cannot be stopped here.", remedy="Wait until it has ended.", job=job_id)
    cancel(job_id=job_id, by=by, at=at)


def keep_preview(key: str, *, columns: Any, proposal: str) -> None:
    """Keep beside the files what the preview shows of them, which may be personal and goes when they go."""
    disk.write(folder_of(key) / COLUMNS, json.dumps(columns, ensure_ascii=False).encode())
    disk.write(folder_of(key) / PROPOSAL, proposal.encode())


def note_import(*, key: str, load_ids: Sequence[str], snapshot_id: str | None, by: Actor, at: datetime) -> None:
    """Write down what an upload brought; to be called in the transaction that ends the job."""
    upload = Upload.objects.get(key=key)
    upload.imported_at, upload.load_ids = at, list(load_ids)
    upload.imported_by = None if isinstance(by, str) else by
    upload.save(update_fields=["imported_at", "imported_by", "load_ids"])
    told = {"load_ids": list(load_ids), "snapshot_id": snapshot_id}
    write_audit(action="data.import", subject=f"upload/{key}", by=by, at=at, after=told)


def note_decision(*, load_id: str, action: str, snapshot_id: str | None, by: Actor, at: datetime) -> None:
    """Write down that an import was taken back or brought again; in the transaction that ends the job."""
    name = {"taken_back": "data.take_back", "brought_again": "data.bring_again"}[action]
    write_audit(action=name, subject=f"import/{load_id}", by=by, at=at, after={"snapshot_id": snapshot_id})


def remove_files(key: str) -> None:
    """Remove the files of an upload; what it brought stays."""
    _remove(folder_of(key))


def remove_old_files(*, before: datetime) -> int:
    """Remove the files of uploads made before this moment, and what broken uploads left; gives how many folders."""
    root = settings.PUNTE_HOME / UPLOADS
    if not root.is_dir():
        return 0
    young = set(Upload.objects.filter(uploaded_at__gte=before).values_list("key", flat=True))
    old = [path for path in root.iterdir() if path.name not in young and path.stat().st_mtime < before.timestamp()]
    for path in old:
        _remove(path)
    return len(old)


def asked_by(user_id: int | None) -> Actor:
    """Who asked for a job, as the audit trail takes it."""
    return get_user_model().objects.get(pk=user_id) if user_id else "punte"


def upload_waiting(key: str) -> Upload:
    """An upload whose files are still here. Raises: UnknownName, FilesAreGone."""
    upload = Upload.objects.filter(key=key).first()
    if upload is None:
        raise UnknownName("There is no such upload.", remedy="Bring the files again.", upload=key)
    if not files_of(key):
        raise FilesAreGone(
            "The files of this upload are not here any more.", remedy="Bring them again.", upload=key, kept=KEPT
        )
    return upload


def mapping_text(content: bytes) -> str:
    """A mapping as it was given. Raises: CannotReadMapping."""
    if len(content) > MAPPING_BYTES:
        raise CannotReadMapping("The mapping is longer than 1 MB.", remedy="Give the TOML file of a mapping.")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise CannotReadMapping("The mapping is not a text in UTF-8.", remedy="Give a TOML file in UTF-8.") from error


def _look_at(key: str, by: Any, at: datetime) -> int:
    return kind_named(PREVIEW).using(by=by, at=at).enqueue(upload=key)


def _remove(path: Path) -> None:
    if path.is_dir():
        disk.clear(path)
        path.rmdir()
    else:
        disk.remove(path)
