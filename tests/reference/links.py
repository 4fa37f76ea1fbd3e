"""Links again, in plain Python over lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

Row = dict[str, Any]


def deal_person(
    *, opportunity: list[Row], opportunity_person: list[Row], lead: list[Row], person_of: list[Row]
) -> list[Row]:
    person_ids = {row["record_id"]: row["person_id"] for row in person_of}
    person_of_lead = {row["record_id"]: row["person_record_id"] for row in lead}
    found = set()
    for deal in opportunity:
        deal_id = deal["record_id"]
        records = [deal["person_record_id"], person_of_lead.get(deal["lead_record_id"])]
        records += [row["person_record_id"] for row in opportunity_person if row["opportunity_record_id"] == deal_id]
        found |= {(deal_id, person_ids[record]) for record in records if record in person_ids}
    return [{"opportunity_id": deal, "person_id": person} for deal, person in found]


def deal_lead(*, opportunity: list[Row], deal_person: list[Row], lead: list[Row], person_of: list[Row]) -> list[Row]:
    person_ids = {row["record_id"]: row["person_id"] for row in person_of}
    known = {row["record_id"] for row in lead}
    found = []
    for deal in opportunity:
        persons = {row["person_id"] for row in deal_person if row["opportunity_id"] == deal["record_id"]}
        candidates = [
            row for row in lead if person_ids.get(row["person_record_id"]) in persons and was_before(row, deal)
        ]
        if deal["lead_record_id"] in known:
            found.append({"opportunity_id": deal["record_id"], "lead_id": deal["lead_record_id"]})
        elif candidates:
            latest = max(candidates, key=lambda row: (row["opened_at"], row["record_id"]))
            found.append({"opportunity_id": deal["record_id"], "lead_id": latest["record_id"]})
    return found


def was_before(lead: Row, deal: Row) -> bool:
    which = "created" if deal["created_at"] is not None else "closed"
    at: datetime | None = deal[f"{which}_at"]
    if at is None or lead["opened_at"] is None:
        return False
    if "day" in (lead["opened_precision"], deal[f"{which}_precision"]) and lead["opened_on"] == deal[f"{which}_on"]:
        return True
    return lead["opened_at"] <= at


def account_person(*, person_account: list[Row], person_of: list[Row], account_of: list[Row]) -> list[Row]:
    persons = {row["record_id"]: row["person_id"] for row in person_of}
    accounts = {row["record_id"]: row["account_id"] for row in account_of}
    pairs = {(accounts.get(row["account_record_id"]), persons.get(row["person_record_id"])) for row in person_account}
    return [{"account_id": account, "person_id": person} for account, person in pairs if account and person]
