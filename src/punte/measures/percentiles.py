"""Percentiles that come out the same on every engine."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir


def nearest_rank(rows: ir.Table, keys: Sequence[str], value: str, *, percent: int, name: str) -> ir.Table:
    """The smallest value that at least ``percent`` in a hundred of the values do not exceed.

    Grain: one combination of the keys with at least one value; without keys one row, its value null where there are
    no values. Columns: the keys, and ``name`` (unit of the value). Nulls are not counted. Only whole numbers are
    compared, so nothing is interpolated and no engine rounds otherwise.

    Source: the nearest-rank definition (Hyndman and Fan, 1996, definition 1).
    """
    known = rows.filter(rows[value].notnull())
    counts = known.group_by(*keys, value).agg(n_of_value=known.count())
    so_far = counts.n_of_value.sum().over(ibis.cumulative_window(group_by=keys, order_by=counts[value]))
    all_of_them = counts.n_of_value.sum().over(ibis.window(group_by=keys))
    counts = counts.mutate(n_so_far=so_far, n_all=all_of_them)
    high = counts.filter(counts.n_so_far * 100 >= counts.n_all * percent)
    found = high.group_by(*keys) if keys else high
    return found.agg(**{name: high[value].min()})
