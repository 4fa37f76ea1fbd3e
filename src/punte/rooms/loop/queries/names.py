"""Names for ids: of companies and colleagues for everyone, of contacts for those who may see personal data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from punte.core.access import Person, may_see_personal_data
from punte.rooms.loop.queries.opened import Lent
from punte.rooms.loop.queries.table import records_of

Names = dict[str, str]


def account_names(lent: Lent, ids: Iterable[str | None]) -> Names:
    """Company names by account_id; a company of several records is called as the first of them."""
    wanted = _wanted(ids)
    if not wanted:
        return {}
    tables = lent.numbers.tables
    of = tables["account_of"].filter(tables["account_of"].account_id.isin(wanted))
    found = of.join(tables["account"].select("record_id", "name"), "record_id").order_by("record_id")
    return _first(records_of(lent.numbers, found), "account_id", "name")


def owner_names(lent: Lent, ids: Iterable[str | None]) -> Names:
    """Names of colleagues by owner_id."""
    wanted = _wanted(ids)
    if not wanted:
        return {}
    tables = lent.numbers.tables
    owner = tables["owner"].filter(tables["owner"].record_id.isin(wanted)).select("record_id", "source_id")
    private = tables["owner_private"].select("record_id", "full_name")
    records = records_of(
        lent.numbers, owner.left_join(private, "record_id").select("record_id", "source_id", "full_name")
    )
    return {record["record_id"]: record["full_name"] or record["source_id"] for record in records}


def person_names(lent: Lent, ids: Iterable[str | None], user: Person) -> Names:
    """Names of contacts by person_id, for those who may see them; nobody's for others."""
    wanted = _wanted(ids)
    if not wanted or not may_see_personal_data(user):
        return {}
    records = sorted(private_of_persons(lent, wanted), key=lambda record: record["record_id"])
    found: Names = {}
    for record in records:
        if name := _name_of(record):
            found.setdefault(record["person_id"], name)
    return found


def private_of_persons(lent: Lent, ids: list[str]) -> list[dict[str, Any]]:
    """The personal columns of every record of these persons. For those who may see them: the caller has asked."""
    tables = lent.numbers.tables
    of = tables["person_of"].filter(tables["person_of"].person_id.isin(ids))
    private = tables["person_private"].select(
        "record_id", "full_name", "first_name", "last_name", "email", "phone", "job_title"
    )
    return records_of(lent.numbers, of.join(private, "record_id"))


def ids_by_name(lent: Lent, dimension: str, name: str) -> list[str]:
    """The ids of the companies or colleagues of that name; the name itself where it is an id."""
    tables = lent.numbers.tables
    if dimension == "account":
        account = tables["account"].filter(tables["account"].name == name).select("record_id")
        found = account.join(tables["account_of"], "record_id").select("account_id").distinct()
        return [name, *(record["account_id"] for record in records_of(lent.numbers, found))]
    private = tables["owner_private"]
    found = private.filter(private.full_name == name).select("record_id")
    named = tables["owner"].filter(tables["owner"].source_id == name).select("record_id")
    return [name, *(record["record_id"] for record in records_of(lent.numbers, found.union(named)))]


def _name_of(record: dict[str, Any]) -> str:
    whole = " ".join(part for part in (record["first_name"], record["last_name"]) if part)
    return record["full_name"] or whole or record["email"] or ""


def _wanted(ids: Iterable[str | None]) -> list[str]:
    return sorted({found for found in ids if found})


def _first(records: list[dict[str, Any]], key: str, name: str) -> Names:
    found: Names = {}
    for record in records:
        if record[name]:
            found.setdefault(record[key], record[name])
    return found
