"""Where a cycle came from: declared, by a touch, or not known."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from punte.measures.touches import first_touch, kind_rank


def with_origin(cycles: ir.Table, touch: ir.Table) -> ir.Table:
    """Cycles with traffic_id, origin_basis and origin_at: declared for the lead, else its person's first touch.

    Reads of ``cycles``: person_id, declared_traffic_id. Every cycle of a lead has the same origin: what brought a
    person back is a touch on the way, and gets its credit there.
    """
    first = first_touch(touch=touch).select("person_id", first_touch_at="occurred_at", first_traffic_id="traffic_id")
    found = cycles.left_join(first, "person_id").drop("person_id_right")
    is_declared = found.declared_traffic_id.notnull()
    traffic_id = ibis.ifelse(is_declared, found.declared_traffic_id, found.first_traffic_id)
    basis = ibis.cases((is_declared, "declared"), (found.first_touch_at.notnull(), "first_touch"), else_="none")
    origin_at = ibis.ifelse(is_declared, ibis.null("timestamp(6)"), found.first_touch_at)
    return found.select(*cycles.columns, traffic_id=traffic_id, origin_basis=basis, origin_at=origin_at)


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
