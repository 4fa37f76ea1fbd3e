"""A view: as of which moment, over which days, and cycles and deals as they stood then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from punte.measures.lifecycle.events import LEAVINGS
from punte.measures.lifecycle.moments import MOMENT_OF_STAGE

MOMENTS = tuple(MOMENT_OF_STAGE.values())
LEFT = LEAVINGS
"""Moments at which a cycle left the way."""


@dataclass(frozen=True)
class View:
    """As of ``at`` (naive UTC) whose local day is ``at_on``, over the local days ``[since, until)`` (None: open).

    ``is_cohort``: the days are those on which leads were opened; else each thing counts on its own day. ``past`` names
    columns of moments none of which is later than ``at``: of these only whether they are known is asked.
    """

    at: datetime
    at_on: date
    since: date | None = None
    until: date | None = None
    is_cohort: bool = False
    past: frozenset[str] = frozenset()

    @property
    def is_bounded(self) -> bool:
        """Whether there is a first or a last day."""
        return self.since is not None or self.until is not None

    def holds(self, day: ir.DateValue) -> ir.BooleanValue:
        """Whether the day lies within; a day that is not known lies only in a view without bounds."""
        return self.may_hold(day).fill_null(False)

    def may_hold(self, day: ir.DateValue) -> ir.BooleanValue:
        """As ``holds``, but null for a day that is not known: to filter by, where an engine is quicker without it."""
        within = [] if self.is_bounded else [ibis.literal(True)]
        if self.since is not None:
            within.append(day >= ibis.literal(self.since))
        if self.until is not None:
            within.append(day < ibis.literal(self.until))
        return ibis.and_(*within)

    def day_by_then(self, rows: ir.Table, name: str) -> ir.DateValue:
        """The day ``<name>_on``; null where the moment ``<name>_at`` had not happened."""
        if f"{name}_at" in self.past:
            return rows[f"{name}_on"]
        # No moment, no comparison: what is null is not true, and an engine need not be told so row by row.
        has_happened = rows[f"{name}_at"] <= ibis.literal(self.at)
        return ibis.ifelse(has_happened, rows[f"{name}_on"], ibis.null("date"))

    def has_happened(self, moment: ir.TimestampValue) -> ir.BooleanValue:
        """Whether a moment lies at or before ``at``; one that is not known does not."""
        if moment.get_name() in self.past:
            return moment.notnull()
        return (moment <= ibis.literal(self.at)).fill_null(False)


def cycles_as_of(cycle: ir.Table, view: View, *, within: Sequence[str] = ()) -> ir.Table:
    """Cycles as they stood: those opened by then, the days of what happened by then, and ``is_followed``.

    Grain: one lead in one cycle. Days of moments later than the view's ``at`` are null. ``is_followed``: the lead's
    next cycle has begun. ``within`` leaves out, before anything is asked of them, the cycles of which none of these
    moments (``opened``, ``mql`` ...) has its day within the view's days; none named: all stay.
    """
    is_open = view.has_happened(cycle.opened_at) | cycle.opened_at.isnull()
    begun = cycle.filter(is_open)
    if within and view.is_bounded:
        begun = begun.filter(ibis.or_(*[view.may_hold(begun[f"{name}_on"]) for name in within]))
    begun = _with_origin_by_then(begun, view)
    days = {f"{name}_on": view.day_by_then(begun, name) for name in MOMENTS}
    begun = begun.mutate(**days).drop(*[f"{name}_at" for name in MOMENTS])
    later = cycle.filter((cycle["cycle"] > 1) & is_open)
    later = later.select(follows_lead_id=later.lead_id, follows_cycle=later["cycle"] - 1)
    found = begun.left_join(later, (begun.lead_id == later.follows_lead_id) & (begun["cycle"] == later.follows_cycle))
    return found.mutate(is_followed=found.follows_lead_id.notnull()).drop("follows_lead_id", "follows_cycle")


def _with_origin_by_then(rows: ir.Table, view: View) -> ir.Table:
    """Cycles or deals without ``origin_at``: those whose origin is a touch that had not happened have none yet."""
    if "origin_at" in view.past:
        return rows.drop("origin_at")
    is_later = (rows.origin_at > ibis.literal(view.at)).fill_null(False)
    return rows.mutate(
        traffic_id=ibis.ifelse(is_later, ibis.null("string"), rows.traffic_id),
        origin_basis=ibis.ifelse(is_later, "none", rows.origin_basis),
    ).drop("origin_at")


def with_wins(cycles: ir.Table, deal: ir.Table, view: View) -> ir.Table:
    """Cycles as of a view with ``is_won``: won by then, or having a won deal, opened by then, whose close is not known.

    A won deal of which neither moment is known counts as one of any time.
    """
    undated = deal.filter((deal.status == "won") & deal.closed_at.isnull() & deal.lead_id.notnull())
    undated = undated.filter(undated.created_at.isnull() | view.has_happened(undated.created_at))
    undated = undated.select(won_lead_id=undated.lead_id, won_cycle=undated["cycle"]).distinct()
    found = cycles.left_join(undated, (cycles.lead_id == undated.won_lead_id) & (cycles["cycle"] == undated.won_cycle))
    is_won = found.won_on.notnull() | found.won_lead_id.notnull()
    return found.mutate(is_won=is_won).drop("won_lead_id", "won_cycle")


def deals_as_of(deal: ir.Table, view: View) -> ir.Table:
    """Deals as they stood: those opened (or closed) by then; one closed later is open and has no close.

    Grain: one opportunity. A won or lost deal of which no close is known keeps its status. One whose origin is a touch
    that had not happened has none yet.
    """
    happened = view.has_happened(deal.created_at) | view.has_happened(deal.closed_at)
    known = _with_origin_by_then(deal.filter(deal.created_at.isnull() | happened), view)
    if "closed_at" in view.past:
        return known
    is_later = (known.closed_at > ibis.literal(view.at)).fill_null(False)
    return known.mutate(
        status=ibis.ifelse(is_later, "open", known.status),
        closed_on=ibis.ifelse(is_later, ibis.null("date"), known.closed_on),
        days_to_won=ibis.ifelse(is_later, ibis.null("int64"), known.days_to_won),
    )


def ways_as_of(journey: ir.Table, view: View, level: str) -> ir.Table:
    """The touches on the ways of deals that had happened by then, at one level.

    Grain: one touch of one deal; its place among the others stays as it is.
    """
    ways = journey.filter(journey.level == level)
    return ways if "occurred_at" in view.past else ways.filter(view.has_happened(ways.occurred_at))
