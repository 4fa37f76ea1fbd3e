"""When a cycle reached each stage, by stage events and by its deals."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

MOMENT_OF_STAGE = {
    "mql": "mql",
    "sal": "sal",
    "sql": "sql",
    "opportunity": "opportunity",
    "customer": "won",
    "rejected": "rejected",
    "recycled": "recycled",
    "disqualified": "disqualified",
    "lost": "lost",
}
"""Stage entered → name of the moment in table ``cycle``."""
MOMENTS_OF_DEALS = ("opportunity", "won", "lost")
_PARTS = ("at", "on")


def stage_moments(events: ir.Table) -> ir.Table:
    """The earliest entry into each stage, of stage events alone; of two at one moment the smaller record_id's.

    Grain: one lead in one cycle with at least one stage event. Columns: lead_id, cycle, and for each moment
    ``<moment>_at`` and ``<moment>_on``, null where the stage was not entered.
    """
    own = events.filter(~events.is_of_deal)
    # A row number and plain columns, because an engine cannot put the structs of an aggregate on the disk.
    order = [own["at"].asc(), own.record_id.asc()]
    placed = own.mutate(place=ibis.row_number().over(group_by=["lead_id", "cycle", "stage"], order_by=order))
    firsts = placed.filter(placed.place == 0)
    return firsts.group_by("lead_id", "cycle").agg(
        **{
            f"{name}_{part}": firsts[part].min(where=firsts.stage == stage)
            for stage, name in MOMENT_OF_STAGE.items()
            for part in _PARTS
        }
    )


def deal_cycle(*, opportunity: ir.Table, deal_lead: ir.Table, cycle: ir.Table) -> ir.Table:
    """The cycle that a lead was in when a deal of it was opened.

    Grain: one deal that has a lead. Of ``cycle`` only lead_id, cycle, opened_at and opened_on of later cycles are
    read. The cycle is the last one that began at or before the deal's opening (its close, where the opening is not
    known); a deal of which only the day is known counts as opened at the end of that day, so that it falls into a
    cycle that began on the same local day. Without any moment: the first.
    Columns: opportunity_id, lead_id, cycle.
    """
    moments = opportunity.select(
        opportunity_id=opportunity.record_id,
        deal_at=ibis.coalesce(opportunity.created_at, opportunity.closed_at),
        deal_on=ibis.coalesce(opportunity.created_on, opportunity.closed_on),
        is_day=ibis.coalesce(opportunity.created_precision, opportunity.closed_precision) == "day",
    )
    deals = deal_lead.select("opportunity_id", "lead_id").join(moments, "opportunity_id")
    later = cycle.filter(cycle.cycle > 1).select("lead_id", "cycle", "opened_at", "opened_on")
    pairs = deals.join(later, "lead_id")
    pairs = pairs.filter((pairs.opened_at <= pairs.deal_at) | (pairs.is_day & (pairs.opened_on <= pairs.deal_on)))
    last = pairs.group_by("opportunity_id").agg(last=pairs.cycle.max())
    found = deals.left_join(last, "opportunity_id")
    return found.mutate(cycle=found["last"].fill_null(1)).select("opportunity_id", "lead_id", "cycle")


def deal_moments(*, opportunity: ir.Table, deal_cycle: ir.Table) -> ir.Table:
    """What the deals of a cycle say of it: first opened, first won, and last lost where all are lost.

    Grain: one lead in one cycle with at least one deal. Columns: lead_id, cycle, and opportunity, won, lost as structs
    (at, record_id, on), null where no deal says it.
    """
    deals = deal_cycle.join(opportunity.rename(opportunity_id="record_id").drop("source_id"), "opportunity_id")
    opened, closed = _moment(deals, "created"), _moment(deals, "closed")
    is_known = deals.closed_at.notnull()
    found = deals.group_by("lead_id", "cycle").agg(
        opportunity=opened.min(where=deals.created_at.notnull()),
        won=closed.min(where=is_known & (deals.status == "won")),
        last_lost=closed.max(where=is_known),
        n_not_lost=(deals.status != "lost").cast("int64").sum(),
    )
    lost = ibis.ifelse(found.n_not_lost == 0, found.last_lost, ibis.null(found.last_lost.type()))
    return found.select("lead_id", "cycle", "opportunity", "won", lost=lost)


def _moment(deals: ir.Table, name: str) -> ir.StructColumn:
    return ibis.struct({"at": deals[f"{name}_at"], "record_id": deals.opportunity_id, "on": deals[f"{name}_on"]})


def with_moments(cycles: ir.Table, of_stages: ir.Table, of_deals: ir.Table) -> ir.Table:
    """Cycles with each moment (``<moment>_at``, ``<moment>_on``): the deals say it first, then the stage events."""
    found = cycles.left_join(of_stages, ["lead_id", "cycle"]).drop("lead_id_right", "cycle_right")
    of_deals = of_deals.rename({f"deal_{name}": name for name in MOMENTS_OF_DEALS})
    found = found.left_join(of_deals, ["lead_id", "cycle"])
    columns: dict[str, ir.Value] = {}
    for name in MOMENT_OF_STAGE.values():
        for part in _PARTS:
            said = [found[f"deal_{name}"][part]] if name in MOMENTS_OF_DEALS else []
            columns[f"{name}_{part}"] = ibis.coalesce(*said, found[f"{name}_{part}"])
    return found.select(*cycles.columns, **columns)
