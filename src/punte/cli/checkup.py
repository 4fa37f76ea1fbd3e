"""What `punte doctor` looks at: the installation, then the home."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from punte.errors import PunteError
from punte.home.folder import SETTINGS, Home, open_home_folder
from punte.records.tables import SCHEMA_VERSION

LEAST_FREE_BYTES = 2 * 2**30


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, in a sentence, and what to do where it is not."""

    is_good: bool
    what: str
    remedy: str = ""


def findings(path: Path) -> list[Finding]:
    """Everything that was looked at, in order."""
    found = [_python()]
    if not (path / SETTINGS).is_file():
        return [*found, Finding(False, f"{path} is not a home.", "Make one with `punte init` or `punte demo`.")]
    try:
        return [*found, *_of_home(open_home_folder(path))]
    except PunteError as error:
        return [*found, Finding(False, error.what, error.remedy)]


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(sys.version_info >= (3, 11), f"Python {version}.", "Install Python 3.11 or later.")


def _of_home(home: Home) -> Iterator[Finding]:
    yield Finding(len(home.key) == 32, f"{home.path} is the home of {home.name}, and has its key.")
    if home.is_read_only:
        yield Finding(True, f"{home.path} can be read here and not written: figures can be asked, nothing brought in.")
    yield _sqlite(home)
    yield _free_space(home)
    yield from _lake(home)
    yield _audit(home)


def _sqlite(home: Home) -> Finding:
    from punte.core.start import prepare

    prepare(home.path)
    from django.db import connection

    connection.ensure_connection()
    vendor = connection.vendor
    version = ".".join(str(part) for part in connection.get_database_version())
    return Finding(True, f"The choices are kept by {vendor} {version}, and their tables are up to date.")


def _free_space(home: Home) -> Finding:
    free = shutil.disk_usage(home.path).free
    what = f"{free / 2**30:.1f} GiB are free on the disk of the home."
    return Finding(free >= LEAST_FREE_BYTES, what, "Make room: a build writes its tables before it publishes them.")


def _lake(home: Home) -> Iterator[Finding]:
    snapshot = home.lake.current()
    if snapshot is None:
        yield Finding(True, "Nothing was imported yet.")
        return
    version = snapshot.manifest["schema_version"]
    what = f"Snapshot {snapshot.id} has tables of shape {version}."
    yield Finding(version == SCHEMA_VERSION, what, "Run punte build.")
    try:
        snapshot.verify()
    except PunteError as error:
        yield Finding(False, error.what, error.remedy)
    else:
        yield Finding(True, f"Every file of snapshot {snapshot.id} is what was written.")


def _audit(home: Home) -> Finding:
    from punte.core.audit.trail import verify_audit

    verdict = verify_audit()
    if not verdict.faults:
        return Finding(True, "The audit trail is unbroken.")
    return Finding(False, f"The audit trail was altered: {'; '.join(verdict.faults)}.", "Compare with a backup.")
