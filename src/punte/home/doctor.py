"""Whether a home is sound: each check says what it found and, where something is wrong, what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from punte.errors import LakeError, PunteError
from punte.home.folder import Home
from punte.records.raw import Load
from punte.records.tables import SCHEMA_VERSION

DISK_RESERVE = 3
"""A build writes all tables anew beside those that are published: so many times the lake's bytes should be free."""

LEAST_FREE_BYTES = 2**28


@dataclass(frozen=True)
class Check:
    """One thing looked at: ``name``, whether it ``is_ok``, what was found, and the remedy where it is not."""

    name: str
    is_ok: bool
    found: str
    remedy: str = ""


def doctor(home: Home) -> list[Check]:
    """Look at key, snapshot, checksums, imports, free disk and leftovers of a home; mends nothing."""
    checks: list[tuple[str, Callable[[Home], Check]]] = [
        ("key", _key),
        ("snapshot", _snapshot),
        ("checksums", _checksums),
        ("imports", _imports),
        ("disk", _free),
        ("leftovers", _leftovers),
    ]
    return [_done(name, check, home) for name, check in checks]


def _done(name: str, check: Callable[[Home], Check], home: Home) -> Check:
    try:
        return check(home)
    except PunteError as error:
        return Check(name, False, error.what, error.remedy)


def _key(home: Home) -> Check:
    mode = (home.path / "keys").stat().st_mode & 0o077
    if home.key and mode:
        return Check("key", False, "Others on this machine can look into the folder of the keys.", "chmod 700 keys")
    return Check("key", True, "The key of the record ids is there.")


def _snapshot(home: Home) -> Check:
    current = home.lake.current()
    if current is None:
        return Check("snapshot", True, "Nothing has been published yet.")
    if current.manifest["schema_version"] != SCHEMA_VERSION:
        return Check("snapshot", False, f"Snapshot {current.id} has tables of another shape.", "Run `punte build`.")
    return Check("snapshot", True, f"Snapshot {current.id} was published at {current.at.isoformat(' ')} UTC.")


def _checksums(home: Home) -> Check:
    current = home.lake.current()
    if current is None:
        return Check("checksums", True, "There is nothing to check.")
    current.verify()
    return Check("checksums", True, f"Every file of snapshot {current.id} is what was written.")


def _imports(home: Home) -> Check:
    loads = home.raw.loads()
    faults = [fault for load in loads if (fault := damage_of(load))]
    if faults:
        return Check("imports", False, " ".join(fault.what for fault in faults), faults[0].remedy)
    away = sum(not load.counts for load in loads)
    return Check("imports", True, f"{len(loads)} imports, of which {away} do not count.")


def damage_of(load: Load) -> LakeError | None:
    """What is wrong with the rows of an import in raw; those that came without checksums are read through."""
    try:
        load.verify()
        if not load.checksums:
            for _ in load.batches():
                pass
    except LakeError as error:
        return error
    return None


def _free(home: Home) -> Check:
    files = home.path / "lake" / "files"
    used = sum(path.stat().st_size for path in files.iterdir()) if files.is_dir() else 0
    wanted, free = max(DISK_RESERVE * used, LEAST_FREE_BYTES), shutil.disk_usage(home.path).free
    found = f"{free / 2**30:.1f} GB are free, {wanted / 2**30:.1f} GB should be."
    return Check("disk", free >= wanted, found, "" if free >= wanted else "Make room on the disk of the home.")


def _leftovers(home: Home) -> Check:
    left = [path for path in home.scratch.rglob("*") if path.is_file()] if home.scratch.is_dir() else []
    if not left:
        return Check("leftovers", True, "No passing files were left behind.")
    found = f"{len(left)} passing files were left behind by an import that did not end, or one is running."
    return Check("leftovers", False, found, "The next import or `punte build` removes them.")
