"""Touches again, in plain Python over lists: slow and obvious."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

SHOWN_ONLY = {"email_sent", "email_open", "ad_impression"}
RANKS = (
    "email_sent ad_impression email_open email_click ad_click session page_view content"
    " chat webinar event form campaign call meeting other"
).split()
FAR = (1, None)


def nulls_last(value: Any) -> tuple[int, Any]:
    """A sort key that puts None behind everything."""
    return FAR if value is None else (0, value)


def clusters(rows: list[Row], name: str) -> dict[str, str]:
    return {row["record_id"]: row[name] for row in rows}


def main_accounts(person_account: list[Row], person_of: list[Row], account_of: list[Row]) -> dict[str, str]:
    persons, accounts = clusters(person_of, "person_id"), clusters(account_of, "account_id")
    best: dict[str, tuple[Any, str]] = {}
    for row in person_account:
        person, account = persons.get(row["person_record_id"]), accounts.get(row["account_record_id"])
        if person is None or account is None:
            continue
        begun = row["from_at"]
        order = (
            row["is_primary"] is not True,
            row["to_at"] is not None,
            begun is None,
            -begun.timestamp() if begun else 0,
            row["record_id"],
        )
        if person not in best or order < best[person][0]:
            best[person] = (order, account)
    return {person: account for person, (_, account) in best.items()}


def browser_person(*, touchpoint: list[Row], person_of: list[Row], person_identifier: list[Row]) -> list[Row]:
    persons = clusters(person_of, "person_id")
    seen: dict[str, dict[str, Any]] = {}
    for row in touchpoint:
        person = persons.get(row["person_record_id"])
        if row["anonymous_record_id"] is not None and person is not None:
            moments = seen.setdefault(row["anonymous_record_id"], {})
            moments[person] = min(moments.get(person, row["occurred_at"]), row["occurred_at"])
    for row in person_identifier:
        person = persons.get(row["person_record_id"])
        if row["kind"] == "anonymous_id" and person is not None:
            seen.setdefault(row["value_hash"], {}).setdefault(person, None)
    return [
        {
            "anonymous_id": browser,
            "person_id": min(moments, key=lambda person: (nulls_last(moments[person]), person)),
            "n_persons": len(moments),
        }
        for browser, moments in seen.items()
    ]


def touch(
    *,
    touchpoint: list[Row],
    person_of: list[Row],
    account_of: list[Row],
    person_identifier: list[Row],
    person_account: list[Row],
) -> list[Row]:
    persons, accounts = clusters(person_of, "person_id"), clusters(account_of, "account_id")
    found = browser_person(touchpoint=touchpoint, person_of=person_of, person_identifier=person_identifier)
    browsers = {row["anonymous_id"]: row["person_id"] for row in found}
    main = main_accounts(person_account, person_of, account_of)
    touches = []
    for row in touchpoint:
        person = persons.get(row["person_record_id"]) or browsers.get(row["anonymous_record_id"])
        kind = row["kind"] or "other"
        touches.append(
            {
                "touch_id": row["record_id"],
                "person_id": person,
                "account_id": accounts.get(row["account_record_id"]) or main.get(person),
                "traffic_id": row["traffic_id"],
                "kind": kind,
                "is_response": kind not in SHOWN_ONLY if row["is_response"] is None else row["is_response"],
                "occurred_at": row["occurred_at"],
                "occurred_on": row["occurred_on"],
            }
        )
    return touches


def touch_day(*, touch: list[Row]) -> list[Row]:
    days = {(row["traffic_id"], row["occurred_on"]) for row in touch}
    result = []
    for traffic, day in days:
        of_day = [row for row in touch if (row["traffic_id"], row["occurred_on"]) == (traffic, day)]
        n_responses = sum(1 for row in of_day if row["is_response"])
        result.append({"traffic_id": traffic, "day": day, "n_touches": len(of_day), "n_responses": n_responses})
    return result


def in_order(touches: list[Row]) -> list[Row]:
    return sorted(touches, key=lambda row: (row["occurred_at"], RANKS.index(row["kind"]), row["touch_id"]))


def person_origin(
    *,
    touch: list[Row],
    cycle: list[Row],
    person: list[Row],
    person_of: list[Row],
    account: list[Row],
    account_of: list[Row],
    person_account: list[Row],
) -> list[Row]:
    main = main_accounts(person_account, person_of, account_of)
    cycles = sorted(cycle, key=lambda row: (nulls_last(row["opened_at"]), row["lead_id"], row["cycle"]))
    result = []
    for person_id in {row["person_id"] for row in person_of}:
        own = details(person, clusters(person_of, "person_id"), person_id)
        company = details(account, clusters(account_of, "account_id"), main.get(person_id))
        leads = [row for row in cycles if row["person_id"] == person_id]
        declared = [row["traffic_id"] for row in leads if row["origin_basis"] == "declared"]
        sides = [row["sourced_by"] for row in leads if row["sourced_by"] is not None]
        touches = in_order([row for row in touch if row["person_id"] == person_id])
        first = touches[0] if touches else {}
        basis = "declared" if declared else "first_touch" if first else "none"
        result.append(
            {
                "person_id": person_id,
                "account_id": main.get(person_id),
                "owner_id": own["owner_record_id"],
                "segment": own["segment"] or company["segment"],
                "country": company["country"] or own["country"],
                "sourced_by": sides[0] if sides else None,
                "traffic_id": declared[0] if declared else first.get("traffic_id"),
                "origin_basis": basis,
                "first_touch_at": first.get("occurred_at"),
                "first_touch_on": first.get("occurred_on"),
            }
        )
    return result


def details(rows: list[Row], cluster_of: dict[str, str], cluster: str | None) -> Row:
    """For each column the value of the first record, by record_id, that has one."""
    own = sorted((row for row in rows if cluster and cluster_of.get(row["record_id"]) == cluster), key=record_id)
    names = ("owner_record_id", "segment", "country")
    return {name: next((row[name] for row in own if row[name] is not None), None) for name in names}


def record_id(row: Row) -> str:
    return row["record_id"]
