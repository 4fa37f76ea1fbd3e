"""Deals and spend by day again, one by one over lists."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tests.reference.lifecycle import touch_order, value_of

Row = dict[str, Any]

KEPT = (
    "name kind pipeline stage status lost_reason is_vat_included created_at created_on created_precision "
    "closed_at closed_on closed_precision"
).split()
CONVERTED = ("amount", "recurring_amount", "currency", "is_rate_missing")


def deal(
    *,
    opportunity: list[Row],
    converted: list[Row],
    deal_lead: list[Row],
    deal_person: list[Row],
    cycle: list[Row],
    touch: list[Row],
    person: list[Row],
    person_of: list[Row],
    account: list[Row],
    account_of: list[Row],
) -> list[Row]:
    people = {row["record_id"]: row["person_id"] for row in person_of}
    companies = {row["record_id"]: row["account_id"] for row in account_of}
    values = {row["opportunity_id"]: row for row in converted}
    found = []
    for one in opportunity:
        deal_id = one["record_id"]
        way = cycle_of(one, deal_lead, cycle)
        mine = {row["person_id"] for row in deal_person if row["opportunity_id"] == deal_id}
        found.append(
            {
                **{name: one[name] for name in KEPT},
                **{name: values[deal_id][name] for name in CONVERTED},
                **origin(one, way, [row for row in touch if row["person_id"] in mine]),
                **who(one, way, person, people, account, companies),
                "opportunity_id": deal_id,
                "lead_id": way.get("lead_id"),
                "cycle": way.get("cycle"),
                "original_amount": one["amount"],
                "original_currency": one["currency"],
                "n_persons": len(mine),
                "days_to_won": days_to_won(one, way),
            }
        )
    return found


def who(
    one: Row, way: Row, person: list[Row], people: dict[str, str], account: list[Row], companies: dict[str, str]
) -> Row:
    account_id = companies.get(one["account_record_id"]) or way.get("account_id")
    person_id = people.get(one["person_record_id"]) or way.get("person_id")
    of_company = {name: value_of(account_id, name, account, companies) for name in ("segment", "country")}
    of_person = {name: value_of(person_id, name, person, people) for name in ("segment", "country")}
    return {
        "account_id": account_id,
        "owner_id": one["owner_record_id"],
        "segment": one["segment"] or way.get("segment") or of_company["segment"] or of_person["segment"],
        "country": of_company["country"] or way.get("country") or of_person["country"],
        "sourced_by": one["sourced_by"] or way.get("sourced_by"),
    }


def days_to_won(one: Row, way: Row) -> int | None:
    began_on = way["opened_on"] if way and way["opened_on"] is not None else one["created_on"]
    is_dated = one["status"] == "won" and one["closed_on"] is not None and began_on is not None
    return (one["closed_on"] - began_on).days if is_dated else None


def cycle_of(one: Row, deal_lead: list[Row], cycle: list[Row]) -> Row:
    """The cycle that the deal's lead was in when the deal was opened; empty without a lead."""
    leads = [row["lead_id"] for row in deal_lead if row["opportunity_id"] == one["record_id"]]
    ways = sorted((row for row in cycle if row["lead_id"] in leads), key=lambda row: row["cycle"])
    found: Row = {}
    moment = "created" if one["created_at"] is not None else "closed"
    at, on = one[f"{moment}_at"], one[f"{moment}_on"]
    for way in ways:
        if way["cycle"] == 1 or (at is not None and began_by(way, at, on, one[f"{moment}_precision"])):
            found = way
    return found


def began_by(way: Row, at: Any, on: Any, precision: str) -> bool:
    return way["opened_at"] <= at or (precision == "day" and way["opened_on"] <= on)


def origin(one: Row, way: Row, touches: list[Row]) -> Row:
    if one["traffic_id"] is not None:
        return {"traffic_id": one["traffic_id"], "origin_basis": "declared", "origin_at": None}
    if way and way["origin_basis"] != "none":
        return {name: way[name] for name in ("traffic_id", "origin_basis", "origin_at")}
    before = [row for row in touches if one["closed_at"] is None or is_by(row, one, "closed")]
    if before:
        first = min(before, key=touch_order)
        return {"traffic_id": first["traffic_id"], "origin_basis": "first_touch", "origin_at": first["occurred_at"]}
    return {"traffic_id": None, "origin_basis": "none", "origin_at": None}


def is_by(touch: Row, one: Row, moment: str) -> bool:
    """Whether the touch was by that moment; a moment known as a day is over when its day is."""
    if one[f"{moment}_at"] is None:
        return False
    is_of_day = one[f"{moment}_precision"] == "day" and touch["occurred_on"] <= one[f"{moment}_on"]
    return is_of_day or touch["occurred_at"] <= one[f"{moment}_at"]


def spend_day(*, spend: list[Row], converted_spend: list[Row]) -> list[Row]:
    values = {row["spend_id"]: row for row in converted_spend}
    days: dict[Any, list[Row]] = defaultdict(list)
    for row in spend:
        days[row["traffic_id"], row["spent_on"]].append(values[row["record_id"]])
    found = []
    for (traffic_id, day), rows in days.items():
        known = [row["amount"] for row in rows if row["amount"] is not None]
        found.append(
            {
                "traffic_id": traffic_id,
                "day": day,
                "amount": sum(known) if known else None,
                "currency": rows[0]["currency"],
                "n_rows": len(rows),
                "n_rate_missing": sum(row["is_rate_missing"] for row in rows),
            }
        )
    return found
