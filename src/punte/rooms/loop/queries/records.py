"""One deal, one person, one company: what is known of it and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from punte.core.access import Person, may_see_personal_data
from punte.errors import PunteError
from punte.rooms.loop.queries.behind import DealLine, LeadLine, deal_lines, lead_lines
from punte.rooms.loop.queries.events import (
    Event,
    activities_of,
    deals_of,
    in_order,
    stages_of,
    touches_of,
    with_credits,
)
from punte.rooms.loop.queries.names import account_names, person_names, private_of_persons
from punte.rooms.loop.queries.opened import Lent, current_figures
from punte.rooms.loop.queries.pages import Basis, basis_of
from punte.rooms.loop.queries.sources import SourceRow, source_rows
from punte.rooms.loop.queries.table import minor, records_of
from punte.rooms.loop.rules import MODELS, LoopQuestion

N_DEALS = 100


class NoSuchRecord(PunteError):
    """The snapshot holds no deal, person or company of that id."""


class CannotSeePersonalData(PunteError):
    """Names and addresses are for those who work with leads."""


@dataclass(frozen=True)
class PersonLine:
    """A person with a part in a deal; the name is empty for those who may not see it."""

    person_id: str
    name: str


@dataclass(frozen=True)
class DealPage:
    """A deal: its facts, its persons, what happened, and what each model gives each touch (minor units)."""

    basis: Basis
    question: LoopQuestion
    deal: DealLine
    original_amount: int | None
    original_currency: str
    is_rate_missing: bool
    kind: str
    segment: str
    country: str
    lost_reason: str
    origin: dict[str, str]
    origin_basis: str
    persons: tuple[PersonLine, ...]
    events: tuple[Event, ...]
    unattributed: dict[str, int]
    sources: tuple[SourceRow, ...]
    may_see_persons: bool


@dataclass(frozen=True)
class PersonPage:
    """A person: names and addresses, company, leads, deals, what happened."""

    basis: Basis
    person_id: str
    names: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    titles: tuple[str, ...]
    account_id: str
    account: str
    origin: dict[str, str]
    leads: tuple[LeadLine, ...]
    deals: tuple[DealLine, ...]
    events: tuple[Event, ...]
    sources: tuple[SourceRow, ...]


@dataclass(frozen=True)
class AccountPage:
    """A company: its facts, its leads, deals, and what happened to its persons."""

    basis: Basis
    account_id: str
    name: str
    facts: dict[str, str]
    n_employees: int | None
    leads: tuple[LeadLine, ...]
    deals: tuple[DealLine, ...]
    events: tuple[Event, ...]
    sources: tuple[SourceRow, ...]
    may_see_persons: bool


def get_deal_page_for(*, user: Person, deal_id: str, question: LoopQuestion) -> DealPage:
    """One deal. Raises: NothingImported, NoSuchRecord."""
    with current_figures() as lent:
        basis = basis_of(lent, question)
        deal = lent.numbers.tables["deal"]
        row = _one(lent, deal.filter(deal.opportunity_id == deal_id), "deal")
        persons = _persons_of_deal(lent, row)
        credits, unattributed, touch_ids = _credits(lent, deal_id, question.level)
        touches = with_credits(touches_of(lent, user, touch_ids=touch_ids), credits) if touch_ids else []
        events = [*touches, *activities_of(lent, persons=persons, deals=[deal_id])]
        events += [*stages_of(lent, [row["lead_id"]] if row["lead_id"] else []), *deals_of(lent, [deal_id])]
        names = person_names(lent, persons, user)
        opportunity = lent.numbers.tables["opportunity"]
        rows = records_of(lent.numbers, opportunity.filter(opportunity.record_id == deal_id))
        return DealPage(
            basis=basis,
            question=question,
            deal=deal_lines(lent, deal.filter(deal.opportunity_id == deal_id), 1)[0],
            original_amount=row["original_amount"],
            original_currency=row["original_currency"] or "",
            is_rate_missing=bool(row["is_rate_missing"]),
            **{name: row[name] or "" for name in ("kind", "segment", "country", "lost_reason")},
            origin=_origin(lent, row["traffic_id"]),
            origin_basis=row["origin_basis"],
            persons=tuple(PersonLine(person, names.get(person, "")) for person in persons),
            events=in_order(events),
            unattributed=unattributed,
            sources=tuple(source_rows(lent, rows)),
            may_see_persons=may_see_personal_data(user),
        )


def get_person_page_for(*, user: Person, person_id: str) -> PersonPage:
    """One person. Raises: NothingImported, CannotSeePersonalData, NoSuchRecord."""
    if not may_see_personal_data(user):
        raise CannotSeePersonalData(
            "Names and addresses of contacts are for those who work with leads.", remedy="Look at companies and deals."
        )
    with current_figures() as lent:
        basis = basis_of(lent, LoopQuestion())
        tables = lent.numbers.tables
        origin = tables["person_origin"]
        row = _one(lent, origin.filter(origin.person_id == person_id), "person")
        private = private_of_persons(lent, [person_id])
        cycle, deals = tables["cycle"], _deals_of_persons(lent, [person_id])
        leads = cycle.filter(cycle.person_id == person_id)
        lead_ids = [record["lead_id"] for record in records_of(lent.numbers, leads.select("lead_id").distinct())]
        lines = deal_lines(lent, deals, N_DEALS)
        events = [*touches_of(lent, user, persons=[person_id]), *activities_of(lent, persons=[person_id])]
        of = tables["person_of"]
        records = tables["person"].join(of.filter(of.person_id == person_id).select("record_id"), "record_id")
        return PersonPage(
            basis=basis,
            person_id=person_id,
            names=_values([_whole_name(record) for record in private]),
            emails=_values([record["email"] for record in private]),
            phones=_values([record["phone"] for record in private]),
            titles=_values([record["job_title"] for record in private]),
            account_id=row["account_id"] or "",
            account=account_names(lent, [row["account_id"]]).get(row["account_id"], ""),
            origin=_origin(lent, row["traffic_id"]),
            leads=lead_lines(lent, leads, user),
            deals=lines,
            events=in_order([*events, *stages_of(lent, lead_ids), *deals_of(lent, [line.deal_id for line in lines])]),
            sources=tuple(source_rows(lent, records_of(lent.numbers, records))),
        )


def get_account_page_for(*, user: Person, account_id: str) -> AccountPage:
    """One company. Raises: NothingImported, NoSuchRecord."""
    with current_figures() as lent:
        basis = basis_of(lent, LoopQuestion())
        tables = lent.numbers.tables
        of = tables["account_of"]
        records = records_of(
            lent.numbers,
            tables["account"].join(of.filter(of.account_id == account_id), "record_id").order_by("record_id"),
        )
        if not records:
            raise NoSuchRecord("There is no such company.", remedy="Look for it by its name.")
        deal, cycle = tables["deal"], tables["cycle"]
        leads = cycle.filter(cycle.account_id == account_id)
        known = records_of(lent.numbers, leads.select("person_id", "lead_id").distinct())
        persons = sorted({record["person_id"] for record in known if record["person_id"]})
        deals = deal_lines(lent, deal.filter(deal.account_id == account_id), N_DEALS)
        events = [*touches_of(lent, user, persons=persons)] if persons else []
        events += activities_of(lent, persons=persons, deals=[line.deal_id for line in deals])
        events += stages_of(lent, sorted({record["lead_id"] for record in known}))
        events += deals_of(lent, [line.deal_id for line in deals])
        return AccountPage(
            basis=basis,
            account_id=account_id,
            name=_first(records, "name"),
            facts={name: _first(records, name) for name in ("domain", "country", "city", "industry", "segment")},
            n_employees=next((record["n_employees"] for record in records if record["n_employees"]), None),
            leads=lead_lines(lent, leads, user),
            deals=deals,
            events=in_order(events),
            sources=tuple(source_rows(lent, records)),
            may_see_persons=may_see_personal_data(user),
        )


def _one(lent: Lent, rows: Any, what: str) -> dict[str, Any]:
    found = records_of(lent.numbers, rows.limit(1))
    if not found:
        raise NoSuchRecord(f"There is no such {what}.", remedy="It may have been merged or taken back.")
    return found[0]


def _persons_of_deal(lent: Lent, row: dict[str, Any]) -> list[str]:
    """Everyone with a part in the deal: main contact, others named, the lead's person."""
    tables, deal_id = lent.numbers.tables, row["opportunity_id"]
    part, deal = tables["opportunity_person"], tables["opportunity"]
    named = part.filter(part.opportunity_record_id == deal_id).select(record_id=part.person_record_id)
    main = deal.filter(deal.record_id == deal_id).select(record_id=deal.person_record_id)
    found = named.union(main).join(tables["person_of"], "record_id").select("person_id")
    cycle = tables["cycle"]
    of_lead = cycle.filter(cycle.lead_id == (row["lead_id"] or "")).select("person_id")
    records = records_of(lent.numbers, found.union(of_lead).distinct())
    return sorted(record["person_id"] for record in records if record["person_id"])


def _deals_of_persons(lent: Lent, persons: list[str]) -> Any:
    tables = lent.numbers.tables
    deal, cycle, part = tables["deal"], tables["cycle"], tables["opportunity_person"]
    of = tables["person_of"].filter(tables["person_of"].person_id.isin(persons)).select(person_record_id="record_id")
    named = part.join(of, "person_record_id").select(opportunity_id="opportunity_record_id")
    leads = cycle.filter(cycle.person_id.isin(persons)).select("lead_id").distinct()
    of_leads = deal.join(leads, "lead_id").select("opportunity_id")
    opportunity = tables["opportunity"].join(of, "person_record_id").select(opportunity_id="record_id")
    wanted = named.union(of_leads, opportunity).distinct()
    return deal.semi_join(wanted, "opportunity_id")


def _credits(lent: Lent, deal_id: str, level: str) -> tuple[dict[str, dict[str, int]], dict[str, int], list[str]]:
    """What each model gives each touch of the deal, what it gives to none, and the touches on the deal's way."""
    numbers, currency = lent.numbers, lent.numbers.currency
    records = records_of(numbers, numbers.credits_of_deal(opportunity_id=deal_id, level=level))
    journey = numbers.tables["journey"]
    way = journey.filter((journey.opportunity_id == deal_id) & (journey.level == level)).select("ordinal", "touch_id")
    touch_of = {record["ordinal"]: record["touch_id"] for record in records_of(numbers, way)}
    found: dict[str, dict[str, int]] = {}
    unattributed: dict[str, int] = {}
    for record in records:
        given = {model: minor(record[f"credit_{model}"], currency) for model in MODELS}
        known = {model: amount for model, amount in given.items() if amount is not None}
        if record["ordinal"] is None:
            unattributed = known
        else:
            found[touch_of[record["ordinal"]]] = known
    return found, unattributed, sorted(touch_of.values())


def _origin(lent: Lent, traffic_id: str | None) -> dict[str, str]:
    traffic = lent.numbers.traffic
    names = ("channel", "source", "medium", "campaign", "offer", "form", "landing_page")
    records = records_of(lent.numbers, traffic.filter(traffic.traffic_id == (traffic_id or "")).select(*names))
    return {name: value for record in records for name, value in record.items() if value}


def _whole_name(record: dict[str, Any]) -> str:
    return record["full_name"] or " ".join(part for part in (record["first_name"], record["last_name"]) if part)


def _values(texts: list[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _first(records: list[dict[str, Any]], name: str) -> str:
    return next((str(record[name]) for record in records if record[name]), "")
