"""What came in, kept as it came in: one load per file and import, never changed (but mended
where the disk damaged it) and never removed.

    raw/<source>/<rule>/<load>.parquet           the rows: row_number and the columns that hold nothing personal
    raw/<source>/<rule>/<load>_private.parquet   row_number and the personal columns; only erasure rewrites it
    raw/<source>/<rule>/<load>.json              what the load is, and the checksums of its files; written last:
                                                 with it the load exists
    raw/<source>/<rule>/<load>.<n>.json          a later decision about the load: taken back, brought again ...

A load id is twelve characters: the second, a number within the second, and the start of the content's hash. Ids
sort in the order in which loads came. Whoever adds, decides or sweeps holds the home's lock.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from punte.errors import DamagedImport, LakeError, UnknownLoad
from punte.records import disk, ids

ROWS_PER_GROUP = 65_536
ROW_NUMBER = "row_number"
ACTIONS = {
    "taken_back": "counts no more, because somebody said so",
    "held": "counts no more, because it could not be built on",
    "brought_again": "counts again",
    "confirmed": "counts, and what it lacks is really gone",
    "seen": "a later full export held the very same file",
    "unseen": "that later full export could not be built on",
}
"""What may be decided about a load."""

AWAY = frozenset({"taken_back", "held"})
"""Decisions after which a load does not count; after any other it counts."""


@dataclass(frozen=True)
class Decision:
    """What was decided about a load: ``action`` is one of ACTIONS."""

    action: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Load:
    """One table of one file as one import brought it.

    ``sha256`` names the bytes of the file, ``part`` the sheet of a workbook (empty: the file is one table); ``rows``
    counts its rows. ``about`` holds what reading said: encoding, separator, size, problems. ``checksums`` are the
    SHA-256 of its files in raw by their names; empty of a load that came before these were kept.
    """

    id: str
    source: str
    rule: str
    file_name: str
    sha256: str
    part: str
    rows: int
    header: tuple[str, ...]
    personal: tuple[str, ...]
    recorded_at: datetime
    about: Mapping[str, Any]
    decisions: tuple[Decision, ...]
    path: Path
    checksums: Mapping[str, str] = field(default_factory=dict)

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """Source, rule and bytes: equal for a file of the very same table."""
        return self.source, self.rule, self.sha256, self.part

    @property
    def counts(self) -> bool:
        """Whether the load counts: not taken back, not held."""
        return not self.decisions or self.decisions[-1].action not in AWAY

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody has confirmed the deletions that the load brings."""
        return any(decision.action == "confirmed" for decision in self.decisions)

    @property
    def private_path(self) -> Path:
        """The file of its personal columns; absent where the load has none."""
        return self.path.with_name(f"{self.id}_private.parquet")

    def batches(self, rows: int = ROWS_PER_GROUP) -> Iterator[pa.RecordBatch]:
        """The rows as they were read: ``row_number``, then the columns in the order of the header.

        Raises DamagedImport where a file is not what was written; without checksums, where it cannot be read.
        """
        self.verify()
        coming = self._read(rows)
        while True:
            # Only reading is watched: an error of whoever takes the rows is none of these files.
            try:
                batch = next(coming, None)
            except (OSError, pa.ArrowException) as error:
                raise self._damaged("can no longer be read", self.path) from error
            if batch is None:
                return
            yield batch

    def verify(self) -> None:
        """Compare the files with their checksums; raises DamagedImport."""
        for path in self.paths:
            if not path.exists():
                raise self._damaged("are gone", path)
            if path.name in self.checksums and disk.sha256_of(path) != self.checksums[path.name]:
                raise self._damaged("are not what was written", path)

    @property
    def paths(self) -> tuple[Path, ...]:
        """Its one or two files in raw."""
        return (self.path, self.private_path) if self.personal else (self.path,)

    def _read(self, rows: int) -> Iterator[pa.RecordBatch]:
        # Reading ahead would keep every byte of the file that has been read until the last batch.
        with pq.ParquetFile(self.path, pre_buffer=False) as public:
            if not self.personal:
                yield from public.iter_batches(rows, columns=[ROW_NUMBER, *self.header])
                return
            with pq.ParquetFile(self.private_path, pre_buffer=False) as private:
                for batch, secret in zip(public.iter_batches(rows), private.iter_batches(rows), strict=True):
                    yield _joined(batch, secret, self)

    def _damaged(self, how: str, path: Path) -> DamagedImport:
        return DamagedImport(
            f"The rows of {self.file_name} (import {self.id}) {how}: look at {path}.",
            remedy=f"Import {self.file_name} once more, which mends it, or put the folder raw back from a backup.",
            path=str(path),
            load_id=self.id,
        )


@dataclass(frozen=True)
class Incoming:
    """A table about to become a load: whose it is, its bytes' hash, its columns, which of them are personal."""

    source: str
    rule: str
    file_name: str
    sha256: str
    header: tuple[str, ...]
    personal: frozenset[str]
    part: str = ""

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """Source, rule and bytes: equal for a load of the very same table."""
        return self.source, self.rule, self.sha256, self.part


class RawStore:
    """The folder ``raw`` of a home; ``scratch`` is a folder of passing files on the same disk."""

    def __init__(self, path: Path, scratch: Path) -> None:
        self.path = path
        self.scratch = scratch
        self._documents: dict[Path, dict[str, Any]] = {}

    def loads(self) -> list[Load]:
        """Every load, those taken back included, in the order in which they came. Raises DamagedImport."""
        paths = sorted(self.path.glob("*/*/*.json"))
        decisions: dict[Path, list[Decision]] = {}
        for path in paths:
            if "." in path.stem:
                load = path.with_name(path.stem.partition(".")[0] + ".json")
                decisions.setdefault(load, []).append(_decision(self._document(path)))
        found = [_load(path, self._document(path), decisions.get(path, ())) for path in paths if "." not in path.stem]
        return sorted(found, key=lambda load: load.id)

    def load(self, load_id: str) -> Load:
        """The load with that id; raises UnknownLoad."""
        for load in self.loads():
            if load.id == load_id:
                return load
        raise UnknownLoad(
            f"No import has the id {load_id}.",
            remedy="List the imports and take the id of one of them.",
            load_id=load_id,
        )

    def same(self, incoming: Incoming) -> Load | None:
        """The latest load of the same source and rule with the very same bytes; None where there is none."""
        alike = [load for load in self.loads() if load.identity == incoming.identity]
        return alike[-1] if alike else None

    def add(
        self,
        incoming: Incoming,
        batches: Iterable[pa.RecordBatch],
        *,
        at: datetime,
        about: Callable[[], Mapping[str, Any]] = dict,
    ) -> Load:
        """Keep the rows as a new load, recorded at ``at`` (naive, UTC); ``about`` is asked when all rows are read.

        Each batch has ``row_number`` first, then the columns of the header. A crash leaves no load behind.
        """
        load_id = self._next_id(at, incoming.sha256)
        folder = self.path / _folder_name(incoming.source) / _folder_name(incoming.rule)
        disk.make_folder(folder)
        disk.make_folder(self.scratch)
        personal = [name for name in incoming.header if name in incoming.personal]
        rows, checksums = self._write_rows(folder, load_id, incoming.header, personal, batches)
        document = {
            "id": load_id,
            "source": incoming.source,
            "rule": incoming.rule,
            "file_name": incoming.file_name,
            "sha256": incoming.sha256,
            "part": incoming.part,
            "rows": rows,
            "header": list(incoming.header),
            "personal": personal,
            "recorded_at": at.isoformat(),
            "about": dict(about()),
            "checksums": checksums,
        }
        disk.write(folder / f"{load_id}.json", _json(document))
        return self.load(load_id)

    def mend(self, load: Load, batches: Iterable[pa.RecordBatch]) -> Load:
        """Write the rows of a load anew from the very file that brought it; nothing else about it changes.

        A crash in between leaves a load that is damaged, and can be mended again.
        """
        disk.make_folder(self.scratch)
        folder, personal = load.path.parent, list(load.personal)
        rows, checksums = self._write_rows(folder, load.id, load.header, personal, batches)
        path = load.path.with_suffix(".json")
        document = {**self._document(path), "rows": rows, "checksums": checksums}
        disk.write(path, _json(document))
        self._documents[path] = document
        return self.load(load.id)

    def decide(self, load_id: str, action: str, *, by: str, at: datetime, reason: str = "") -> Load:
        """Add a decision about a load, one of ACTIONS; nothing is removed. Raises UnknownLoad."""
        if action not in ACTIONS:
            raise ValueError(f"{action!r} is none of {', '.join(ACTIONS)}")
        load = self.load(load_id)
        number = len(load.decisions) + 1
        decision = {"action": action, "by": by, "at": at.isoformat(), "reason": reason}
        disk.write(load.path.with_name(f"{load.id}.{number:04}.json"), _json(decision))
        return self.load(load_id)

    def take_back(self, load_id: str, *, by: str, at: datetime, reason: str = "") -> Load:
        """Let a load count no more; its rows stay and it can be brought again."""
        return self.decide(load_id, "taken_back", by=by, at=at, reason=reason)

    def bring_again(self, load_id: str, *, by: str, at: datetime, reason: str = "") -> Load:
        """Let a load count again that was taken back."""
        return self.decide(load_id, "brought_again", by=by, at=at, reason=reason)

    def sweep(self) -> int:
        """Remove the files of loads that never came to be (a crash while they were written); returns how many."""
        known = {load.path.with_name(load.id).as_posix() for load in self.loads()}
        files = [*self.path.glob("*/*/*.parquet"), *self.path.glob(f"*/*/*{disk.UNFINISHED}")]
        lost = [path for path in files if path.with_name(path.name[:12]).as_posix() not in known]
        for path in lost:
            disk.remove(path)
        return len(lost)

    def _document(self, path: Path) -> dict[str, Any]:
        if path not in self._documents:
            try:
                self._documents[path] = json.loads(path.read_bytes())
            except ValueError as error:
                raise DamagedImport(
                    f"What is known of an import cannot be read any more: {path} is damaged.",
                    remedy="Put this file back from a backup.",
                    path=str(path),
                ) from error
        return self._documents[path]

    def _next_id(self, at: datetime, sha256: str) -> str:
        taken = [load.id for load in self.loads()]
        second = max([ids.moment_code(at), *(load_id[:7] for load_id in taken)])
        number = sum(load_id.startswith(second) for load_id in taken)
        return second + ids.sortable_code(number, 2) + sha256[:3]

    def _write_rows(
        self,
        folder: Path,
        load_id: str,
        header: tuple[str, ...],
        personal: list[str],
        batches: Iterable[pa.RecordBatch],
    ) -> tuple[int, dict[str, str]]:
        """Write the files of a load; gives how many rows they have, and their checksums by name."""
        public = [name for name in header if name not in personal]
        parts = {load_id: [ROW_NUMBER, *public]} | ({f"{load_id}_private": [ROW_NUMBER, *personal]} if personal else {})
        written = {self.scratch / f"{name}.parquet": parts[name] for name in parts}
        rows = _write_parts(written, batches, header)
        checksums = {path.name: disk.sha256_of(path) for path in written}
        for path in written:
            disk.put(path, folder / path.name)
        return rows, checksums


def _folder_name(name: str) -> str:
    return quote(name, safe="").replace(".", "%2E")


def _write_parts(parts: Mapping[Path, list[str]], batches: Iterable[pa.RecordBatch], header: tuple[str, ...]) -> int:
    """Write chosen columns of the batches into one file each and count the rows.

    Columns have the types of the first batch; a file without rows still has its columns, as text.
    """
    text = pa.schema([(ROW_NUMBER, pa.int64()), *((name, pa.string()) for name in header)])
    coming = iter(batches)
    first = next(coming, pa.RecordBatch.from_pylist([], schema=text))
    rows = 0
    with ExitStack() as files:
        writers = {path: files.enter_context(_writer(path, first.schema, parts[path])) for path in parts}
        for batch in chain([first], coming):
            rows += batch.num_rows
            for path, columns in parts.items():
                with disk.telling(path):
                    writers[path].write_batch(batch.select(columns))
    return rows


@contextmanager
def _writer(path: Path, schema: pa.Schema, columns: list[str]) -> Iterator[pq.ParquetWriter]:
    with disk.telling(path):
        chosen = pa.schema([schema.field(name) for name in columns])
        # Without dictionaries the files are smaller and written in half the time: zstd finds what repeats.
        writer = pq.ParquetWriter(path, chosen, compression="zstd", use_dictionary=False)
    try:
        yield writer
    finally:
        with disk.telling(path):
            writer.close()


def _joined(public: pa.RecordBatch, private: pa.RecordBatch, load: Load) -> pa.RecordBatch:
    if not public.column(ROW_NUMBER).equals(private.column(ROW_NUMBER)):
        raise LakeError(
            f"The two files of import {load.id} ({load.file_name}) do not hold the same rows.",
            remedy=f"Import {load.file_name} again from where it came, or restore the home from a backup.",
            path=str(load.private_path),
        )
    columns = {name: part.column(name) for part in (private, public) for name in part.schema.names}
    return pa.RecordBatch.from_pydict({name: columns[name] for name in (ROW_NUMBER, *load.header)})


def _load(path: Path, document: Mapping[str, Any], decisions: Iterable[Decision]) -> Load:
    return Load(
        id=document["id"],
        source=document["source"],
        rule=document["rule"],
        file_name=document["file_name"],
        sha256=document["sha256"],
        part=document["part"],
        rows=document["rows"],
        header=tuple(document["header"]),
        personal=tuple(document["personal"]),
        recorded_at=datetime.fromisoformat(document["recorded_at"]),
        about=document["about"],
        decisions=tuple(decisions),
        path=path.with_suffix(".parquet"),
        checksums=document.get("checksums", {}),
    )


def _decision(document: Mapping[str, Any]) -> Decision:
    return Decision(document["action"], document["by"], datetime.fromisoformat(document["at"]), document["reason"])


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
