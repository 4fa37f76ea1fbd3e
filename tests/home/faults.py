"""Runs imports and builds in processes of their own, and lets the disk fail, the disk be full or the process be killed.

``python -m tests.home.faults`` reads jobs as JSON lines and answers each with one line. A job of the kind ``walk`` does
its work once in a copy of a home. At each call that syncs, renames or removes, it is forked once for every mode: the
fork goes on in a copy of the home as it is at that instant, and meets the fault there. A job of the kind ``again``
takes what a fault left, looks at it, does the same work without a fault and looks again. Many faults leave the same
bytes, and what comes of them needs to be seen only once.

A home is worked on below the working directory, by a path without a root, so that a fork changes homes by changing the
directory. Every job is forked from a process that has worked once, on a home of its own, and closed everything.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from punte.errors import PunteError
from punte.home.build import BuildSettings, build
from punte.home.folder import Home, open_home_folder
from punte.home.imports import import_files
from punte.sources.files.mapping import load_mapping
from tests.home.small import bring as bring_in
from tests.home.small import everything, new_home

CALLS = ("fsync", "replace", "rename", "unlink")
"""The calls of ``os`` that change what a power cut would leave; those of ``pathlib`` and ``shutil`` go through them."""

MODES = {"kill": None, "eio": errno.EIO, "enospc": errno.ENOSPC}
SETTINGS = BuildSettings(memory_limit="512MB", threads=1)
HERE = Path("home")
ENDED = Path("ended")
LOCK = "LOCK"
"""The file that only says which process holds, or held, the lock on it."""


@dataclass
class Walk:
    """Counts the calls of a work, and at each of them forks one process for every mode, which meets the fault."""

    faults: Path
    mode: str | None = None
    n_calls: int = 0
    met: list[dict[str, Any]] = field(default_factory=list)

    def watch(self) -> None:
        for name in CALLS:
            setattr(os, name, self._watched(getattr(os, name)))

    def _watched(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **more: Any) -> Any:
            if self.mode is None:  # a fork has met its fault, what it does after that goes well
                self.n_calls += 1
                for mode in MODES:
                    self._meet(mode)
            return call(*args, **more)

        return watched

    def _meet(self, mode: str) -> None:
        folder = self.faults / f"{self.n_calls}-{mode}"
        if (fork := os.fork()) == 0:
            self.mode = mode
            shutil.copytree(HERE, folder / HERE)
            os.chdir(folder)
            self._fail(mode)
        status = os.waitstatus_to_exitcode(os.waitpid(fork, 0)[1])
        ended = (folder / ENDED).read_text() if (folder / ENDED).exists() else f"exit code {status}"
        self.met.append({"point": self.n_calls, "mode": mode, "ended": ended, "left": str(folder / HERE)})

    def _fail(self, mode: str) -> None:
        number = MODES[mode]
        if number is None:
            os.kill(os.getpid(), signal.SIGKILL)
        else:
            raise OSError(number, os.strerror(number))


def here() -> Home:
    """The home below the working directory; its path stays without a root."""
    return replace(open_home_folder(HERE), path=HERE)


def bring(job: dict[str, Any]) -> None:
    """Import the job's exports; a job without any builds the home again with its mapping."""
    mappings, at = [load_mapping(job["mapping"])], datetime.fromisoformat(job["at"])
    if job["exports"] is None:
        build(here(), mappings, at=at, settings=SETTINGS)
    else:
        import_files(here(), [job["exports"]], mappings=mappings, at=at, by="marta", settings=SETTINGS)


def looked_at() -> dict[str, Any]:
    """What a reader finds: the state that counts (every checksum verified), and what the raw store holds."""
    opened = here()
    current = opened.lake.current()
    if current is not None:
        current.verify()
    loads = opened.raw.loads()
    rows = [row for load in loads for batch in load.batches() for row in batch.to_pylist()]
    return {
        "state": current.state if current else None,
        "loads": [load.id for load in loads],
        "n_raw_rows": len(rows),
        "n_raw_files": sum(path.suffix == ".parquet" for path in opened.raw.path.rglob("*")),
        "n_lake_files": len(list((opened.lake.path / "files").glob("*"))),
        "n_snapshots": len(opened.lake.history()),
    }


def walk(job: dict[str, Any]) -> dict[str, Any]:
    """Do the work with every fault at every call, and once without any.

    Gives what a reader finds before and after it without a fault, and of each fault how it ended and what it left.
    """
    before, walking = looked_at(), Walk(Path(job["faults"]))
    walking.watch()
    try:
        bring(job)
        ended = "done"
    except PunteError as error:
        ended = type(error).__name__
    if walking.mode is not None:  # this is a fork
        ENDED.write_text(ended)
        os._exit(0)
    for met in walking.met:
        met["fingerprint"] = fingerprint(Path(met["left"]))
    return {"n_points": walking.n_calls, "ended": ended, "before": before, "after": looked_at(), "met": walking.met}


def again(job: dict[str, Any]) -> dict[str, Any]:
    """Look at what a fault left, do the work again without one, and look at what is there then."""
    left = looked_at()
    bring(job)
    return {"left": left, "after": looked_at()}


def fingerprint(home: Path) -> str:
    """Equal for two homes in which the same paths hold the same bytes; nothing that a home does asks for more."""
    whole = hashlib.sha256()
    for path in sorted(home.rglob("*")):
        content = path.read_bytes() if path.is_file() and path.name != LOCK else b""
        whole.update(f"{path.relative_to(home)}\0{path.is_dir()}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()


def in_child(work: Callable[[], Any]) -> Any:
    """The result of some work done in a forked process, or in words why there is none."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            with os.fdopen(writing, "w") as told:
                json.dump(told_of(work), told)
        finally:
            if sys.exc_info()[0]:
                traceback.print_exc()
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        text = told.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else "killed"


def told_of(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except (PunteError, OSError) as error:
        return f"{type(error).__name__}: {error}"


def run(job: dict[str, Any]) -> Any:
    """What a job gives, done in a process and in a copy of its home of their own."""
    with tempfile.TemporaryDirectory(dir=job["folder"]) as folder:
        shutil.copytree(job["template"], folder / HERE)

        def work() -> Any:
            os.chdir(folder)
            return KINDS[job["kind"]](job)

        return in_child(work)


def work_once() -> None:
    """Import a small company into a home that is thrown away: what every process would do first is then done."""
    with tempfile.TemporaryDirectory() as folder:
        bring_in(new_home(Path(folder) / "home"), everything(Path(folder) / "exports"))


KINDS = {"walk": walk, "again": again}

if __name__ == "__main__":
    work_once()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()
