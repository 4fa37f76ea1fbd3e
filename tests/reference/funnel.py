"""The funnel again, lead by lead over lists."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from statistics import median
from typing import Any

from tests.reference.loop import Loop, Question

Row = dict[str, Any]

STAGES = ["lead", "mql", "sal", "sql", "opportunity", "won"]
GONE = ("rejected", "recycled", "disqualified", "lost")


def funnel(
    question: Question, tables: dict[str, list[Row]], begins: str = "lead", cohort: str | None = None
) -> list[Row]:
    stages = STAGES[STAGES.index(begins) :]
    return [
        {**key, **in_stage(stage, stages, leads)}
        for key, leads in groups_of(question, tables, begins, cohort)
        for stage in stages
    ]


def time_in_stage(
    question: Question, tables: dict[str, list[Row]], begins: str = "lead", cohort: str | None = None
) -> list[Row]:
    found = []
    for key, leads in groups_of(question, tables, begins, cohort):
        for stage in STAGES[STAGES.index(begins) :]:
            days = stays_in(stage, leads)
            for n_days in sorted(set(days)):
                n_so_far = sum(other <= n_days for other in days)
                counts = {"days": n_days, "n": days.count(n_days), "n_so_far": n_so_far}
                share = n_so_far / len(days)
                found.append({**key, "place": STAGES.index(stage), "stage": stage, **counts, "share_so_far": share})
    return found


def groups_of(
    question: Question, tables: dict[str, list[Row]], begins: str, cohort: str | None
) -> list[tuple[Row, list[Row]]]:
    """The leads that begun, by the keys of their row."""
    loop = Loop(question, tables)
    groups: dict[Any, list[Row]] = defaultdict(list)
    for cycle in loop.cycles:
        days = {stage: cycle["opened_on" if stage == "lead" else f"{stage}_on"] for stage in STAGES}
        if not question.holds(days[begins]) or (begins == "mql" and days["mql"] is None):
            continue
        key = loop.key("cycle", cycle, cycle["traffic_id"], cycle["origin_basis"] == "none")
        if cohort is not None:
            key = (*key, start_of(days[begins], cohort))
        reached = [stage for stage in STAGES if days[stage] is not None or stage == "lead"]
        reached += ["won"] if cycle["is_won"] and "won" not in reached else []
        is_out = cycle["is_followed"] or any(cycle[f"{name}_on"] for name in GONE)
        groups[key].append({"days": days, "reached": reached, "is_out": is_out})
    names = [*question.by, "is_unattributed", *(["cohort_on"] if cohort else [])]
    return [(dict(zip(names, key, strict=True)), leads) for key, leads in groups.items()]


def later_of(lead: Row, stage: str) -> list[str]:
    """The stages after this one that the lead reached."""
    return [name for name in STAGES[STAGES.index(stage) + 1 :] if name in lead["reached"]]


def stays_in(stage: str, leads: list[Row]) -> list[int]:
    """Days in the stage of those who went on, where both days are known."""
    stays = []
    for lead in leads:
        if stage in lead["reached"] and later_of(lead, stage):
            entered, went = lead["days"][stage], lead["days"][later_of(lead, stage)[0]]
            if entered is not None and went is not None:
                stays.append((went - entered).days)
    return sorted(stays)


def start_of(day: date | None, cohort: str) -> date | None:
    if day is None:
        return None
    month = day.month if cohort == "month" else day.month - (day.month - 1) % 3
    return date(day.year, month, 1)


def in_stage(stage: str, stages: list[str], leads: list[Row]) -> Row:
    place = STAGES.index(stage)
    there = [lead for lead in leads if stage in lead["reached"]]
    went_on = [lead for lead in there if later_of(lead, stage)]
    left = [lead for lead in there if not later_of(lead, stage) and lead["is_out"]]
    stays = stays_in(stage, leads)
    found: Row = {
        "place": place,
        "stage": stage,
        "n_reached": len(there),
        "n_skipped": sum(bool(later_of(lead, stage)) and stage not in lead["reached"] for lead in leads),
        "n_went_on": len(went_on),
        "n_left": len(left),
        "n_in_stage": len(there) - len(went_on) - len(left),
        "median_days": float(median(stays)) if stays else None,
        "p90_days": stays[-(-9 * len(stays) // 10) - 1] if stays else None,
    }
    if stage == "won":
        found |= {"n_went_on": None, "n_left": None, "n_in_stage": None}
    began = [lead for lead in leads if stages[0] in lead["reached"]]
    found["share"] = len(there) / len(began)
    for name, count in (("to_next_share", "n_went_on"), ("in_stage_share", "n_in_stage")):
        found[name] = found[count] / len(there) if there and found[count] is not None else None
    return found
