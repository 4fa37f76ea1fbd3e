"""Where a cycle came from: declared, by a touch, or not known."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


def first_touches(touch: ir.Table) -> ir.Table:
    """The first known touch of each person.

    Grain: one person with a touch. Ties by touch_id. Columns: person_id, traffic_id (null: nothing known of where it
    came from).
    """
    known = touch.filter(touch.person_id.notnull())
    order = ibis.struct({"at": known.occurred_at, "touch_id": known.touch_id})
    first = known.group_by("person_id").agg(traffic_id=known.traffic_id.fill_null("").argmin(order))
    return first.mutate(traffic_id=first.traffic_id.nullif(""))


def with_origin(cycles: ir.Table, touch: ir.Table) -> ir.Table:
    """Cycles with traffic_id and origin_basis: of the renewal, else declared, else the person's first touch.

    Reads of ``cycles``: lead_id, cycle, person_id, declared_traffic_id, previous_at, next_at.
    """
    first = first_touches(touch).select("person_id", first_traffic_id="traffic_id", has_first=ibis.literal(True))
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
        (found.has_first.fill_null(False), "first_touch"),
        else_="none",
    )
    return found.select(*cycles.columns, traffic_id=traffic_id, origin_basis=basis)


def _renewing_touches(cycles: ir.Table, touch: ir.Table) -> ir.Table:
    """For later cycles: the first touch after the cycle before had its last event, and before the next one began."""
    later = cycles.filter(cycles.cycle > 1).select("lead_id", "cycle", "person_id", "previous_at", "next_at")
    touches = touch.select("person_id", "touch_id", "occurred_at", touch_traffic_id="traffic_id")
    pairs = later.join(touches, "person_id")
    is_before_next = (pairs.occurred_at < pairs.next_at).fill_null(True)
    pairs = pairs.filter((pairs.occurred_at > pairs.previous_at) & is_before_next)
    moment = ibis.struct({"at": pairs.occurred_at, "touch_id": pairs.touch_id, "traffic_id": pairs.touch_traffic_id})
    return pairs.group_by("lead_id", "cycle").agg(again=moment.min())
