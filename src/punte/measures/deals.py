"""Deals with their value, their lead and their origin; spend by day."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from punte.measures.arithmetic import whole_days
from punte.measures.entities import account_entity, person_entity
from punte.measures.lifecycle import deal_cycle
from punte.measures.lifecycle.origins import touch_in_order
from punte.measures.touches import day_if_whole, up_to
from punte.records.tables.derived import DEAL, SPEND_DAY

_OF_CYCLE = (
    "person_id",
    "account_id",
    "segment",
    "country",
    "sourced_by",
    "traffic_id",
    "origin_basis",
    "origin_at",
    "opened_on",
)


def deal(
    *,
    opportunity: ir.Table,
    converted: ir.Table,
    deal_lead: ir.Table,
    deal_person: ir.Table,
    cycle: ir.Table,
    touch: ir.Table,
    person: ir.Table,
    person_of: ir.Table,
    account: ir.Table,
    account_of: ir.Table,
) -> ir.Table:
    """Every deal with its value in the reporting currency, its lead's cycle, and where it came from.

    Grain: one opportunity. Columns: those of the derived table ``deal``; amounts are minor units.
    ``converted`` holds one row per opportunity: opportunity_id, amount, recurring_amount, currency, is_rate_missing.

    Origin, the first that is known: what the source declares on the deal; the origin of its lead's cycle where it is
    declared; the first touch that gave that cycle its origin; the first touch of the deal's persons up to its close;
    none (unattributed). What people wrote down stands above what was concluded from touches, and
    the deal is nearer to the sale than the lead. Of a close of which only the day is known, that whole local day is
    still before it.

    Who: segment and the side that found it are the deal's own, else those of its lead's cycle; then, for segment and
    country, the company's, then the main contact's. Country begins with the company's. The company is the deal's, else
    the lead's.

    ``days_to_won`` counts whole local days from the opening of the lead's cycle (without a lead: of the deal) to the
    close; it is negative where the source dates the win before.

    Source: the declared origin is Salesforce's primary campaign source, the first touch HubSpot's original source.
    """
    own = _with_lead(opportunity, deal_lead, cycle)
    own = _with_entities(own, person, person_of, account, account_of)
    own = _with_origin(own, deal_person, touch)
    parts = deal_person.group_by("opportunity_id").agg(n_persons=lambda t: t.person_id.nunique())
    values = converted.select("opportunity_id", "amount", "recurring_amount", "currency", "is_rate_missing")
    own = own.left_join(parts, "opportunity_id").drop("opportunity_id_right")
    own = own.left_join(values, "opportunity_id").drop("opportunity_id_right")
    began_on = ibis.coalesce(own.cycle_opened_on, own.created_on)
    won_days = ibis.ifelse(own.status == "won", whole_days(began_on, own.closed_on), ibis.null("int64"))
    own = own.mutate(n_persons=own.n_persons.fill_null(0), days_to_won=won_days)
    return own.select(*DEAL.schema.names)


def _with_lead(opportunity: ir.Table, deal_lead: ir.Table, cycle: ir.Table) -> ir.Table:
    """The deals with their lead and cycle, and what that cycle says of itself (``cycle_<name>``)."""
    places = deal_cycle(opportunity=opportunity, deal_lead=deal_lead, cycle=cycle)
    about = cycle.select("lead_id", "cycle", **{f"cycle_{name}": cycle[name] for name in _OF_CYCLE})
    found = places.join(about, ["lead_id", "cycle"])
    kept = opportunity.select(
        "name",
        "owner_record_id",
        "account_record_id",
        "person_record_id",
        *["segment", "sourced_by", "kind", "pipeline", "stage", "status", "lost_reason", "is_vat_included"],
        *[f"{moment}_{part}" for moment in ("created", "closed") for part in ("at", "on", "precision")],
        opportunity_id=opportunity.record_id,
        declared_traffic_id=opportunity.traffic_id,
        original_amount=opportunity.amount,
        original_currency=opportunity.currency,
    )
    return kept.left_join(found, "opportunity_id").drop("opportunity_id_right")


def _with_entities(
    deals: ir.Table, person: ir.Table, person_of: ir.Table, account: ir.Table, account_of: ir.Table
) -> ir.Table:
    """The deals with owner_id, account_id, segment, country and sourced_by."""
    contacts = person_of.select(person_record_id="record_id", contact_id="person_id")
    accounts = account_of.select(account_record_id="record_id", own_account_id="account_id")
    of_account = account_entity(account=account, account_of=account_of)
    of_account = of_account.select("account_id", account_segment="segment", account_country="country")
    of_person = person_entity(person=person, person_of=person_of)
    of_person = of_person.select("person_id", person_segment="segment", person_country="country")
    found = deals.left_join(contacts, "person_record_id").drop("person_record_id_right")
    found = found.left_join(accounts, "account_record_id").drop("account_record_id_right")
    found = found.mutate(
        account_id=ibis.coalesce(found.own_account_id, found.cycle_account_id),
        person_id=ibis.coalesce(found.contact_id, found.cycle_person_id),
    )
    found = found.left_join(of_account, "account_id").drop("account_id_right")
    found = found.left_join(of_person, "person_id").drop("person_id_right")
    return found.mutate(
        owner_id=found.owner_record_id,
        segment=ibis.coalesce(found.segment, found.cycle_segment, found.account_segment, found.person_segment),
        country=ibis.coalesce(found.account_country, found.cycle_country, found.person_country),
        sourced_by=ibis.coalesce(found.sourced_by, found.cycle_sourced_by),
    )


def _with_origin(deals: ir.Table, deal_person: ir.Table, touch: ir.Table) -> ir.Table:
    """The deals with traffic_id, origin_basis and origin_at."""
    has_cycle_origin = (deals.cycle_origin_basis != "none").fill_null(False)
    needy = deals.filter(deals.declared_traffic_id.isnull() & ~has_cycle_origin)
    first = _first_touches_of_deals(needy, deal_person, touch)
    found = deals.left_join(first, "opportunity_id").drop("opportunity_id_right")
    is_declared = found.declared_traffic_id.notnull()
    is_of_cycle = (found.cycle_origin_basis != "none").fill_null(False)
    traffic_id = ibis.cases(
        (is_declared, found.declared_traffic_id),
        (is_of_cycle, found.cycle_traffic_id),
        else_=found["first"]["traffic_id"],
    )
    basis = ibis.cases(
        (is_declared, "declared"),
        (is_of_cycle, found.cycle_origin_basis),
        (found["first"].notnull(), "first_touch"),
        else_="none",
    )
    origin_at = ibis.cases(
        (is_declared, ibis.null("timestamp(6)")),
        (is_of_cycle, found.cycle_origin_at),
        else_=found["first"]["at"],
    )
    return found.mutate(traffic_id=traffic_id, origin_basis=basis, origin_at=origin_at)


def _first_touches_of_deals(deals: ir.Table, deal_person: ir.Table, touch: ir.Table) -> ir.Table:
    """The first touch of each deal's persons, up to its close: opportunity_id, first (a struct)."""
    closes = deals.select("opportunity_id", "closed_at", whole_day=day_if_whole(deals, "closed"))
    persons = deal_person.join(closes, "opportunity_id")
    touches = touch.select("person_id", "touch_id", "kind", "occurred_at", "occurred_on", touch_traffic_id="traffic_id")
    pairs = persons.join(touches, "person_id")
    pairs = pairs.filter(up_to(pairs, pairs.closed_at, pairs.whole_day) | pairs.closed_at.isnull())
    return pairs.group_by("opportunity_id").agg(first=touch_in_order(pairs).min())


def spend_day(*, spend: ir.Table, converted_spend: ir.Table) -> ir.Table:
    """Spend by traffic and local day, in the reporting currency.

    Grain: one traffic on one local day. Columns: those of the derived table ``spend_day``; ``amount`` (minor units)
    sums the rows that could be converted, and is null where none could; ``n_rate_missing`` says how many could not.
    ``converted_spend`` holds one row per row of spend: spend_id, amount, currency, is_rate_missing.
    """
    rows = spend.select(spend_id="record_id", traffic_id="traffic_id", day="spent_on")
    values = converted_spend.select("spend_id", "amount", "currency", "is_rate_missing")
    rows = rows.join(values, "spend_id")
    found = rows.group_by("traffic_id", "day").agg(
        amount=rows.amount.sum(),
        currency=rows.currency.max(),
        n_rows=rows.count(),
        n_rate_missing=rows.is_rate_missing.cast("int64").sum(),
    )
    return found.select(*SPEND_DAY.schema.names)
