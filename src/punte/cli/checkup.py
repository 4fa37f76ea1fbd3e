"""What `punte doctor` looks at: the installation, then the home."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from punte.errors import PunteError
from punte.home.doctor import damage_of
from punte.home.folder import SETTINGS, Home, open_home_folder
from punte.records.tables import SCHEMA_VERSION

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

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
        home = open_home_folder(path)
    except PunteError as error:
        return [*found, Finding(False, error.what, error.remedy)]
    looks = (_folder, _choices, _free_space, _lake, _raw)
    return [*found, *(finding for look in looks for finding in _seen(look(home)))]


def _seen(findings: Iterator[Finding]) -> Iterator[Finding]:
    """What a look finds; one that is refused does not keep the others from looking."""
    try:
        yield from findings
    except PunteError as error:
        yield Finding(False, error.what, error.remedy)


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(sys.version_info >= (3, 11), f"Python {version}.", "Install Python 3.11 or later.")


def _folder(home: Home) -> Iterator[Finding]:
    yield Finding(len(home.key) == 32, f"{home.path} is the home of {home.name}, and has its key.")
    if home.is_read_only:
        yield Finding(True, f"{home.path} can be read here and not written: figures can be asked, nothing brought in.")


def _choices(home: Home) -> Iterator[Finding]:
    from punte.core.start import prepare, telling

    using = prepare(home.path)
    from django.db import connection

    from punte.core.audit.trail import verify_audit

    with telling(home.path, using):
        connection.ensure_connection()
        version = ".".join(str(part) for part in connection.get_database_version())
        what = f"The choices are kept by {connection.vendor} {version}, and their tables are up to date."
        faults = _faults_of_sqlite(connection) if connection.vendor == "sqlite" else []
        verdict = verify_audit()
    yield Finding(True, what)
    if faults:
        yield Finding(
            False, f"The choices are damaged: {'; '.join(faults)}.", "Put choices.sqlite3 back from a backup."
        )
    if verdict.faults:
        said = f"The audit trail was altered: {'; '.join(verdict.faults)}."
        yield Finding(False, said, "Compare with a backup.")
    else:
        yield Finding(True, "The audit trail is unbroken.")


def _faults_of_sqlite(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        said = [row[0] for row in cursor.execute("PRAGMA quick_check(3)").fetchall()]
    return [] if said == ["ok"] else [line.replace("\n", " ") for line in said]


def _free_space(home: Home) -> Iterator[Finding]:
    free = shutil.disk_usage(home.path).free
    what = f"{free / 2**30:.1f} GiB are free on the disk of the home."
    yield Finding(free >= LEAST_FREE_BYTES, what, "Make room: a build writes its tables before it publishes them.")


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


def _raw(home: Home) -> Iterator[Finding]:
    loads = home.raw.loads()
    faults = [fault for load in loads if (fault := damage_of(load))]
    yield from (Finding(False, fault.what, fault.remedy) for fault in faults)
    if not faults:
        yield Finding(True, f"The rows of every import ({len(loads):,}) are what was written.")
