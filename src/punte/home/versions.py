"""Of all rows that ever came for one record, the one that stands: one pass over rows sorted by record and version.

Rows come sorted by ``record_id``, then by the rule that brought them, then by version: by ``updated_at`` (unknown
first), then as their loads came. A row that repeats the one before it is no new version: it keeps the lineage of the
load that first brought this content, so that importing the same content again changes nothing. Of each rule the last
version counts, and an empty cell in it is empty. Where several rules tell of one record (a list of companies, and
deals that name theirs), what the latest of them leaves empty is taken from the others. ``recorded_at`` is that of
the record's first load.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.errors import IdCollision
from punte.home.loadsets import LOAD_SHIFT, LoadSets
from punte.records.columns import LINEAGE, Kind, Table

ORDINAL, RULE = "ordinal", "rule"
VERSION_ORDER = ("record_id", RULE, "updated_at", ORDINAL)
_LINEAGE = frozenset(column.name for column in LINEAGE)
_SOURCE = ("from_source", "source_id")


@dataclass
class Change:
    """What one import found otherwise than the one before: row i of ``after`` replaced row i of ``before``.

    Each is the first row of its version; ``last_seen_at`` is when the replaced version last came in (naive, UTC).
    """

    before: pa.Table
    after: pa.Table
    last_seen_at: pa.ChunkedArray


@dataclass
class Outcome:
    """What was found on the way. ``n_previous`` and ``n_gone`` count records by (source, rule) of full exports.

    ``gone`` holds, as they last were, the records that the newest full exports have no more, with the moment and the
    id of a load of the first export that lacked them (``gone_at``, ``gone_load``). ``newest_load`` is the position of
    the last load that brought anything new (-1: none).
    ``last_seen`` has one row per record and rule for records that came in several loads, or stand no more:
    record_id, rule (number), load (position of the last load; -1: the record stands no more).
    """

    n_came: int = 0
    n_superseded: int = 0
    newest_load: int = -1
    n_previous: Counter[tuple[str, str]] = field(default_factory=Counter)
    n_gone: Counter[tuple[str, str]] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    gone: list[pa.Table] = field(default_factory=list)
    last_seen: list[pa.Table] = field(default_factory=list)


@dataclass(frozen=True)
class Deletions:
    """Records that their sources said to be deleted: ids, and for each the position of the load that said so."""

    record_ids: pa.Array
    loads: np.ndarray

    def said_at(self, record_ids: pa.Array) -> np.ndarray:
        """For each record the position of the load that said it is deleted; -1 where none did."""
        places = pc.fill_null(pc.index_in(record_ids, self.record_ids), -1).to_numpy(zero_copy_only=False)
        return np.where(places >= 0, np.append(self.loads, -1)[places], -1)


def standing(
    table: Table,
    batches: Iterable[pa.RecordBatch],
    sets: LoadSets,
    deletions: Deletions,
    outcome: Outcome,
    *,
    watched: Sequence[str] = (),
    keeps_last_seen: bool = False,
) -> Iterator[pa.Table]:
    """The rows that stand, in the order of ``record_id``; ``outcome`` is filled while they are taken.

    ``batches`` have the columns of the table, ``rule`` and ``ordinal``, sorted by VERSION_ORDER with nulls first.
    A change from one load to another in any of the ``watched`` columns is kept. Raises IdCollision.
    """
    for rows in _whole_records(batches):
        records = _Records(table, rows, sets)
        outcome.n_came += rows.num_rows
        outcome.n_superseded += rows.num_rows - len(records.starts)
        if watched:
            outcome.changes.append(records.changes(watched))
        stands = records.stand(deletions)
        _count_gone(records, sets, outcome)
        outcome.newest_load = max(outcome.newest_load, records.newest_load())
        kept = records.kept()
        outcome.gone.append(records.gone(kept))
        if keeps_last_seen:
            outcome.last_seen.append(records.last_seen(stands))
        yield kept.filter(pa.array(stands))


def _whole_records(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The same rows in tables that never end within a record."""
    waiting: pa.Table | None = None
    for batch in batches:
        rows = pa.Table.from_batches([batch])
        rows = pa.concat_tables([waiting, rows]) if waiting is not None else rows
        n_whole = _n_before_last(rows.column("record_id"))
        if n_whole:
            yield rows.slice(0, n_whole).combine_chunks()
        waiting = rows.slice(n_whole)
    if waiting is not None and waiting.num_rows:
        yield waiting.combine_chunks()


def _n_before_last(ids: pa.ChunkedArray) -> int:
    """How many rows come before those of the last record."""
    return len(ids) - pc.sum(pc.equal(ids, ids[-1])).as_py() if len(ids) else 0


class _Records:
    """Some rows, whole records only: where each record begins, each run of one rule's rows of it, and each version."""

    def __init__(self, table: Table, rows: pa.Table, sets: LoadSets) -> None:
        self.rows = rows
        self._table = table
        self._loads = rows.column(ORDINAL).to_numpy() >> LOAD_SHIFT
        self._rule_of = sets.rule_of
        self._sets = sets
        is_same_record = _same_as_before(rows.column("record_id"))
        is_same_run = is_same_record & _same_as_before(rows.column(RULE))
        self.starts = _begins(is_same_record)
        self._run_starts = _begins(is_same_run)
        self._refuse_collisions(np.flatnonzero(is_same_record) + 1)
        self._repeats = np.flatnonzero(is_same_run) + 1
        content = [name for name in table.whole_schema.names if name not in _LINEAGE]
        self._changed = self._repeats[self._differs(self._repeats, content)]
        self._last = np.maximum.reduceat(self._version_starts(), self._run_starts)

    def kept(self) -> pa.Table:
        """One row per record as it stands now, with the moment of the record's first load."""
        plain = self.rows.drop_columns([RULE, ORDINAL])
        if len(self.starts) == self.rows.num_rows:
            return plain
        rows = plain.take(self._last) if len(self.starts) == len(self._run_starts) else self._merged(plain)
        moments = self.rows.column("recorded_at").cast(pa.int64()).to_numpy()
        first = pa.array(np.minimum.reduceat(moments, self.starts)).cast(pa.timestamp("us"))
        return rows.set_column(rows.schema.get_field_index("recorded_at"), "recorded_at", first)

    def _merged(self, rows: pa.Table) -> pa.Table:
        """The last versions of all rules that tell of a record as one row, the one that came last before the others.

        A full export that has the record no more is asked only if no other rule has it.
        """
        record = np.searchsorted(self.starts, self._run_starts, side="right") - 1
        stands = np.logical_or.reduceat(self._sets.stands[self._loads], self._run_starts)
        order = np.lexsort((self.rows.column(ORDINAL).to_numpy()[self._last], record))
        order = order[(stands | self.are_absent()[record])[order]]
        last, begins = self._last[order], np.searchsorted(record[order], np.arange(len(self.starts)))
        columns: dict[str, pa.ChunkedArray] = {}
        for names, known_by in _together(self._table):
            is_known = np.zeros(len(last), bool) if known_by else np.ones(len(last), bool)
            for name in known_by:
                is_known |= rows.column(name).is_valid().to_numpy()[last]
            place = np.maximum.reduceat(np.where(is_known, np.arange(len(last)), -1), begins)
            chosen = pa.array(last[place], mask=place < 0)
            columns |= {name: rows.column(name).take(chosen) for name in names}
        return pa.table({name: columns[name] for name in rows.schema.names})

    def newest_load(self) -> int:
        """The position of the last load that brought a version that counts; -1 where all rows were made here."""
        loads = self._loads[self._last]
        return int(loads[loads < len(self._sets.loads)].max(initial=-1))

    def are_absent(self) -> np.ndarray:
        """For each record whether it came from full exports only and the newest of each has it no more."""
        return ~np.logical_or.reduceat(self._sets.stands[self._loads], self.starts)

    def gone(self, kept: pa.Table) -> pa.Table:
        """The records that are absent, with the first export that lacked them."""
        absent = np.flatnonzero(self.are_absent())
        gone_at, gone_load = np.full(len(absent), -1), np.full(len(absent), -1)
        for rule in self._sets.full if len(absent) else ():
            last = np.maximum.reduceat(rule.last_set_of(len(self._sets.loads))[self._loads], self.starts)[absent]
            following = np.minimum(last + 1, len(rule.sets) - 1)
            moment = np.where(last < 0, -1, np.array(rule.moments, "datetime64[us]").astype(np.int64)[following])
            load = np.array([max(members) for members in rule.sets])[following]
            gone_at, gone_load = np.maximum(gone_at, moment), np.where(moment > gone_at, load, gone_load)
        load_ids = pa.array([load.id for load in self._sets.loads], pa.string())
        rows = kept.take(pa.array(absent)).append_column("gone_at", pa.array(gone_at).cast(pa.timestamp("us")))
        return rows.append_column("gone_load", load_ids.take(pa.array(gone_load)))

    def stand(self, deletions: Deletions) -> np.ndarray:
        """For each record whether it still stands: neither absent nor said to be deleted."""
        said = deletions.said_at(self.rows.column("record_id").take(self.starts).combine_chunks())
        return ~self.are_absent() & (said < np.maximum.reduceat(self._loads, self.starts))

    def changes(self, watched: Sequence[str]) -> Change:
        """Each change from one load to another in one of these columns, records and their versions in order."""
        is_new_load = self._loads[self._repeats] != self._loads[self._repeats - 1]
        at = self._repeats[self._differs(self._repeats, watched) & is_new_load]
        begun = np.maximum.accumulate(self._version_starts())[at - 1]
        return Change(self.rows.take(begun), self.rows.take(at), self.rows.column("recorded_at").take(at - 1))

    def in_set(self, positions: frozenset[int]) -> np.ndarray:
        """For each record whether one of these loads brought it."""
        return np.logical_or.reduceat(np.isin(self._loads, list(positions)), self.starts)

    def last_seen(self, stands: np.ndarray) -> pa.Table:
        """For records of several rows, and for those that stand no more, the last load of each rule that had them."""
        record_of = np.zeros(self.rows.num_rows, np.int64)
        record_of[self.starts[1:]] = 1
        record_of = np.cumsum(record_of)
        matters = np.bincount(record_of, minlength=len(self.starts)) > 1
        chosen = np.flatnonzero((matters | ~stands)[record_of])
        n_rules = int(self._rule_of.max(initial=0)) + 1
        pairs = record_of[chosen] * n_rules + self._rule_of[self._loads[chosen]]
        order = np.lexsort((self._loads[chosen], pairs))
        is_last = np.append(pairs[order][1:] != pairs[order][:-1], True)[: len(order)]
        last, pair = chosen[order][is_last], pairs[order][is_last]
        loads = np.where(stands[pair // n_rules], self._loads[last], -1)
        ids = self.rows.column("record_id").take(last)
        return pa.table({"record_id": ids, "rule": pair % n_rules, "load": loads})

    def _version_starts(self) -> np.ndarray:
        """For each row that begins a version its own place, else 0."""
        begins = np.zeros(self.rows.num_rows, np.int64)
        begins[self._run_starts] = self._run_starts
        begins[self._changed] = self._changed
        return begins

    def _differs(self, at: np.ndarray, columns: Iterable[str]) -> np.ndarray:
        """For each of these rows whether it differs from the row before it; two nulls are equal."""
        differs = np.zeros(len(at), bool)
        for name in columns if len(at) else ():
            column = self.rows.column(name)
            now, before = column.take(at), column.take(at - 1)
            unequal = pc.fill_null(pc.not_equal(now, before), False).to_numpy()
            differs |= unequal | (now.is_null().to_numpy() != before.is_null().to_numpy())
        return differs

    def _refuse_collisions(self, same_record: np.ndarray) -> None:
        clashing = same_record[self._differs(same_record, _SOURCE)]
        if len(clashing):
            two = self.rows.slice(int(clashing[0]) - 1, 2).select(["record_id", *_SOURCE]).to_pylist()
            names = " and ".join(f"{row['source_id']!r} of {row['from_source']}" for row in two)
            raise IdCollision(
                f"In table {self._table.name} the rows {names} came out with one id, {two[0]['record_id']}.",
                remedy="Nothing was published. Import the same files into a new home, whose key gives other ids.",
                table=self._table.name,
                record_id=two[0]["record_id"],
            )


def _same_as_before(values: pa.ChunkedArray) -> np.ndarray:
    """For each row but the first whether it has the value of the row before it."""
    return pc.equal(values.slice(1), values.slice(0, max(len(values) - 1, 0))).to_numpy()


def _begins(is_same_as_before: np.ndarray) -> np.ndarray:
    """The places at which something new begins."""
    return np.flatnonzero(np.append(True, ~is_same_as_before))


def _together(table: Table) -> list[tuple[list[str], list[str]]]:
    """The columns that are taken from one row together, each group with those of which one must be filled for that.

    A moment goes with its day, and amounts with their currency; lineage is that of the latest row, filled or not.
    """
    money = [one.name for one in table.fields if one.kind is Kind.MONEY]
    currency = [one.name for one in table.fields if one.kind is Kind.CURRENCY and money]
    groups: list[tuple[list[str], list[str]]] = [([column.name for column in LINEAGE], [])]
    groups += [(money + currency, money)] if money else []
    for one in table.fields:
        if one.name not in money + currency:
            names = [column.name for column in one.columns()]
            groups.append((names, names[:1]))
    return groups


def _count_gone(records: _Records, sets: LoadSets, outcome: Outcome) -> None:
    for rule in sets.full:
        if rule.previous:
            before, now = records.in_set(rule.previous), records.in_set(rule.newest)
            outcome.n_previous[rule.source, rule.rule] += int(before.sum())
            outcome.n_gone[rule.source, rule.rule] += int((before & ~now).sum())
