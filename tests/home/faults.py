"""Runs imports and builds in processes of their own, and lets the disk fail or the power go at a chosen call.

``python -m tests.home.faults`` reads jobs as JSON lines and answers each with one line. A job copies a home, imports
into the copy or builds it with the fault, then looks at what is left, does the same again without a fault and looks
again. Every process is forked from one that has imported everything and computed nothing.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from punte.errors import PunteError
from punte.home.build import BuildSettings, build
from punte.home.folder import open_home_folder
from punte.home.imports import import_files
from punte.sources.files.mapping import load_mapping

CALLS = ("fsync", "replace", "rename", "unlink")
"""The calls of ``os`` that change what a power cut would leave; those of ``pathlib`` and ``shutil`` go through them."""

MODES = {"eio": errno.EIO, "enospc": errno.ENOSPC, "kill": None}
SETTINGS = BuildSettings(memory_limit="512MB", threads=1)


@dataclass
class Disk:
    """Counts the calls, and at number ``point`` (from 1) fails or kills; 0 never."""

    point: int
    mode: str
    n_calls: int = 0

    def watch(self) -> None:
        for name in CALLS:
            setattr(os, name, self._watched(getattr(os, name)))

    def _watched(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **more: Any) -> Any:
            self.n_calls += 1
            if self.n_calls == self.point:
                self._fail()
            return call(*args, **more)

        return watched

    def _fail(self) -> None:
        number = MODES[self.mode]
        if number is None:
            os.kill(os.getpid(), signal.SIGKILL)
        else:
            raise OSError(number, os.strerror(number))


def bring(home: Path, job: dict[str, Any]) -> None:
    """Import the job's exports; a job without any builds the home again with its mapping."""
    opened, mappings, at = open_home_folder(home), [load_mapping(job["mapping"])], datetime.fromisoformat(job["at"])
    if job["exports"] is None:
        build(opened, mappings, at=at, settings=SETTINGS)
    else:
        import_files(opened, [job["exports"]], mappings=mappings, at=at, by="marta", settings=SETTINGS)


def looked_at(home: Path) -> dict[str, Any]:
    """What a reader finds: the state that counts (every checksum verified), and what the raw store holds."""
    opened = open_home_folder(home)
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


def disturbed(home: Path, job: dict[str, Any]) -> str:
    """Do the job with its fault; gives how it ended."""
    Disk(job["point"], job["mode"]).watch()
    try:
        bring(home, job)
    except PunteError as error:
        return type(error).__name__
    return "done"


def counted(home: Path, job: dict[str, Any]) -> int:
    disk = Disk(0, "eio")
    disk.watch()
    bring(home, job)
    return disk.n_calls


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


def run(job: dict[str, Any]) -> dict[str, Any]:
    home = Path(job["home"])
    shutil.copytree(job["template"], home)
    try:
        if job["point"] == 0:
            return {"n_calls": in_child(lambda: counted(home, job)), "after": in_child(lambda: looked_at(home))}
        ended = in_child(lambda: disturbed(home, job))

        def again() -> list[dict[str, Any]]:
            left = looked_at(home)
            bring(home, job)
            return [left, looked_at(home)]

        found = in_child(again)
        left, after = found if isinstance(found, list) else ({"state": found}, found)
        return {"ended": ended, "left": left, "after": after}
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    for module in ("punte.engines.duckdb_engine", "ibis.backends.duckdb", "pandas", "pyarrow.dataset"):
        importlib.import_module(module)  # else every process imports them anew
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()
