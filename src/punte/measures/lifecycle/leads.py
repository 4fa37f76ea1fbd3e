"""Leads with who they are and when they were opened."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from punte.measures.entities import account_entity, main_account, person_entity
from punte.measures.lifecycle.events import stage_events

_PARTS = ("at", "on", "precision")
"""The columns of a moment."""


def leads_as_opened(
    *,
    lead: ir.Table,
    stage_event: ir.Table,
    person: ir.Table,
    person_of: ir.Table,
    account: ir.Table,
    account_of: ir.Table,
    person_account: ir.Table,
) -> ir.Table:
    """Every lead with its person, company, segment, country, and when it was opened.

    Grain: one lead. Columns: lead_id, person_id, account_id, owner_id, segment, country, sourced_by, kind, opened_at,
    opened_on, opened_precision, declared_traffic_id; nulls as in table ``cycle``.
    """
    found = _with_person_and_account(lead, person_of, account_of, person_account)
    of_person = person_entity(person=person, person_of=person_of)
    of_account = account_entity(account=account, account_of=account_of)
    found = found.left_join(of_person, "person_id", rname="person_{name}")
    found = found.left_join(of_account, "account_id", rname="account_{name}")
    found = found.select(
        "lead_id",
        "person_id",
        "account_id",
        "sourced_by",
        "kind",
        "person_record_id",
        owner_id=found.owner_record_id,
        segment=ibis.coalesce(found.segment, found.account_segment, found.person_segment),
        country=ibis.coalesce(found.account_country, found.country),
        declared_traffic_id=found.traffic_id,
        own_at=found.opened_at,
        own_on=found.opened_on,
        own_precision=found.opened_precision,
    )
    return _with_opening(found, lead, stage_event, person)


def _with_person_and_account(
    lead: ir.Table, person_of: ir.Table, account_of: ir.Table, person_account: ir.Table
) -> ir.Table:
    persons = person_of.select(person_record_id="record_id", person_id="person_id")
    accounts = account_of.select(account_record_id="record_id", own_account_id="account_id")
    main = main_account(person_account=person_account, person_of=person_of, account_of=account_of)
    main = main.select("person_id", main_account_id="account_id")
    found = lead.rename(lead_id="record_id").left_join(persons, "person_record_id").drop("person_record_id_right")
    found = found.left_join(accounts, "account_record_id").drop("account_record_id_right")
    found = found.left_join(main, "person_id").drop("person_id_right")
    return found.mutate(account_id=ibis.coalesce(found.own_account_id, found.main_account_id))


def _with_opening(leads: ir.Table, lead: ir.Table, stage_event: ir.Table, person: ir.Table) -> ir.Table:
    """Leads that say no opening take it from their earliest stage event, else from their person's record."""
    silent = lead.filter(lead.opened_at.isnull()).select(lead_id="record_id")
    events = stage_events(stage_event).semi_join(silent, "lead_id")
    first = _first_event(events.filter(events["at"].notnull()))
    made = person.select(person_record_id="record_id", **{f"made_{part}": f"created_{part}" for part in _PARTS})
    found = leads.left_join(first, "lead_id").drop("lead_id_right").left_join(made, "person_record_id")
    return found.select(
        *[name for name in leads.columns if name != "person_record_id" and not name.startswith("own_")],
        **{
            f"opened_{part}": ibis.coalesce(found[f"own_{part}"], found[f"first_{part}"], found[f"made_{part}"])
            for part in _PARTS
        },
    )


def _first_event(events: ir.Table) -> ir.Table:
    """The moment of each lead's earliest event: lead_id, first_at, first_on, first_precision."""
    order = [events[part].asc() for part in _PARTS]
    placed = events.mutate(place=ibis.row_number().over(group_by="lead_id", order_by=order))
    return placed.filter(placed.place == 0).select("lead_id", **{f"first_{part}": placed[part] for part in _PARTS})
