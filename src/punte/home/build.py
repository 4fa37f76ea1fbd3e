"""Everything that is published, made again from raw: convert, bring to what stands, resolve, derive, count, publish."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from punte.engines import Engine, open_engine
from punte.errors import AmountTooLarge, DamagedSnapshot, IdCollision, NothingUsable, TooManyDeletions, UnknownMapping
from punte.home.compare import table_reports
from punte.home.consolidate import Consolidated, Work, consolidate
from punte.home.coverage import Count, coverage_counts, coverage_table, falls
from punte.home.derive import DeriveSettings, derive
from punte.home.folder import Home, naive_utc, quarter_of_memory
from punte.home.loadsets import LoadSets
from punte.home.loose import loose_tables
from punte.home.reports import BuildReport, TableReport
from punte.home.rhythm import rhythms
from punte.home.staging import Progress, Staged, stage
from punte.home.tables import Tables
from punte.records import disk
from punte.records.lake import Lake, Snapshot, is_sound
from punte.records.raw import Load
from punte.records.tables import SCHEMA_VERSION
from punte.sources.files.mapping import Mapping, dump_mapping
from punte.version import VERSION

CANNOT_BE_BUILT_ON = (UnknownMapping, TooManyDeletions, IdCollision, NothingUsable, AmountTooLarge)
"""Mistakes of what is imported, and not of the disk: what brings them is put aside, and the home stays as it was."""


@dataclass(frozen=True)
class BuildSettings:
    """How a home is built. ``memory_limit`` is the engine's (``4GB``; None: a quarter of the machine's memory).

    ``own_domains`` are the company's web domains, at which nobody is a customer; ``oldest_rate_days`` is how old an
    exchange rate may be on the day for which it is used.
    """

    memory_limit: str | None = None
    threads: int | None = None
    own_domains: frozenset[str] = frozenset()
    oldest_rate_days: int = 7


@dataclass
class Made:
    """The tables of a snapshot not yet published: their files, what is said about them, what became of loads."""

    paths: dict[str, list[Path]]
    about: dict[str, Any]
    staged: Staged
    counts: list[Count] = field(default_factory=list)


def silent(step: str, done: int, total: int | None) -> None:
    """Tell nobody about progress."""


def build(
    home: Home,
    mappings: Sequence[Mapping],
    *,
    at: datetime,
    settings: BuildSettings = BuildSettings(),
    progress: Progress = silent,
) -> BuildReport:
    """Make every table again from the imports that count, and publish them as one snapshot if anything differs.

    ``mappings`` holds one mapping for every source of which imports are here. Raises UnknownMapping where one is
    missing or does not fit, TooManyDeletions, IdCollision, HomeIsBusy, DiskFailed; then the snapshot stays as it is.
    """
    with home.writing("build") as lake:
        loads = [load for load in home.raw.loads() if load.counts]
        return build_loads(home, lake, loads, mappings, at=at, settings=settings, progress=progress)[0]


def build_loads(
    home: Home,
    lake: Lake,
    loads: Sequence[Load],
    mappings: Sequence[Mapping],
    *,
    at: datetime,
    settings: BuildSettings,
    progress: Progress,
    accept: Callable[[Made], None] = lambda made: None,
) -> tuple[BuildReport, Staged]:
    """``build`` for a caller who holds the lock; ``accept`` may refuse what was made before it is published."""
    before = lake.before()
    with _engine(home, settings) as engine:
        made = make(home, engine, loads, mappings, before, settings=settings, folder=home.scratch, progress=progress)
        accept(made)
        progress("publish", 0, 1)
        snapshot = lake.publish(made.paths, schema_version=SCHEMA_VERSION, at=naive_utc(at), about=made.about)
        lake.collect(at=naive_utc(at))
        home.remember_key()
        progress("publish", 1, 1)
        reports = _reports(engine, before, snapshot)
    published = before is None or snapshot.id != before.id
    falls_ = tuple(made.about["falls"])
    report = BuildReport(snapshot.id, published, reports, falls_, unread(made.staged), unmatched(made.counts))
    return report, made.staged


def _reports(engine: Engine, before: Snapshot | None, snapshot: Snapshot) -> tuple[TableReport, ...]:
    """How the snapshot differs from the one before; files of that one that are damaged by now are left out."""
    after = paths_of(snapshot)
    try:
        return table_reports(engine, paths_of(before), after)
    except DamagedSnapshot:
        sound = {name: [path for path in paths if is_sound(path)] for name, paths in paths_of(before).items()}
        return table_reports(engine, sound, after)


def make(
    home: Home,
    engine: Engine,
    loads: Sequence[Load],
    mappings: Sequence[Mapping],
    before: Snapshot | None,
    *,
    settings: BuildSettings,
    folder: Path,
    progress: Progress,
    accepted: frozenset[frozenset[str]] | None = None,
) -> Made:
    """Write every table of the next snapshot below ``folder``; nothing is published.

    ``accepted`` are the sets of full exports that may lack any number of rows; None: those of the snapshot ``before``.
    """
    for part in ("staged", "tables"):
        disk.make_folder(folder / part)
    staged = stage(loads, mappings, home.key, folder / "staged", progress)
    # What Arrow keeps at hand for more rows like these comes on top of the engine's memory from here on.
    pa.default_memory_pool().release_unused()
    accepted = accepted_sets(before) if accepted is None else accepted
    work = Work(staged, engine, folder / "tables", home.key, accepted, progress)
    done = consolidate(work)
    done.paths |= loose_tables(work, done)
    tables = Tables(engine, done.paths)
    derived = derive(work, tables, _derive_settings(home, settings), _last_news(staged.sets, done), progress)
    counts = coverage_counts(staged, tables, derived.unused)
    rows = coverage_table(counts)
    paths = done.paths | derived.paths | work.write("coverage", [rows], rows.num_rows)
    about = _about(citations(home, mappings, settings), staged, counts, before) | {"rhythms": rhythms(tables)}
    return Made(paths, about, staged, counts)


def paths_of(snapshot: Snapshot | None) -> dict[str, list[Path]]:
    """The files of a snapshot by table that are there; none of a snapshot whose tables have another shape."""
    if snapshot is None or snapshot.manifest["schema_version"] != SCHEMA_VERSION:
        return {}
    return {name: [path for path in snapshot.paths(name) if path.exists()] for name in snapshot.tables}


def unread(staged: Staged) -> tuple[str, ...]:
    """Ids of the loads that no rule reads any more."""
    return tuple(load_id for load_id, tally in staged.tallies.items() if tally.is_unread)


def unmatched(counts: Sequence[Count]) -> tuple[dict[str, Any], ...]:
    """The counts of references that find no row, the most first."""
    found = [vars(count) for count in counts if count.reason == "unmatched" and count.n]
    return tuple(sorted(found, key=lambda count: -count["n"]))


def accepted_sets(before: Snapshot | None) -> frozenset[frozenset[str]]:
    """The sets of full exports that are published already."""
    return frozenset(frozenset(members) for members in before.manifest["full_sets"]) if before else frozenset()


def full_sets(sets: LoadSets) -> list[list[str]]:
    """The newest set of every rule of full exports, as ids of loads."""
    return [sorted(sets.loads[i].id for i in rule.newest) for rule in sets.full]


def citations(home: Home, mappings: Sequence[Mapping], settings: BuildSettings) -> dict[str, Any]:
    """What a snapshot cites of people's choices, and the version of punte that made it; mappings by their hash."""
    texts = {mapping.source: hashlib.sha256(dump_mapping(mapping).encode()).hexdigest() for mapping in mappings}
    return {
        "mappings": texts,
        "reporting_currency": home.reporting_currency,
        "own_domains": sorted(settings.own_domains),
        "oldest_rate_days": settings.oldest_rate_days,
        "version": VERSION,
    }


def _about(choices: dict[str, Any], staged: Staged, counts: list[Count], before: Snapshot | None) -> dict[str, Any]:
    loads = staged.sets.loads
    return {
        "loads": [load.id for load in loads],
        "full_sets": full_sets(staged.sets),
        "choices": choices,
        "coverage": [vars(count) for count in counts],
        "falls": falls(before.manifest["coverage"], counts) if before else [],
    }


def _last_news(sets: LoadSets, done: Consolidated) -> datetime:
    """When the last load that brought anything new was recorded; where there is none, the beginning of time."""
    last = max(outcome.newest_load for outcome in done.outcomes.values())
    return sets.loads[last].recorded_at if last >= 0 else datetime(1970, 1, 1)


def _derive_settings(home: Home, settings: BuildSettings) -> DeriveSettings:
    return DeriveSettings(home.reporting_currency, settings.own_domains, settings.oldest_rate_days)


def _engine(home: Home, settings: BuildSettings) -> Engine:
    return open_engine(
        "duckdb",
        folders=[home.scratch, home.path / "lake" / "files"],
        memory_limit=settings.memory_limit or quarter_of_memory(),
        threads=settings.threads,
        temp_directory=home.scratch / "engine",
    )
