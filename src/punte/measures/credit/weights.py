"""The weights that each model gives to the touches on a deal's way: whole numbers, with their running sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, or_

import ibis
import ibis.expr.types as ir

SINGLE = {"first": "first", "last": "last", "last_non_direct": "other"}
"""Models that give everything to the touch in one position."""


@dataclass(frozen=True)
class Shape:
    """Parts for the touches in named positions, in the order of ``POSITIONS``; the other touches share ``rest``."""

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

POSITIONS = ("first", "lead", "deal", "last")
MISSING = 2**62
"""Ordinal of a position that no touch has: never reached."""


@dataclass(frozen=True)
class Weights:
    """A touch's weight under a model, and the sum of weights up to and with it: whole numbers, held as floats.

    They stay far below 2**53, where floats are exact, and an engine need not check each step for an overflow.
    """

    weight: ir.FloatingValue
    so_far: ir.FloatingValue


def totals(ways: ir.Table, models: Sequence[str]) -> dict[str, ir.Value]:
    """What is the same for all touches of a way, as columns: total_weight_<model>, and for shapes times_<model> and
    new_<model>_<position>.

    Reads of ``ways`` (one row per way): n, and the ordinals of the positions, ``MISSING`` where no touch has one. The
    weights of a shape are multiplied by its number of other touches, so that an equal share of its rest is a whole
    number. Positions that fall together are one touch: only the first of them is new. All are floats.
    """
    columns: dict[str, ir.Value] = {}
    for model in models:
        if model in SINGLE:
            columns[f"total_weight_{model}"] = ibis.literal(1.0)
        elif model == "linear":
            columns["total_weight_linear"] = ways.n.cast("float64")
        elif model in SHAPES:
            shape = SHAPES[model]
            new = {name: _is_new(ways, name, shape) for name in shape.keys}
            n_others = ways.n - _sum(new.values())
            times = ibis.greatest(n_others, 1.0)
            keys = _sum(_flag(ways[name] < MISSING) * key for name, key in shape.keys.items())
            columns |= {f"new_{model}_{name}": is_new for name, is_new in new.items()}
            columns[f"times_{model}"] = times
            columns[f"total_weight_{model}"] = (keys + _flag(n_others > 0) * shape.rest) * times
    return columns


def flags(rows: ir.Table) -> dict[str, ir.Value]:
    """Of one touch and each position, as columns: whether the touch is in it, and is in it or after it (1.0 or 0.0)."""
    at = {f"at_{name}": _flag(rows.place_ordinal == rows[name]) for name in POSITIONS}
    return at | {f"passed_{name}": _flag(rows.place_ordinal >= rows[name]) for name in POSITIONS}


def weights(rows: ir.Table, model: str) -> Weights:
    """The weights of one touch. Reads of ``rows``: place, what ``totals`` and ``flags`` made, the decay columns."""
    if model in SINGLE:
        position = rows[SINGLE[model]]
        return Weights(_flag(rows.place_ordinal == position), _flag(rows.place_ordinal >= position))
    if model == "linear":
        return Weights(ibis.literal(1.0), rows.place)
    if model == "time_decay":
        return Weights(rows.decay, rows.decay_so_far)
    shape = SHAPES[model]
    key = _sum(rows[f"at_{name}"] * part for name, part in shape.keys.items())
    keys_passed = _sum(rows[f"passed_{name}"] * part for name, part in shape.keys.items())
    n_passed = _sum(rows[f"passed_{name}"] * rows[f"new_{model}_{name}"] for name in shape.keys)
    is_other = _flag(~reduce(or_, [rows[f"at_{name}"] > 0 for name in shape.keys]))
    times = rows[f"times_{model}"]
    return Weights(key * times + is_other * shape.rest, keys_passed * times + (rows.place - n_passed) * shape.rest)


def _is_new(ways: ir.Table, name: str, shape: Shape) -> ir.FloatingValue:
    """1 for a position that a touch has, unless an earlier position of the shape is the same touch."""
    earlier = list(shape.keys)[: list(shape.keys).index(name)]
    return _flag(reduce(lambda so_far, other: so_far & (ways[name] != ways[other]), earlier, ways[name] < MISSING))


def _flag(holds: ir.BooleanValue) -> ir.FloatingValue:
    return holds.cast("float64")


def _sum(terms: Iterable[ir.NumericValue]) -> ir.NumericValue:
    return reduce(add, terms)
