"""What is missing, again: counted over lists."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

Row = dict[str, Any]


def coverage(*, coverage: list[Row]) -> list[Row]:
    return [{**row, "share": share_of(row)} for row in coverage]


def share_of(row: Row) -> float | None:
    if row["subject"] == "freshness" or row["n"] is None or not row["n_of"]:
        return None
    return row["n"] / row["n_of"]


def rows_put_aside(*, coverage: list[Row]) -> list[Row]:
    lines = [row for row in coverage if row["subject"] == "rows"]
    found = []
    for source, table in {(row["source"], row["table"]) for row in lines}:
        mine = [row for row in lines if (row["source"], row["table"]) == (source, table)]
        counts: dict[str, int | None] = {}
        for reason in ("in", "good", "repaired", "quarantined", "standing"):
            known = [row["n"] for row in mine if row["reason"] == reason and row["n"] is not None]
            counts[f"n_{reason}"] = sum(known) if known else None
        aside, came = counts["n_quarantined"], counts["n_in"]
        share = aside / came if came and aside is not None else None
        found.append({"source": source, "table": table, **counts, "quarantined_share": share})
    return found


def won_with_touch(
    *,
    deal: list[Row],
    journey: list[Row],
    at: datetime,
    since: date | None = None,
    until: date | None = None,
    level: str = "person",
) -> list[Row]:
    met = {row["opportunity_id"] for row in journey if row["level"] == level and row["occurred_at"] <= at}
    won = [row for row in deal if row["status"] == "won" and was_closed(row, at, since, until)]
    touched = [row for row in won if row["opportunity_id"] in met]
    values = [row["amount"] for row in won if row["amount"] is not None]
    touched_values = [row["amount"] for row in touched if row["amount"] is not None]
    return [
        {
            "n_won": len(won),
            "n_with_touch": len(touched),
            "revenue": sum(values) if values else None,
            "revenue_with_touch": sum(touched_values) if touched_values else None,
            "currency": won[0]["currency"] if won else None,
            "with_touch_share": len(touched) / len(won) if won else None,
        }
    ]


def was_closed(deal: Row, at: datetime, since: date | None, until: date | None) -> bool:
    """Whether the deal was known and closed by ``at``, on one of the days; of an unknown day only without bounds."""
    if deal["closed_at"] is not None and deal["closed_at"] > at:
        return False
    if deal["closed_at"] is None and deal["created_at"] is not None and deal["created_at"] > at:
        return False
    day = deal["closed_on"]
    if day is None:
        return since is None and until is None
    return (since is None or since <= day) and (until is None or day < until)
