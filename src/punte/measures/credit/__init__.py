"""Credit: nine models that split each deal's amount over the touches on its way, to the cent.

==============  =====================================================================================================
first           all to the first touch
last            all to the last touch before the close
last_non_direct all to the last touch that did not come directly; where every touch did, to the last
linear          the same to every touch
position        first 40, last 40, the others 20
u_shaped        first 40, lead creation 40, the others 20
w_shaped        first 30, lead creation 30, opportunity creation 30, the others 10
full_path       first, lead creation, opportunity creation and last 22.5 each, the others 10
time_decay      half as much for every half-life that a touch is older than the last one
==============  =====================================================================================================

"The others" share their part equally. A touch in two positions gets both parts; a part that nobody can take (no lead
creation known, no others) is spread over the rest in proportion. One touch alone gets everything in every model.

Sources of the definitions: HubSpot's attribution models (first, last, linear, U-shaped 40/40/20, W-shaped 30/30/30/10,
full path 22.5 x 4 + 10, time decay); Google Analytics' last non-direct click and its position-based model 40/20/40.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from punte.errors import UnknownName
from punte.measures.arithmetic import floor_divide, small_quotient
from punte.measures.credit.weights import MODELS, SINGLE, Counting, weighed

HOURS_PER_DAY = 24
DIRECT_CHANNELS = ("Direct",)

__all__ = ["DIRECT_CHANNELS", "MODELS", "credit", "credits_by_model"]


def credit(
    *,
    journey: ir.Table,
    deal: ir.Table,
    traffic: ir.Table,
    model: str,
    look_back_days: int | None = None,
    counts_every_touch: bool = False,
    half_life_days: int = 7,
    direct_channels: Sequence[str] = DIRECT_CHANNELS,
) -> ir.Table:
    """What each touch gets of each deal's amount under one model; over the rows of a deal it sums to the amount.

    Grain: one touch of one deal that gets some of it, and one row (``ordinal`` and ``traffic_id`` null) for a deal
    without a touch that counts: unattributed. ``journey`` holds one level only. ``traffic`` is labelled traffic: its
    ``channel`` tells what is direct (``direct_channels``).

    Touches count when they are responses (all of them with ``counts_every_touch``) and younger than
    ``look_back_days`` at the close (null: however old). ``half_life_days`` (whole, 1 or more) is of time_decay.

    Columns: opportunity_id; ordinal (place on the way); traffic_id (null with an ordinal: nothing known of where that
    touch came from); weight and total_weight (whole; the touch's share of the deal is their quotient); credit (minor
    units; null where the deal's amount is not known).

    Raises UnknownName for another model.
    """
    counting = _counting(look_back_days, counts_every_touch, half_life_days, direct_channels)
    wide = _wide(journey, deal, traffic, [model], counting)
    named = {name: f"{name}_{model}" for name in ("weight", "total_weight", "credit")}
    rows = wide.select("opportunity_id", "ordinal", "traffic_id", **named)
    return rows.filter(rows.weight > 0)


def credits_by_model(
    *,
    journey: ir.Table,
    deal: ir.Table,
    traffic: ir.Table,
    models: Sequence[str] = MODELS,
    look_back_days: int | None = None,
    counts_every_touch: bool = False,
    half_life_days: int = 7,
    direct_channels: Sequence[str] = DIRECT_CHANNELS,
) -> ir.Table:
    """Several models side by side, computed in one pass; otherwise as ``credit``.

    Grain: one touch that counts, of one deal, whether it gets something or not, and one row for a deal without any.
    Columns: opportunity_id, ordinal, traffic_id, and for each model weight_<model>, total_weight_<model>,
    credit_<model> (0 where the touch gets nothing).

    Raises UnknownName for another model.
    """
    counting = _counting(look_back_days, counts_every_touch, half_life_days, direct_channels)
    return _wide(journey, deal, traffic, models, counting)


def _counting(
    look_back_days: int | None, counts_every_touch: bool, half_life_days: int, direct_channels: Sequence[str]
) -> Counting:
    hours = None if look_back_days is None else look_back_days * HOURS_PER_DAY
    return Counting(hours, counts_every_touch, half_life_days * HOURS_PER_DAY, tuple(direct_channels))


def _wide(journey: ir.Table, deal: ir.Table, traffic: ir.Table, models: Sequence[str], counting: Counting) -> ir.Table:
    for model in models:
        if model not in MODELS:
            raise UnknownName(
                f"There is no attribution model {model!r}.", remedy=f"Use one of: {', '.join(MODELS)}.", name=model
            )
    ways = weighed(journey, traffic, models, counting).rename(of_deal="opportunity_id")
    rows = deal.select("opportunity_id", "amount").left_join(ways, deal.opportunity_id == ways.of_deal).drop("of_deal")
    # A deal without a touch that counts keeps its one row, as if that were its only touch.
    alone = {
        name: rows[name].fill_null(1) for name in rows.columns if name.startswith(("weight_", "so_far_", "total_"))
    }
    rows = rows.mutate(size=rows.amount.abs(), **alone)
    divided = [model for model in models if model not in SINGLE]
    rows = rows.mutate(**{f"rest_{model}": rows["size"] % rows[f"total_weight_{model}"] for model in divided})
    parts = {model: _part(rows, model) for model in models}
    credits = {f"credit_{model}": ibis.ifelse(rows.amount < 0, -part, part) for model, part in parts.items()}
    kept = [f"{name}_{model}" for model in models for name in ("weight", "total_weight")]
    return rows.select("opportunity_id", "ordinal", "traffic_id", *kept, **credits)


def _part(rows: ir.Table, model: str) -> ir.IntegerValue:
    """The part of the deal's size that falls on the row: arithmetic.split_amount with its steps as columns."""
    weight = rows[f"weight_{model}"]
    if model in SINGLE:
        return rows["size"] * weight
    rest, so_far, total = (rows[f"{name}_{model}"] for name in ("rest", "so_far", "total_weight"))
    whole = floor_divide(rows["size"], total)
    return whole * weight + small_quotient(rest * so_far, total) - small_quotient(rest * (so_far - weight), total)
