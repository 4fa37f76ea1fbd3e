"""Coverage: what is missing in the data, to stand beside every figure."""

from __future__ import annotations

from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from punte.errors import UnknownName
from punte.measures.views import View, deals_as_of, ways_as_of
from punte.records.tables.derived import JOURNEY_LEVELS


def coverage(*, coverage: ir.Table) -> ir.Table:
    """The counts taken when the snapshot was made, each with its share.

    Grain: one source, table, subject and reason. Columns: source (null: over all sources), table (null: the file as
    a whole), subject, reason, n, n_of (int64; null: there is no whole), share (n / n_of, 0 to 1; null: no whole, an
    empty one, or a count that is no part of one, as days of freshness are).
    """
    is_part = coverage.subject != "freshness"
    share = ibis.ifelse(is_part, coverage.n / coverage.n_of.nullif(0), ibis.null("float64"))
    return coverage.select("source", "table", "subject", "reason", "n", "n_of", share=share)


def won_with_touch(
    *,
    deal: ir.Table,
    journey: ir.Table,
    at: datetime,
    at_on: date | None = None,
    since: date | None = None,
    until: date | None = None,
    level: str = "person",
) -> ir.Table:
    """Of the deals won, how many have a known touch on their way: what attribution can speak about at all.

    Grain: one row. Deals won by ``at`` (naive UTC) and closed on the local days ``[since, until)``. Columns: n_won,
    n_with_touch (int64), with_touch_share (0 to 1; null: nothing was won), revenue, revenue_with_touch (int64 minor
    units; null: no known value), currency (null: nothing was won).

    Raises UnknownName for another level.
    """
    if level not in JOURNEY_LEVELS:
        raise UnknownName(f"There is no level {level!r}.", remedy=f"Use one of: {', '.join(JOURNEY_LEVELS)}.")
    view = View(at, at_on or at.date(), since, until)
    deals = deals_as_of(deal, view)
    won = deals.filter((deals.status == "won") & view.holds(deals.closed_on))
    met = ways_as_of(journey, view, level).select(met_id="opportunity_id").distinct()
    found = won.left_join(met, won.opportunity_id == met.met_id)
    has_touch = found.met_id.notnull()
    sums = found.agg(
        n_won=found.count(),
        n_with_touch=has_touch.cast("int64").sum().fill_null(0),
        revenue=found.amount.sum(),
        revenue_with_touch=found.amount.sum(where=has_touch),
        currency=found.currency.max(),
    )
    return sums.mutate(with_touch_share=sums.n_with_touch / sums.n_won.nullif(0))


def rows_put_aside(*, coverage: ir.Table) -> ir.Table:
    """How many rows came, and what became of them.

    Grain: one source and table. Columns: source, table, n_in, n_good, n_repaired, n_quarantined, n_standing (int64;
    null: not counted), quarantined_share (of n_in, 0 to 1; null: no rows came).
    """
    rows = coverage.filter(coverage.subject == "rows")
    counts = rows.group_by("source", "table").agg(
        **{f"n_{reason}": rows.n.sum(where=rows.reason == reason) for reason in OUTCOMES}
    )
    return counts.mutate(quarantined_share=counts.n_quarantined / counts.n_in.nullif(0))


OUTCOMES = ("in", "good", "repaired", "quarantined", "standing")
"""Reasons under subject ``rows``: rows as they came, what became of them, and records that count now."""
