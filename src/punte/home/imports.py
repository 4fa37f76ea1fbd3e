"""Bringing files in: find, choose rules, keep the rows as they came, build, publish, tell what became of each file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pyarrow as pa

from punte.engines import open_engine
from punte.errors import DamagedImport
from punte.home.build import (
    CANNOT_BE_BUILT_ON,
    BuildSettings,
    Made,
    build_loads,
    citations,
    full_sets,
    make,
    paths_of,
    silent,
    unmatched,
    unread,
)
from punte.home.choosing import Chosen, Planned, Propose, ReadingOptions, choose, plan
from punte.home.compare import table_reports
from punte.home.folder import Home, naive_utc, quarter_of_memory
from punte.home.loadsets import set_moments
from punte.home.reports import BuildReport, FileReport, ImportReport
from punte.home.staging import Progress, Staged, rules_of, sets_of
from punte.home.telling import Brought, about_reading, file_report, nothing_usable, what_became_of
from punte.records.lake import Lake
from punte.records.raw import ROWS_PER_GROUP, Decision, Load, RawStore
from punte.records.tables import SCHEMA_VERSION
from punte.sources.files.mapping import Mapping
from punte.sources.files.reading import TableReader


def import_files(
    home: Home,
    paths: Sequence[str | Path],
    *,
    mappings: Sequence[Mapping],
    at: datetime,
    by: str = "",
    propose: Propose | None = None,
    options: ReadingOptions = ReadingOptions(),
    settings: BuildSettings = BuildSettings(),
    confirm_deletions: bool = False,
    dry_run: bool = False,
    progress: Progress = silent,
) -> ImportReport:
    """Import files, folders and zips, and publish what they bring.

    ``mappings``: those given first, then those of the sources that are here already; one for each source of which
    imports are here. ``propose`` is asked about files that none of them reads. ``by`` says who imports.
    ``confirm_deletions`` accepts that full exports lack many of their earlier rows. A ``dry_run`` writes nothing into
    the home and publishes nothing.

    Files that are here already are not imported twice. Where the files cannot be built on, they are kept and held
    back, and the snapshot stays as it is. Raises NothingUsable, UnknownMapping, TooManyDeletions, IdCollision,
    AmountTooLarge, UnreadableFile, HomeIsBusy, DiskFailed; after any of them the same import may be run again.
    """
    moment = naive_utc(at)
    chosen, known = choose(paths, mappings, propose, options)
    if not any(one.rule for one in chosen):
        raise nothing_usable([f"{one.found.name}: {one.why}" for one in chosen])
    run = _Import(home, chosen, known, moment, by, settings, confirm_deletions, progress)
    return run.dry() if dry_run else run.real()


class _Import:
    def __init__(
        self,
        home: Home,
        chosen: list[Chosen],
        mappings: list[Mapping],
        at: datetime,
        by: str,
        settings: BuildSettings,
        confirms: bool,
        progress: Progress,
    ) -> None:
        self.home, self.chosen, self.mappings, self.at, self.by = home, chosen, mappings, at, by
        self.settings, self.confirms, self.progress = settings, confirms, progress

    def real(self) -> ImportReport:
        with self.home.writing("import") as lake:
            store = self.home.raw
            brought = [self._bring(store, one) for one in plan(self.chosen, store.loads())]
            loads = [load for load in store.loads() if load.counts]
            with _holding(store, brought, self.at):
                build, staged = self._build(lake, loads, brought)
        return self._report(brought, staged, build, is_dry_run=False)

    def _build(
        self, lake: Lake, loads: Sequence[Load], brought: Sequence[Brought]
    ) -> tuple[BuildReport, Staged | None]:
        """Build and publish, unless the snapshot that counts was made of the same loads by the same choices."""
        if self._is_published(lake, loads):
            lake.collect(at=self.at)
            return BuildReport(lake.pointed(), False), None
        return build_loads(
            self.home,
            lake,
            loads,
            self.mappings,
            at=self.at,
            settings=self.settings,
            progress=self.progress,
            accept=lambda made: self._refuse_nothing(made, brought),
        )

    def dry(self) -> ImportReport:
        known = self.home.raw.loads()
        with tempfile.TemporaryDirectory(prefix="punte-dry-run-") as name:
            folder = Path(name)
            store = RawStore(folder / "raw", folder / "tmp")
            brought = [self._pretend(store, one) for one in plan(self.chosen, known)]
            changed = {one.load.id: one.load for one in brought}
            loads = [load for load in (changed.pop(load.id, load) for load in known) if load.counts] + list(
                changed.values()
            )
            before = self.home.lake.before()
            limit = self.settings.memory_limit or quarter_of_memory()
            folders = [folder, self.home.path / "lake" / "files"]
            with open_engine("duckdb", folders=folders, memory_limit=limit, threads=self.settings.threads) as engine:
                made = make(
                    self.home,
                    engine,
                    loads,
                    self.mappings,
                    before,
                    settings=self.settings,
                    folder=folder,
                    progress=self.progress,
                )
                self._refuse_nothing(made, brought)
                reports = table_reports(engine, paths_of(before), made.paths)
            build = BuildReport(
                before.id if before else None,
                False,
                reports,
                tuple(made.about["falls"]),
                unread(made.staged),
                unmatched(made.counts),
            )
            return self._report(brought, made.staged, build, is_dry_run=True)

    def _bring(self, store: RawStore, one: Planned) -> Brought:
        """Do what is planned with one file."""
        load = self._add(store, one.chosen) if one.action == "add" else one.known or store.same(one.chosen.incoming)
        assert load is not None
        if one.action != "add":
            load = self._mended(store, load, one.chosen)
            if one.action == "bring_again":
                load = store.bring_again(load.id, by=self.by, at=self.at)
            if one.action != "nothing" and _is_full(one) and self.at not in set_moments(load):
                load = store.decide(load.id, "seen", by=self.by, at=self.at)
        if self.confirms and one.action != "nothing" and _is_full(one):
            load = store.decide(load.id, "confirmed", by=self.by, at=self.at)
        return Brought(one, load)

    def _mended(self, store: RawStore, load: Load, chosen: Chosen) -> Load:
        """The load of a file that is here already, written anew from the file where the disk has damaged it."""
        reader = chosen.reader
        assert reader is not None
        try:
            load.verify()
        except DamagedImport:
            if tuple(reader.header) != load.header:
                raise
            return store.mend(load, self._told(reader, chosen.found.name))
        return load

    def _pretend(self, store: RawStore, one: Planned) -> Brought:
        """What a load would be after what is planned; new rows go to a passing store."""
        load = self._add(store, one.chosen) if one.action == "add" else one.known or store.same(one.chosen.incoming)
        assert load is not None
        actions = {"bring_again": ["brought_again", "seen"], "seen": ["seen"]}.get(one.action, [])
        if self.confirms and one.action != "nothing":
            actions.append("confirmed")
        made = tuple(Decision(action, self.by, self.at, "") for action in actions)
        return Brought(one, replace(load, decisions=load.decisions + made))

    def _add(self, store: RawStore, chosen: Chosen) -> Load:
        reader = chosen.reader
        assert reader is not None
        batches = self._told(reader, chosen.found.name)
        about = partial(about_reading, reader, chosen.found.n_bytes)
        return store.add(chosen.incoming, batches, at=self.at, about=about)

    def _told(self, reader: TableReader, name: str) -> Iterator[pa.RecordBatch]:
        n_rows = 0
        for batch in reader.batches(ROWS_PER_GROUP):
            n_rows += batch.num_rows
            self.progress(f"read {name}", n_rows, None)
            yield batch

    def _is_published(self, lake: Lake, loads: Sequence[Load]) -> bool:
        """Whether the snapshot that counts was made of the same loads by the same mappings and settings."""
        before = lake.before()
        if before is None or before.id != lake.pointed() or before.manifest["schema_version"] != SCHEMA_VERSION:
            return False
        told = before.manifest
        cited = citations(self.home, self.mappings, self.settings)
        sets = full_sets(sets_of(loads, rules_of(loads, self.mappings)))
        return (told["loads"], told["full_sets"], told["choices"]) == ([load.id for load in loads], sets, cited)

    def _refuse_nothing(self, made: Made, brought: Sequence[Brought]) -> None:
        """Raise NothingUsable where this import fills tables and not one row of it can be used."""
        new = [one for one in brought if one.planned.action != "nothing"]
        filling = [one for one in new if one.planned.chosen.rule and one.planned.chosen.rule.tables]
        if filling and not self.confirms and not any(made.staged.tallies[one.load.id].n_usable for one in filling):
            raise nothing_usable([what_became_of(one, made.staged.tallies[one.load.id]) for one in filling])

    def _report(
        self, brought: Sequence[Brought], staged: Staged | None, build: BuildReport, *, is_dry_run: bool
    ) -> ImportReport:
        by_file = {id(one.planned.chosen): one for one in brought}
        files = [
            file_report(by_file[id(one)], staged)
            if id(one) in by_file
            else FileReport(one.found.name, False, one.why, why_code=one.why_code)
            for one in self.chosen
        ]
        new = [one.load.id for one in brought if one.planned.action != "nothing"]
        return ImportReport(tuple(files), tuple(new), build, is_dry_run)


@contextmanager
def _holding(store: RawStore, brought: Sequence[Brought], at: datetime) -> Iterator[None]:
    """Hold what this import brought if it cannot be built on, so that the home can go on without it."""
    try:
        yield
    except CANNOT_BE_BUILT_ON as error:
        for one in brought:
            if one.planned.action in {"add", "bring_again"}:
                store.decide(one.load.id, "held", by="punte", at=at, reason=str(error))
            elif one.planned.action == "seen":
                store.decide(one.load.id, "unseen", by="punte", at=at, reason=str(error))
        raise


def _is_full(one: Planned) -> bool:
    return one.chosen.rule is not None and one.chosen.rule.mode == "full"
