"""Who a person and a company are when several records are found to be one: owner, segment, country, main company."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

ENTITY_FIELDS = ("owner_id", "segment", "country")


def person_entity(*, person: ir.Table, person_of: ir.Table) -> ir.Table:
    """Owner, segment and country of each person.

    Grain: one person. Each value is the one of the smallest record_id of the person's records that has it.
    Columns: person_id, owner_id, segment, country (null: no record has it).
    """
    records = person_of.join(person, "record_id", how="inner")
    return _entity(records, "person_id")


def account_entity(*, account: ir.Table, account_of: ir.Table) -> ir.Table:
    """Owner, segment and country of each company.

    Grain: one company. Each value is the one of the smallest record_id of the company's records that has it.
    Columns: account_id, owner_id, segment, country (null: no record has it).
    """
    records = account_of.join(account, "record_id", how="inner")
    return _entity(records, "account_id")


def _entity(records: ir.Table, key: str) -> ir.Table:
    records = records.select(key, "record_id", "segment", "country", owner_id=records.owner_record_id)
    return records.group_by(key).agg(
        **{name: records[name].argmin(records.record_id, where=records[name].notnull()) for name in ENTITY_FIELDS}
    )


def main_account(*, person_account: ir.Table, person_of: ir.Table, account_of: ir.Table) -> ir.Table:
    """The company that a person mainly works for, as of the snapshot.

    Grain: one person with a known company. Of several the one marked as main wins, then one that still lasts, then
    the one begun last (an unknown beginning counts as the earliest), then the smallest record_id.
    Columns: person_id, account_id.
    """
    persons = person_of.select(person_record_id=person_of.record_id, person_id=person_of.person_id)
    accounts = account_of.select(account_record_id=account_of.record_id, account_id=account_of.account_id)
    spans = person_account.select(
        "record_id",
        "person_record_id",
        "account_record_id",
        "from_at",
        is_main=person_account.is_primary.fill_null(False),
        is_lasting=person_account.to_at.isnull(),
    )
    spans = spans.join(persons, "person_record_id").join(accounts, "account_record_id")
    order = [
        spans.is_main.desc(),
        spans.is_lasting.desc(),
        spans.from_at.desc(nulls_first=False),
        spans.record_id.asc(),
    ]
    spans = spans.mutate(place=ibis.row_number().over(group_by=spans.person_id, order_by=order))
    return spans.filter(spans.place == 0).select("person_id", "account_id")
