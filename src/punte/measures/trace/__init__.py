"""Trace: from a deal, a person or a company to everything that happened, down to the source rows, and back."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from punte.measures.trace import subjects
from punte.measures.trace.campaigns import campaign_deals, campaign_persons
from punte.measures.trace.entries import KINDS_IN_ORDER, every_entry
from punte.measures.trace.subjects import Subjects
from punte.measures.trace.tables import TraceTables

__all__ = ["TraceTables", "account", "campaign_deals", "campaign_persons", "deal", "person"]


def deal(*, tables: TraceTables, key: str, at: datetime | None = None) -> ir.Table:
    """Everything that happened on the way of a deal, in order.

    Its own openings, changes and close; the opening, stages and assignments of its lead; and of each of its persons
    every touch, campaign membership and activity, also after the close. ``key`` is the deal's id in punte or in its
    source (of two sources with one id, both deals are told). ``at`` (naive UTC; None: everything) leaves out what
    happened later; what has no known moment stays.

    Grain: one entry: one moment of one record. Ordered by occurred_at (nulls last), kind (as they stand below),
    record_id; of one record its opening before its close. Columns:

    - kind: touch, campaign, lead, stage, assignment, activity, deal, deal_change
    - occurred_at (naive UTC; null: not known), occurred_on (local day; null: not known)
    - what: kind of touch or activity, stage entered, subject of a change, or opened, closed, won, lost, member,
      responded, assigned, taken away
    - detail: campaign of a membership, reason of a stage, outcome or direction of an activity, name of a deal, new
      value of a change (amounts in minor units), ``only shown`` of a touch that is no response; null: nothing said
    - channel, source, medium, campaign: where a touch came from, or the origin declared for a lead or deal; null: not
      known
    - person_id, owner_id, lead_id, opportunity_id: who and what it is about; null: nobody, nothing
    - table, record_id, from_source, source_id, load_id, row_number, file_name: the source row (file_name null: the
      import is not known)
    """
    return _timeline(tables, subjects.of_deal(tables, key), at)


def person(*, tables: TraceTables, key: str, at: datetime | None = None) -> ir.Table:
    """Everything that happened to a person, in order: touches, memberships, activities, all its leads and deals.

    ``key`` is the id in punte of the person or of one of its records, or the id of a record in its source.
    Grain, order and columns as for ``deal``.
    """
    return _timeline(tables, subjects.of_person(tables, key), at)


def account(*, tables: TraceTables, key: str, at: datetime | None = None) -> ir.Table:
    """Everything that happened to a company and to everybody who works or worked for it, in order.

    Touches known to be of the company are told even where nobody knows whose they were (person_id is then null).
    ``key`` is the id in punte of the company or of one of its records, or the id of a record in its source.
    Grain, order and columns as for ``deal``.
    """
    return _timeline(tables, subjects.of_account(tables, key), at)


def _timeline(tables: TraceTables, about: Subjects, at: datetime | None) -> ir.Table:
    entries = every_entry(tables, about)
    if at is not None:
        entries = entries.filter(entries.occurred_at.isnull() | (entries.occurred_at <= ibis.literal(at)))
    named = tables.traffic.select("channel", "source", "medium", "campaign", of_traffic="traffic_id")
    entries = entries.left_join(named, entries.traffic_id == named.of_traffic)
    entries = entries.left_join(tables.loads.select("load_id", "file_name"), "load_id").drop("load_id_right")
    rank = entries.kind.cases(*((kind, place) for place, kind in enumerate(KINDS_IN_ORDER)))
    ordered = entries.order_by(entries.occurred_at.asc(nulls_first=False), rank, entries.record_id, entries.turn)
    return ordered.select(
        *["kind", "occurred_at", "occurred_on", "what", "detail", "channel", "source", "medium", "campaign"],
        *["person_id", "owner_id", "lead_id", "opportunity_id", "table", "record_id"],
        *["from_source", "source_id", "load_id", "row_number", "file_name"],
    )
