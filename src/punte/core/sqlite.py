"""A SQLite that does not damage a database with several writers, and how a home's choices are kept in it.

SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode when two connections write or checkpoint at the same moment
(sqlite.org/wal.html, "the WAL-reset bug"); mended in 3.51.3 and in later releases of the 3.50 and 3.44 lines. Python
links whatever the system has, so punte brings its own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

FILE_NAME = "choices.sqlite3"

BACKPORTS = {(3, 44): 6, (3, 50): 7, (3, 51): 3}


def has_wal_reset_fix(version: tuple[int, int, int]) -> bool:
    """Whether several connections may write to one WAL database with this version."""
    major, minor, patch = version
    if (major, minor) > (3, 51):
        return True
    mended_in = BACKPORTS.get((major, minor))
    return mended_in is not None and patch >= mended_in


def use_sound_sqlite() -> None:
    """Let Django find punte's SQLite instead of the system's; call it before its SQLite back end is imported."""
    import pysqlite3

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def sqlite_settings(home: Path) -> dict[str, Any]:
    """Django's settings for the choices of a home.

    A transaction takes the write lock when it begins, so that it cannot fail half-way for want of it, and what was
    answered with a yes is on disk (``synchronous=FULL``). Memory mapping stays off: it makes the bug above worse.

    Where this process may not write into the home, the choices are only read.
    """
    if not may_write(home):
        return reading_settings(home)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home / FILE_NAME,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
        "TEST": {"NAME": home / f"test-{FILE_NAME}"},
    }


def may_write(home: Path) -> bool:
    """Whether this process may write into the folder of a home, or make it where there is none yet."""
    return os.access(home, os.W_OK) or not home.exists()


def reading_settings(home: Path) -> dict[str, Any]:
    """Settings that read the choices and make no file beside them.

    SQLite reads a database in WAL mode only with its two companions. Where there is no log, everything stands in the
    database, and it is read as a file that nobody changes. Where there is one, a writer elsewhere has it open or ended
    in a crash: all three are read; where the third is missing, as in a copy, the two are read from a passing folder.
    """
    path, how = home / FILE_NAME, "immutable=1"
    log, index = (path.with_name(f"{FILE_NAME}-{part}") for part in ("wal", "shm"))
    if log.exists() and log.stat().st_size:
        path, how = path if index.exists() else _copied(path, log), "mode=ro"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"file:{quote(str(path))}?{how}",
        "OPTIONS": {"timeout": 20},
        "TEST": {"NAME": home / f"test-{FILE_NAME}"},
    }


def _copied(path: Path, log: Path) -> Path:
    """The database with its log in a folder that is gone when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="punte-choices-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for file in (path, log):
        shutil.copyfile(file, folder / file.name)
    return folder / path.name
