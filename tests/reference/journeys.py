"""Journeys again, in plain Python over lists."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.reference.deals import is_by
from tests.reference.touches import in_order

Row = dict[str, Any]


def journey(
    *,
    deal: list[Row],
    deal_person: list[Row],
    account_person: list[Row],
    touch: list[Row],
    cycle: list[Row],
    level: str,
    at: datetime,
) -> list[Row]:
    found = []
    for one in deal:
        persons = {row["person_id"] for row in deal_person if row["opportunity_id"] == one["opportunity_id"]}
        companies = set()
        if level == "account" and one["account_id"] is not None:
            companies = {one["account_id"]}
            persons |= {row["person_id"] for row in account_person if row["account_id"] == one["account_id"]}
        met = [row for row in touch if row["person_id"] in persons or row["account_id"] in companies]
        met = [row for row in met if row["occurred_at"] <= at]
        is_closed = one["status"] != "open" and one["closed_at"] is not None and one["closed_at"] < at
        end = end_of(one) if is_closed else at
        way = in_order(merged([row for row in met if not is_closed or is_by(row, one, "closed")]))
        lead = [row for row in cycle if (row["lead_id"], row["cycle"]) == (one["lead_id"], one["cycle"])]
        lead_touch = last_response(way, lead[0], "opened") if lead and one["lead_id"] else None
        found += steps(one, way, level, end, lead_touch)
    return found


def end_of(deal: Row) -> datetime:
    """The close; of a day its last second."""
    return deal["closed_at"] + timedelta(seconds=86_399 if deal["closed_precision"] == "day" else 0)


def steps(deal: Row, way: list[Row], level: str, end: datetime, lead_touch: int | None) -> list[Row]:
    deal_touch = last_response(way, deal, "created")
    same = ("touch_id", "person_id", "traffic_id", "is_response", "occurred_at", "occurred_on")
    return [
        {
            "opportunity_id": deal["opportunity_id"],
            "level": level,
            "ordinal": number + 1,
            "n_touches": len(way),
            **{name: row[name] for name in same},
            "age_hours": max(0, hours(row["occurred_at"], end)),
            "is_lead_creation": number == lead_touch,
            "is_opportunity_creation": number == deal_touch,
        }
        for number, row in enumerate(way)
    ]


def merged(touches: list[Row]) -> list[Row]:
    """Touches that two sources tell of, once."""
    same: dict[tuple[Any, ...], list[Row]] = {}
    for row in touches:
        key = (row["person_id"], row["occurred_at"], row["traffic_id"], row["kind"])
        same.setdefault(key, []).append(row)
    return [
        {
            **min(rows, key=lambda row: row["touch_id"]),
            "occurred_on": min(row["occurred_on"] for row in rows),
            "is_response": any(row["is_response"] for row in rows),
        }
        for rows in same.values()
    ]


def last_response(way: list[Row], opened: Row, moment: str) -> int | None:
    numbers = [n for n, row in enumerate(way) if row["is_response"] and is_by(row, opened, moment)]
    return numbers[-1] if numbers else None


def hours(since: datetime, until: datetime) -> int:
    seconds = int(until.replace(microsecond=0).timestamp()) - int(since.replace(microsecond=0).timestamp())
    return seconds // 3600
