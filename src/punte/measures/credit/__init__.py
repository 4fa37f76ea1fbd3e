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
from punte.measures.arithmetic import near_quotient, part_of
from punte.measures.credit.ways import Counting, counted, placed, positions
from punte.measures.credit.weights import MISSING, MODELS, SINGLE, flags, totals, weights

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
    touches = counted(journey, traffic, models, counting)
    deals = _deals(deal, positions(touches), models)
    steps = placed(touches, deals, models, counting)
    deals = _divided(deals, [model for model in models if model not in (*SINGLE, "time_decay")])
    rows = _with_steps(deals, steps, models)
    return _credited(_weighed(rows, models), models)


def _deals(deal: ir.Table, ways: ir.Table, models: Sequence[str]) -> ir.Table:
    """Every deal with what is the same for all touches of its way.

    A deal without a touch that counts gets one that stands for nobody: ordinal 0, in first and last position.
    """
    deals = deal.select("opportunity_id", "amount")
    ways = ways.rename(of_way="opportunity_id")
    found = deals.left_join(ways, deals.opportunity_id == ways.of_way)
    found = found.select(
        "opportunity_id",
        "last_age",
        n=found.n.fill_null(1),
        size=found.amount.abs(),
        # Not sign(), which Spark makes a float without Ibis knowing.
        sign=ibis.ifelse(found.amount < 0, -1, 1).cast("int64"),
        **{name: found[name].fill_null(0) for name in ("first", "last", "other")},
        **{name: found[name].fill_null(MISSING) for name in ("lead", "deal")},
    )
    return found.mutate(**totals(found, models))


def _divided(rows: ir.Table, models: Sequence[str]) -> ir.Table:
    """Quotient and remainder of the deal's size by the total weight of each model."""
    size, total = rows["size"], {model: rows[f"total_weight_{model}"] for model in models}
    rows = rows.mutate(**{f"quotient_{model}": near_quotient(size, total[model]) for model in models})
    taken = {model: rows[f"quotient_{model}"] * rows[f"total_weight_{model}"].cast("int64") for model in models}
    return rows.mutate(**{f"remainder_{model}": (rows["size"] - taken[model]).cast("float64") for model in models})


def _with_steps(deals: ir.Table, steps: ir.Table, models: Sequence[str]) -> ir.Table:
    found = deals.left_join(steps, deals.opportunity_id == steps.of_deal)
    columns = {"place": found.place.cast("float64").fill_null(1.0), "place_ordinal": found.ordinal.fill_null(0)}
    if "time_decay" not in models:
        return found.mutate(**columns)
    decays = {name: found[name].cast("float64").fill_null(1.0) for name in ("decay", "decay_so_far", "decay_total")}
    rows = found.mutate(**columns, **decays).rename(total_weight_time_decay="decay_total")
    return _divided(rows, ["time_decay"])


def _weighed(rows: ir.Table, models: Sequence[str]) -> ir.Table:
    rows = rows.mutate(**flags(rows))
    columns: dict[str, ir.Value] = {}
    for model in models:
        found = weights(rows, model)
        columns |= {f"weight_{model}": found.weight, f"so_far_{model}": found.so_far}
    return rows.mutate(**columns)


def _credited(rows: ir.Table, models: Sequence[str]) -> ir.Table:
    columns: dict[str, ir.Value] = {}
    for model in models:
        columns |= {name: rows[name].cast("int64") for name in (f"weight_{model}", f"total_weight_{model}")}
        columns[f"credit_{model}"] = rows.sign * _part(rows, model)
    return rows.select("opportunity_id", "ordinal", "traffic_id", **columns)


def _part(rows: ir.Table, model: str) -> ir.IntegerValue:
    if model in SINGLE:
        return rows["size"] * rows[f"weight_{model}"].cast("int64")
    names = ("quotient", "remainder", "weight", "so_far", "total_weight")
    return part_of(*(rows[f"{name}_{model}"] for name in names))
