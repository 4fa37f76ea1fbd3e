"""The events of leads in order, and the cycles that they fall into."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from punte.records.tables.leads import STAGES

MQL = "mql"
LEAVINGS = ("rejected", "recycled", "disqualified", "lost")
"""Stages at which a lead leaves the way."""
ADVANCES = ("sal", "sql", "opportunity", "customer")
"""Stages on the way after MQL."""


def lead_events(*, stage_event: ir.Table, opportunity: ir.Table, deal_lead: ir.Table) -> ir.Table:
    """Every entry as MQL or into a stage after it, and what the deals of the lead say likewise.

    Grain: one event with a moment. Columns: lead_id, stage, at, on, precision, record_id, is_of_deal.
    """
    own = stage_events(stage_event).filter(lambda t: t.stage.isin([MQL, *ADVANCES, *LEAVINGS]))
    own = own.mutate(is_of_deal=ibis.literal(False))
    deals = deal_lead.select("lead_id", record_id="opportunity_id").join(opportunity, "record_id")
    parts = [
        own,
        _deal_events(deals, "opportunity", "created"),
        _deal_events(deals.filter(deals.status == "won"), "customer", "closed"),
        _deal_events(deals.filter(deals.status == "lost"), "lost", "closed"),
    ]
    events = ibis.union(*[part.select(*own.columns) for part in parts], distinct=False)
    return events.filter(events["at"].notnull())


def stage_events(stage_event: ir.Table) -> ir.Table:
    """Stage events with one moment: when they occurred, else the latest that it can have been (null: not known).

    Grain: one stage event. Columns: record_id, lead_id, stage, at, on, precision.
    """
    has_occurred = stage_event.occurred_at.notnull()
    return stage_event.select(
        "record_id",
        "stage",
        lead_id=stage_event.lead_record_id,
        at=ibis.coalesce(stage_event.occurred_at, stage_event.not_after_at),
        on=ibis.coalesce(stage_event.occurred_on, stage_event.not_after_on),
        precision=ibis.ifelse(has_occurred, stage_event.occurred_precision, stage_event.not_after_precision),
    )


def _deal_events(deals: ir.Table, stage: str, moment: str) -> ir.Table:
    return deals.select(
        "record_id",
        "lead_id",
        stage=ibis.literal(stage),
        at=deals[f"{moment}_at"],
        on=deals[f"{moment}_on"],
        precision=deals[f"{moment}_precision"],
        is_of_deal=ibis.literal(True),
    )


def events_in_cycles(events: ir.Table) -> ir.Table:
    """The events, each with its cycle and whether it begins that cycle.

    Grain: one event. Adds to the events: cycle, begins.
    """
    rank = events.stage.cases(*[(stage, place) for place, stage in enumerate(STAGES)])
    events = events.mutate(rank=rank, is_mql=events.stage == MQL)
    counted = events.mutate(
        n_left=_so_far(events, events.stage.isin(LEAVINGS)),
        n_advanced=_so_far(events, events.stage.isin(ADVANCES)),
    )
    alike = {"group_by": [counted.lead_id, counted.is_mql], "order_by": _order(counted)}
    left = counted.n_left > counted.n_left.lag().over(**alike).fill_null(0)
    advanced = (counted.n_advanced > counted.n_advanced.lag().over(**alike)).fill_null(False)
    marked = counted.mutate(begins=counted.is_mql & (left | advanced))
    return marked.mutate(cycle=_so_far(marked, marked.begins) + 1)


def _order(events: ir.Table) -> list[ir.Value]:
    return [events["at"], events["rank"], events["record_id"]]


def _so_far(events: ir.Table, holds: ir.BooleanColumn) -> ir.IntegerColumn:
    """How many events of the lead up to this one satisfy a condition."""
    window = ibis.cumulative_window(group_by=events.lead_id, order_by=_order(events))
    return holds.cast("int64").sum().over(window)


def begun_cycles(events: ir.Table) -> ir.Table:
    """The cycles after the first.

    Grain: one lead in one cycle from the second on. Columns: lead_id, cycle, opened_at, opened_on,
    opened_precision (the entry as MQL).
    """
    begun = events.filter(events.begins)
    opened = {f"opened_{part}": begun[part] for part in ("at", "on", "precision")}
    return begun.select("lead_id", "cycle", **opened)
