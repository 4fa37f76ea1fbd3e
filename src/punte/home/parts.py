"""Leads in parts: so many at a time that what is computed of them fits into memory, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ibis.expr.types as ir

from punte.home.tables import Tables
from punte.records import ids

LEADS_PER_PART = 500_000
"""How many leads are looked at at once: a home of fewer is not cut."""


def lead_parts(tables: Tables, folder: Path) -> Iterator[dict[str, ir.Table]]:
    """What the measure ``lifecycle.cycle`` is asked of, in parts of about equal size, in the order of the leads' ids.

    A part holds its leads and whatever belongs to them; its tables are to be read before the next part is taken, and
    ``folder`` gets a passing file of each.
    """
    names = ("lead", "stage_event", "opportunity", "deal_lead", "person_account")
    whole = tables.pick(*names, "person", "person_of", "account", "account_of") | {"touch": tables["first_touch"]}
    cuts = ids.cuts(-(-tables.n_rows("lead") // LEADS_PER_PART))
    if not cuts:
        yield whole
    for number, bounds in enumerate(zip((None, *cuts), (*cuts, None), strict=True) if cuts else ()):
        yield _part(tables, whole, folder / f"part-{number}.parquet", *bounds)


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
    works, touch = whole["person_account"], whole["touch"]
    return part | {
        "person_of": mine,
        "person": whole["person"].semi_join(mine, "record_id"),
        "person_account": works.semi_join(mine, works.person_record_id == mine.record_id),
        "touch": touch.semi_join(mine, "person_id"),
    }


def _between(rows: ir.Table, column: str, since: str | None, until: str | None) -> ir.Table:
    if since is not None:
        rows = rows.filter(rows[column] >= since)
    return rows if until is None else rows.filter(rows[column] < until)
