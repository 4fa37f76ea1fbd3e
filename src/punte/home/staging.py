"""Loads become canonical rows: every load that counts is converted once, in order, into passing Parquet files.

Each row gets the number of its rule and an *ordinal*: the place of its load among those that count, and its own place
in what the load became. It settles which of two versions came later. Problems are kept for loads whose rows stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from punte.errors import UnknownMapping
from punte.home.loadsets import LOAD_SHIFT, LoadSets, load_sets, newest_set
from punte.home.versions import ORDINAL, RULE
from punte.records import disk
from punte.records.raw import Load
from punte.records.tables import TABLES
from punte.sources.files.mapping import FileRule, Lookup, Mapping, build_lookup, convert, lookup_needs, rule_for

Progress = Callable[[str, int, int | None], None]
"""Told of each step: its name, how much of it is done, and of how much (None: not known)."""

WITHOUT_ORDINAL = frozenset({"traffic", "row_problem"})


@dataclass
class Found:
    """One reason for which rows were put aside or repaired: how often, and the first of them in words."""

    n: int
    row_number: int | None
    sentence: str


@dataclass
class LoadTally:
    """What one load became: rows read, rows left out by the mapping, and per table good, repaired and quarantined."""

    source: str
    n_rows: int = 0
    n_skipped: int = 0
    tables: dict[str, Counter[str]] = field(default_factory=dict)
    quarantined: Counter[str] = field(default_factory=Counter)
    found: dict[tuple[str, str], Found] = field(default_factory=dict)
    is_unread: bool = False

    @property
    def n_usable(self) -> int:
        """Canonical rows that came out of the load."""
        return sum(counts["good"] + counts["repaired"] for counts in self.tables.values())


@dataclass
class Staged:
    """Canonical rows of all loads: files and rows by table, and what became of each load, by its id."""

    sets: LoadSets
    paths: dict[str, list[Path]]
    n_rows: Counter[str]
    tallies: dict[str, LoadTally]
    zones: dict[str, str]


def rules_of(loads: Sequence[Load], mappings: Sequence[Mapping]) -> dict[str, tuple[Mapping, FileRule] | None]:
    """For each load (by id) the mapping of its source and the rule for its file; None where the mapping has none.

    The rule is the one that the load was imported under, else the one that fits the file's name and headers. Raises
    UnknownMapping where no mapping of the load's source is given.
    """
    by_source = {mapping.source: mapping for mapping in mappings}
    unknown = sorted({load.source for load in loads} - by_source.keys())
    if unknown:
        raise UnknownMapping(
            f"No mapping is given for {', '.join(unknown)}, of which imports are here.",
            remedy="Give the mapping of every source, or take back the imports of this one.",
            sources=unknown,
        )
    return {load.id: _rule_of(load, by_source[load.source]) for load in loads}


def sets_of(loads: Sequence[Load], rules: MappingOf[str, tuple[Mapping, FileRule] | None]) -> LoadSets:
    """Sort the loads that count into sets, by the modes of their rules."""
    full = {(load.source, load.rule) for load in loads if (found := rules[load.id]) and found[1].mode == "full"}
    return load_sets(loads, frozenset(full))


def stage(loads: Sequence[Load], mappings: Sequence[Mapping], key: bytes, folder: Path, progress: Progress) -> Staged:
    """Convert every load that counts into passing files below ``folder``."""
    rules = rules_of(loads, mappings)
    sets = sets_of(loads, rules)
    lookups = {mapping.source: _lookups(mapping, loads) for mapping in mappings}
    n_rows, n_done = sum(load.rows for load in loads), 0
    tallies: dict[str, LoadTally] = {}
    with _Files(folder) as files:
        for position, load in enumerate(loads):
            files.begin(position, int(sets.rule_of[position]))
            found = rules[load.id]
            tally = tallies[load.id] = LoadTally(found[0].source_of(found[1]) if found else load.source)
            if found is None:
                tally.is_unread = True
                files.add("row_problem", _no_rule(load))
                continue
            mapping, rule = found
            if sets.stands[position]:
                files.add("row_problem", _unread_rows(load, tally.source))
            for batch in load.batches():
                _stage_batch(batch, load, mapping, rule, key, lookups[load.source], files, tally, sets.stands[position])
                n_done += batch.num_rows
                progress("convert", n_done, n_rows)
        paths = files.close()
    zones = {mapping.source_of(rule): mapping.zone for mapping in mappings for rule in mapping.files}
    return Staged(sets, paths, files.n_rows, tallies, zones)


def _stage_batch(
    batch: pa.RecordBatch,
    load: Load,
    mapping: Mapping,
    rule: FileRule,
    key: bytes,
    lookups: Sequence[Lookup],
    files: _Files,
    tally: LoadTally,
    stands: bool,
) -> None:
    converted = convert(
        batch,
        rule=rule,
        mapping=mapping,
        key=key,
        lookups=lookups,
        load_id=load.id,
        recorded_at=load.recorded_at,
        file=load.file_name,
    )
    for name, rows in converted.tables.items():
        files.add(name, rows)
    tally.n_rows += converted.n_rows
    tally.n_skipped += converted.n_skipped
    for name, counts in converted.counts.items():
        tally.tables.setdefault(name, Counter()).update(counts)
    if converted.problems.num_rows:
        is_out = converted.problems.filter(pc.equal(converted.problems.column("outcome"), "quarantined"))
        tally.quarantined.update(is_out.column("reason").to_pylist())
        _count_problems(converted.problems, tally)
        if stands:
            files.add("row_problem", converted.problems)


def _count_problems(problems: pa.Table, tally: LoadTally) -> None:
    firsts = problems.group_by(["outcome", "reason"], use_threads=False).aggregate(
        [("row_number", "first"), ("sentence", "first"), ("sentence", "count")]
    )
    for row in firsts.to_pylist():
        key = (row["outcome"], row["reason"])
        known = tally.found.setdefault(key, Found(0, row["row_number_first"], row["sentence_first"]))
        known.n += row["sentence_count"]


def _rule_of(load: Load, mapping: Mapping) -> tuple[Mapping, FileRule] | None:
    for rule in mapping.files:
        if rule.name == load.rule:
            return mapping, rule
    fitting = rule_for(mapping, load.file_name, load.header)
    return None if fitting is None else (mapping, fitting)


def _lookups(mapping: Mapping, loads: Sequence[Load]) -> list[Lookup]:
    """The values that files of a mapping take from each other; of full exports only the newest set is asked."""
    lookups = []
    for need in lookup_needs(mapping):
        asked = [load for load in loads if (load.source, load.rule) == (mapping.source, need.file)]
        if need.rule.mode == "full":
            asked = list(newest_set(asked, mapping.source, need.file))
        if asked:
            # Of several imports the newest tells the first value.
            newest_first = sorted(asked, key=lambda load: load.recorded_at, reverse=True)
            lookups.append(build_lookup(need, _batches(newest_first)))
    return lookups


def _batches(loads: Sequence[Load]) -> Iterator[pa.RecordBatch]:
    for load in loads:
        yield from load.batches()


def _unread_rows(load: Load, source: str) -> pa.Table:
    """The rows that could not be read when the load was imported."""
    rows = [_problem(load, source, **problem) for problem in load.about.get("problems", [])]
    return pa.Table.from_pylist(rows, schema=TABLES["row_problem"].whole_schema)


def _no_rule(load: Load) -> pa.Table:
    sentence = f"The mapping of {load.source} has no rule '{load.rule}' any more, and none that fits the file."
    row = _problem(load, load.source, row_number=None, reason="no_rule", sentence=sentence)
    return pa.Table.from_pylist([row], schema=TABLES["row_problem"].whole_schema)


def _problem(load: Load, source: str, *, row_number: int | None, reason: str, sentence: str) -> dict[str, object]:
    return {
        "from_source": source,
        "load_id": load.id,
        "file": load.file_name,
        "row_number": row_number,
        "table": None,
        "column": None,
        "outcome": "unread",
        "reason": reason,
        "sentence": sentence,
    }


class _Files:
    """One passing file per table, written as rows come; rows are numbered by load and place."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._paths: dict[str, list[Path]] = {}
        self._next: Counter[str] = Counter()
        self._position, self._rule = 0, 0
        self.n_rows: Counter[str] = Counter()

    def begin(self, position: int, rule: int) -> None:
        """The rows that follow are those of the load at this position, brought by the rule of this number."""
        self._position, self._rule, self._next = position, rule, Counter()

    def add(self, name: str, rows: pa.Table) -> None:
        if not rows.num_rows:
            return
        if name not in WITHOUT_ORDINAL:
            first = (self._position << LOAD_SHIFT) + self._next[name]
            rows = rows.append_column(RULE, pa.repeat(self._rule, rows.num_rows))
            rows = rows.append_column(ORDINAL, pa.array(np.arange(first, first + rows.num_rows)))
        self._next[name] += rows.num_rows
        self.n_rows[name] += rows.num_rows
        path = self._folder / f"{name}.parquet"
        with disk.telling(path):
            if name not in self._writers:
                writer = pq.ParquetWriter(path, rows.schema, compression="lz4", use_dictionary=False)
                self._writers[name] = self._open.enter_context(writer)
                self._paths[name] = [path]
            self._writers[name].write_table(rows)

    def close(self) -> dict[str, list[Path]]:
        with disk.telling(self._folder):
            self._open.close()
        return self._paths

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()
