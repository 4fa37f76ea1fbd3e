"""The weights that each model gives to the touches on a deal's way: whole numbers, with their running sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, and_

import ibis
import ibis.expr.types as ir

from punte.measures.arithmetic import floor_divide, halving_weights

SINGLE = {"first": "first", "last": "last", "last_non_direct": "other"}
"""Models that give everything to the touch in one position."""


@dataclass(frozen=True)
class Shape:
    """Parts for the touches in named positions, and the part that the other touches share equally."""

    keys: dict[str, int]
    rest: int


SHAPES = {
    "position": Shape({"first": 4, "last": 4}, rest=2),
    "u_shaped": Shape({"first": 4, "lead": 4}, rest=2),
    "w_shaped": Shape({"first": 3, "lead": 3, "deal": 3}, rest=1),
    "full_path": Shape({"first": 9, "lead": 9, "deal": 9, "last": 9}, rest=4),
}
"""Models by position; 9 to 4 is 22.5 to 10."""

MODELS = (*SINGLE, "linear", *SHAPES, "time_decay")
"""The models' names, as in ``credit_<model>``."""

DECAY_BITS = 20
"""The last touch weighs 2**20 in time_decay; one twenty half-lives older weighs 1, a still older one nothing."""
BITS_OF_LENGTH = 11
"""Ways of more than 2**11 touches lose bits of weight, so that the weights of a deal sum to no more than 2**31."""


@dataclass(frozen=True)
class Counting:
    """Which touches count, and the numbers of single models."""

    oldest_hours: int | None
    counts_every_touch: bool
    half_life_hours: int
    direct_channels: tuple[str, ...]


def weighed(journey: ir.Table, traffic: ir.Table, models: Sequence[str], counting: Counting) -> ir.Table:
    """The touches that count, with the weights that each model gives them.

    Grain: one touch of one deal. Columns: opportunity_id, ordinal, traffic_id, and for each model weight_<model>,
    total_weight_<model> (of all touches of the deal) and, but for ``SINGLE``, so_far_<model> (running sum).
    """
    ways = _placed(_with_direct(_counted(journey, counting), traffic, models, counting))
    if "time_decay" in models:
        ways = _aged(ways, counting.half_life_hours)
    shapes = {model: SHAPES[model] for model in models if model in SHAPES}
    if shapes:
        ways = _shaped(_flagged(ways), shapes)
    one = ibis.literal(1, "int64")
    weights: dict[str, ir.Value] = {}
    for model in models:
        if model in SINGLE:
            weight = (ways.ordinal == ways[SINGLE[model]]).cast("int64")
            weights |= {f"weight_{model}": weight, f"total_weight_{model}": one}
        elif model == "linear":
            weights |= {"weight_linear": one, "so_far_linear": ways.place, "total_weight_linear": ways.n}
        else:
            weights |= {name: ways[name] for name in (f"weight_{model}", f"so_far_{model}", f"total_weight_{model}")}
    return ways.select("opportunity_id", "ordinal", "traffic_id", **weights)


def _counted(journey: ir.Table, counting: Counting) -> ir.Table:
    counted = journey if counting.counts_every_touch else journey.filter(journey.is_response)
    if counting.oldest_hours is None:
        return counted
    return counted.filter(counted.age_hours < counting.oldest_hours)


def _with_direct(counted: ir.Table, traffic: ir.Table, models: Sequence[str], counting: Counting) -> ir.Table:
    if "last_non_direct" not in models:
        return counted.mutate(is_direct=False)
    direct = traffic.filter(traffic.channel.isin(counting.direct_channels)).select(direct_id="traffic_id")
    found = counted.left_join(direct, counted.traffic_id == direct.direct_id)
    return found.select(*counted.columns, is_direct=found.direct_id.notnull())


def _placed(counted: ir.Table) -> ir.Table:
    """Touches with their place among those that count (from 1), and the ordinals of the positions of their way."""
    ordinal = counted.ordinal
    of_way = {
        "n": counted.count(),
        "first": ordinal.min(),
        "last": ordinal.max(),
        "not_direct": ibis.ifelse(counted.is_direct, None, ordinal).max(),
        "lead": ibis.ifelse(counted.is_lead_creation, ordinal, None).max(),
        "deal": ibis.ifelse(counted.is_opportunity_creation, ordinal, None).max(),
        "last_age": counted.age_hours.min(),
    }
    placed = counted.select(
        "opportunity_id",
        "ordinal",
        "traffic_id",
        "age_hours",
        place=ibis.row_number().over(_running()) + 1,
        **{name: value.over(_whole_way()) for name, value in of_way.items()},
    )
    return placed.mutate(other=ibis.coalesce(placed.not_direct, placed["last"]))


def _running() -> ibis.expr.builders.WindowBuilder:
    return ibis.window(group_by="opportunity_id", order_by="ordinal", preceding=None, following=0)


def _whole_way() -> ibis.expr.builders.WindowBuilder:
    # Ordered like the running window, so that an engine sorts each way only once.
    return ibis.window(group_by="opportunity_id", order_by="ordinal", preceding=None, following=None)


def _aged(ways: ir.Table, half_life: int) -> ir.Table:
    """Touches with their weights of time_decay, by the whole hours between them and the last touch that counts."""
    age = ways.age_hours - ways.last_age
    aged = ways.mutate(age=age, halvings=floor_divide(age, half_life))
    steps = (0, 3, 6, 9)
    lost_bits = ibis.cases(*((aged.n <= 2 ** (BITS_OF_LENGTH + bits), bits) for bits in steps), else_=DECAY_BITS)
    shift = ibis.least(aged.halvings, DECAY_BITS + 1) + lost_bits
    table = ibis.literal(halving_weights(half_life, DECAY_BITS), "array<int64>")
    newest_weighs = table[(aged.age - aged.halvings * half_life).cast("int32")]
    aged = aged.mutate(weight_time_decay=newest_weighs >> shift.cast("int32"))
    weight = aged.weight_time_decay
    return aged.mutate(
        so_far_time_decay=weight.sum().over(_running()), total_weight_time_decay=weight.sum().over(_whole_way())
    )


def _flagged(ways: ir.Table) -> ir.Table:
    """For each position: whether its touch is known (1), is this one, and is this one or an earlier one."""
    flags: dict[str, ir.Value] = {}
    for name in ("first", "lead", "deal", "last"):
        position = ways[name]
        flags |= {
            f"known_{name}": position.notnull().cast("int64"),
            f"at_{name}": (ways.ordinal == position).fill_null(False).cast("int64"),
            f"passed_{name}": (ways.ordinal >= position).fill_null(False).cast("int64"),
        }
    return ways.mutate(**flags)


def _shaped(ways: ir.Table, shapes: dict[str, Shape]) -> ir.Table:
    counts: dict[str, ir.Value] = {}
    for model, shape in shapes.items():
        is_new = {name: _is_new(ways, name, shape) for name in shape.keys}
        counts[f"n_others_{model}"] = ways.n - _sum(ways[f"known_{name}"] * new for name, new in is_new.items())
        counts[f"n_passed_{model}"] = ways.place - _sum(ways[f"passed_{name}"] * new for name, new in is_new.items())
        for part in ("at", "passed", "known"):
            counts[f"{part}_{model}"] = _sum(ways[f"{part}_{name}"] * key for name, key in shape.keys.items())
    counted = ways.mutate(**counts)
    weights = [_shape_weights(counted, model, shape.rest) for model, shape in shapes.items()]
    return counted.mutate(**{name: value for each in weights for name, value in each.items()})


def _is_new(ways: ir.Table, name: str, shape: Shape) -> ir.IntegerValue:
    """1 unless an earlier position of the shape is the same touch: positions that fall together are one touch."""
    earlier = list(shape.keys)[: list(shape.keys).index(name)]
    differs = [(ways[name] != ways[other]).fill_null(True) for other in earlier]
    return reduce(and_, differs, ibis.literal(True)).cast("int64")


def _shape_weights(ways: ir.Table, model: str, rest: int) -> dict[str, ir.Value]:
    """Weights multiplied by the number of others, so that an equal share of the rest is a whole number."""
    n_others, others_passed = ways[f"n_others_{model}"], ways[f"n_passed_{model}"]
    times = ibis.greatest(n_others, 1)
    has_others = ibis.ifelse(n_others > 0, rest, 0)
    return {
        f"weight_{model}": ibis.ifelse(ways[f"at_{model}"] > 0, ways[f"at_{model}"] * times, rest),
        f"so_far_{model}": ways[f"passed_{model}"] * times + others_passed * rest,
        f"total_weight_{model}": (ways[f"known_{model}"] + has_others) * times,
    }


def _sum(terms: Iterable[ir.IntegerValue]) -> ir.IntegerValue:
    return reduce(add, terms)
