"""The closed loop: which channels, campaigns, owners ... ended in won deals, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from punte.errors import UnknownName
from punte.measures.dimensions import find_dimensions, named_keys
from punte.measures.loop.columns import COLUMNS_OF_SUBJECT, loop_columns
from punte.measures.loop.counts import deal_part, lead_part, person_part, spend_part, touch_part
from punte.measures.loop.credits import credit_part
from punte.measures.loop.keys import Rows
from punte.measures.loop.ratios import with_ratios
from punte.measures.loop.tables import NAMES, LoopTables
from punte.measures.views import View
from punte.records.loop_settings import LoopSettings
from punte.records.tables.derived import JOURNEY_LEVELS

WINDOWS = ("activity", "cohort")
SCOPES = ("origin", "touched")

__all__ = ["NAMES", "SCOPES", "WINDOWS", "LoopTables", "loop", "loop_columns"]


def loop(
    *,
    tables: LoopTables,
    at: datetime,
    at_on: date | None = None,
    by: Sequence[str] = (),
    models: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    window: str = "activity",
    scope: str = "origin",
    level: str = "person",
    settings: LoopSettings = LoopSettings(),
) -> ir.Table:
    """What each channel, campaign, owner ... brought, from the first touch to won deals, and what it cost.

    Grain: one combination of values of the dimensions ``by`` (see ``dimensions``), for every combination that occurs
    in any of the parts; without dimensions one row for everything, and none where there is nothing. Rows in no order.

    **Rows.** A null key is a value that is not known. Where a dimension is one of traffic, subjects without any known
    origin stand in a row of their own: all keys of traffic null and ``is_unattributed`` true. A value that reads
    ``unknown`` in a file is a value like any other. So these are three different rows.

    **What counts.** Everything up to ``at`` (naive UTC), as it stood then: a deal closed later is open, a stage
    reached later is not reached. Of touches and spend only the day is known: those up to ``at_on``, the local day of
    ``at`` (its UTC day where none is given). ``since`` and ``until`` are local days, half-open, null without bound.
    With window ``activity`` each thing counts on its own day: a touch, the first touch of a person, the opening
    of a lead, each entry into a stage, the opening and the winning of a deal, spend. With window ``cohort`` the
    leads count that were opened within the days, and what became of them by ``at``, with the persons and deals of
    these leads; a deal without a known lead counts by its own opening; touches and spend still on their day.
    What has no known day counts only where there is no bound.

    **How often.** With scope ``origin`` each thing counts once, in the row of its origin, whatever the models: all rows
    sum to the whole. With scope ``touched`` it counts in every row of which it had a touch: persons and leads any
    touch of the person by ``at``, deals any touch on their way; ``is_overlapping`` is then true and rows sum to more
    than the whole. Touches, spend and credit are the same in both.

    Columns, after the keys (named as in ``by``; text), in the order of ``loop_columns``:

    - is_unattributed (bool, never null), is_overlapping (bool, never null)
    - n_touches, n_persons: touches; persons by their first touch (int64)
    - n_leads: leads opened (int64); a lead that comes back is the same lead
    - n_mql, n_sal, n_sql: entries of leads into the stage, one for each cycle (int64)
    - n_opportunities, n_won: deals opened, deals won (int64)
    - won_share: of the lead cycles begun within the days, the share won by ``at`` (0 to 1; null: none begun)
    - median_days_to_won: whole local days, over the deals in n_won (float64; null: none with both days)
    - revenue: value of the deals in n_won (int64 minor units; null: some were won, none with a known value)
    - currency: the reporting currency (ISO 4217; null: no deal and no spend in the whole table)
    - cost: spend (int64 minor units; null: none known)
    - roi: (revenue - cost) / cost (float64; null: no cost)
    - cac: cost / customers, a customer being a company with a deal in n_won, or such a deal without a company (int64
      minor units; null: no cost or no customer)
    - cost_per_lead: cost / n_leads (int64 minor units; null: no cost or no lead)
    - credit_<m>, roi_<m>, cac_<m> for each of ``models``: what model m gives the row of the deals in n_won (int64 minor
      units; null as revenue), (credit - cost) / cost, and cost / wins that m credits to the row (each deal being one
      win, shared out as its amount is)
    - n_open: deals opened within the days and still open (int64)
    - n_too_recent: leads begun within the days, neither won nor off the way, and younger than nine in ten won
      leads were when they were won (int64; null: nothing was won yet, or no lead counts in the whole table): too
      recent to have closed, and no failure
    - n_amount_unknown: deals in n_won without a known value (int64)
    - n_cost_unknown: rows of spend that are not in ``cost``, because no rate is known for their day (int64)

    A figure is null in every row when it is not known by one of the dimensions: touches and spend have no owner,
    leads no pipeline.

    ``level`` says whose touches earn credit (``person``, ``account``), ``settings`` which touches count in the models.

    Raises UnknownName for a dimension, model, window, scope or level that there is not.

    Source: closed-loop reporting as HubSpot describes it; return on investment and cost of acquisition in their
    usual forms; what is counted once and what overlaps is told apart as in Salesforce's campaign influence.
    """
    _check("window", window, WINDOWS)
    _check("scope", scope, SCOPES)
    _check("level", level, JOURNEY_LEVELS)
    dimensions = find_dimensions(by)
    has_traffic = any(dimension.is_of_traffic for dimension in dimensions)
    view = View(at, at_on or at.date(), since, until, is_cohort=window == "cohort", past=tables.past)
    rows = Rows(tables, dimensions, view, is_overlapping=scope == "touched" and has_traffic, level=level)
    found = with_ratios(_summed(rows, _parts(rows, models, settings), models), models)
    found = found.mutate(is_overlapping=ibis.literal(rows.is_overlapping)).rename(named_keys(dimensions))
    return found.select(*loop_columns(by, models))


def _check(what: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise UnknownName(f"There is no {what} {name!r}.", remedy=f"Use one of: {', '.join(known)}.", name=name)


def _parts(rows: Rows, models: Sequence[str], settings: LoopSettings) -> list[ir.Table]:
    parts = [deal_part(rows)]
    if rows.know("cycle"):
        parts.append(lead_part(rows))
    if rows.know("person") and not rows.view.is_cohort:
        parts.append(person_part(rows))
    if rows.know("touch"):
        parts += [touch_part(rows), spend_part(rows)]
    if models:
        parts.append(credit_part(rows, models, settings))
    return parts


def _summed(rows: Rows, parts: Sequence[ir.Table], models: Sequence[str]) -> ir.Table:
    """All parts under each other, summed by key: no key is lost for want of a partner."""
    counts = [name for names in COLUMNS_OF_SUBJECT.values() for name in names]
    counts += [f"{figure}_{model}" for model in models for figure in ("credit", "wins")]
    types = {**dict.fromkeys(counts, "int64"), "median_days_to_won": "float64", "currency": "string"}
    stacked = ibis.union(*[_widened(part, rows.names, types) for part in parts], distinct=False)
    found = stacked.group_by(*rows.names).agg(
        **{name: stacked[name].sum() for name in counts},
        median_days_to_won=stacked.median_days_to_won.max(),
        currency=stacked.currency.max(),
    )
    given = {name for part in parts for name in part.columns}
    zeros = {name: found[name].fill_null(0) for name in counts if name in given and name.startswith("n_")}
    is_any_known = found.n_too_recent.max().over(ibis.window()).notnull()
    zeros["n_too_recent"] = ibis.ifelse(is_any_known, found.n_too_recent.fill_null(0), ibis.null("int64"))
    return found.mutate(**zeros, currency=found.currency.max().over(ibis.window()))


def _widened(part: ir.Table, keys: Sequence[str], types: dict[str, str]) -> ir.Table:
    columns = {name: part[name].cast(kind) if name in part.columns else ibis.null(kind) for name, kind in types.items()}
    return part.select(*keys, **columns)
