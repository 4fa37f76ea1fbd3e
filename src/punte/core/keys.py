"""The secret keys of a home: made once, kept in files that only their owner can read."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from punte.errors import NoHome

DJANGO, AUDIT = "django", "audit"
"""``django`` signs sessions and forms and may be replaced at will; ``audit`` seals the audit trail and may not."""

FOLDER = "keys"

_KEY = re.compile("[A-Za-z0-9_-]{43,}")
_WITHOUT_BACKUP = {DJANGO: ", or remove it: another one is made, and everybody signs in again"}


def make_keys(home: Path) -> None:
    """Make the keys that are missing; those that exist stay as they are."""
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (DJANGO, AUDIT):
        if not (folder / name).exists():
            _write_once(folder / name, secrets.token_urlsafe(64))


def read_key(home: Path, name: str) -> str:
    """One key of a home.

    Raises: NoHome when the folder has no such key, or a damaged one.
    """
    path = home / FOLDER / name
    if not path.is_file():
        raise NoHome(
            f"{home} is not a punte home: it has no key '{name}'.",
            remedy="Make one with `punte init`, or name another folder with --home or PUNTE_HOME.",
            home=str(home),
            key=name,
        )
    key = path.read_text("ascii", errors="replace").strip()
    if not _KEY.fullmatch(key):
        raise NoHome(
            f"The key {path} is damaged.",
            remedy=f"Put it back from a backup{_WITHOUT_BACKUP.get(name, '')}.",
            home=str(home),
            key=name,
        )
    return key


def _write_once(path: Path, key: str) -> None:
    """Write beside and link into place, so that two processes that start together end with one whole key."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # another process was first: its key is the one
        os.link(draft, path)
    draft.unlink()
