"""The parts of the closed loop: touches, persons, leads, deals and spend, each summed by row."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from punte.measures.arithmetic import whole_days
from punte.measures.loop.keys import Rows
from punte.measures.percentiles import nearest_rank
from punte.measures.views import LEFT, with_wins

COUNTED_STAGES = ("mql", "sal", "sql")

SLOW_PERCENT = 90
"""A lead younger than this percentile of the days from lead to win is too recent to have closed."""


def touch_part(rows: Rows) -> ir.Table:
    """n_touches on the days of the view."""
    keyed = _by_day(rows, rows.tables.touch_day)
    return keyed.group_by(*rows.names).agg(n_touches=keyed.n_touches.sum())


def spend_part(rows: Rows) -> ir.Table:
    """cost on the days of the view, how many rows of spend have none for want of a rate, and the currency."""
    spent = rows.tables.spend_day
    n_unknown = spent.n_rate_missing.fill_null(0)
    keyed = _by_day(rows, spent.filter(spent.amount.notnull() | (n_unknown > 0)))
    return keyed.group_by(*rows.names).agg(
        cost=keyed.amount.sum(), n_cost_unknown=keyed.n_rate_missing.sum(), currency=keyed.currency.max()
    )


def _by_day(rows: Rows, table: ir.Table) -> ir.Table:
    until_then = table.day <= ibis.literal(rows.view.at_on)
    return rows.by_traffic(table.filter(until_then & rows.view.holds(table.day)))


def person_part(rows: Rows) -> ir.Table:
    """n_persons by their own day; of a cohort they are counted with its leads."""
    persons = rows.persons()
    return persons.group_by(*rows.names).agg(n_persons=persons.count())


def days_until_most_won(rows: Rows) -> ir.Table:
    """One row: the days from lead to win that ninety in a hundred won leads did not exceed (days_p90)."""
    cycles = rows.tables.cycle
    has_begun = rows.view.has_happened(cycles.opened_at) | cycles.opened_at.isnull()
    won = cycles.filter(rows.view.has_happened(cycles.won_at) & has_begun)
    won = won.select(days=whole_days(won.opened_on, won.won_on))
    return nearest_rank(won, [], "days", percent=SLOW_PERCENT, name="days_p90")


def lead_part(rows: Rows) -> ir.Table:
    """Leads, their stages, and what their share of wins is made of."""
    within = ("opened",) if rows.view.is_cohort else ("opened", *COUNTED_STAGES)
    cycles = with_wins(rows.cycles(within=within), rows.tables.deal, rows.view)
    flags = _lead_flags(cycles, rows)
    counted = cycles.mutate(**flags)
    counted = counted.filter(ibis.or_(*[counted[name] for name in flags])).cross_join(days_until_most_won(rows))
    is_young = whole_days(counted.opened_on, ibis.literal(rows.view.at_on)) < counted.days_p90
    is_too_recent = counted.n_begun & ~_is_decided(counted) & is_young.fill_null(False)
    sums = {name: counted[name].cast("int64").sum() for name in flags}
    # Null where nothing was won yet: how long it takes is then not known.
    sums["n_too_recent"] = (is_too_recent.cast("int64") + counted.days_p90 * 0).sum()
    if rows.view.is_cohort:
        sums["n_persons"] = counted.person_id.nunique(where=counted.n_begun)
    return counted.group_by(*rows.names).agg(**sums)


def _lead_flags(cycles: ir.Table, rows: Rows) -> dict[str, ir.BooleanValue]:
    view = rows.view
    is_begun = view.holds(cycles.opened_on)
    reached = {
        f"n_{stage}": cycles[f"{stage}_on"].notnull()
        & (is_begun if view.is_cohort else view.holds(cycles[f"{stage}_on"]))
        for stage in COUNTED_STAGES
    }
    return {
        "n_leads": is_begun & (cycles["cycle"] == 1),
        **reached,
        "n_begun": is_begun,
        "n_begun_won": is_begun & cycles.is_won,
    }


def _is_decided(cycles: ir.Table) -> ir.BooleanValue:
    return ibis.or_(cycles.is_won, cycles.is_followed, *[cycles[f"{name}_on"].notnull() for name in LEFT])


def deal_part(rows: Rows) -> ir.Table:
    """Deals opened, open and won, with what was won."""
    deals = with_days(rows.deals(), rows)
    counted = deals.filter(deals.is_counted_opened | deals.is_counted_won)
    customer = ibis.coalesce(counted.account_id, counted.opportunity_id)
    is_won = counted.is_counted_won
    # Spark's percentile takes no condition of its own.
    days = ibis.ifelse(is_won, counted.days_to_won, ibis.null("int64"))
    return counted.group_by(*rows.names).agg(
        n_opportunities=counted.is_counted_opened.cast("int64").sum(),
        n_won=is_won.cast("int64").sum(),
        n_open=(counted.is_counted_opened & (counted.status == "open")).cast("int64").sum(),
        n_amount_unknown=(is_won & counted.amount.isnull()).cast("int64").sum(),
        n_customers=customer.nunique(where=is_won),
        revenue=counted.amount.sum(where=is_won),
        currency=counted.currency.max(),
        median_days_to_won=days.median(),
    )


def with_days(deals: ir.Table, rows: Rows) -> ir.Table:
    """Deals with is_counted_opened and is_counted_won: whether that fell on the view's days.

    Of a cohort both fall on the day on which the deal's lead was opened; a deal without a known lead is its own
    beginning.
    """
    view = rows.view
    opened, closed = deals.created_on, deals.closed_on
    if view.is_cohort:
        deals = _with_beginning(deals, rows.tables.cycle)
        opened = closed = deals.began_on
    is_won = deals.status == "won"
    return deals.mutate(is_counted_opened=view.holds(opened), is_counted_won=is_won & view.holds(closed))


def _with_beginning(deals: ir.Table, cycle: ir.Table) -> ir.Table:
    leads = cycle.select(of_lead="lead_id", of_cycle="cycle", lead_opened_on="opened_on")
    found = deals.left_join(leads, (deals.lead_id == leads.of_lead) & (deals["cycle"] == leads.of_cycle))
    began_on = ibis.ifelse(found.of_lead.notnull(), found.lead_opened_on, found.created_on)
    return found.mutate(began_on=began_on).drop("of_lead", "of_cycle", "lead_opened_on")
