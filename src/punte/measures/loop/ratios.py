"""From sums to the figures that are read: shares, returns, costs of one."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from punte.measures.loop.credits import WHOLE_WIN


def with_ratios(sums: ir.Table, models: Sequence[str]) -> ir.Table:
    """Rows with won_share, roi, cac, cost_per_lead, and roi and cac of each model.

    Of what nothing was won, the money is 0; of what was won without a known value it is null. A ratio without its
    denominator is null. Costs of one are rounded to whole minor units, halves away from zero.
    """
    rows = sums.mutate(revenue=_money(sums.n_won, sums.revenue))
    rows = rows.mutate(
        won_share=rows.n_begun_won / rows.n_begun.nullif(0),
        roi=_return(rows.revenue, rows.cost),
        cac=_cost_of_one(rows.cost, rows.n_customers),
        cost_per_lead=_cost_of_one(rows.cost, rows.n_leads),
    )
    for model in models:
        wins = rows[f"wins_{model}"].fill_null(0)
        rows = rows.mutate(**{f"credit_{model}": _money(wins, rows[f"credit_{model}"])})
        rows = rows.mutate(
            **{
                f"roi_{model}": _return(rows[f"credit_{model}"], rows.cost),
                f"cac_{model}": _cost_of_one(rows.cost.cast("float64") * WHOLE_WIN, wins),
            }
        )
    return rows


def _money(n: ir.IntegerValue, amount: ir.IntegerValue) -> ir.IntegerValue:
    return ibis.ifelse(n == 0, ibis.literal(0, "int64"), amount)


def _return(gained: ir.IntegerValue, cost: ir.IntegerValue) -> ir.FloatingValue:
    return (gained - cost) / cost.nullif(0)


def _cost_of_one(cost: ir.NumericValue, n: ir.IntegerValue) -> ir.IntegerValue:
    return (cost / n.nullif(0)).round().cast("int64")
