"""Writing so that a power cut at any moment leaves the old state or the new one and nothing between.

The only place of punte that syncs, renames and removes files. Every file is written beside its place, synced, renamed
into it, and then its folder is synced. A refusal of the disk becomes ``DiskFailed``; after it the file that was to be
replaced is what it was before.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from punte.errors import DiskFailed, HomeIsBusy

UNFINISHED = ".unfinished"
"""How the names of files end that are not yet what they are going to be."""

_BLOCK = 1 << 20
_NOT_OURS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder and those above it, and sync each new name; nothing happens where it is there already."""
    with telling(folder):
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(mode=mode, exist_ok=True)
            _sync_folder(path.parent)


def write(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Put bytes in the place of ``path`` in one step: a reader sees the old bytes or the new ones."""
    unfinished = path.with_name(path.name + UNFINISHED)
    with telling(path):
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
        _sync_folder(path.parent)


def put(written: Path, path: Path) -> None:
    """Sync a file that was written elsewhere on the same disk and move it to ``path`` in one step."""
    with telling(path):
        with open(written, "rb") as file:
            os.fsync(file.fileno())
        os.replace(written, path)
        _sync_folder(path.parent)


def remove(path: Path) -> None:
    """Remove a file; nothing happens where there is none."""
    with telling(path):
        if path.exists():
            os.unlink(path)
            _sync_folder(path.parent)


def clear(folder: Path) -> int:
    """Remove everything inside a folder of passing files, unsynced, and return how many files there were."""
    n_files = 0
    with telling(folder):
        for parent, folders, files in os.walk(folder, topdown=False):
            for name in files:
                os.unlink(os.path.join(parent, name))
            for name in folders:
                os.rmdir(os.path.join(parent, name))
            n_files += len(files)
    return n_files


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with telling(path), open(path, "rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def locked(path: Path, purpose: str) -> Iterator[None]:
    """Hold the one writer's lock at ``path`` while the block runs; the system lets go of it when the process ends.

    Raises ``HomeIsBusy`` at once, naming the process that holds it, where another one does.
    """
    make_folder(path.parent)
    with telling(path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        with telling(path):
            _take(handle, path)
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps({"pid": os.getpid(), "purpose": purpose}).encode(), 0)
        yield
    finally:
        os.close(handle)


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn the system's refusals inside the block into ``DiskFailed`` with the name of the file."""
    try:
        yield
    except OSError as error:
        what_to_do = "Let this account write there" if error.errno in _NOT_OURS else "Make room or mend the disk"
        raise DiskFailed(
            f"The disk refused to work on {path}: {error.strerror or error}.",
            remedy=f"Nothing that was there before has changed. {what_to_do}, then run the command again.",
            path=str(path),
            errno=error.errno,
        ) from error


def _take(handle: int, path: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _holder(handle)
        raise HomeIsBusy(
            f"Process {holder.get('pid', 'unknown')} is writing here ({holder.get('purpose', 'purpose unknown')}).",
            remedy="Wait until it has finished, then run the command again; readers need not wait.",
            path=str(path),
            pid=holder.get("pid"),
        ) from None


def _holder(handle: int) -> dict[str, object]:
    text = os.pread(handle, 4096, 0)
    try:
        return json.loads(text) if text else {}
    except json.JSONDecodeError:
        return {}


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
