"""What is known where costs are entered: campaigns with their channels, and months of which files brought costs."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from punte.core.access import Person
from punte.rooms.data.models import COSTS, folder_of
from punte.rooms.data.queries.imports import current_snapshot
from punte.rooms.data.rules import COSTS_SOURCE, Cost, must_import


@dataclass(frozen=True)
class CostsBasis:
    """What entered costs are read by: the home's currency and zone, its present month, what it knows of campaigns.

    ``channels`` holds each campaign with its one channel ("" where it has several), by name; ``spent`` the campaigns
    and months of which files, and not somebody's entry, brought costs.
    """

    currency: str
    zone: str
    this_month: date
    channels: dict[str, str]
    spent: frozenset[tuple[str, date]]


@dataclass(frozen=True)
class EnteredCosts:
    """The costs of an upload that somebody entered, as they were read; ``left_out`` counts sums among them."""

    costs: tuple[Cost, ...]
    left_out: int
    also_in_files: tuple[tuple[str, date], ...]


def get_costs_basis_for(*, user: Person, at: datetime) -> CostsBasis:
    """What costs are read by. Raises: CannotImport."""
    must_import(user)
    from punte.rooms import facts  # analytics are loaded by the first page that needs them

    home = facts.existing_home(settings.PUNTE_HOME)
    channels, spent = _known() if current_snapshot() is not None else ({}, frozenset())
    this_month = at.astimezone(ZoneInfo(home.zone)).date().replace(day=1)
    return CostsBasis(home.reporting_currency, home.zone, this_month, channels, spent)


def entered_costs(key: str) -> EnteredCosts | None:
    """What was entered, while it waits to be brought in; None of an upload of files."""
    path = folder_of(key) / COSTS
    if not path.is_file():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))
    costs = tuple(
        Cost(one["campaign"], one["channel"], date.fromisoformat(one["month"]), Decimal(one["amount"]), one["currency"])
        for one in told["costs"]
    )
    also = tuple((campaign, date.fromisoformat(month)) for campaign, month in told["also_in_files"])
    return EnteredCosts(costs, told["left_out"], also)


def _known() -> tuple[dict[str, str], frozenset[tuple[str, date]]]:
    from punte.rooms.numbers import open_home  # analytics are loaded by the first page that needs them

    with open_home(settings.PUNTE_HOME, verifies=False) as numbers:
        return _channels(numbers), _spent(numbers)


def _channels(numbers: Any) -> dict[str, str]:
    traffic = numbers.traffic
    named = traffic.filter(traffic.campaign.notnull()).select("campaign", "channel").distinct()
    found: dict[str, set[str]] = defaultdict(set)
    for row in numbers.engine.to_arrow(named).to_pylist():
        found[row["campaign"]].add(row["channel"] or "")
    return {name: min(channels) if len(channels) == 1 else "" for name, channels in sorted(found.items())}


def _spent(numbers: Any) -> frozenset[tuple[str, date]]:
    spend, traffic = numbers.tables["spend"], numbers.tables["traffic"].select("traffic_id", name="campaign")
    rows = spend.filter(spend.from_source != COSTS_SOURCE).select("traffic_id", day="spent_on")
    rows = rows.join(traffic, "traffic_id").filter(lambda t: t["name"].notnull() & t["day"].notnull())
    rows = rows.mutate(month=rows["day"].truncate("M")).select("name", "month").distinct()
    return frozenset((row["name"], row["month"]) for row in numbers.engine.to_arrow(rows).to_pylist())
