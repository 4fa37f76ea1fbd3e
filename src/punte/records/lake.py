"""The lake: files that never change, named by what they hold, and one pointer to the snapshot that counts.

    lake/files/<sha256>.parquet    immutable; shared by all snapshots that hold the same rows
    lake/manifests/<id>.json       one snapshot: its tables, their files with checksums and rows, and where it came from
    lake/CURRENT                   the id of the snapshot that counts; replaced last, when all else is on the disk
    lake/LOCK                      held by the one process that writes; readers take no lock

A table ``x`` may have a companion ``x_private`` with its personal columns. A snapshot id is twelve characters: the
second of its publishing and the start of its manifest's hash. Read ``Lake.current()`` once per question and stay with
the snapshot that it gave. Snapshots are collected by the time since they were replaced, so that readers finish.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from punte.errors import DamagedSnapshot, UnknownName
from punte.records import disk, ids

PRIVATE = "_private"
HOURS_KEPT = 24
_CHECKSUM = re.compile("[0-9a-f]{64}")
_AT_ONCE = 4
_REBUILD = "Run `punte build` to make the snapshot again from raw, or read the one before it."


@dataclass(frozen=True)
class Snapshot:
    """One published state of all tables; ``manifest`` is its document, ``folder`` the lake's files."""

    id: str
    manifest: Mapping[str, Any]
    folder: Path

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables, without the private companions."""
        return tuple(name for name in self.manifest["tables"] if not name.endswith(PRIVATE))

    @property
    def at(self) -> datetime:
        """When it was published (naive, UTC)."""
        return datetime.fromisoformat(self.manifest["at"])

    @property
    def state(self) -> str:
        """Hash of what all tables hold: equal for equal rows, whenever and however they came."""
        return _state(self.manifest["schema_version"], self.manifest["tables"])

    def paths(self, table: str) -> list[Path]:
        """The files of a table; raises UnknownName."""
        return [self.folder / f"{file['sha256']}.parquet" for file in self._entry(table)["files"]]

    def private_paths(self, table: str) -> list[Path]:
        """The files of a table's personal columns; none where it has none."""
        companion = table + PRIVATE
        return self.paths(companion) if companion in self.manifest["tables"] else []

    def rows(self, table: str) -> int:
        """How many rows a table has; raises UnknownName."""
        return sum(file["rows"] for file in self._entry(table)["files"])

    def verify(self) -> None:
        """Read every file and compare it with its checksum; raises DamagedSnapshot naming the first that differs."""
        refuse_damaged(
            {path for name in self.manifest["tables"] for path in self.paths(name)}, f" of snapshot {self.id}"
        )

    def _entry(self, table: str) -> Mapping[str, Any]:
        if table not in self.manifest["tables"]:
            raise UnknownName(
                f"Snapshot {self.id} has no table {table}.",
                remedy=f"Its tables are {', '.join(self.tables)}.",
                table=table,
            )
        return self.manifest["tables"][table]


class Lake:
    """The folder ``lake`` of a home."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files = path / "files"
        self._manifests = path / "manifests"
        self._pointer = path / "CURRENT"
        self._is_mine = False

    @contextmanager
    def writing(self, purpose: str) -> Iterator[None]:
        """Be the only writer while the block runs; raises HomeIsBusy, naming the other process, where there is one."""
        with disk.locked(self.path / "LOCK", purpose):
            self._is_mine = True
            try:
                yield
            finally:
                self._is_mine = False

    def current(self) -> Snapshot | None:
        """The snapshot that counts now; None before the first. Raises DamagedSnapshot where it cannot be opened."""
        pointed = self.pointed()
        return None if pointed is None else self.snapshot(pointed)

    def before(self) -> Snapshot | None:
        """What a writer goes on from: the snapshot that counts, or where it cannot be opened the latest that can."""
        return next(self._from_current(), None)

    def snapshot(self, snapshot_id: str) -> Snapshot:
        """The snapshot with that id; raises DamagedSnapshot where its manifest is missing or was altered."""
        path = self._manifests / f"{snapshot_id}.json"
        if "/" in snapshot_id or not path.exists():
            raise _damaged(f"There is no manifest of snapshot {snapshot_id}.", path)
        text = path.read_bytes()
        if _mark(text) != snapshot_id[7:]:
            raise _damaged(f"The manifest {path.name} is not what was written.", path)
        return Snapshot(snapshot_id, json.loads(text), self._files)

    def history(self) -> list[Snapshot]:
        """Every snapshot that still lies in the lake and whose manifest can be read, the latest first."""
        found = [snapshot for path in self._manifests.glob("*.json") if (snapshot := self._readable(path.stem))]
        return sorted(found, key=lambda snapshot: snapshot.id, reverse=True)

    def newest_sound(self) -> Snapshot:
        """The snapshot that counts if every checksum is right, else the latest before it; reads all of its bytes."""
        for snapshot in self._from_current():
            try:
                snapshot.verify()
            except DamagedSnapshot:
                continue
            return snapshot
        raise _damaged("No snapshot of this home is sound.", self._pointer)

    def publish(
        self,
        staged: Mapping[str, Sequence[Path]],
        *,
        schema_version: int,
        at: datetime,
        about: Mapping[str, Any],
    ) -> Snapshot:
        """Make the staged files the snapshot that counts; where nothing differs from it, it stays as it is.

        ``staged`` names the files of every table, written on the same disk; they are moved into the lake. ``about`` is
        put into the manifest (coverage, loads, choices, settings, warnings). ``at`` is naive, UTC. Returns the snapshot
        that counts afterwards: when its id is the one from before, nothing was published. The caller holds the lock.
        """
        if not self._is_mine:
            raise RuntimeError("publish() is called inside writing()")
        hashes = {path: disk.sha256_of(path) for paths in staged.values() for path in paths}
        tables = {name: _entry(staged[name], hashes) for name in sorted(staged)}
        before = self.before()
        for path, sha256 in hashes.items():
            self._keep(path, sha256)
        if before is not None and before.state == _state(schema_version, tables):
            return self._point_at(before.id)
        parent = before.id if before else None
        body = {"schema_version": schema_version, "at": at.isoformat(), "parent": parent, **about, "tables": tables}
        return self._point_at(self._write_manifest(at, body))

    def collect(self, *, at: datetime, hours: int = HOURS_KEPT) -> list[str]:
        """Remove snapshots replaced more than ``hours`` before ``at``, and files that no snapshot holds any more.

        The snapshot that counts and the one before it stay. Returns what was removed: ids of snapshots, names of files.
        The caller holds the lock; the longest query is shorter than ``hours``.
        """
        if not self._is_mine:
            raise RuntimeError("collect() is called inside writing()")
        snapshots = {snapshot.id: snapshot for snapshot in self.history()}
        current = self.current()
        kept = {current.id, current.manifest["parent"]} if current else set()
        by_age = sorted(snapshots.values(), key=lambda snapshot: snapshot.at)
        replaced_at = {child.manifest["parent"]: child.at for child in by_age}
        limit = at - timedelta(hours=hours)
        old = [i for i, snapshot in snapshots.items() if i not in kept and replaced_at.get(i, snapshot.at) <= limit]
        for snapshot_id in old:
            disk.remove(self._manifests / f"{snapshot_id}.json")
            del snapshots[snapshot_id]
        return sorted(old) + self._collect_files(snapshots.values())

    def _collect_files(self, snapshots: Iterable[Snapshot]) -> list[str]:
        held = {path for snapshot in snapshots for name in snapshot.manifest["tables"] for path in snapshot.paths(name)}
        unfinished = self._manifests.glob(f"*{disk.UNFINISHED}")
        lost = [path for path in (*self._files.glob("*"), *unfinished) if path not in held]
        for path in lost:
            disk.remove(path)
        return sorted(path.name for path in lost)

    def _keep(self, path: Path, sha256: str) -> None:
        """Move a staged file into the lake, unless the same bytes are there already; a damaged twin is replaced."""
        disk.make_folder(self._files)
        place = self._files / f"{sha256}.parquet"
        if not place.exists() or disk.sha256_of(place) != sha256:
            disk.put(path, place)

    def _write_manifest(self, at: datetime, body: Mapping[str, Any]) -> str:
        text = json.dumps(body, indent=1, ensure_ascii=False).encode()
        snapshot_id = ids.moment_code(at) + _mark(text)
        disk.make_folder(self._manifests)
        disk.write(self._manifests / f"{snapshot_id}.json", text)
        return snapshot_id

    def _point_at(self, snapshot_id: str) -> Snapshot:
        if self.pointed() != snapshot_id:
            disk.write(self._pointer, f"{snapshot_id}\n".encode())
        return self.snapshot(snapshot_id)

    def pointed(self) -> str | None:
        """The id that CURRENT holds; None before the first snapshot."""
        return self._pointer.read_text("utf-8", errors="replace").strip() if self._pointer.exists() else None

    def _from_current(self) -> Iterator[Snapshot]:
        """The snapshot that counts and those before it; all that can be read, where the pointer leads nowhere."""
        snapshot = self._readable(self.pointed())
        if snapshot is None:
            yield from self.history()
        while snapshot is not None:
            yield snapshot
            snapshot = self._readable(snapshot.manifest["parent"])

    def _readable(self, snapshot_id: str | None) -> Snapshot | None:
        if snapshot_id is None:
            return None
        try:
            return self.snapshot(snapshot_id)
        except DamagedSnapshot:
            return None


def refuse_damaged(paths: Iterable[Path], where: str = "") -> None:
    """Compare files of a lake with the checksums that they are named by; files with other names are passed over.

    Raises DamagedSnapshot naming the first that is missing or differs; ``where`` ends its name.
    """
    named = sorted(path for path in paths if _CHECKSUM.fullmatch(path.stem))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for path, fault in zip(named, pool.map(_fault, named), strict=True):
            if fault:
                raise _damaged(f"The file {path.name}{where} {fault}.", path)


def is_sound(path: Path) -> bool:
    """Whether a file of a lake is there and what was written."""
    return not _fault(path)


@contextmanager
def telling_damage(paths: Iterable[Path]) -> Iterator[None]:
    """Where reading these files of a lake fails inside the block and one of them is damaged, raise DamagedSnapshot."""
    try:
        yield
    except (OSError, pa.ArrowException):
        refuse_damaged(paths)
        raise


def _fault(path: Path) -> str:
    """What is wrong with a file that is named by its checksum, ending a sentence; empty where nothing is."""
    if not path.exists():
        return "is missing"
    return "" if disk.sha256_of(path) == path.stem else "is not what was written"


def _mark(text: bytes) -> str:
    return ids.sortable_code(int(hashlib.sha256(text).hexdigest(), 16) % 32**5, 5)


def _entry(paths: Sequence[Path], hashes: Mapping[Path, str]) -> dict[str, Any]:
    files = [
        {"sha256": hashes[path], "bytes": path.stat().st_size, "rows": pq.read_metadata(path).num_rows}
        for path in paths
    ]
    return {"rows": sum(file["rows"] for file in files), "files": files}


def _state(schema_version: int, tables: Mapping[str, Any]) -> str:
    held = {name: [file["sha256"] for file in tables[name]["files"]] for name in sorted(tables)}
    return hashlib.sha256(json.dumps([schema_version, held]).encode()).hexdigest()


def _damaged(what: str, path: Path) -> DamagedSnapshot:
    return DamagedSnapshot(what, remedy=_REBUILD, path=str(path))
