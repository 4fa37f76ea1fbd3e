"""Bringing files in: find, choose rules, keep the rows as they came, build, publish, tell what became of each file."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from punte.engines import open_engine
from punte.errors import NothingUsable
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
    unread,
)
from punte.home.choosing import Chosen, Planned, Propose, ReadingOptions, choose, plan
from punte.home.compare import table_reports
from punte.home.folder import Home, naive_utc, quarter_of_memory
from punte.home.loadsets import set_moments
from punte.home.reports import BuildReport, FileReport, ImportReport
from punte.home.staging import LoadTally, Progress, Staged, rules_of, sets_of
from punte.records.lake import Lake
from punte.records.raw import ROWS_PER_GROUP, Decision, Load, RawStore
from punte.records.tables import SCHEMA_VERSION
from punte.sources.files.mapping import Mapping
from punte.sources.files.reading import TableReader


@dataclass(frozen=True)
class _Brought:
    """A planned file with the load that it became or was; ``what`` says in a word what was done."""

    planned: Planned
    load: Load


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
        raise _nothing_usable([f"{one.found.name}: {one.why}" for one in chosen])
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
        self, lake: Lake, loads: Sequence[Load], brought: Sequence[_Brought]
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
                before.id if before else None, False, reports, tuple(made.about["falls"]), unread(made.staged)
            )
            return self._report(brought, made.staged, build, is_dry_run=True)

    def _bring(self, store: RawStore, one: Planned) -> _Brought:
        """Do what is planned with one file."""
        load = self._add(store, one.chosen) if one.action == "add" else one.known or store.same(one.chosen.incoming)
        assert load is not None
        if one.action != "add":
            if one.action == "bring_again":
                load = store.bring_again(load.id, by=self.by, at=self.at)
            if one.action != "nothing" and _is_full(one) and self.at not in set_moments(load):
                load = store.decide(load.id, "seen", by=self.by, at=self.at)
        if self.confirms and one.action != "nothing" and _is_full(one):
            load = store.decide(load.id, "confirmed", by=self.by, at=self.at)
        return _Brought(one, load)

    def _pretend(self, store: RawStore, one: Planned) -> _Brought:
        """What a load would be after what is planned; new rows go to a passing store."""
        load = self._add(store, one.chosen) if one.action == "add" else one.known or store.same(one.chosen.incoming)
        assert load is not None
        actions = {"bring_again": ["brought_again", "seen"], "seen": ["seen"]}.get(one.action, [])
        if self.confirms and one.action != "nothing":
            actions.append("confirmed")
        made = tuple(Decision(action, self.by, self.at, "") for action in actions)
        return _Brought(one, replace(load, decisions=load.decisions + made))

    def _add(self, store: RawStore, chosen: Chosen) -> Load:
        reader = chosen.reader
        assert reader is not None
        batches = self._told(reader, chosen.found.name)
        return store.add(chosen.incoming, batches, at=self.at, about=lambda: _about(reader, chosen.found.n_bytes))

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

    def _refuse_nothing(self, made: Made, brought: Sequence[_Brought]) -> None:
        """Raise NothingUsable where this import fills tables and not one row of it can be used."""
        new = [one for one in brought if one.planned.action != "nothing"]
        filling = [one for one in new if one.planned.chosen.rule and one.planned.chosen.rule.tables]
        if filling and not self.confirms and not any(made.staged.tallies[one.load.id].n_usable for one in filling):
            raise _nothing_usable([_said(one, made.staged.tallies[one.load.id]) for one in filling])

    def _report(
        self, brought: Sequence[_Brought], staged: Staged | None, build: BuildReport, *, is_dry_run: bool
    ) -> ImportReport:
        by_file = {id(one.planned.chosen): one for one in brought}
        files = [
            _file_report(by_file[id(one)], staged) if id(one) in by_file else FileReport(one.found.name, False, one.why)
            for one in self.chosen
        ]
        new = [one.load.id for one in brought if one.planned.action != "nothing"]
        return ImportReport(tuple(files), tuple(new), build, is_dry_run)


@contextmanager
def _holding(store: RawStore, brought: Sequence[_Brought], at: datetime) -> Iterator[None]:
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


def _about(reader: TableReader, n_bytes: int) -> dict[str, Any]:
    """What reading said about a file, without any text of its rows."""
    report = reader.report
    return {
        "n_bytes": n_bytes,
        "encoding": report.encoding.name if report.encoding else None,
        "separator": report.separator,
        "notes": [note.sentence for note in report.notes],
        "repaired": dict(report.repaired),
        "unread": dict(report.problem_counts),
        "n_empty_rows": report.n_empty_rows,
        "problems": [
            {"row_number": problem.row_number, "reason": problem.reason, "sentence": problem.sentence}
            for problem in report.problems
        ],
    }


def _file_report(one: _Brought, staged: Staged | None) -> FileReport:
    load, planned = one.load, one.planned
    tally = staged.tallies.get(load.id) if staged else None
    counts: Counter[str] = Counter()
    for table in tally.tables.values() if tally else ():
        counts.update(table)
    unread_rows = load.about.get("unread", {})
    return FileReport(
        name=planned.chosen.found.name,
        is_used=True,
        why=_why(one),
        source=load.source,
        rule=load.rule,
        load_id=load.id,
        is_new=planned.action != "nothing",
        rows_in=load.rows + sum(unread_rows.values()),
        skipped=tally.n_skipped if tally else 0,
        unread=sum(unread_rows.values()),
        good=counts["good"],
        repaired=counts["repaired"],
        quarantined=counts["quarantined"],
        reasons={**unread_rows, **(tally.quarantined if tally else {})},
        notes=tuple(load.about.get("notes", ())),
    )


def _why(one: _Brought) -> str:
    if one.planned.same_as:
        return f"The same rows as {one.planned.same_as}."
    since = one.load.recorded_at.isoformat(" ", "minutes")
    return {
        "add": "",
        "bring_again": f"Brought again; here since {since} UTC.",
        "seen": f"Already here since {since} UTC; part of this full export.",
        "nothing": f"Already here since {since} UTC.",
    }[one.planned.action]


def _said(one: _Brought, tally: LoadTally) -> str:
    reasons = ", ".join(f"{reason} {n:,}" for reason, n in tally.quarantined.most_common(3)) or "no rows"
    return f"{one.load.file_name}: {reasons}"


def _nothing_usable(files: Sequence[str]) -> NothingUsable:
    shown = "; ".join(files[:5])
    return NothingUsable(
        f"Not one row of {len(files)} file{'s' if len(files) != 1 else ''} could be used. {shown}",
        remedy="Look at the mapping of these files, or give one with --mapping; nothing was published.",
        files=list(files),
    )
