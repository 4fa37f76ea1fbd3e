"""Every hour the files of the snapshot that counts are compared with their checksums; pages say what was found.

A page does not wait for this: a large home holds more than a page has time to read.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from punte.core.jobs.context import JobContext
from punte.core.jobs.kinds import job
from punte.core.jobs.models import Job

KIND = "core.check_files"


@job(KIND, every=timedelta(hours=1))
def check_files(context: JobContext) -> dict[str, Any]:
    """Read every file of the snapshot that counts; tells which is the first that is damaged, and since when it is so.

    The result is empty where all are sound.
    """
    from punte.errors import DamagedSnapshot
    from punte.records.lake import Lake  # brings Arrow, which the start of the site does not wait for

    lake = Lake(settings.PUNTE_HOME / "lake")
    try:
        snapshot = lake.current()
        if snapshot is not None:
            snapshot.verify()
    except DamagedSnapshot as error:
        path = error.facts["path"]
        return {"what": error.what, "path": path, "written_ns": _written_ns(path), "snapshot_id": lake.pointed()}
    return {}


def known_damage() -> str:
    """What the last look found damaged in the snapshot that counts now; empty where nothing is known.

    A file that was written since is taken to be mended; the next look tells.
    """
    last = Job.objects.filter(kind=KIND, finished_at__isnull=False).order_by("-pk").values_list("result").first()
    found = last[0] if last else {}
    if not found or _written_ns(found["path"]) != found["written_ns"]:
        return ""
    from punte.records.lake import Lake  # brings Arrow, which the start of the site does not wait for

    return found["what"] if found["snapshot_id"] == Lake(settings.PUNTE_HOME / "lake").pointed() else ""


def _written_ns(path: str) -> int:
    """When a file was last written, in nanoseconds since 1970; 0 where there is none."""
    try:
        return Path(path).stat().st_mtime_ns
    except FileNotFoundError:
        return 0
