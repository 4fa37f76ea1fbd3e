"""On which way deals came: the channels of their touches, in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from punte.rooms.loop.queries.opened import Lent
from punte.rooms.loop.queries.table import records_of


@dataclass(frozen=True)
class Step:
    """Touches that follow each other in one channel (None: not known), and how many they are."""

    channel: str | None
    n: int


def paths_of(lent: Lent, deals: Iterable[str], level: str) -> dict[str, tuple[Step, ...]]:
    """The way of each deal from its first touch to its last; a deal without a known touch is left out.

    ``level`` says whose touches count: those of the deal's persons, or of everybody of its company.
    """
    wanted = sorted(deals)
    if not wanted:
        return {}
    journey, traffic = lent.numbers.tables["journey"], lent.numbers.traffic
    named = traffic.select("channel", of_traffic="traffic_id")
    touches = journey.filter((journey.level == level) & journey.opportunity_id.isin(wanted))
    touches = touches.left_join(named, touches.traffic_id == named.of_traffic)
    ordered = touches.select("opportunity_id", "ordinal", "channel").order_by(["opportunity_id", "ordinal"])
    records = records_of(lent.numbers, ordered)
    return {deal: steps_of(list(rows)) for deal, rows in groupby(records, key=lambda row: row["opportunity_id"])}


def steps_of(touches: Sequence[dict[str, Any]]) -> tuple[Step, ...]:
    """Touches in their order as steps."""
    return tuple(Step(channel, len(list(same))) for channel, same in groupby(row["channel"] or None for row in touches))
