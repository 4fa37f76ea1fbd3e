"""The parts of the closed loop that depend on a model: credit, and how many wins it stands for."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from punte.measures.credit import credits_by_model
from punte.measures.loop.counts import with_days
from punte.measures.loop.keys import Rows
from punte.measures.views import ways_as_of
from punte.records.loop_settings import LoopSettings

WHOLE_WIN = 1_000_000_000
"""Shares of wins are summed in billionths, whole numbers, so that no engine's order of adding shows."""


def credit_part(rows: Rows, models: Sequence[str], settings: LoopSettings) -> ir.Table:
    """For each model credit_<model> (minor units) and wins_<model> (billionths of won deals)."""
    deals = with_days(rows.own_deals(), rows)
    won = deals.filter(deals.is_counted_won)
    ways = ways_as_of(rows.tables.journey, rows.view, rows.level)
    wide = credits_by_model(
        journey=ways.semi_join(won, "opportunity_id"),
        deal=won,
        traffic=rows.tables.traffic,
        models=models,
        look_back_days=settings.look_back_days,
        counts_every_touch=settings.counts_every_touch,
        half_life_days=settings.half_life_days,
        direct_channels=settings.direct_channels,
    )
    wide = wide.filter(ibis.or_(*[wide[f"weight_{model}"] > 0 for model in models]))
    own = [name for name in rows.names if name in won.columns]
    of_deals = won.select("currency", *own, of_deal="opportunity_id")
    wide = wide.join(of_deals, wide.opportunity_id == of_deals.of_deal)
    return _summed(rows, wide, own, models)


def _summed(rows: Rows, wide: ir.Table, own: Sequence[str], models: Sequence[str]) -> ir.Table:
    """Summed by traffic first: few rows are left to be named."""
    shares = {
        f"wins_{model}": (wide[f"weight_{model}"] / wide[f"total_weight_{model}"] * WHOLE_WIN).round().cast("int64")
        for model in models
    }
    # A touch without weight has a credit of 0; summed, it would hide that no deal with weight has a known value.
    parts = {
        f"credit_{model}": ibis.ifelse(wide[f"weight_{model}"] > 0, wide[f"credit_{model}"], ibis.null("int64"))
        for model in models
    }
    wide = wide.mutate(is_alone=wide.ordinal.isnull(), **shares, **parts)
    sums = [*shares, *parts]
    by_traffic = wide.group_by("traffic_id", "is_alone", *own).agg(
        **{name: wide[name].sum() for name in sums}, currency=wide.currency.max()
    )
    keyed = rows.by_traffic(by_traffic, by_traffic.is_alone)
    return keyed.group_by(*rows.names).agg(**{name: keyed[name].sum() for name in sums}, currency=keyed.currency.max())
