"""Where a cycle came from: declared, by a touch, or not known."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from punte.measures.touches import first_touch, kind_rank


def with_origin(cycles: ir.Table, touch: ir.Table) -> ir.Table:
    """Cycles with traffic_id and origin_basis: of the renewal, else declared, else the person's first touch.

    Reads of ``cycles``: lead_id, cycle, person_id, declared_traffic_id, previous_at, next_at.
    """
    first = first_touch(touch=touch).select("person_id", "first_touch_at", first_traffic_id="traffic_id")
    again = _renewing_touches(cycles, touch)
    found = cycles.left_join(first, "person_id").drop("person_id_right")
    found = found.left_join(again, ["lead_id", "cycle"]).drop("lead_id_right", "cycle_right")
    is_renewed, is_declared = found.again.notnull(), found.declared_traffic_id.notnull()
    traffic_id = ibis.cases(
        (is_renewed, found.again["traffic_id"]),
        (is_declared, found.declared_traffic_id),
        else_=found.first_traffic_id,
    )
    basis = ibis.cases(
        (is_renewed, "first_touch"),
        (is_declared, "declared"),
        (found.first_touch_at.notnull(), "first_touch"),
        else_="none",
    )
    return found.select(*cycles.columns, traffic_id=traffic_id, origin_basis=basis)


def _renewing_touches(cycles: ir.Table, touch: ir.Table) -> ir.Table:
    """For later cycles: the first touch after the cycle before had its last event, and before the next one began."""
    later = cycles.filter(cycles.cycle > 1).select("lead_id", "cycle", "person_id", "previous_at", "next_at")
    touches = touch.select("person_id", "touch_id", "kind", "occurred_at", touch_traffic_id="traffic_id")
    pairs = later.join(touches, "person_id")
    is_before_next = (pairs.occurred_at < pairs.next_at).fill_null(True)
    pairs = pairs.filter((pairs.occurred_at > pairs.previous_at) & is_before_next)
    return pairs.group_by("lead_id", "cycle").agg(again=touch_in_order(pairs).min())


def touch_in_order(touches: ir.Table) -> ir.StructColumn:
    """A touch packed so that the smallest is the first: by moment, kind, touch_id; it carries touch_traffic_id."""
    return ibis.struct(
        {
            "at": touches.occurred_at,
            "rank": kind_rank(touches.kind),
            "touch_id": touches.touch_id,
            "traffic_id": touches.touch_traffic_id,
        }
    )
