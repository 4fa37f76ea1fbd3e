"""Cycles again, lead by lead, over lists: slow, obvious, and sharing no code with the measure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

Row = dict[str, Any]

WAY = ["subscriber", "lead", "mql", "sal", "sql", "opportunity", "customer"]
OFF_THE_WAY = ["rejected", "recycled", "disqualified", "lost"]
ORDER = WAY + OFF_THE_WAY
KINDS = (
    "email_sent ad_impression email_open email_click ad_click session page_view content chat webinar event form "
    "campaign call meeting other"
).split()


def cycle(
    *,
    lead: list[Row],
    stage_event: list[Row],
    opportunity: list[Row],
    deal_lead: list[Row],
    touch: list[Row],
    person: list[Row],
    person_of: list[Row],
    account: list[Row],
    account_of: list[Row],
    person_account: list[Row],
) -> list[Row]:
    persons = {row["record_id"]: row["person_id"] for row in person_of}
    companies = {row["record_id"]: row["account_id"] for row in account_of}
    found = []
    for one in lead:
        person_id = persons.get(one["person_record_id"])
        company = companies.get(one["account_record_id"]) or main_account(person_id, person_account, persons, companies)
        deals = deals_of(one["record_id"], opportunity, deal_lead)
        ways = split_into_cycles(one["record_id"], stage_event, deals)
        mine = (row for row in touch if person_id and row["person_id"] == person_id)
        of_company = {name: value_of(company, name, account, companies) for name in ("segment", "country")}
        of_person = {name: value_of(person_id, name, person, persons) for name in ("segment", "country")}
        who = {
            "lead_id": one["record_id"],
            "person_id": person_id,
            "account_id": company,
            "owner_id": one["owner_record_id"],
            "segment": one["segment"] or of_company["segment"] or of_person["segment"],
            "country": of_company["country"] or of_person["country"],
            "sourced_by": one["sourced_by"],
            "kind": one["kind"],
            **origin(one, sorted(mine, key=touch_order)),
        }
        for number, way in enumerate(ways, start=1):
            begun = opening(one, number, way, stage_event, person)
            of_deals = [deal for deal in deals if cycle_of(deal, ways) == number]
            found.append({**who, "cycle": number, **begun, **moments(way, of_deals)})
    return found


def touch_order(touch: Row) -> tuple[Any, ...]:
    return touch["occurred_at"], KINDS.index(touch["kind"]), touch["touch_id"]


def value_of(cluster: str | None, name: str, records: list[Row], cluster_of: dict[str, str]) -> Any:
    mine = [row for row in records if cluster and cluster_of.get(row["record_id"]) == cluster]
    return next((row[name] for row in sorted(mine, key=lambda row: row["record_id"]) if row[name] is not None), None)


def main_account(
    person_id: str | None, person_account: list[Row], persons: dict[str, str], accounts: dict[str, str]
) -> str | None:
    mine = [
        row
        for row in person_account
        if person_id and persons.get(row["person_record_id"]) == person_id and row["account_record_id"] in accounts
    ]
    mine.sort(key=lambda row: row["record_id"])
    mine.sort(key=lambda row: row["from_at"] or datetime.min, reverse=True)
    mine.sort(key=lambda row: row["to_at"] is not None)
    mine.sort(key=lambda row: not row["is_primary"])
    return accounts[mine[0]["account_record_id"]] if mine else None


def deals_of(lead_id: str, opportunity: list[Row], deal_lead: list[Row]) -> list[Row]:
    mine = {row["opportunity_id"] for row in deal_lead if row["lead_id"] == lead_id}
    return [row for row in opportunity if row["record_id"] in mine]


def moment_of(event: Row) -> tuple[Any, ...]:
    """Moment, local day and precision."""
    known = "occurred" if event["occurred_at"] is not None else "not_after"
    return event[f"{known}_at"], event[f"{known}_on"], event[f"{known}_precision"]


def split_into_cycles(lead_id: str, stage_event: list[Row], deals: list[Row]) -> list[list[Row]]:
    """The lead's events in order, cut before each entry as MQL that begins a new cycle; at least one, maybe empty."""
    events = []
    for row in stage_event:
        at, on, precision = moment_of(row)
        if row["lead_record_id"] == lead_id and at is not None and row["stage"] not in ("subscriber", "lead"):
            moment = {"at": at, "on": on, "precision": precision}
            events.append({"stage": row["stage"], **moment, "id": row["record_id"], "is_of_deal": False})
    for deal in deals:
        said = [("opportunity", "created")]
        said += [("customer", "closed")] if deal["status"] == "won" else []
        said += [("lost", "closed")] if deal["status"] == "lost" else []
        for stage, name in said:
            if deal[f"{name}_at"] is not None:
                moment = {"at": deal[f"{name}_at"], "on": deal[f"{name}_on"]}
                events.append({"stage": stage, **moment, "id": deal["record_id"], "is_of_deal": True})
    events.sort(key=lambda event: (event["at"], ORDER.index(event["stage"]), event["id"]))
    cycles: list[list[Row]] = [[]]
    has_been_mql = has_left = has_advanced = False
    for event in events:
        if event["stage"] == "mql":
            if has_left or (has_been_mql and has_advanced):
                cycles.append([])
            has_been_mql, has_left, has_advanced = True, False, False
        elif event["stage"] in ("sal", "sql", "opportunity", "customer"):
            has_advanced = True
        else:
            has_left = True
        cycles[-1].append(event)
    return cycles


def cycle_of(deal: Row, ways: list[list[Row]]) -> int:
    prefix = "created" if deal["created_at"] is not None else "closed"
    at, on = deal[f"{prefix}_at"], deal[f"{prefix}_on"]
    number = 1
    for later, way in enumerate(ways[1:], start=2):
        if at is not None and (way[0]["at"] <= at or (deal[f"{prefix}_precision"] == "day" and way[0]["on"] <= on)):
            number = later
    return number


def opening(lead: Row, number: int, way: list[Row], stage_event: list[Row], person: list[Row]) -> Row:
    names = ("opened_at", "opened_on", "opened_precision")
    if number > 1:
        return dict(zip(names, (way[0]["at"], way[0]["on"], way[0]["precision"]), strict=True))
    if lead["opened_at"] is not None:
        return {name: lead[name] for name in names}
    mine = [moment_of(row) for row in stage_event if row["lead_record_id"] == lead["record_id"]]
    mine = [moment for moment in mine if moment[0] is not None]
    if mine:
        return dict(zip(names, min(mine), strict=True))
    made = [row for row in person if row["record_id"] == lead["person_record_id"]]
    return {name: made[0][name.replace("opened", "created")] if made else None for name in names}


def moments(way: list[Row], deals: list[Row]) -> Row:
    found: Row = {}
    for name in ("mql", "sal", "sql", "opportunity", "won", *OFF_THE_WAY):
        stage = "customer" if name == "won" else name
        own = [event for event in way if event["stage"] == stage and not event["is_of_deal"]]
        first = own[0] if own else {"at": None, "on": None}
        found[f"{name}_at"], found[f"{name}_on"] = first["at"], first["on"]
    said = {
        "opportunity": min(known(deals, "created"), default=None),
        "won": min(known([deal for deal in deals if deal["status"] == "won"], "closed"), default=None),
        "lost": max(known(deals, "closed"), default=None) if all(deal["status"] == "lost" for deal in deals) else None,
    }
    for name, moment in said.items():
        if moment is not None:
            found[f"{name}_at"], found[f"{name}_on"] = moment[0], moment[2]
    return found


def known(deals: list[Row], name: str) -> list[tuple[Any, ...]]:
    return [
        (deal[f"{name}_at"], deal["record_id"], deal[f"{name}_on"]) for deal in deals if deal[f"{name}_at"] is not None
    ]


def origin(lead: Row, touches: list[Row]) -> Row:
    if lead["traffic_id"] is not None:
        return {"traffic_id": lead["traffic_id"], "origin_basis": "declared", "origin_at": None}
    if touches:
        first = touches[0]
        return {"traffic_id": first["traffic_id"], "origin_basis": "first_touch", "origin_at": first["occurred_at"]}
    return {"traffic_id": None, "origin_basis": "none", "origin_at": None}
