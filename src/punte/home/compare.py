"""How the tables of two snapshots differ, record by record; files that both share are not read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from pathlib import Path

import ibis.expr.types as ir
import pyarrow.parquet as pq

from punte.engines import Engine
from punte.home.reports import TableReport
from punte.records.columns import LINEAGE, Table
from punte.records.lake import telling_damage
from punte.records.tables import CANONICAL

_OF_VERSION = ("load_id", "row_number")
_UNCOMPARED = {column.name for column in LINEAGE} - set(_OF_VERSION)


def table_reports(
    engine: Engine, before: Mapping[str, Sequence[Path]], after: Mapping[str, Sequence[Path]]
) -> tuple[TableReport, ...]:
    """One report per canonical table that has records before or after.

    ``before`` and ``after`` name the files of each table; files of one name hold the same rows. Raises DamagedSnapshot.
    """
    reports = [
        _report(engine, table, before.get(name, ()), after[name])
        for name, table in CANONICAL.items()
        if table.has_lineage
    ]
    return tuple(report for report in reports if report.rows or report.gone)


def _report(engine: Engine, table: Table, before: Sequence[Path], after: Sequence[Path]) -> TableReport:
    n_rows = _n_rows(after)
    shared = {path.name for path in before} & {path.name for path in after}
    old = [path for path in before if path.name not in shared]
    new = [path for path in after if path.name not in shared]
    if not _n_rows(old) or not _n_rows(new):
        return TableReport(table.name, n_rows, _n_rows(new), 0, n_rows - _n_rows(new), _n_rows(old))
    tables = engine.tables({f"{table.name}_before": old, f"{table.name}_after": new})
    n_new, n_changed, n_gone = _differences(engine, table, *tables.values())
    return TableReport(table.name, n_rows, n_new, n_changed, n_rows - n_new - n_changed, n_gone)


def _differences(engine: Engine, table: Table, before: ir.Table, after: ir.Table) -> tuple[int, int, int]:
    compared = [column.name for column in table.public_columns if column.name not in _UNCOMPARED]
    old = before.select(was="record_id", **{f"was_{name}": name for name in compared})
    both = old.outer_join(after, old.was == after.record_id)
    differs = reduce(or_, (~both[name].identical_to(both[f"was_{name}"]) for name in compared))
    is_both = both.was.notnull() & both.record_id.notnull()
    counts = both.agg(
        new=both.was.isnull().cast("int64").sum(),
        changed=(is_both & differs).cast("int64").sum(),
        gone=both.record_id.isnull().cast("int64").sum(),
    )
    row = engine.to_arrow(counts).to_pylist()[0]
    return row["new"] or 0, row["changed"] or 0, row["gone"] or 0


def _n_rows(paths: Sequence[Path]) -> int:
    with telling_damage(paths):
        return sum(pq.read_metadata(path).num_rows for path in paths)
