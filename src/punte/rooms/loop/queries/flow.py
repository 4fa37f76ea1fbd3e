"""The flow of leads and money, from where they came to how they ended."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from punte.rooms.loop.queries.opened import Lent
from punte.rooms.loop.queries.table import minor, value_of, within
from punte.rooms.loop.rules import OF_DEALS, Days, LoopQuestion, Value, names_of

ENDS = ("channel", "campaign")


@dataclass(frozen=True)
class FlowPart:
    """Leads of one channel and campaign that got as far as ``stage`` and ended as ``outcome``; money in minor units."""

    channel: Value
    campaign: Value
    stage: str
    outcome: str
    n_leads: int
    n_deals: int
    revenue: int


@dataclass(frozen=True)
class LoopFlow:
    """The flow, and what its counts say besides.

    ``begun`` holds for each value of the question's dimension the leads begun and those of them won;
    ``n_won`` and ``n_won_known`` the won deals, and those with a known touch. ``unrestricted`` names the filters
    that do not hold for a flow.
    """

    parts: tuple[FlowPart, ...]
    begun: dict[Value, tuple[int, int]]
    n_won: int
    n_won_known: int
    unrestricted: tuple[str, ...] = ()

    @property
    def n_begun(self) -> tuple[int, int]:
        """All leads begun, and those of them won."""
        counts = list(self.begun.values())
        return sum(n for n, _ in counts), sum(n for _, n in counts)


def flow_of(lent: Lent, question: LoopQuestion, days: Days) -> LoopFlow:
    """The flow within the question's filters; leads know nothing of those that only deals have."""
    named = [name for name in names_of(question) if name not in OF_DEALS]
    by = tuple(dict.fromkeys([*ENDS, *named]))
    records = lent.once(
        ("flow", by, days),
        lambda numbers: numbers.answer("flow", by=by, since=days.since, until=days.until).to_pylist(),
    )
    filters = [chip for chip in question.filters if chip.dimension not in OF_DEALS]
    kept = list(within(records, filters))
    known = [record for record in kept if not record["is_unattributed"]]
    return LoopFlow(
        parts=_parts(kept, lent.numbers.currency),
        begun=_begun(kept, question.by) if question.by not in OF_DEALS else {},
        n_won=sum(record["n_deals"] for record in kept),
        n_won_known=sum(record["n_deals"] for record in known),
        unrestricted=tuple(chip.dimension for chip in question.filters if chip.dimension in OF_DEALS),
    )


def _parts(records: list[dict[str, Any]], currency: str) -> tuple[FlowPart, ...]:
    sums: dict[tuple[Value, Value, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for record in records:
        channel, campaign = (value_of(record, name) for name in ENDS)
        into = sums[channel, campaign, record["stage"], record["outcome"]]
        for place, n in enumerate((record["n_leads"], record["n_deals"], minor(record["revenue"], currency) or 0)):
            into[place] += n
    return tuple(FlowPart(*key, *found) for key, found in sums.items())


def _begun(records: list[dict[str, Any]], by: str) -> dict[Value, tuple[int, int]]:
    sums: dict[Value, list[int]] = defaultdict(lambda: [0, 0])
    for record in records:
        found = sums[value_of(record, by)]
        found[0] += record["n_leads"]
        found[1] += record["n_leads"] if record["outcome"] == "won" else 0
    return {value: (n, n_won) for value, (n, n_won) in sums.items()}
