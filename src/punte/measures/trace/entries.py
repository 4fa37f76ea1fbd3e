"""The entries of a timeline: every kind of thing that happened, in the same columns."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from punte.measures.trace.subjects import Subjects
from punte.measures.trace.tables import TraceTables

KINDS_IN_ORDER = ("touch", "campaign", "lead", "stage", "assignment", "activity", "deal", "deal_change")
"""Which of two entries at one moment stands first: what leads to something before what follows from it."""

LINEAGE = ("from_source", "source_id", "load_id", "row_number")
COLUMNS = (
    "kind",
    "occurred_at",
    "occurred_on",
    "what",
    "detail",
    "traffic_id",
    "person_id",
    "owner_id",
    "lead_id",
    "opportunity_id",
    "table",
    "record_id",
    "turn",
    *LINEAGE,
)
ENDS = ("closed", "responded")
"""Moments of a record that come after its first one, also where both are one moment, as on a day without times."""


def every_entry(tables: TraceTables, about: Subjects) -> ir.Table:
    """Everything that happened to these subjects, each record once."""
    parts = [
        *_touches(tables, about),
        *_memberships(tables, about),
        *_leads(tables, about),
        *_deals(tables, about),
        _activities(tables, about),
    ]
    return ibis.union(*parts, distinct=False)


def _entries(rows: ir.Table, table: str, kind: str, moment: str, **given: ir.Value | str | None) -> ir.Table:
    """Rows of a table as entries; columns that are not given are null."""
    values: dict[str, ir.Value] = {
        "kind": ibis.literal(kind),
        "table": ibis.literal(table),
        "occurred_at": rows[f"{moment}_at"].cast("timestamp"),
        "occurred_on": rows[f"{moment}_on"],
        "turn": ibis.literal(int(moment in ENDS), "int64"),
        **{name: rows[name] for name in ("record_id", *LINEAGE)},
    }
    for name, value in given.items():
        values[name] = ibis.literal(value) if isinstance(value, str) else value
    return rows.select(**{name: values.get(name, ibis.null("string")) for name in COLUMNS})


def _happened(rows: ir.Table, moment: str) -> ir.Table:
    return rows.filter(rows[f"{moment}_at"].notnull())


def _of(table: ir.Table, column: str, ids: ir.Table) -> ir.Table:
    return table.semi_join(ids, table[column] == ids.id)


def _with_person(rows: ir.Table, tables: TraceTables) -> ir.Table:
    """Rows with person_record_id get the person that the record belongs to."""
    members = tables.person_of.select(of_record_id="record_id", person_id="person_id")
    return rows.left_join(members, rows.person_record_id == members.of_record_id).drop("of_record_id")


def _touches(tables: TraceTables, about: Subjects) -> list[ir.Table]:
    ids = ibis.union(
        _of(tables.touch, "person_id", about.persons).select("touch_id"),
        _of(tables.touch, "account_id", about.accounts).select("touch_id"),
        distinct=True,
    )
    touches = tables.touch.semi_join(ids, "touch_id")
    touches = touches.select("touch_id", "person_id", touch_kind="kind", has_responded="is_response")
    rows = touches.join(tables.touchpoint, touches.touch_id == tables.touchpoint.record_id)
    detail = ibis.ifelse(rows.has_responded, ibis.null("string"), "only shown")
    given = {"traffic_id": rows.traffic_id, "person_id": rows.person_id}
    return [_entries(rows, "touchpoint", "touch", "occurred", what=rows.touch_kind, detail=detail, **given)]


def _memberships(tables: TraceTables, about: Subjects) -> list[ir.Table]:
    rows = _with_person(_of(tables.campaign_member, "person_record_id", about.person_records), tables)
    names = tables.campaign.select(of_campaign="record_id", campaign_name="name")
    rows = rows.left_join(names, rows.campaign_record_id == names.of_campaign)
    found = []
    for moment, what in (("occurred", "member"), ("responded", "responded")):
        then = _happened(rows, moment)
        given = {"detail": then.campaign_name, "person_id": then.person_id}
        found.append(_entries(then, "campaign_member", "campaign", moment, what=what, **given))
    return found


def _leads(tables: TraceTables, about: Subjects) -> list[ir.Table]:
    leads = _with_person(_of(tables.lead, "record_id", about.leads), tables)
    found = []
    for moment, what in (("opened", "opened"), ("closed", "closed")):
        then = _happened(leads, moment)
        given = {
            "traffic_id": then.traffic_id,
            "person_id": then.person_id,
            "owner_id": then.owner_record_id,
            "lead_id": then.record_id,
        }
        found.append(_entries(then, "lead", "lead", moment, what=what, detail=then.status, **given))
    stages = _of(tables.stage_event, "lead_record_id", about.leads)
    given = {"what": stages.stage, "detail": stages.reason, "lead_id": stages.lead_record_id}
    found.append(_entries(stages, "stage_event", "stage", "occurred", **given))
    handed = _of(tables.assignment_event, "lead_record_id", about.leads)
    what = ibis.ifelse(handed.owner_record_id.isnull(), "taken away", "assigned")
    given = {"what": what, "owner_id": handed.owner_record_id, "lead_id": handed.lead_record_id}
    found.append(_entries(handed, "assignment_event", "assignment", "occurred", **given))
    return found


def _deals(tables: TraceTables, about: Subjects) -> list[ir.Table]:
    deals = _with_person(_of(tables.opportunity, "record_id", about.deals), tables)
    found = []
    for moment in ("created", "closed"):
        then = _happened(deals, moment)
        what = ibis.literal("opened") if moment == "created" else then.status
        given = {
            "traffic_id": then.traffic_id,
            "person_id": then.person_id,
            "owner_id": then.owner_record_id,
            "lead_id": then.lead_record_id,
            "opportunity_id": then.record_id,
        }
        found.append(_entries(then, "opportunity", "deal", moment, what=what, detail=then.name, **given))
    changes = _of(tables.opportunity_event, "opportunity_record_id", about.deals)
    money = changes.amount.cast("string") + " " + changes.currency
    given = {
        "what": changes.subject,
        "detail": ibis.coalesce(changes["value"], money),
        "opportunity_id": changes.opportunity_record_id,
    }
    found.append(_entries(changes, "opportunity_event", "deal_change", "occurred", **given))
    return found


def _activities(tables: TraceTables, about: Subjects) -> ir.Table:
    sought = {
        "person_record_id": about.person_records,
        "lead_record_id": about.leads,
        "opportunity_record_id": about.deals,
        "account_record_id": about.account_records,
    }
    ids = ibis.union(
        *[_of(tables.activity, column, wanted).select(id="record_id") for column, wanted in sought.items()],
        distinct=True,
    )
    rows = _with_person(_of(tables.activity, "record_id", ids), tables)
    detail = ibis.coalesce(rows.disposition, rows.direction)
    given = {
        "person_id": rows.person_id,
        "owner_id": rows.owner_record_id,
        "lead_id": rows.lead_record_id,
        "opportunity_id": rows.opportunity_record_id,
    }
    return _entries(rows, "activity", "activity", "occurred", what=rows["kind"], detail=detail, **given)
