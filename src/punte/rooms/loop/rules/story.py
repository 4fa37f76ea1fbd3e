"""What the sentence at the top says: which rows stand out, by rules that do not read chance as a trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

FEWEST_WON = 5
"""Below this many won deals a return says nothing about the next euro."""


class Earner(Protocol):
    """A row as far as its return goes; money in minor units."""

    is_unattributed: bool
    n_won: int
    revenue: int | None
    cost: int | None


@dataclass(frozen=True)
class Highlights:
    """Which places in the rows earned most for what they cost, and which cost more than they brought."""

    best: int | None = None
    loss: int | None = None


def highlights(rows: Sequence[Earner]) -> Highlights:
    """Of the rows with cost, the one with the highest return from at least five won deals, and the largest loss.

    A row without known cost or value takes no part. With fewer than two rows to choose from, none is the best.
    """
    places = [place for place, row in enumerate(rows) if row.cost and row.revenue is not None]
    ripe = [place for place in places if rows[place].n_won >= FEWEST_WON]
    gains = [place for place in ripe if _gain(rows[place]) > 0]
    losses = [place for place in places if _gain(rows[place]) < 0]
    best = max(gains, key=lambda place: _return(rows[place]), default=None) if len(places) > 1 else None
    return Highlights(best, min(losses, key=lambda place: _gain(rows[place]), default=None))


def _gain(row: Earner) -> int:
    return (row.revenue or 0) - (row.cost or 0)


def _return(row: Earner) -> float:
    return (row.revenue or 0) / (row.cost or 1)
