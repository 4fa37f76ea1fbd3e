"""The tables whose rows have no lineage of their own: traffic, attributes and what was found wrong with rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from punte.home.consolidate import Consolidated, Work
from punte.home.loadsets import LOAD_SHIFT
from punte.home.tables import Tables
from punte.home.versions import ORDINAL

_NO_LAST_SEEN = pa.schema([("record_id", pa.string()), ("rule", pa.int64()), ("load", pa.int64())])


def loose_tables(work: Work, done: Consolidated) -> dict[str, list[Path]]:
    """Write traffic, attribute and row_problem; gives their files by name."""
    paths: dict[str, list[Path]] = {}
    for name, make in (("traffic", _traffic), ("attribute", _attributes), ("row_problem", _problems)):
        rows = make(work, done) if name in work.staged.paths else iter(())
        paths |= work.write(name, rows, work.staged.n_rows[name])
    return paths


def _traffic(work: Work, done: Consolidated) -> Iterator[pa.Table]:
    return Tables(work.engine, {}).in_order(_staged(work, "traffic").distinct(), "traffic")


def _problems(work: Work, done: Consolidated) -> Iterator[pa.Table]:
    return Tables(work.engine, {}).in_order(_staged(work, "row_problem"), "row_problem")


def _attributes(work: Work, done: Consolidated) -> Iterator[pa.Table]:
    """Attributes of records that stand, as the last load of each rule had them."""
    parts = [rows for outcome in done.outcomes.values() for rows in outcome.last_seen]
    last_seen = pa.concat_tables([_NO_LAST_SEEN.empty_table(), *parts])
    rows = _staged(work, "attribute")
    rows = rows.mutate(load=rows[ORDINAL] >> LOAD_SHIFT)
    seen = work.engine.from_arrow({"last_seen": last_seen})["last_seen"].rename(last_load="load")
    rows = rows.left_join(seen, ["record_id", "rule"])
    rows = rows.filter(rows.last_load.isnull() | (rows.last_load == rows.load))
    newest = ibis.row_number().over(group_by=[rows["record_id"], rows["name"]], order_by=rows[ORDINAL].desc())
    rows = rows.mutate(place=newest)
    return Tables(work.engine, {}).in_order(rows.filter(rows.place == 0), "attribute")


def _staged(work: Work, name: str) -> ir.Table:
    return work.engine.tables({name: work.staged.paths[name]})[name]
