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
    loop = Loop(question, tables)
    stages = STAGES[STAGES.index(begins) :]
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
    return [
        {**dict(zip(names, key, strict=True)), **in_stage(stage, stages, leads)}
        for key, leads in groups.items()
        for stage in stages
    ]


def start_of(day: date | None, cohort: str) -> date | None:
    if day is None:
        return None
    month = day.month if cohort == "month" else day.month - (day.month - 1) % 3
    return date(day.year, month, 1)


def in_stage(stage: str, stages: list[str], leads: list[Row]) -> Row:
    place = STAGES.index(stage)
    there = [lead for lead in leads if stage in lead["reached"]]
    later = {id(lead): [name for name in STAGES[place + 1 :] if name in lead["reached"]] for lead in leads}
    went_on = [lead for lead in there if later[id(lead)]]
    left = [lead for lead in there if not later[id(lead)] and lead["is_out"]]
    stays = []
    for lead in went_on:
        entered, went = lead["days"][stage], lead["days"][later[id(lead)][0]]
        if entered is not None and went is not None:
            stays.append((went - entered).days)
    stays.sort()
    found: Row = {
        "place": place,
        "stage": stage,
        "n_reached": len(there),
        "n_skipped": sum(bool(later[id(lead)]) and stage not in lead["reached"] for lead in leads),
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
