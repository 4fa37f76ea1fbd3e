"""The flow again, lead by lead and deal by deal over lists."""

from __future__ import annotations

from typing import Any

from tests.reference.funnel import GONE
from tests.reference.loop import Loop, Question

Row = dict[str, Any]


def flow(question: Question, tables: dict[str, list[Row]]) -> list[Row]:
    loop = Loop(question, tables)
    found: dict[Any, Row] = {}

    def add(subject: str, thing: Row, stage: str, outcome: str, **counts: int) -> None:
        values = loop.key(subject, thing, thing["traffic_id"], False)[:-1]
        key = (*values, thing["origin_basis"] == "none", stage, outcome)
        row = found.setdefault(key, {"n_leads": 0, "n_deals": 0, "revenue": 0})
        for name, count in counts.items():
            row[name] += count

    for cycle in loop.cycles:
        if question.holds(cycle["opened_on"]):
            add("cycle", cycle, *end_of(cycle), n_leads=1)
    for deal in loop.deals:
        if deal["status"] == "won" and question.holds(deal["closed_on"]):
            add("deal", deal, "opportunity", "won", n_deals=1, revenue=deal["amount"] or 0)
    names = [*question.by, "is_unattributed", "stage", "outcome"]
    return [{**dict(zip(names, key, strict=True)), **row} for key, row in found.items()]


def end_of(cycle: Row) -> tuple[str, str]:
    """The furthest stage and how it ended."""
    if cycle["is_won"]:
        return "opportunity", "won"
    reached = [stage for stage in ("mql", "sal", "sql", "opportunity") if cycle[f"{stage}_on"] is not None]
    is_out = cycle["is_followed"] or any(cycle[f"{name}_on"] for name in GONE)
    return (reached or ["lead"])[-1], "left" if is_out else "open"
