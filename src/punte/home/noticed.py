"""Events that no source tells, noticed because two imports of one record differ.

An export that only shows how things stand says nothing about when they changed; the change lies between the import that
still had the old value and the one that first had the new. Such events have the basis ``from_current``; they are taken
to have happened when the source says the row last changed, if that lies between the two imports, else at the second.
What a source tells by itself (its own history of stages, amounts ...) is not noticed a second time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.home.versions import Change
from punte.records import ids
from punte.records.tables import TABLES
from punte.records.tables.leads import STAGES

SUBJECTS = {"stage": "stage", "status": "status", "close_date": "expected_close", "owner": "owner_record_id"}
"""Which column of an opportunity each subject of an opportunity_event tells of; the amount has columns of its own."""

WATCHED = {
    "opportunity": (*SUBJECTS.values(), "amount", "currency"),
    "lead": ("status",),
    "stage_event": ("stage", "lead_record_id"),
}
"""By table, the columns whose changes are noticed."""

_LINEAGE = ("from_source", "load_id", "row_number", "updated_at")


def opportunity_events(
    changes: Sequence[Change], key: bytes, zones: Mapping[str, str], told: frozenset[tuple[str, str]]
) -> pa.Table:
    """One opportunity_event per changed stage, status, close date, owner and amount of an opportunity.

    ``told`` names source and subject of what the sources tell themselves; ``zones`` the zone of each source.
    """
    parts = [TABLES["opportunity_event"].whole_schema.empty_table()]
    for change in changes:
        for subject, column in SUBJECTS.items():
            parts.append(_events_of(change, subject, (column,), key, zones, told))
        parts.append(_events_of(change, "amount", ("amount", "currency"), key, zones, told))
    return pa.concat_tables(parts)


def lead_stage_events(
    changes: Sequence[Change], key: bytes, zones: Mapping[str, str], told: frozenset[str]
) -> pa.Table:
    """One stage_event per change of a lead's status to a word that names a lifecycle stage.

    ``told`` names the sources that tell stages themselves.
    """
    parts = [TABLES["stage_event"].whole_schema.empty_table()]
    for change in changes:
        stage = pc.utf8_lower(pc.utf8_trim_whitespace(change.after.column("status")))
        is_stage = pc.is_in(stage, value_set=pa.array(STAGES))
        chosen = _differing(change, ("status",)) & is_stage.to_numpy() & ~_is_told(change.after, told)
        columns = {
            "lead_record_id": change.after.column("record_id").filter(pa.array(chosen)),
            "stage": stage.filter(pa.array(chosen)),
        }
        parts.append(_noticed("stage_event", _chosen(change, chosen), "status", columns, key, zones))
    return pa.concat_tables(parts)


def passed_stages(changes: Sequence[Change], key: bytes, zones: Mapping[str, str]) -> pa.Table:
    """One stage_event for every stage that was replaced by another in the same record.

    Where a mapping tells a lead's stage now, each import that finds another stage would lose the one before.
    """
    parts = [TABLES["stage_event"].whole_schema.empty_table()]
    for change in changes:
        moved = _chosen(change, _differing(change, WATCHED["stage_event"]))
        source_ids = pc.binary_join_element_wise(moved.before.column("source_id"), moved.before.column("load_id"), "|")
        rows = with_bounds(moved.before.select(TABLES["stage_event"].whole_schema.names), changes, zones)
        parts.append(with_ids(rows, "stage_event", source_ids, key))
    return pa.concat_tables(parts)


def bounded_by_import(rows: pa.Table, zones: Mapping[str, str]) -> pa.Table:
    """Stage events of which no moment is said at all, with the latest that it can have been: when they came in.

    Where the source says when it last changed the row, and that was before, it is that moment.
    """
    is_unknown = pc.and_(pc.is_null(rows.column("occurred_at")), pc.is_null(rows.column("not_after_at")))
    latest = pc.min_element_wise(rows.column("updated_at"), rows.column("recorded_at"))
    columns = {
        "not_after_at": latest,
        "not_after_on": local_days(latest, rows.column("from_source"), zones),
        "not_after_precision": pa.scalar("second"),
        "basis": pa.scalar("from_current"),
    }
    for name, values in columns.items():
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, rows.schema.field(place), pc.if_else(is_unknown, values, rows.column(name)))
    return rows


def with_bounds(rows: pa.Table, changes: Sequence[Change], zones: Mapping[str, str]) -> pa.Table:
    """Stage events whose moment is unknown, with the bounds that the imports around their change give them."""
    found = [_chosen(change, _differing(change, WATCHED["stage_event"])) for change in changes]
    if not found:
        return rows
    after = pa.concat_tables([change.after.select(["record_id", "load_id", "recorded_at"]) for change in found])
    seen = pa.chunked_array([chunk for change in found for chunk in change.last_seen_at.chunks], pa.timestamp("us"))
    mark = pc.binary_join_element_wise(after.column("record_id"), after.column("load_id"), "|")
    mine = pc.binary_join_element_wise(rows.column("record_id"), rows.column("load_id"), "|")
    at = pc.index_in(mine, value_set=mark.combine_chunks())
    is_bound = pc.and_(pc.is_valid(at), pc.is_null(rows.column("occurred_at")))
    return _bounded(rows, is_bound, seen.take(at), after.column("recorded_at").take(at), zones)


def _events_of(
    change: Change,
    subject: str,
    columns: tuple[str, ...],
    key: bytes,
    zones: Mapping[str, str],
    told: frozenset[tuple[str, str]],
) -> pa.Table:
    telling = frozenset(source for source, of in told if of == subject)
    chosen = _chosen(change, _differing(change, columns) & ~_is_told(change.after, telling))
    is_amount = subject == "amount"
    nothing = pa.nulls(chosen.after.num_rows)
    values = {
        "opportunity_record_id": chosen.after.column("record_id"),
        "subject": pa.repeat(subject, chosen.after.num_rows),
        "value": nothing if is_amount else chosen.after.column(columns[0]).cast(pa.string()),
        "amount": chosen.after.column("amount") if is_amount else nothing,
        "currency": chosen.after.column("currency") if is_amount else nothing,
    }
    return _noticed("opportunity_event", chosen, subject, values, key, zones)


def _noticed(
    table: str,
    change: Change,
    subject: str,
    values: Mapping[str, pa.Array | pa.ChunkedArray],
    key: bytes,
    zones: Mapping[str, str],
) -> pa.Table:
    """Events in the schema of their table: one per row of the change, bounded by the imports around it."""
    after, schema = change.after, TABLES[table].whole_schema
    parts = (after.column("source_id"), pa.repeat(subject, after.num_rows), after.column("load_id"))
    columns = {name: pa.nulls(after.num_rows, schema.field(name).type) for name in schema.names}
    columns |= {name: after.column(name) for name in (*_LINEAGE, "recorded_at")} | dict(values)
    columns["source_id"] = pc.binary_join_element_wise(*parts, "|")
    rows = pa.table([pa.chunked_array([c]) if isinstance(c, pa.Array) else c for c in columns.values()], list(columns))
    rows = with_ids(rows, table, rows.column("source_id"), key).select(schema.names).cast(schema)
    everything = pa.chunked_array([pa.repeat(True, after.num_rows)])
    return _bounded(rows, everything, change.last_seen_at, after.column("recorded_at"), zones)


def with_ids(rows: pa.Table, table: str, source_ids: pa.ChunkedArray, key: bytes) -> pa.Table:
    """The rows with these ids of their source, and the record_ids made of them."""
    sources = rows.column("from_source").to_numpy(zero_copy_only=False)
    record_ids = np.empty(rows.num_rows, object)
    for source in sorted(set(sources)):
        mine = np.flatnonzero(sources == source)
        record_ids[mine] = ids.record_ids(key, source, table, source_ids.take(mine)).to_numpy(zero_copy_only=False)
    columns = {"record_id": pa.array(record_ids, pa.string()), "source_id": source_ids}
    for name, values in columns.items():
        rows = rows.set_column(rows.schema.get_field_index(name), name, values)
    return rows


def _bounded(
    rows: pa.Table,
    is_bound: pa.ChunkedArray,
    not_before: pa.ChunkedArray,
    not_after: pa.ChunkedArray,
    zones: Mapping[str, str],
) -> pa.Table:
    """The rows with bounds and a moment between them where ``is_bound``; others stay as they are."""
    updated = rows.column("updated_at")
    is_between = pc.fill_null(pc.and_(pc.greater(updated, not_before), pc.less_equal(updated, not_after)), False)
    moments = {
        "occurred": pc.if_else(is_between, updated, not_after),
        "not_before": pc.if_else(pc.less(not_before, not_after), not_before, None),
        "not_after": not_after,
    }
    columns = {"basis": pa.scalar("from_current")}
    for name, moment in moments.items():
        columns |= {f"{name}_at": moment, f"{name}_on": local_days(moment, rows.column("from_source"), zones)}
        columns[f"{name}_precision"] = pc.if_else(pc.is_valid(moment), "second", None)
    for name, values in columns.items():
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, rows.schema.field(place), pc.if_else(is_bound, values, rows.column(name)))
    return rows


def local_days(moments: pa.ChunkedArray, sources: pa.ChunkedArray, zones: Mapping[str, str]) -> pa.ChunkedArray:
    """The day on which each moment (naive, UTC) falls in the zone of its source."""
    days = pa.chunked_array([pa.nulls(len(moments), pa.date32())])
    for source in pc.unique(sources).to_pylist():
        local = pc.local_timestamp(pc.assume_timezone(moments, "UTC").cast(pa.timestamp("us", zones[source])))
        days = pc.if_else(pc.equal(sources, source), local.cast(pa.date32()), days)
    return days


def _differing(change: Change, columns: Sequence[str]) -> np.ndarray:
    differs = np.zeros(change.after.num_rows, bool)
    for name in columns:
        after, before = change.after.column(name), change.before.column(name)
        differs |= pc.fill_null(pc.not_equal(after, before), False).to_numpy()
        differs |= after.is_null().to_numpy() != before.is_null().to_numpy()
    return differs


def _chosen(change: Change, chosen: np.ndarray) -> Change:
    mask = pa.array(chosen)
    return Change(change.before.filter(mask), change.after.filter(mask), change.last_seen_at.filter(mask))


def _is_told(rows: pa.Table, told: frozenset[str]) -> np.ndarray:
    return pc.is_in(rows.column("from_source"), value_set=pa.array(sorted(told), pa.string())).to_numpy()
