"""Whom and what a trace is about: the few ids that everything else is filtered by."""

from __future__ import annotations

from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from punte.measures.links import account_person, deal_person
from punte.measures.trace.tables import TraceTables


@dataclass(frozen=True)
class Subjects:
    """Ids of each sort, every table with the one column ``id``; records are those of the persons and companies."""

    persons: ir.Table
    accounts: ir.Table
    leads: ir.Table
    deals: ir.Table
    person_records: ir.Table
    account_records: ir.Table


def of_deal(tables: TraceTables, key: str) -> Subjects:
    """A deal with the persons that have a part in it and the lead that it came from."""
    opportunity = _named(tables.opportunity, key)
    deals = _ids(opportunity.record_id)
    part = deal_person(
        opportunity=opportunity,
        opportunity_person=tables.opportunity_person,
        lead=tables.lead,
        person_of=tables.person_of,
    )
    leads = tables.deal.semi_join(deals, tables.deal.opportunity_id == deals.id)
    return _subjects(tables, _ids(part.person_id), _ids(leads.lead_id), deals)


def of_person(tables: TraceTables, key: str) -> Subjects:
    """A person with all leads and deals of any of its records."""
    records = _named(tables.person, key).select("record_id")
    persons = _ids(tables.person_of.semi_join(records, "record_id").person_id)
    members = _records(tables.person_of, "person_id", persons)
    leads = _ids(_of(tables.lead, "person_record_id", members).record_id)
    return _subjects(tables, persons, leads, _deals_of(tables, members, leads))


def of_account(tables: TraceTables, key: str) -> Subjects:
    """A company with everybody who works or worked for it, and all leads and deals of either."""
    records = _named(tables.account, key).select("record_id")
    accounts = _ids(tables.account_of.semi_join(records, "record_id").account_id)
    own = _records(tables.account_of, "account_id", accounts)
    people = account_person(
        person_account=_of(tables.person_account, "account_record_id", own),
        person_of=tables.person_of,
        account_of=tables.account_of,
    )
    persons = _ids(people.person_id)
    members = _records(tables.person_of, "person_id", persons)
    leads = _either(
        _of(tables.lead, "account_record_id", own).record_id, _of(tables.lead, "person_record_id", members).record_id
    )
    of_company = tables.deal.semi_join(accounts, tables.deal.account_id == accounts.id)
    deals = _either(of_company.opportunity_id, _deals_of(tables, members, leads).id)
    return replace(_subjects(tables, persons, leads, deals), accounts=accounts, account_records=own)


def _subjects(tables: TraceTables, persons: ir.Table, leads: ir.Table, deals: ir.Table) -> Subjects:
    """These, with the records of the persons and no company."""
    members = _records(tables.person_of, "person_id", persons)
    nothing = _nothing(tables)
    return Subjects(persons, nothing, leads, deals, person_records=members, account_records=nothing)


def _named(table: ir.Table, key: str) -> ir.Table:
    """The rows with that id, punte's own or the source's."""
    return table.filter((table.record_id == key) | (table.source_id == key))


def _ids(column: ir.StringColumn) -> ir.Table:
    ids = column.name("id").as_table()
    return ids.filter(ids.id.notnull()).distinct()


def _either(*columns: ir.StringColumn) -> ir.Table:
    return ibis.union(*[_ids(column) for column in columns], distinct=True)


def _nothing(tables: TraceTables) -> ir.Table:
    return _ids(tables.account.record_id).filter(ibis.literal(False))


def _records(cluster_of: ir.Table, column: str, clusters: ir.Table) -> ir.Table:
    return _ids(cluster_of.semi_join(clusters, cluster_of[column] == clusters.id).record_id)


def _of(table: ir.Table, column: str, ids: ir.Table) -> ir.Table:
    return table.semi_join(ids, table[column] == ids.id)


def _deals_of(tables: TraceTables, members: ir.Table, leads: ir.Table) -> ir.Table:
    """Deals in which any of these records or leads has a part."""
    return _either(
        _of(tables.opportunity, "person_record_id", members).record_id,
        _of(tables.opportunity_person, "person_record_id", members).opportunity_record_id,
        _of(tables.deal, "lead_id", leads).opportunity_id,
    )
