"""From values to places: linear scales with round ticks, and labels set apart from each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """A straight line from the values ``low`` … ``high`` to the places ``start`` … ``end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        if self.high == self.low:
            return self.start
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, n_about: int = 5, *, steps: Sequence[float] = ()) -> list[float]:
        """Round values inside the scale, about so many; ``steps`` are those between which to choose, ascending."""
        rough = (self.high - self.low) / max(1, n_about)
        step = next((step for step in steps if step >= rough), round_step(rough))
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(place * step, 10) for place in range(first, last + 1)]


def round_step(rough: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below ``rough``."""
    if rough <= 0:
        return 1
    power = 10 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * (1 - 1e-9))


def rounded_up(high: float, n_about: int = 4) -> float:
    """``high`` lifted to the next round tick, so that an axis ends on a number."""
    step = round_step(high / n_about) if high > 0 else 1
    return math.ceil(high / step - 1e-9) * step


def set_apart(centres: Sequence[float], sizes: Sequence[float], low: float, high: float, gap: float = 0) -> list[float]:
    """Centres in the same order, each with its size and the gap free of the others, moved as little as possible.

    The least-squares placement (pool adjacent violators). When all cannot fit between ``low`` and ``high`` they begin
    at ``low`` and run over.
    """
    offsets, total = [], 0.0
    for size in sizes:
        offsets.append(total + size / 2)
        total += size + gap
    pools: list[list[float]] = []
    for centre, offset in zip(centres, offsets, strict=True):
        pools.append([centre - offset, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            value, weight = pools.pop()
            before, before_weight = pools[-1]
            pools[-1] = [(before * before_weight + value * weight) / (before_weight + weight), before_weight + weight]
    highest = max(low, high - (total - gap))
    shifts = [min(max(value, low), highest) for value, weight in pools for _ in range(int(weight))]
    return [shift + offset for shift, offset in zip(shifts, offsets, strict=True)]
