"""Timelines and campaigns again: whom it is about as sets of ids, then every table read row by row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.reference.credit import credit
from tests.reference.links import account_person, deal_person

Row = dict[str, Any]
Tables = dict[str, list[Row]]

KINDS = ["touch", "campaign", "lead", "stage", "assignment", "activity", "deal", "deal_change"]
COLUMNS = (
    "kind occurred_at occurred_on what detail channel source medium campaign person_id owner_id lead_id opportunity_id "
    "table record_id from_source source_id load_id row_number file_name"
).split()


def named(rows: list[Row], key: str) -> set[str]:
    """record_ids of the rows with that id, punte's or the source's."""
    return {row["record_id"] for row in rows if key in (row["record_id"], row["source_id"])}


def as_of(tables: Tables, at: datetime) -> Tables:
    """Touches, ways, memberships and deals as they stood."""
    found = {**tables, "deal": [], "campaign_member": []}
    for name in ("touch", "journey"):
        found[name] = [row for row in tables[name] if row["occurred_at"] <= at]
    for row in tables["campaign_member"]:
        if row["occurred_at"] is None or row["occurred_at"] <= at:
            is_later = row["responded_at"] is not None and row["responded_at"] > at
            found["campaign_member"].append(
                {**row, **({"is_response": False, "responded_at": None} if is_later else {})}
            )
    for deal in tables["deal"]:
        happened = [deal[name] <= at for name in ("created_at", "closed_at") if deal[name] is not None]
        if deal["created_at"] is None or any(happened):
            then = dict(deal)
            if deal["closed_at"] is not None and deal["closed_at"] > at:
                then |= {"status": "open", "closed_on": None}
            if deal["origin_at"] is not None and deal["origin_at"] > at:
                then["traffic_id"] = None
            found["deal"].append(then)
    return found


class Timeline:
    """Everything about some persons, leads, deals and companies; what happened later than ``at`` is left out."""

    def __init__(self, tables: Tables, at: datetime | None = None) -> None:
        self.tables = tables
        self.at = at
        self.person_of = {row["record_id"]: row["person_id"] for row in tables["person_of"]}
        self.account_of = {row["record_id"]: row["account_id"] for row in tables["account_of"]}
        self.persons: set[str] = set()
        self.leads: set[str] = set()
        self.deals: set[str] = set()
        self.accounts: set[str] = set()

    @property
    def records(self) -> set[str]:
        """Records of the persons."""
        return {record for record, person in self.person_of.items() if person in self.persons}

    @property
    def companies(self) -> set[str]:
        """Records of the companies."""
        return {record for record, account in self.account_of.items() if account in self.accounts}

    def of_deal(self, key: str) -> list[Row]:
        self.deals = named(self.tables["opportunity"], key)
        mine = [row for row in self.tables["opportunity"] if row["record_id"] in self.deals]
        more = {name: self.tables[name] for name in ("opportunity_person", "lead", "person_of")}
        self.persons = {row["person_id"] for row in deal_person(opportunity=mine, **more)}
        self.leads = {row["lead_id"] for row in self.tables["deal"] if row["opportunity_id"] in self.deals} - {None}
        return self.rows()

    def of_person(self, key: str) -> list[Row]:
        found = named(self.tables["person"], key)
        self.persons = {person for record, person in self.person_of.items() if record in found}
        self.leads = {row["record_id"] for row in self.tables["lead"] if row["person_record_id"] in self.records}
        self.add_deals()
        return self.rows()

    def of_account(self, key: str) -> list[Row]:
        found = named(self.tables["account"], key)
        self.accounts = {account for record, account in self.account_of.items() if record in found}
        work = {name: self.tables[name] for name in ("person_account", "person_of", "account_of")}
        self.persons = {row["person_id"] for row in account_person(**work) if row["account_id"] in self.accounts}
        for lead in self.tables["lead"]:
            if lead["account_record_id"] in self.companies or lead["person_record_id"] in self.records:
                self.leads.add(lead["record_id"])
        self.deals = {row["opportunity_id"] for row in self.tables["deal"] if row["account_id"] in self.accounts}
        self.add_deals()
        return self.rows()

    def add_deals(self) -> None:
        """Deals in which any of the persons' records or of the leads has a part."""
        for deal in self.tables["opportunity"]:
            if deal["person_record_id"] in self.records:
                self.deals.add(deal["record_id"])
        for part in self.tables["opportunity_person"]:
            if part["person_record_id"] in self.records and part["opportunity_record_id"] is not None:
                self.deals.add(part["opportunity_record_id"])
        for deal in self.tables["deal"]:
            if deal["lead_id"] in self.leads:
                self.deals.add(deal["opportunity_id"])

    def rows(self) -> list[Row]:
        """The entries in order."""
        self.entries: list[tuple[Any, Row]] = []
        self.tell_touches()
        self.tell_memberships()
        self.tell_leads()
        self.tell_deals()
        self.tell_activities()
        return [row for _, row in sorted(self.entries, key=lambda entry: entry[0])]

    def tell(self, table: str, kind: str, row: Row, moment: str, turn: int = 0, **given: Any) -> None:
        at = row[f"{moment}_at"]
        if None not in (at, self.at) and at > self.at:
            return
        traffic = {line["traffic_id"]: line for line in self.tables["traffic"]}.get(given.pop("traffic_id", None), {})
        files = {line["load_id"]: line["file_name"] for line in self.tables["loads"]}
        entry = dict.fromkeys(COLUMNS)
        entry |= {name: traffic.get(name) for name in ("channel", "source", "medium", "campaign")}
        entry |= {name: row[name] for name in ("record_id", "from_source", "source_id", "load_id", "row_number")}
        entry |= {"kind": kind, "table": table, "occurred_at": at, "occurred_on": row[f"{moment}_on"]}
        entry |= {"file_name": files.get(row["load_id"]), **given}
        order = (at is None, at or 0, KINDS.index(kind), row["record_id"], turn)
        self.entries.append((order, entry))

    def tell_touches(self) -> None:
        points = {row["record_id"]: row for row in self.tables["touchpoint"]}
        for touch in self.tables["touch"]:
            is_told = touch["person_id"] in self.persons or touch["account_id"] in self.accounts
            if is_told and touch["touch_id"] in points:
                point = points[touch["touch_id"]]
                detail = None if touch["is_response"] else "only shown"
                about = {"person_id": touch["person_id"], "traffic_id": point["traffic_id"]}
                self.tell("touchpoint", "touch", point, "occurred", what=touch["kind"], detail=detail, **about)

    def tell_memberships(self) -> None:
        names = {row["record_id"]: row["name"] for row in self.tables["campaign"]}
        for row in self.tables["campaign_member"]:
            about = {
                "detail": names.get(row["campaign_record_id"]),
                "person_id": self.person_of.get(row["person_record_id"]),
            }
            for turn, (moment, what) in enumerate([("occurred", "member"), ("responded", "responded")]):
                if row["person_record_id"] in self.records and row[f"{moment}_at"] is not None:
                    self.tell("campaign_member", "campaign", row, moment, turn, what=what, **about)

    def tell_leads(self) -> None:
        for row in self.tables["lead"]:
            about = {
                "traffic_id": row["traffic_id"],
                "person_id": self.person_of.get(row["person_record_id"]),
                "owner_id": row["owner_record_id"],
                "lead_id": row["record_id"],
                "detail": row["status"],
            }
            for turn, moment in enumerate(["opened", "closed"]):
                if row["record_id"] in self.leads and row[f"{moment}_at"] is not None:
                    self.tell("lead", "lead", row, moment, turn, what=moment, **about)
        for row in self.tables["stage_event"]:
            if row["lead_record_id"] in self.leads:
                about = {"what": row["stage"], "detail": row["reason"], "lead_id": row["lead_record_id"]}
                self.tell("stage_event", "stage", row, "occurred", **about)
        for row in self.tables["assignment_event"]:
            if row["lead_record_id"] in self.leads:
                what = "taken away" if row["owner_record_id"] is None else "assigned"
                about = {"what": what, "owner_id": row["owner_record_id"], "lead_id": row["lead_record_id"]}
                self.tell("assignment_event", "assignment", row, "occurred", **about)

    def tell_deals(self) -> None:
        for row in self.tables["opportunity"]:
            about = {
                "traffic_id": row["traffic_id"],
                "person_id": self.person_of.get(row["person_record_id"]),
                "owner_id": row["owner_record_id"],
                "lead_id": row["lead_record_id"],
                "opportunity_id": row["record_id"],
                "detail": row["name"],
            }
            for turn, (moment, what) in enumerate([("created", "opened"), ("closed", row["status"])]):
                if row["record_id"] in self.deals and row[f"{moment}_at"] is not None:
                    self.tell("opportunity", "deal", row, moment, turn, what=what, **about)
        for row in self.tables["opportunity_event"]:
            if row["opportunity_record_id"] in self.deals:
                is_money = row["amount"] is not None and row["currency"] is not None
                money = f"{row['amount']} {row['currency']}" if is_money else None
                detail = money if row["value"] is None else row["value"]
                about = {"detail": detail, "opportunity_id": row["opportunity_record_id"]}
                self.tell("opportunity_event", "deal_change", row, "occurred", what=row["subject"], **about)

    def tell_activities(self) -> None:
        for row in self.tables["activity"]:
            is_told = (
                row["person_record_id"] in self.records
                or row["lead_record_id"] in self.leads
                or row["opportunity_record_id"] in self.deals
                or row["account_record_id"] in self.companies
            )
            if is_told:
                about = {
                    "what": row["kind"],
                    "detail": row["direction"] if row["disposition"] is None else row["disposition"],
                    "person_id": self.person_of.get(row["person_record_id"]),
                    "owner_id": row["owner_record_id"],
                    "lead_id": row["lead_record_id"],
                    "opportunity_id": row["opportunity_record_id"],
                }
                self.tell("activity", "activity", row, "occurred", **about)


class Campaign:
    """One campaign: its traffic, its touches, its members, as they stood ``at``."""

    def __init__(self, tables: Tables, key: str, at: datetime) -> None:
        self.tables = tables = as_of(tables, at)
        known = [row for row in tables["campaign"] if key in (row["record_id"], row["source_id"], row["name"])]
        records = {row["record_id"] for row in known}
        names = {row["name"] for row in known if row["name"] is not None} | {key}
        self.traffic = {row["traffic_id"] for row in tables["traffic"] if row["campaign"] in names}
        told = {row["record_id"] for row in tables["touchpoint"] if row["campaign_record_id"] in records}
        self.touches = [row for row in tables["touch"] if row["traffic_id"] in self.traffic or row["touch_id"] in told]
        self.touch_ids = {row["touch_id"] for row in self.touches}
        person_of = {row["record_id"]: row["person_id"] for row in tables["person_of"]}
        self.members: dict[str, bool] = {}
        for row in tables["campaign_member"]:
            person = person_of.get(row["person_record_id"])
            if row["campaign_record_id"] in records and person is not None:
                has = bool(row["is_response"]) or row["responded_at"] is not None
                self.members[person] = self.members.get(person, False) or has

    def persons(self) -> list[Row]:
        found = []
        for person in sorted({row["person_id"] for row in self.touches if row["person_id"]} | set(self.members)):
            mine = [row for row in self.touches if row["person_id"] == person]
            met = {
                row["opportunity_id"]
                for row in self.tables["journey"]
                if row["level"] == "person" and row["touch_id"] in self.touch_ids and row["person_id"] == person
            }
            deals = [row for row in self.tables["deal"] if row["opportunity_id"] in met]
            found.append(
                {
                    "person_id": person,
                    "n_touches": len(mine),
                    "n_responses": sum(row["is_response"] for row in mine),
                    "first_touch_at": min((row["occurred_at"] for row in mine), default=None),
                    "first_touch_on": min((row["occurred_on"] for row in mine), default=None),
                    "last_touch_at": max((row["occurred_at"] for row in mine), default=None),
                    "last_touch_on": max((row["occurred_on"] for row in mine), default=None),
                    "is_member": person in self.members,
                    "has_responded": self.members.get(person, False),
                    "n_deals": len(deals),
                    "n_won": sum(row["status"] == "won" for row in deals),
                }
            )
        return found

    def deals(self, model: str, level: str) -> list[Row]:
        records = {row["record_id"]: row for row in self.tables["opportunity"]}
        files = {row["load_id"]: row["file_name"] for row in self.tables["loads"]}
        found = []
        for deal in self.tables["deal"]:
            way = [
                row
                for row in self.tables["journey"]
                if (row["opportunity_id"], row["level"]) == (deal["opportunity_id"], level)
            ]
            own = [row for row in way if row["touch_id"] in self.touch_ids]
            is_origin = deal["traffic_id"] in self.traffic
            if not own and not is_origin:
                continue
            about = ("opportunity_id", "name", "status", "owner_id", "created_on", "closed_on", "amount", "currency")
            record = records[deal["opportunity_id"]]
            lineage = {name: record[name] for name in ("from_source", "source_id", "load_id", "row_number")}
            found.append(
                {
                    **{name: deal[name] for name in about},
                    "n_touches": len(way),
                    "n_touches_of_campaign": len(own),
                    "is_origin": is_origin,
                    "credit": self.credit_of(deal, way, own, model),
                    **lineage,
                    "file_name": files.get(record["load_id"]),
                }
            )
        return found

    def credit_of(self, deal: Row, way: list[Row], own: list[Row], model: str) -> int | None:
        if deal["status"] != "won" or deal["amount"] is None:
            return None
        ordinals = {row["ordinal"] for row in own}
        shares = credit(journey=way, deal=[deal], traffic=self.tables["traffic"], model=model)
        return sum(row["credit"] for row in shares if row["ordinal"] in ordinals)
