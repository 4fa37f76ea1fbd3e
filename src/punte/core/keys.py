"""The secret keys of a home: made once, kept in files that only their owner can read."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from punte.errors import NoHome

DJANGO, AUDIT = "django", "audit"
"""``django`` signs sessions and forms and may be replaced at will; ``audit`` seals the audit trail and may not."""

FOLDER = "keys"


def make_keys(home: Path) -> None:
    """Make the keys that are missing; those that exist stay as they are."""
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (DJANGO, AUDIT):
        if not (folder / name).exists():
            _write_once(folder / name, secrets.token_urlsafe(64))


def read_key(home: Path, name: str) -> str:
    """One key of a home.

    Raises: NoHome when the folder has no such key.
    """
    path = home / FOLDER / name
    if not path.is_file():
        raise NoHome(
            f"{home} is not a punte home: it has no key '{name}'.",
            remedy="Make one with `punte init`, or name another folder with --home or PUNTE_HOME.",
            home=str(home),
            key=name,
        )
    return path.read_text(encoding="ascii").strip()


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
