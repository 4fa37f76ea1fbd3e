"""From all rows that ever came to the tables as they stand: one row per record, ordered, ready to be published.

Deletions come first, then what events are noticed in, then everything else. Each table is sorted by the engine, which
spills to disk, and passes through memory in batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.engines import Engine
from punte.errors import TooManyDeletions
from punte.home import noticed
from punte.home.loadsets import LOAD_SHIFT, LoadSets
from punte.home.ordered import is_split, write_ordered
from punte.home.staging import Progress, Staged
from punte.home.versions import ORDINAL, RULE, VERSION_ORDER, Deletions, Outcome, standing
from punte.records import ids
from punte.records.columns import Table
from punte.records.tables import CANONICAL, TABLES

FIRST = ("record_deletion", "opportunity", "lead")
"""Tables that others depend on: what is deleted, and what shows events in its changes."""

MADE_OF_OTHERS = frozenset({"person_identifier"})
"""Tables whose rows go with a row of another: their absence is no deletion of its own."""

MOST_GONE = 0.05
"""The share of its records that a full export may lack, compared with the one before, without anybody confirming it."""


@dataclass
class Consolidated:
    """The tables as they stand: files by name (companions included), and what was found on the way, by table."""

    paths: dict[str, list[Path]] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """What consolidating needs: where rows come from and go to, on what it runs, the home's key, whom to tell.

    ``accepted`` holds the sets of full exports (as ids of loads) whose deletions are published already.
    """

    staged: Staged
    engine: Engine
    folder: Path
    key: bytes
    accepted: frozenset[frozenset[str]]
    progress: Progress

    def write(
        self, name: str, rows: Iterable[pa.Table], n_rows: int, *, is_second: bool = False
    ) -> dict[str, list[Path]]:
        """Write the rows of a table, in the order of its key, for publishing; ``n_rows`` is about their number.

        ``is_second``: the rows are read from what was written of the table before, which therefore stays.
        """
        folder = self.folder / "second" if is_second else self.folder
        folder.mkdir(exist_ok=True)
        return write_ordered(TABLES[name], rows, folder, by_quarter=is_split(TABLES[name], n_rows))


def consolidate(work: Work) -> Consolidated:
    """Bring every canonical table that has lineage to the rows that stand.

    Raises TooManyDeletions where a full export lacks too many rows, IdCollision where two rows have one id.
    """
    done = Consolidated()
    names = [*FIRST, *(name for name, table in CANONICAL.items() if table.has_lineage and name not in FIRST)]
    with_attributes = frozenset(table for (table,) in _distinct(work, "attribute", ("table",)))
    said = TABLES["record_deletion"].whole_schema.empty_table()
    extra: dict[str, pa.Table] = {}
    for number, name in enumerate(names):
        outcome = done.outcomes[name] = Outcome()
        deletions = _said_of(work, name, said)
        rows = _standing(work, name, deletions, outcome, extra.get(name), keeps_last_seen=name in with_attributes)
        if name == "record_deletion":
            said = pa.concat_tables([said, *rows])
            continue
        if name == "stage_event":
            rows = (noticed.bounded_by_import(part, work.staged.zones) for part in rows)
        done.paths |= work.write(name, rows, work.staged.n_rows[name])
        if name == "stage_event":
            done.paths |= _with_passed_stages(work, done.paths[name], outcome)
        _refuse_too_many(work, name, outcome)
        extra |= _noticed(work, name, outcome)
        work.progress("tables", number + 1, len(names))
    done.paths |= _deletions(work, said, done.outcomes)
    return done


def _standing(
    work: Work, name: str, deletions: Deletions, outcome: Outcome, extra: pa.Table | None, *, keeps_last_seen: bool
) -> Iterator[pa.Table]:
    """The rows of one table that stand, in order; ``extra`` rows take part as if they had come."""
    return standing(
        TABLES[name],
        _sorted_rows(work, TABLES[name], extra),
        work.staged.sets,
        deletions,
        outcome,
        watched=noticed.WATCHED.get(name, ()),
        keeps_last_seen=keeps_last_seen,
    )


def _sorted_rows(work: Work, table: Table, extra: pa.Table | None) -> Iterable[pa.RecordBatch]:
    """Every row that came for a table, and the extra ones, sorted by record and version."""
    tables = []
    if paths := work.staged.paths.get(table.name):
        tables.append(work.engine.tables({table.name: paths})[table.name])
    if extra is not None and extra.num_rows:
        tables.append(work.engine.from_arrow({table.name: _numbered(extra, work.staged.sets)})[table.name])
    if not tables:
        return []
    rows = tables[0] if len(tables) == 1 else ibis.union(*tables)
    order = [rows[name].asc(nulls_first=True) for name in VERSION_ORDER]
    return work.engine.batches(rows.order_by(order))


def _numbered(rows: pa.Table, sets: LoadSets) -> pa.Table:
    """Rows made here get ordinals after those of all loads: no later full export can lack them."""
    first = len(sets.loads) << LOAD_SHIFT
    rows = rows.append_column(RULE, pa.repeat(int(sets.rule_of[-1]), rows.num_rows))
    return rows.append_column(ORDINAL, pa.array(np.arange(first, first + rows.num_rows)))


def _with_passed_stages(work: Work, paths: list[Path], outcome: Outcome) -> dict[str, list[Path]]:
    """Stage events with the stages that newer imports replaced; nothing new where none was."""
    passed = noticed.passed_stages(outcome.changes, work.key, work.staged.zones)
    if not passed.num_rows:
        return {}
    rows = ibis.union(
        *work.engine.tables({"now": paths}).values(), *work.engine.from_arrow({"passed": passed}).values()
    )
    batches = work.engine.batches(rows.order_by("record_id"))
    zones = work.staged.zones
    bounded = (noticed.with_bounds(pa.Table.from_batches([b]), outcome.changes, zones) for b in batches)
    return work.write("stage_event", bounded, work.staged.n_rows["stage_event"], is_second=True)


def _said_of(work: Work, name: str, said: pa.Table) -> Deletions:
    """What the sources said to be deleted of one table."""
    mine = said.filter(pc.equal(said.column("table"), name))
    record_ids: list[pa.Array] = [pa.array([], pa.string())]
    loads = [np.array([], np.int64)]
    order = pa.array([load.id for load in work.staged.sets.loads], pa.string())
    for source in pc.unique(mine.column("from_source")).to_pylist():
        rows = mine.filter(pc.equal(mine.column("from_source"), source))
        record_ids.append(ids.record_ids(work.key, source, name, rows.column("deleted_source_id")))
        loads.append(pc.index_in(rows.column("load_id"), value_set=order).cast(pa.int64()).to_numpy())
    return Deletions(pa.concat_arrays(record_ids), np.concatenate(loads))


def _noticed(work: Work, name: str, outcome: Outcome) -> dict[str, pa.Table]:
    """Events that show only in the changes of this table, by the table that they belong to."""
    zones = work.staged.zones
    if name == "opportunity":
        pairs = _distinct(work, "opportunity_event", ("from_source", "subject"))
        told = frozenset((source, subject) for source, subject in pairs)
        return {"opportunity_event": noticed.opportunity_events(outcome.changes, work.key, zones, told)}
    if name == "lead":
        sources = frozenset(source for (source,) in _distinct(work, "stage_event", ("from_source",)))
        return {"stage_event": noticed.lead_stage_events(outcome.changes, work.key, zones, sources)}
    return {}


def _distinct(work: Work, name: str, columns: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The combinations of values that came in these columns of a table."""
    paths = work.staged.paths.get(name)
    if not paths:
        return set()
    rows = work.engine.to_arrow(work.engine.tables({name: paths})[name].select(*columns).distinct())
    return {tuple(row[column] for column in columns) for row in rows.to_pylist()}


def _refuse_too_many(work: Work, name: str, outcome: Outcome) -> None:
    for sets in work.staged.sets.full if name not in MADE_OF_OTHERS else ():
        before, gone = (counts[sets.source, sets.rule] for counts in (outcome.n_previous, outcome.n_gone))
        newest = work.staged.sets.newest_of(sets.source, sets.rule)
        if gone > MOST_GONE * before and not sets.is_confirmed and newest not in work.accepted:
            raise TooManyDeletions(
                f"The newest export '{sets.rule}' of {sets.source} lacks {gone:,} of {before:,} rows of {name} that "
                "the export before it had.",
                remedy="If they are really gone, import it again and confirm the deletions; else export it whole.",
                source=sets.source,
                rule=sets.rule,
                table=name,
                n_gone=gone,
                n_before=before,
                loads=sorted(newest),
            )


def _deletions(work: Work, said: pa.Table, outcomes: dict[str, Outcome]) -> dict[str, list[Path]]:
    """Table record_deletion: what sources said, and what newer full exports have no more."""
    found = [
        _absent(work, name, rows)
        for name, outcome in outcomes.items()
        for rows in outcome.gone
        if rows.num_rows and name not in MADE_OF_OTHERS
    ]
    rows = pa.concat_tables([said, *found]).sort_by("record_id")
    return work.write("record_deletion", [rows], rows.num_rows)


def _absent(work: Work, name: str, rows: pa.Table) -> pa.Table:
    """Rows of record_deletion for records that newer full exports have no more."""
    schema, n = TABLES["record_deletion"].whole_schema, rows.num_rows
    source_ids = pc.binary_join_element_wise(rows.column("source_id"), pa.scalar(name), "|")
    columns = {
        "record_id": rows.column("record_id"),
        "from_source": rows.column("from_source"),
        "source_id": source_ids,
        "load_id": rows.column("gone_load"),
        "row_number": pa.repeat(0, n),
        "recorded_at": rows.column("gone_at"),
        "updated_at": pa.nulls(n, pa.timestamp("us")),
        "table": pa.repeat(name, n),
        "deleted_source_id": rows.column("source_id"),
        "occurred_at": rows.column("gone_at"),
        "occurred_on": noticed.local_days(rows.column("gone_at"), rows.column("from_source"), work.staged.zones),
        "occurred_precision": pa.repeat("second", n),
    }
    made = pa.table({column: columns[column] for column in schema.names}).cast(schema)
    return noticed.with_ids(made, "record_deletion", source_ids, work.key)
