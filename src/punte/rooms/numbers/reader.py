"""The one door through which rooms, the command line and Python read figures.

It binds a snapshot, the choices in force, an engine and a moment; every answer rests on these and ``cited`` names them.
Figures leave it in the units that people read (``punte.rooms.readable``).
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from punte.engines import Engine, open_engine
from punte.engines.duckdb_engine import DuckdbEngine
from punte.errors import NoHome, UnknownName
from punte.home.build import BuildSettings, silent
from punte.home.folder import Home, naive_utc, open_home_folder
from punte.home.known import snapshot_known_at
from punte.home.staging import Progress
from punte.measures import channels, credit, flow, funnel, loop, trace
from punte.measures import coverage as completeness
from punte.measures.views import View, deals_as_of, ways_as_of
from punte.records.channel_rules import rules_from_toml
from punte.records.lake import PRIVATE, Snapshot
from punte.records.loop_settings import LoopSettings, loop_settings_from_toml
from punte.records.moments import moments_past
from punte.rooms.numbers.completeness import fall_in_words, line_of
from punte.rooms.numbers.readable import in_major_units, with_names, with_words
from punte.rooms.numbers.written import (
    AT,
    SINCE,
    UNTIL,
    Written,
    WrittenQueries,
    cut,
    text_as_written,
    text_of,
)
from punte.sources.files.mapping import load_mapping

# Ibis sets a pandas option that pandas has since deprecated; whoever asks for .to_pandas() can do nothing about it.
warnings.filterwarnings("ignore", message="The 'future.infer_string' option is deprecated", category=Warning)

ALL = "all"
_TIMELINES = {"deal": trace.deal, "person": trace.person, "account": trace.account}
_QUERIES = WrittenQueries()
_VERIFIED: set[tuple[Path, str]] = set()
"""Homes and snapshots whose files this process has compared with their checksums."""
_WITH_MOMENTS = ("cycle", "deal", "journey", "person_origin", "touch")


@dataclass(frozen=True)
class Cited:
    """What an answer rests on: the snapshot, the versions of choices, and the moment (UTC) up to which things count.

    ``known_at`` is the moment (UTC) up to which imports count; None: all of them.
    """

    snapshot_id: str
    choices: tuple[str, ...]
    at: datetime
    known_at: datetime | None = None


def _named(name: str, known: Mapping[str, Callable[..., ir.Table]]) -> Callable[..., ir.Table]:
    if name not in known:
        raise UnknownName(f"There is no trace of a {name!r}.", remedy=f"Use one of: {', '.join(known)}, campaign.")
    return known[name]


class Numbers:
    """The figures of one home from one snapshot. Not shared between threads; close it, or use it in a ``with``.

    ``settings`` and ``channel_rules`` (TOML) are those in force, which ``cited`` names.
    """

    def __init__(
        self, home: Home, snapshot: Snapshot, engine: Engine, rules: str, settings: LoopSettings, cited: Cited
    ) -> None:
        self.home = home
        self.snapshot = snapshot
        self.engine = engine
        self.settings = settings
        self.cited = cited
        self.channel_rules = rules
        self._passing = ExitStack()

    @property
    def currency(self) -> str:
        """The reporting currency (ISO 4217)."""
        return self.home.reporting_currency

    @property
    def at(self) -> datetime:
        """The moment up to which things count (naive, UTC)."""
        return self.cited.at

    @property
    def at_on(self) -> date:
        """The local day of ``at``."""
        return self.at.replace(tzinfo=UTC).astimezone(ZoneInfo(self.home.zone)).date()

    @cached_property
    def tables(self) -> Mapping[str, ir.Table]:
        """Every table of the snapshot by name, with moments, ids and minor units as they are stored."""
        names = list(self.snapshot.manifest["tables"])
        return self.engine.tables({name: self.snapshot.paths(name) for name in names})

    @cached_property
    def traffic(self) -> ir.Table:
        """Table traffic with its channel by the rules in force; computed once, because everything joins it."""
        return self.traffic_under(self.channel_rules)

    def traffic_under(self, channel_rules: str) -> ir.Table:
        """Table traffic with its channel by other rules (TOML). Raises UnknownMapping for a mistake in them."""
        rules, lists = rules_from_toml(channel_rules)
        given = {**self.engine.from_arrow({"rules": rules, "lists": lists}), "traffic": self.tables["traffic"]}
        return self.engine.from_arrow({"traffic": self._labelled(given)})["traffic"]

    def channels(self) -> list[str]:
        """The channels that the data have by the rules in force, in alphabetical order."""
        named = self.traffic.filter(self.traffic.channel.notnull()).select("channel").distinct()
        return sorted(self.engine.to_arrow(named)["channel"].to_pylist())

    def _labelled(self, given: Mapping[str, ir.Table]) -> pa.Table:
        engine = self.engine
        if not isinstance(engine, DuckdbEngine):
            return engine.to_arrow(channels.labelled_traffic(**given))
        views = {f'"{table.get_name()}"': name for name, table in given.items()}
        shape = ("labelled traffic", self.snapshot.manifest["schema_version"])
        written = _QUERIES.get(shape, lambda: cut(engine.sql(channels.labelled_traffic(**given)), views))
        if written is None:
            return engine.to_arrow(channels.labelled_traffic(**given))
        return engine.run(written.filled({name: view for view, name in views.items()}))

    @cached_property
    def _loop_tables(self) -> loop.LoopTables:
        tables = {name: self.tables[name] for name in loop.NAMES if name != "traffic"}
        return loop.LoopTables(**tables, traffic=self.traffic, past=self._past)

    @cached_property
    def _past(self) -> frozenset[str]:
        """The columns of moments in which nothing is later than ``at``, told by what the files say of themselves."""
        return moments_past({name: self.snapshot.paths(name) for name in _WITH_MOMENTS}, self.at)

    @property
    def _view(self) -> View:
        return View(self.at, self.at_on, past=self._past)

    @cached_property
    def _names(self) -> Mapping[str, ir.Table]:
        """Names of owners and companies by id."""
        owners, private = self.tables["owner"], self.tables[f"owner{PRIVATE}"]
        people = owners.left_join(private, "record_id").drop("record_id_right")
        owner = people.select(id="record_id", name=ibis.coalesce(people.full_name, people.source_id))
        known = self.tables["account_of"].join(self.tables["account"], "record_id")
        known = known.group_by("account_id").agg(name=known["name"].argmin(known.record_id))
        return {"owner": owner, "account": known.select("name", id="account_id")}

    def answer(self, question: str, *, since: date | None = None, until: date | None = None, **words: Any) -> pa.Table:
        """The answer to ``loop``, ``funnel``, ``flow`` or ``time_in_stage`` as an Arrow table, with those words.

        The same rows in the same order as from the expression itself; its query is written once for all days and
        snapshots (``punte.rooms.numbers.written``).
        """
        days = {"since": since, "until": until}
        given = {name: day for name, day in days.items() if day is not None}
        engine = self.engine
        if not isinstance(engine, DuckdbEngine):
            return engine.to_arrow(getattr(self, question)(**words, **given))
        about = (self.settings, self.currency, self.snapshot.manifest["schema_version"], self._past)
        shape = (question, *given, tuple(sorted(words.items())), about)
        # A copy that is made while the query is written shares these tables only if they are open before.
        views = self._views
        written = _QUERIES.get(shape, lambda: self._written(engine, question, words, given))
        if written is None:
            return engine.to_arrow(getattr(self, question)(**words, **given))
        texts = {name: text_of(value) for name, value in {**given, "at": self.at, "at_on": self.at_on}.items()}
        return engine.run(written.filled(texts | {slot: view for view, slot in views.items()}))

    def _written(
        self, engine: DuckdbEngine, question: str, words: Mapping[str, Any], given: Mapping[str, date]
    ) -> Written | None:
        """The query of that question, cut where days, moments and tables stand."""
        standing = copy.copy(self)
        standing.cited = replace(self.cited, at=AT)
        stand_ins = {name: {"since": SINCE, "until": UNTIL}[name] for name in given}
        sql = engine.sql(getattr(standing, question)(**words, **stand_ins))
        moments = {**stand_ins, "at": AT, "at_on": standing.at_on}
        return cut(sql, self._views | {text_as_written(value): name for name, value in moments.items()})

    @property
    def _views(self) -> dict[str, str]:
        """What tables are called in queries of this engine, with the slot of each."""
        names = {**{f"table {name}": table for name, table in self.tables.items()}, "labelled traffic": self.traffic}
        return {f'"{table.get_name()}"': name for name, table in names.items()}

    def loop(
        self,
        *,
        by: Sequence[str] = ("channel",),
        models: Sequence[str] = (),
        since: date | None = None,
        until: date | None = None,
        window: str = "activity",
        scope: str = "origin",
        level: str = "person",
        look_back_days: int | None = None,
    ) -> ir.Table:
        """The closed loop (``punte.measures.loop``): largest revenue first, then most leads.

        ``models`` may hold ``"all"``; each is taken once. ``look_back_days`` overrides the setting in force.
        Money is in major units.

        Raises UnknownName for a dimension, model, window, scope or level that there is not, and for less than a day.
        """
        wanted = tuple(credit.MODELS) if ALL in models else tuple(dict.fromkeys(models))
        settings = _looking_back(self.settings, look_back_days)
        found = loop.loop(
            tables=self._loop_tables,
            at=self.at,
            at_on=self.at_on,
            by=by,
            models=wanted,
            since=since,
            until=until,
            window=window,
            scope=scope,
            level=level,
            settings=settings,
        )
        return self._readable(found, by, [ibis.desc("revenue"), ibis.desc("n_leads"), *by, "is_unattributed"])

    def funnel(
        self,
        *,
        by: Sequence[str] = (),
        since: date | None = None,
        until: date | None = None,
        begins: str = "lead",
        cohort: str | None = None,
    ) -> ir.Table:
        """The funnel (``punte.measures.funnel``) of the leads that began within the days.

        ``begins`` says at which stage: ``lead`` or ``mql``; ``cohort`` tells months or quarters of it apart.
        Raises UnknownName for a dimension that leads do not have, another beginning or another cohort.
        """
        question = self._question(by, since, until)
        found = funnel.funnel(**question, begins=begins, cohort=cohort)
        return self._readable(found, question["by"], [*question["by"], *_of_cohort(cohort), "place"])

    def time_in_stage(
        self,
        *,
        by: Sequence[str] = (),
        since: date | None = None,
        until: date | None = None,
        begins: str = "lead",
        cohort: str | None = None,
    ) -> ir.Table:
        """How long leads stayed in each stage before they went on (``punte.measures.funnel.time_in_stage``).

        Arguments and errors as for ``funnel``, which says how many have not gone on yet.
        """
        question = self._question(by, since, until)
        found = funnel.time_in_stage(**question, begins=begins, cohort=cohort)
        return self._readable(found, question["by"], [*question["by"], *_of_cohort(cohort), "place", "days"])

    def flow(
        self, *, by: Sequence[str] = ("channel", "campaign"), since: date | None = None, until: date | None = None
    ) -> ir.Table:
        """The flow (``punte.measures.flow``) from origins over stages to outcomes."""
        question = self._question(by, since, until)
        found = flow.flow(**question)
        return self._readable(found, question["by"], [*question["by"], "stage", "outcome"])

    def _question(self, by: Sequence[str], since: date | None, until: date | None) -> dict[str, Any]:
        """What every question about leads is asked with."""
        return {
            "tables": self._loop_tables,
            "by": by,
            "since": since,
            "until": until,
            "at": self.at,
            "at_on": self.at_on,
        }

    def credit(self, *, model: str, level: str = "person", look_back_days: int | None = None) -> ir.Table:
        """What each touch gets of each deal (``punte.measures.credit``), in major units."""
        settings = _looking_back(self.settings, look_back_days)
        found = credit.credit(
            journey=ways_as_of(self.tables["journey"], self._view, level),
            deal=deals_as_of(self.tables["deal"], self._view),
            traffic=self.traffic,
            model=model,
            look_back_days=settings.look_back_days,
            counts_every_touch=settings.counts_every_touch,
            half_life_days=settings.half_life_days,
            direct_channels=settings.direct_channels,
        )
        return in_major_units(found, self.currency)

    def credits_of_deal(self, *, opportunity_id: str, level: str = "person") -> ir.Table:
        """What every model gives each touch of one deal (``credits_by_model``), in major units."""
        settings, journey, deal = self.settings, self.tables["journey"], self.tables["deal"]
        journey = journey.filter(journey.opportunity_id == opportunity_id)
        found = credit.credits_by_model(
            journey=ways_as_of(journey, self._view, level),
            deal=deals_as_of(deal.filter(deal.opportunity_id == opportunity_id), self._view),
            traffic=self.traffic,
            look_back_days=settings.look_back_days,
            counts_every_touch=settings.counts_every_touch,
            half_life_days=settings.half_life_days,
            direct_channels=settings.direct_channels,
        )
        return in_major_units(found, self.currency)

    @cached_property
    def _trace_tables(self) -> trace.TraceTables:
        loads = self.home.raw.loads()
        columns = {"load_id": [load.id for load in loads], "file_name": [load.file_name for load in loads]}
        schema = pa.schema([(name, pa.string()) for name in columns])
        known = self.engine.from_arrow({"loads": pa.table(columns, schema)})["loads"]
        names = [name for name in trace.TraceTables.__dataclass_fields__ if name not in ("traffic", "loads")]
        return trace.TraceTables(**{name: self.tables[name] for name in names}, traffic=self.traffic, loads=known)

    def trace(self, kind: str, key: str) -> ir.Table:
        """Everything that happened to a ``deal``, ``person`` or ``account``, or the deals of a ``campaign``.

        ``key`` is an id in punte or in the source; of a campaign also its name (``punte.measures.trace``).
        Of what lies ahead of the snapshot (a meeting of next week) a timeline tells too, unless the figures are as of
        an earlier moment. Raises UnknownName for another kind.
        """
        if kind == "campaign":
            found = trace.campaign_deals(tables=self._trace_tables, key=key, at=self.at, settings=self.settings)
            return in_major_units(found, self.currency).order_by([ibis.desc("credit"), "opportunity_id"])
        told_until = self.at if self.at < self.snapshot.at else None
        return _named(kind, _TIMELINES)(tables=self._trace_tables, key=key, at=told_until)

    def campaign_persons(self, key: str) -> ir.Table:
        """Everybody whom a campaign touched, or who is a member of it (``punte.measures.trace``)."""
        found = trace.campaign_persons(tables=self._trace_tables, key=key, at=self.at)
        return found.order_by(["first_touch_at", "person_id"])

    def coverage(self) -> ir.Table:
        """What is missing in the data of the snapshot, whatever the figures are as of (``punte.measures.coverage``)."""
        return completeness.coverage(coverage=self.tables["coverage"])

    def won_with_touch(
        self, *, since: date | None = None, until: date | None = None, level: str = "person"
    ) -> ir.Table:
        """Of the deals won, how many have a known touch on their way (``punte.measures.coverage``), in major units.

        Raises UnknownName for another level.
        """
        deal, journey = self.tables["deal"], self.tables["journey"]
        found = completeness.won_with_touch(
            deal=deal, journey=journey, at=self.at, at_on=self.at_on, since=since, until=until, level=level
        )
        return in_major_units(found, self.currency)

    def rows_put_aside(self) -> ir.Table:
        """How many rows came for each table, and what became of them (``punte.measures.coverage``)."""
        return completeness.rows_put_aside(coverage=self.tables["coverage"]).order_by(["source", "table"])

    def coverage_line(self) -> str:
        """One sentence that goes with every report: how many deals have a known touch, what was put aside."""
        return line_of(self.snapshot, self.at)

    def coverage_warnings(self) -> list[str]:
        """What is less complete than in the snapshot before, in sentences."""
        return [fall_in_words(fall) for fall in self.snapshot.manifest["falls"]]

    def _readable(self, found: ir.Table, by: Sequence[str], order: Sequence[Any]) -> ir.Table:
        named = with_names(with_words(in_major_units(found, self.currency), by), self._names)
        return named.order_by([*order])

    def close(self) -> None:
        """Lets go of the engine, and of what was made for these figures alone."""
        self.engine.close()
        self._passing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _of_cohort(cohort: str | None) -> list[str]:
    return [] if cohort is None else ["cohort_on"]


def _looking_back(settings: LoopSettings, days: int | None) -> LoopSettings:
    if days is None:
        return settings
    if days < 1:
        raise UnknownName(f"One cannot look back {days} days.", remedy="Give a whole number of days from 1 on.")
    return replace(settings, look_back_days=days)


def open_home(
    path: Path | str,
    *,
    as_of: date | None = None,
    known_at: date | None = None,
    engine: str | None = None,
    verifies: bool = True,
    progress: Progress = silent,
) -> Numbers:
    """The figures of the home in that folder, from its current snapshot.

    ``as_of`` leaves out what happened later: a moment (aware, or naive in UTC), or a day, which counts to its end where
    the company is; without it everything in the snapshot counts that had happened when it was published. ``known_at``,
    given likewise, also leaves out what was imported, corrected, taken back or decided later: everything is made again
    from the imports that had come, which takes as long as `punte build`.
    ``engine`` is duckdb or spark, else what PUNTE_ENGINE says. ``verifies`` compares the files of the snapshot with
    their checksums first, once in a process; the site does so beside its pages (``punte.core.jobs.soundness``).

    Raises NoHome where there is no home or nothing was imported yet, DamagedSnapshot.
    """
    home = open_home_folder(Path(path))
    moment = None if as_of is None else moment_of(as_of, home.zone)
    if known_at is not None:
        return _numbers_known_at(home, moment_of(known_at, home.zone), moment, engine, progress)
    snapshot = home.lake.current()
    if snapshot is None:
        raise NoHome(
            f"The home {home.path} holds no data yet.",
            remedy="Bring exports with `punte import FILE…`, or see a company with `punte demo`.",
        )
    if verifies and (home.path, snapshot.id) not in _VERIFIED:
        snapshot.verify()
        _VERIFIED.add((home.path, snapshot.id))
    return numbers_of(home, snapshot, as_of=moment, engine=engine)


def moment_of(when: date, zone: str) -> datetime:
    """A moment as naive UTC; of a day (``date``) its last instant in the zone (IANA name)."""
    if isinstance(when, datetime):
        return naive_utc(when)
    midnight = datetime.combine(when + timedelta(days=1), time(), ZoneInfo(zone))
    return naive_utc(midnight) - timedelta(microseconds=1)


def open_if_any(path: Path | str) -> Numbers | None:
    """The figures of the home in that folder; None where there is no home or nothing was imported yet."""
    try:
        return open_home(path)
    except NoHome:
        return None


def _numbers_known_at(
    home: Home, known_at: datetime, as_of: datetime | None, engine: str | None, progress: Progress
) -> Numbers:
    from punte.rooms.choices import remembered_mappings, table_settings

    then = known_at.replace(tzinfo=UTC)
    mappings = [load_mapping(text) for text in remembered_mappings(home.path, then)]
    settings = BuildSettings(**vars(table_settings(home.path, then)))
    with ExitStack() as passing:
        snapshot = passing.enter_context(
            snapshot_known_at(home, mappings, known_at, settings=settings, progress=progress)
        )
        numbers = numbers_of(home, snapshot, as_of=as_of or known_at, engine=engine, known_at=known_at)
        numbers._passing = passing.pop_all()
    return numbers


def numbers_of(
    home: Home,
    snapshot: Snapshot,
    *,
    as_of: datetime | None = None,
    engine: str | None = None,
    known_at: datetime | None = None,
) -> Numbers:
    """The figures of one snapshot of a home, under the choices in force at ``as_of``, as known at ``known_at``."""
    from punte.rooms.choices import chosen_texts

    at = naive_utc(as_of) if as_of else snapshot.at
    rules, settings, labels = chosen_texts(home.path, naive_utc(as_of) if as_of else None, known_at)
    opened = open_engine(engine, folders=[snapshot.folder])
    cited = Cited(snapshot.id, labels, at, known_at)
    return Numbers(home, snapshot, opened, rules, loop_settings_from_toml(settings), cited)
