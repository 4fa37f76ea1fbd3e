"""Channels again, in plain Python over lists: rule by rule, condition by condition."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

Row = dict[str, Any]


def labelled_traffic(*, traffic: list[Row], rules: list[Row], lists: list[Row]) -> list[Row]:
    members = {(row["list"], row["value"]) for row in lists}
    return [
        {
            **row,
            "channel": row["channel"] or channel_by_rule(row, rules, members),
            "declared_channel": row["channel"] or None,
        }
        for row in traffic
    ]


def channel_by_rule(row: Row, rules: list[Row], members: set[tuple[str, str]]) -> str | None:
    if not (row["source"] or row["medium"] or row["campaign"] or row["referrer"]):
        return None
    texts = {name: (value or "").lower().strip() for name, value in row.items()}
    if not texts["source"] and not texts["medium"]:
        texts["source"] = host(texts["referrer"])
    for position in sorted({rule["position"] for rule in rules}):
        of_rule = [rule for rule in rules if rule["position"] == position]
        for group in {rule["group"] for rule in of_rule}:
            if all(holds(rule, texts[rule["field"]], members) for rule in of_rule if rule["group"] == group):
                return of_rule[0]["channel"]
    return None


def host(page: str) -> str:
    try:
        address = urlsplit(page if "//" in page.partition("?")[0] else f"//{page}")
    except ValueError:  # a bracket without a number of IPv6 in it
        return ""
    return (address.hostname or "").removeprefix("www.")


def holds(rule: Row, text: str, members: set[tuple[str, str]]) -> bool:
    operator, value = rule["operator"], rule["value"]
    if operator == "is_empty":
        return not text
    if operator == "is_not":
        return text != value
    if not text:
        return False
    if operator == "in_list":
        labels = text.split(".")
        above = {".".join(labels[n:]) for n in range(1, min(4, len(labels) - 1))}
        return any((value, name) in members for name in {text} | above)
    return {
        "is": text == value,
        "contains": value in text,
        "starts_with": text.startswith(value),
        "ends_with": text.endswith(value),
        "is_filled": True,
        "matches": operator == "matches" and re.search(value, text) is not None,
    }[operator]
