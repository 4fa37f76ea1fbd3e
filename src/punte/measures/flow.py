"""The flow: from where leads came, over how far they got, to how they ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from punte.errors import UnknownName
from punte.measures.dimensions import (
    Dimension,
    find_dimensions,
    is_known,
    key_name,
    named_keys,
    with_entity_keys,
    with_traffic_keys,
)
from punte.measures.loop.tables import LoopTables
from punte.measures.views import LEFT, View, cycles_as_of, deals_as_of, with_wins

ON_THE_WAY = ("mql", "sal", "sql", "opportunity")
"""Stages a lead can get to before it is won or leaves; one that got to none of them is at stage ``lead``."""
OUTCOMES = ("won", "left", "open")


def flow(
    *,
    tables: LoopTables,
    by: Sequence[str] = ("channel", "campaign"),
    at: datetime,
    at_on: date,
    since: date | None = None,
    until: date | None = None,
) -> ir.Table:
    """Leads by origin, furthest stage and outcome, and what was won on each way.

    Grain: one combination of the dimensions of ``by`` (those that leads have), is_unattributed, stage and outcome.
    Columns: the dimensions (null: not known); is_unattributed; stage (lead, mql, sal, sql or opportunity: the furthest
    one reached); outcome (won, also by a deal of which no close is known; left: rejected, recycled, disqualified or
    lost, or open); n_leads (lead cycles opened in the window); n_deals and revenue (won deals closed in the window,
    and the sum of those values that are known, minor units of the reporting currency; they stand at stage
    opportunity, outcome won).

    ``at`` is naive UTC, ``at_on`` its local day; the window ``[since, until)`` is in local days.
    Raises UnknownName for an unknown dimension, and for one that leads do not have.
    """
    view, dimensions = View(at, at_on, since, until, past=tables.past), find_dimensions(by)
    keys = [key_name(place) for place in range(len(dimensions))]
    if not is_known("cycle", dimensions):
        unknown = [dimension.name for dimension in dimensions if "cycle" not in dimension.subjects]
        raise UnknownName(f"Leads flow, and leads have no {', '.join(unknown)}.", remedy="Leave it out.", names=unknown)
    parts = [_leads(tables, view, dimensions), _won(tables, view, dimensions)]
    rows = ibis.union(*[with_traffic_keys(part, dimensions, tables.naming) for part in parts])
    grouped = rows.group_by(*keys, "is_unattributed", "stage", "outcome").agg(
        n_leads=rows.n_leads.sum(), n_deals=rows.n_deals.sum(), revenue=rows.revenue.sum()
    )
    return grouped.rename(named_keys(dimensions))


def _own_keys(dimensions: Sequence[Dimension]) -> list[str]:
    """The keys that leads and deals have of themselves, and not by their origin."""
    return [key_name(place) for place, dimension in enumerate(dimensions) if not dimension.is_of_traffic]


def _leads(tables: LoopTables, view: View, dimensions: Sequence[Dimension]) -> ir.Table:
    cycles = with_wins(cycles_as_of(tables.cycle, view), tables.deal, view)
    cycles = with_entity_keys(cycles, "cycle", dimensions, tables.naming)
    cycles = cycles.filter(view.holds(cycles.opened_on))
    reached = [(cycles[f"{stage}_on"].notnull(), stage) for stage in reversed(ON_THE_WAY)]
    is_over = ibis.or_(cycles.is_followed, *[cycles[f"{name}_on"].notnull() for name in LEFT])
    return cycles.select(
        "traffic_id",
        *_own_keys(dimensions),
        is_unattributed=cycles.origin_basis == "none",
        stage=ibis.cases((cycles.is_won, "opportunity"), *reached, else_="lead"),
        outcome=ibis.cases((cycles.is_won, "won"), (is_over, "left"), else_="open"),
        n_leads=ibis.literal(1, "int64"),
        n_deals=ibis.literal(0, "int64"),
        revenue=ibis.literal(0, "int64"),
    )


def _won(tables: LoopTables, view: View, dimensions: Sequence[Dimension]) -> ir.Table:
    deals = with_entity_keys(deals_as_of(tables.deal, view), "deal", dimensions, tables.naming)
    deals = deals.filter((deals.status == "won") & view.holds(deals.closed_on))
    return deals.select(
        "traffic_id",
        *_own_keys(dimensions),
        is_unattributed=deals.origin_basis == "none",
        stage=ibis.literal("opportunity"),
        outcome=ibis.literal("won"),
        n_leads=ibis.literal(0, "int64"),
        n_deals=ibis.literal(1, "int64"),
        revenue=deals.amount.fill_null(0),
    )
