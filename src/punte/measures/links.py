"""Links: which persons have a part in which deal, which lead a deal came from, who works for which company."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


def deal_person(
    *, opportunity: ir.Table, opportunity_person: ir.Table, lead: ir.Table, person_of: ir.Table
) -> ir.Table:
    """The persons of each deal, whatever their role: a role is a filter, never a multiplier.

    Grain: one person of one deal. A person belongs to a deal as its main contact, by a row of opportunity_person, or
    as the person of the lead that the source declares for it. Columns: opportunity_id, person_id.
    """
    led = opportunity.select(opportunity_id="record_id", of_lead="lead_record_id")
    leads = lead.select(lead_id="record_id", person_record_id="person_record_id")
    parts = ibis.union(
        opportunity.select("person_record_id", opportunity_id="record_id"),
        opportunity_person.select("person_record_id", opportunity_id="opportunity_record_id"),
        led.join(leads, led.of_lead == leads.lead_id).select("person_record_id", "opportunity_id"),
    )
    parts = parts.join(opportunity.select(opportunity_id="record_id"), "opportunity_id", how="semi")
    persons = person_of.select(person_record_id="record_id", person_id="person_id")
    return parts.join(persons, "person_record_id").select("opportunity_id", "person_id").distinct()


def deal_lead(*, opportunity: ir.Table, deal_person: ir.Table, lead: ir.Table, person_of: ir.Table) -> ir.Table:
    """The lead that each deal came from.

    Grain: one deal with a known lead. The lead that the source declares wins, if it is in table lead; else it is the
    latest lead of the deal's persons that was opened before the deal was (before its close, where its opening is not
    known), the larger record_id of two at one moment. Where only the day of either is known, a lead of the same day
    counts as before. A deal without any moment gets no lead in this way.
    Columns: opportunity_id, lead_id.
    """
    declared = _declared(opportunity, lead)
    rest = opportunity.anti_join(declared, opportunity.record_id == declared.opportunity_id)
    return ibis.union(declared, _latest(rest, deal_person, lead, person_of))


def _declared(opportunity: ir.Table, lead: ir.Table) -> ir.Table:
    deals = opportunity.select(opportunity_id="record_id", lead_id="lead_record_id")
    leads = lead.select(known_id="record_id")
    return deals.semi_join(leads, deals.lead_id == leads.known_id)


def _latest(deals: ir.Table, deal_person: ir.Table, lead: ir.Table, person_of: ir.Table) -> ir.Table:
    is_created_known = deals.created_at.notnull()
    moments = deals.select(
        opportunity_id="record_id",
        deal_at=ibis.coalesce(deals.created_at, deals.closed_at),
        deal_on=ibis.ifelse(is_created_known, deals.created_on, deals.closed_on),
        deal_precision=ibis.ifelse(is_created_known, deals.created_precision, deals.closed_precision),
    )
    persons = person_of.select(person_record_id="record_id", person_id="person_id")
    leads = lead.join(persons, "person_record_id").select(
        "person_id", "opened_at", "opened_on", "opened_precision", lead_id="record_id"
    )
    pairs = moments.join(deal_person, "opportunity_id").join(leads, "person_id")
    by_day = (pairs.deal_precision == "day") | (pairs.opened_precision == "day")
    pairs = pairs.filter((pairs.opened_at <= pairs.deal_at) | (by_day & (pairs.opened_on <= pairs.deal_on)))
    order = [pairs.opened_at.desc(), pairs.lead_id.desc()]
    placed = pairs.mutate(place=ibis.row_number().over(group_by="opportunity_id", order_by=order))
    return placed.filter(placed.place == 0).select("opportunity_id", "lead_id")


def account_person(*, person_account: ir.Table, person_of: ir.Table, account_of: ir.Table) -> ir.Table:
    """Everybody who works or worked for each company; spans are not looked at, because few sources keep them right.

    Grain: one person of one company. Columns: account_id, person_id.
    """
    persons = person_of.select(person_record_id="record_id", person_id="person_id")
    accounts = account_of.select(account_record_id="record_id", account_id="account_id")
    pairs = person_account.select("person_record_id", "account_record_id")
    pairs = pairs.join(persons, "person_record_id").join(accounts, "account_record_id")
    return pairs.select("account_id", "person_id").distinct()
