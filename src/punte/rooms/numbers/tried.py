"""Channel rules tried on the data before they are put in force."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from punte.rooms.numbers.reader import Numbers


def channels_tried(numbers: Numbers, rules: str) -> ir.Table:
    """How many touches each channel has now, and would have by these rules (TOML).

    Grain: one channel (null: nothing is known of where the touches came from). Columns: channel, n_touches, n_then
    (int64); most touches first.

    Raises UnknownMapping for rules with a mistake.
    """
    days = numbers.tables["touch_day"]
    counts = days.group_by("traffic_id").agg(n=days.n_touches.sum())
    parts = [
        _by_channel(counts, numbers.traffic, "n_touches"),
        _by_channel(counts, numbers.traffic_under(rules), "n_then"),
    ]
    both = ibis.union(*parts)
    sums = both.group_by("channel").agg(n_touches=both.n_touches.sum(), n_then=both.n_then.sum())
    return sums.order_by([ibis.desc("n_touches"), ibis.desc("n_then"), "channel"])


def _by_channel(counts: ir.Table, traffic: ir.Table, name: str) -> ir.Table:
    named = traffic.select("channel", of_traffic="traffic_id")
    rows = counts.left_join(named, counts.traffic_id == named.of_traffic)
    zero = ibis.literal(0, "int64")
    return rows.select("channel", **({"n_touches": zero, "n_then": zero} | {name: rows.n}))
