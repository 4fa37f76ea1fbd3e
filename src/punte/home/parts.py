"""Leads, deals and persons in parts: so many at a time that what is computed of them fits into memory.

A part holds its leads, deals or persons, by a range of their ids, and whatever belongs to them. Parts come in the order
of the ids; the tables of one are to be read before the next is taken. A home of few is one part and is not cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from pathlib import Path

import ibis.expr.types as ir

from punte.home.tables import Tables
from punte.records import ids

LEADS_PER_PART = 500_000
DEALS_PER_PART = 250_000
TOUCHES_PER_PART = 16_000_000
PERSONS_PER_PART = 1_000_000
"""How many leads are looked at at once; how many deals, and deals of a home with how many touches; how many persons."""


def lead_parts(tables: Tables, folder: Path) -> Iterator[dict[str, ir.Table]]:
    """What the measure ``lifecycle.cycle`` is asked of; ``folder`` gets a passing file of each part."""
    names = ("lead", "stage_event", "opportunity", "deal_lead", "person_account")
    whole = tables.pick(*names, "person", "person_of", "account", "account_of") | {"touch": tables["first_touch"]}
    bounds = _bounds(tables.n_rows("lead") / LEADS_PER_PART)
    if len(bounds) == 1:
        yield whole
        return
    for number, (since, until) in enumerate(bounds):
        yield _part(tables, whole, folder / f"part-{number}.parquet", since, until)


def deal_parts(tables: Tables) -> Iterator[dict[str, ir.Table]]:
    """What the measure ``journey`` is asked of."""
    whole = tables.pick("deal", "deal_person", "account_person", "touch", "cycle")
    n_parts = max(tables.n_rows("deal") / DEALS_PER_PART, tables.n_rows("touch") / TOUCHES_PER_PART)
    for since, until in _bounds(n_parts):
        cut = {name: _between(whole[name], "opportunity_id", since, until) for name in ("deal", "deal_person")}
        yield whole | cut


def person_parts(tables: Tables) -> Iterator[dict[str, ir.Table]]:
    """What the measure ``person_origin`` is asked of."""
    names = ("person", "person_of", "account", "account_of", "person_account", "cycle")
    whole = tables.pick(*names) | {"touch": tables["first_touch"]}
    bounds = _bounds(tables.n_rows("person") / PERSONS_PER_PART)
    if len(bounds) == 1:
        yield whole
        return
    for since, until in bounds:
        cut = {name: _between(whole[name], "person_id", since, until) for name in ("person_of", "cycle", "touch")}
        yield whole | cut | _records_of(whole, cut["person_of"])


def _bounds(n_parts: float) -> list[tuple[str | None, str | None]]:
    """The first id of each part and that from which the next one begins; None where there is no bound."""
    cuts = ids.cuts(max(ceil(n_parts), 1))
    return list(zip((None, *cuts), (*cuts, None), strict=True))


def _part(
    tables: Tables, whole: dict[str, ir.Table], path: Path, since: str | None, until: str | None
) -> dict[str, ir.Table]:
    """The leads with ids from ``since`` on and before ``until``, their events, deals and persons."""
    part = whole | {
        name: _between(whole[name], column, since, until)
        for name, column in (("lead", "record_id"), ("stage_event", "lead_record_id"), ("deal_lead", "lead_id"))
    }
    owners, lead = whole["person_of"], part["lead"]
    persons = owners.semi_join(lead, owners.record_id == lead.person_record_id).select("person_id").distinct()
    tables.engine.write_parquet(owners.semi_join(persons, "person_id"), path)
    mine = tables.engine.tables({"person_of": [path]})["person_of"]
    touch = whole["touch"].semi_join(mine, "person_id")
    return part | {"person_of": mine, "touch": touch} | _records_of(whole, mine)


def _records_of(whole: dict[str, ir.Table], person_of: ir.Table) -> dict[str, ir.Table]:
    """The records of some persons, and for whom these work."""
    works = whole["person_account"]
    return {
        "person": whole["person"].semi_join(person_of, "record_id"),
        "person_account": works.semi_join(person_of, works.person_record_id == person_of.record_id),
    }


def _between(rows: ir.Table, column: str, since: str | None, until: str | None) -> ir.Table:
    if since is not None:
        rows = rows.filter(rows[column] >= since)
    return rows if until is None else rows.filter(rows[column] < until)
