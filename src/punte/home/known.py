"""What a home knew at an earlier moment: its tables made again from the loads that had come by then."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from punte.engines import open_engine
from punte.errors import NoHome
from punte.home.build import BuildSettings, full_sets, make, silent
from punte.home.folder import Home, naive_utc, quarter_of_memory
from punte.home.staging import Progress, rules_of, sets_of
from punte.records.lake import Lake, Snapshot
from punte.records.raw import Load
from punte.records.tables import SCHEMA_VERSION
from punte.sources.files.mapping import Mapping


@contextmanager
def snapshot_known_at(
    home: Home,
    mappings: Sequence[Mapping],
    at: datetime,
    *,
    settings: BuildSettings = BuildSettings(),
    progress: Progress = silent,
) -> Iterator[Snapshot]:
    """A passing snapshot of what had come by ``at``, gone when the block ends; the home itself is only read.

    Of the loads those count that had come, and by what had been decided about them; ``mappings`` are those in force
    then. Raises NoHome where nothing had come yet, and UnknownMapping.
    """
    moment = naive_utc(at)
    loads = loads_known_at(home.raw.loads(), moment)
    if not loads:
        raise NoHome(
            f"The home {home.path} knew nothing yet at {moment:%Y-%m-%d %H:%M} (UTC).",
            remedy="Ask about a moment after the first import: `punte imports` lists them.",
            home=str(home.path),
        )
    with tempfile.TemporaryDirectory(prefix="punte-known-") as name:
        folder = Path(name)
        lake = Lake(folder / "lake")
        with open_engine(
            "duckdb",
            folders=[folder],
            memory_limit=settings.memory_limit or quarter_of_memory(),
            threads=settings.threads,
            temp_directory=folder / "engine",
        ) as engine:
            made = make(
                home,
                engine,
                loads,
                mappings,
                None,
                settings=settings,
                folder=folder,
                progress=progress,
                accepted=_newest_sets(loads, mappings),
            )
        with lake.writing("known at"):
            snapshot = lake.publish(made.paths, schema_version=SCHEMA_VERSION, at=moment, about=made.about)
        yield snapshot


def loads_known_at(loads: Sequence[Load], at: datetime) -> list[Load]:
    """The loads that had come and counted at a moment (naive, UTC), with what had been decided about them by then."""
    known = [
        replace(load, decisions=tuple(decision for decision in load.decisions if decision.at <= at))
        for load in loads
        if load.recorded_at <= at
    ]
    return [load for load in known if load.counts]


def _newest_sets(loads: Sequence[Load], mappings: Sequence[Mapping]) -> frozenset[frozenset[str]]:
    """The newest set of every rule of full exports: what counted then had been accepted then."""
    return frozenset(frozenset(ids) for ids in full_sets(sets_of(loads, rules_of(loads, mappings))))
