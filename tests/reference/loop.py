"""The closed loop again, row by row over lists: every thing is put into the rows that it belongs to, then counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median
from typing import Any

Row = dict[str, Any]
Key = tuple[Any, ...]

OF_TRAFFIC = "channel source medium campaign term content landing_page form offer referrer".split()
OF_ALL_BUT_TOUCHES = {
    "owner": "owner_id",
    "segment": "segment",
    "country": "country",
    "sourced_by": "sourced_by",
    "account": "account_id",
}
OF_DEALS = ("kind", "pipeline", "lost_reason")
MOMENTS = ("mql", "sal", "sql", "opportunity", "won", "rejected", "recycled", "disqualified", "lost")


@dataclass
class Question:
    at: datetime
    by: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    window: str = "activity"
    scope: str = "origin"
    level: str = "person"

    def holds(self, day: date | None) -> bool:
        if self.since is None and self.until is None:
            return True
        return (
            day is not None and (self.since is None or self.since <= day) and (self.until is None or day < self.until)
        )

    def knows(self, subject: str) -> bool:
        for name in self.by:
            if name in OF_DEALS and subject != "deal":
                return False
            if name not in OF_TRAFFIC and subject in ("touch", "spend"):
                return False
        return True

    @property
    def overlaps(self) -> bool:
        return self.scope == "touched" and self.has_traffic

    @property
    def has_traffic(self) -> bool:
        return any(name in OF_TRAFFIC for name in self.by)


class Loop:
    """One question over one set of tables; ``rows`` answers it."""

    def __init__(self, question: Question, tables: dict[str, list[Row]]) -> None:
        self.ask = question
        self.tables = tables
        self.traffic = {row["traffic_id"]: row for row in tables["traffic"]}
        self.found: dict[Key, Row] = {}
        self.cycles = [self.as_of(row) for row in tables["cycle"] if self.is_open(row)]
        self.deals = [self.deal_as_of(row) for row in tables["deal"] if self.is_known(row)]

    # As of the question's moment.

    def is_open(self, cycle: Row) -> bool:
        return cycle["opened_at"] is None or cycle["opened_at"] <= self.ask.at

    def as_of(self, cycle: Row) -> Row:
        then = dict(cycle)
        for name in MOMENTS:
            if cycle[f"{name}_at"] is None or cycle[f"{name}_at"] > self.ask.at:
                then[f"{name}_at"] = then[f"{name}_on"] = None
        then["is_followed"] = any(
            other["lead_id"] == cycle["lead_id"] and other["cycle"] == cycle["cycle"] + 1 and self.is_open(other)
            for other in self.tables["cycle"]
        )
        undated = [
            deal
            for deal in self.tables["deal"]
            if deal["status"] == "won"
            and deal["closed_at"] is None
            and (deal["created_at"] is None or deal["created_at"] <= self.ask.at)
            and (deal["lead_id"], deal["cycle"]) == (cycle["lead_id"], cycle["cycle"])
        ]
        then["is_won"] = then["won_on"] is not None or bool(undated)
        return self.by_its_origin_then(then)

    def by_its_origin_then(self, thing: Row) -> Row:
        if thing["origin_at"] is not None and thing["origin_at"] > self.ask.at:
            return {**thing, "traffic_id": None, "origin_basis": "none"}
        return thing

    def is_known(self, deal: Row) -> bool:
        moments = [moment for moment in (deal["created_at"], deal["closed_at"]) if moment is not None]
        return deal["created_at"] is None or any(moment <= self.ask.at for moment in moments)

    def deal_as_of(self, deal: Row) -> Row:
        deal = self.by_its_origin_then(dict(deal))
        if deal["closed_at"] is not None and deal["closed_at"] > self.ask.at:
            return {**deal, "status": "open", "closed_at": None, "closed_on": None, "days_to_won": None}
        return deal

    # Which rows a thing belongs to.

    def key(self, subject: str, thing: Row, traffic_id: str | None, is_unattributed: bool) -> Key:
        values = []
        for name in self.ask.by:
            if name in OF_TRAFFIC:
                values.append(self.traffic.get(traffic_id, {}).get(name))
            elif name in OF_ALL_BUT_TOUCHES:
                values.append(thing[OF_ALL_BUT_TOUCHES[name]])
            elif name in OF_DEALS:
                values.append(thing[name])
            else:
                values.append(self.attribute(subject, thing, name.removeprefix("attribute:")))
        return (*values, is_unattributed and self.ask.has_traffic)

    def attribute(self, subject: str, thing: Row, header: str) -> Any:
        places = {"deal": ["opportunity", "lead", "account"], "cycle": ["lead", "account", "person"]}
        for table in places.get(subject, ["person", "account"]):
            records = [thing[f"{table}_id"]]
            if table in ("person", "account"):
                members = self.tables[f"{table}_of"]
                records = sorted(row["record_id"] for row in members if row[f"{table}_id"] == thing[f"{table}_id"])
            for record in records:
                for row in self.tables["attribute"]:
                    if (row["table"], row["name"], row["record_id"]) == (table, header, record):
                        return row["value"]
        return None

    def keys(self, subject: str, thing: Row, touches: list[Row]) -> set[Key]:
        """The rows of a cycle, deal or person, whose touches are given."""
        if not self.ask.overlaps:
            return {self.key(subject, thing, thing["traffic_id"], thing["origin_basis"] == "none")}
        touched = {self.key(subject, thing, touch["traffic_id"], False) for touch in touches}
        return touched or {self.key(subject, thing, None, True)}

    def touches_of(self, person_id: str | None) -> list[Row]:
        return [
            row
            for row in self.tables["touch"]
            if person_id and row["person_id"] == person_id and row["occurred_at"] <= self.ask.at
        ]

    def way_of(self, deal: Row) -> list[Row]:
        way = [
            row
            for row in self.tables["journey"]
            if row["opportunity_id"] == deal["opportunity_id"]
            and row["level"] == self.ask.level
            and row["occurred_at"] <= self.ask.at
        ]
        return sorted(way, key=lambda row: row["ordinal"])

    # Counting.

    def add(self, key: Key, **counts: Any) -> None:
        row = self.found.setdefault(key, {})
        for name, value in counts.items():
            row.setdefault(name, []).append(value)

    def count(self) -> None:
        self.count_touches_and_spend()
        if self.ask.knows("person") and self.ask.window == "activity":
            self.count_persons()
        if self.ask.knows("cycle"):
            self.count_leads()
        self.count_deals()

    def count_touches_and_spend(self) -> None:
        for name in ("touch", "spend"):
            for row in self.tables[f"{name}_day"]:
                if name == "touch":
                    counts = {"touches": row["n_touches"]}
                else:
                    counts = {"costs": row["amount"]} if row["amount"] is not None else {}
                    counts |= {"unknown_costs": row["n_rate_missing"]} if row["n_rate_missing"] else {}
                is_in = row["day"] <= self.ask.at.date() and self.ask.holds(row["day"])
                if self.ask.knows(name) and is_in and counts:
                    self.add(self.key(name, row, row["traffic_id"], False), **counts, has_money=name == "spend")

    def count_persons(self) -> None:
        for person in self.tables["person_origin"]:
            if person["first_touch_at"] is not None and person["first_touch_at"] > self.ask.at:
                continue
            touches = [row for row in self.touches_of(person["person_id"]) if self.ask.holds(row["occurred_on"])]
            if self.ask.overlaps:
                counts = bool(touches) or self.ask.holds(None)
            else:
                counts = self.ask.holds(person["first_touch_on"])
            if counts:
                for key in self.keys("person", person, touches):
                    self.add(key, persons=person["person_id"])

    def count_leads(self) -> None:
        slow = self.days_until_most_won()
        cohort = self.ask.window == "cohort"
        for cycle in self.cycles:
            begun = self.ask.holds(cycle["opened_on"])
            counts: Row = {}
            if begun and cycle["cycle"] == 1:
                counts["leads"] = cycle["lead_id"]
            for stage in ("mql", "sal", "sql"):
                day = cycle[f"{stage}_on"]
                if day is not None and (begun if cohort else self.ask.holds(day)):
                    counts[stage] = counts["reached"] = cycle["lead_id"]
            if begun:
                counts["begun"] = cycle["is_won"]
                if cohort and cycle["person_id"]:
                    counts["persons"] = cycle["person_id"]
                decided = cycle["is_won"] or cycle["is_followed"]
                decided = decided or any(cycle[f"{name}_on"] for name in MOMENTS[5:])
                age = None if cycle["opened_on"] is None else (self.ask.at.date() - cycle["opened_on"]).days
                if not decided and None not in (age, slow) and age < slow:
                    counts["recent"] = True
            if counts:
                for key in self.keys("cycle", cycle, self.touches_of(cycle["person_id"])):
                    self.add(key, **counts)

    def days_until_most_won(self) -> int | None:
        won = [row for row in self.cycles if row["won_on"] and row["opened_on"]]
        days = sorted((row["won_on"] - row["opened_on"]).days for row in won)
        return days[-(-9 * len(days) // 10) - 1] if days else None

    def count_deals(self) -> None:
        for deal in self.deals:
            opened, closed = deal["created_on"], deal["closed_on"]
            if self.ask.window == "cohort":
                opened = closed = self.beginning_of(deal)
            counts: Row = {"currencies": deal["currency"]}
            if self.ask.holds(opened):
                counts["opportunities"] = deal["status"]
            if deal["status"] == "won" and self.ask.holds(closed):
                counts["won"] = deal
                for model in self.ask.models:
                    self.count_credit(deal, model)
            if len(counts) > 1:
                for key in self.keys("deal", deal, self.way_of(deal)):
                    self.add(key, **counts)

    def beginning_of(self, deal: Row) -> date | None:
        mine = (deal["lead_id"], deal["cycle"])
        leads = [row for row in self.tables["cycle"] if (row["lead_id"], row["cycle"]) == mine]
        return leads[0]["opened_on"] if leads else deal["created_on"]

    def count_credit(self, deal: Row, model: str) -> None:
        """First, last and linear over responses."""
        way = [row for row in self.way_of(deal) if row["is_response"]]
        if not way:
            self.add(self.key("deal", deal, None, True), **{f"credit_{model}": (deal["amount"], Fraction(1))})
            return
        if model != "linear":
            way = [way[0] if model == "first" else way[-1]]
        for place, touch in enumerate(way):
            part = None
            if deal["amount"] is not None:
                so_far, before = (deal["amount"] * n // len(way) for n in (place + 1, place))
                part = so_far - before
            key = self.key("deal", deal, touch["traffic_id"], False)
            self.add(key, **{f"credit_{model}": (part, Fraction(1, len(way)))})

    # Figures.

    def rows(self) -> list[Row]:
        self.count()
        return [self.figures(key, row) for key, row in self.found.items()]

    def figures(self, key: Key, row: Row) -> Row:
        of_cycles, of_touches = self.ask.knows("cycle"), self.ask.knows("touch")
        won = row.get("won", [])
        cost = sum(row["costs"]) if "costs" in row else None
        revenue = total([deal["amount"] for deal in won])
        begun = row.get("begun", [])
        n_leads = len(row.get("leads", [])) if of_cycles else None
        days = [deal["days_to_won"] for deal in won if deal["days_to_won"] is not None]
        customers = {deal["account_id"] or deal["opportunity_id"] for deal in won}
        slow = (
            self.days_until_most_won()
            if any("begun" in other or "reached" in other for other in self.found.values())
            else None
        )
        found = {
            **dict(zip(self.ask.by, key, strict=False)),
            "is_unattributed": key[-1],
            "is_overlapping": self.ask.overlaps,
            "n_touches": sum(row.get("touches", [])) if of_touches else None,
            "n_persons": len(set(row.get("persons", []))) if self.ask.knows("person") else None,
            "n_leads": n_leads,
            **{f"n_{stage}": len(row.get(stage, [])) if of_cycles else None for stage in ("mql", "sal", "sql")},
            "n_opportunities": len(row.get("opportunities", [])),
            "n_won": len(won),
            "won_share": sum(begun) / len(begun) if begun else None,
            "median_days_to_won": float(median(days)) if days else None,
            "revenue": revenue,
            "currency": "EUR" if self.has_money() else None,
            "cost": cost,
            "roi": gain(revenue, cost),
            "cac": each(cost, len(customers)),
            "cost_per_lead": each(cost, n_leads),
            "n_open": row.get("opportunities", []).count("open"),
            "n_too_recent": len(row.get("recent", [])) if of_cycles and slow is not None else None,
            "n_amount_unknown": sum(deal["amount"] is None for deal in won),
            "n_cost_unknown": sum(row.get("unknown_costs", [])) if of_touches else None,
        }
        for model in self.ask.models:
            found |= self.figures_of_model(model, row.get(f"credit_{model}", []), cost)
        return found

    def figures_of_model(self, model: str, credits: list[tuple[int | None, Fraction]], cost: int | None) -> Row:
        credit = total([part for part, _ in credits])
        wins = sum(billionths(share) for _, share in credits)
        return {f"credit_{model}": credit, f"roi_{model}": gain(credit, cost), f"cac_{model}": each(cost, wins)}

    def has_money(self) -> bool:
        return any("currencies" in row or True in row.get("has_money", []) for row in self.found.values())


def billionths(share: Fraction) -> Fraction:
    return Fraction(round(share * 10**9), 10**9)


def total(amounts: list[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known or not amounts else None


def gain(money: int | None, cost: int | None) -> float | None:
    return None if money is None or not cost else (money - cost) / cost


def each(cost: int | None, n: int | Fraction | None) -> int | None:
    if cost is None or not n:
        return None
    exact = Fraction(cost) / Fraction(n)
    return int((Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1), ROUND_HALF_UP))
