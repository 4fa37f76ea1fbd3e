"""What happened to persons, leads and deals, as one line of time: touches, calls, stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from punte.core.access import Person
from punte.rooms.loop.queries.names import owner_names, person_names
from punte.rooms.loop.queries.opened import Lent
from punte.rooms.loop.queries.sources import SourceRow, source_rows
from punte.rooms.loop.queries.table import records_of

N_SHOWN = 200
LINEAGE = ("from_source", "source_id", "load_id", "row_number")


@dataclass(frozen=True)
class Event:
    """One thing that happened. ``kind`` is touch, activity, stage or deal; ``what`` says which; ``at`` is naive UTC.

    ``is_day_only``: of the moment only the day is known. ``credits``: what each model gives the touch (minor units).
    """

    kind: str
    what: str
    at: datetime | None
    on: date | None
    is_day_only: bool
    source: SourceRow
    person_id: str = ""
    person: str = ""
    owner: str = ""
    words: dict[str, str] = field(default_factory=dict)
    touch_id: str = ""
    deal_id: str = ""
    credits: dict[str, int] = field(default_factory=dict)


def touches_of(lent: Lent, user: Person, *, touch_ids: Sequence[str] = (), persons: Sequence[str] = ()) -> list[Event]:
    """The touches with these ids, or all of these persons."""
    tables = lent.numbers.tables
    touch = tables["touch"]
    touch = touch.filter(touch.touch_id.isin(list(touch_ids)) if touch_ids else touch.person_id.isin(list(persons)))
    point = tables["touchpoint"].select("record_id", *LINEAGE, "occurred_precision")
    rows = touch.join(point, touch.touch_id == point.record_id)
    traffic = lent.numbers.traffic.select(
        "traffic_id", "channel", "source", "medium", "campaign", "offer", "form", "landing_page"
    )
    records = _read(lent, rows.left_join(traffic, "traffic_id"), "occurred_at")
    names = person_names(lent, (record["person_id"] for record in records), user)
    return [
        Event(
            kind="touch",
            what=record["kind"] or "other",
            **_moment(record),
            source=source,
            person_id=record["person_id"] or "",
            person=names.get(record["person_id"], ""),
            words=_words(record, "channel", "source", "medium", "campaign", "offer", "form", "landing_page"),
            touch_id=record["touch_id"],
        )
        for record, source in zip(records, source_rows(lent, records), strict=True)
    ]


def activities_of(lent: Lent, *, persons: Sequence[str] = (), deals: Sequence[str] = ()) -> list[Event]:
    """Calls, mails and meetings with these persons or about these deals."""
    tables = lent.numbers.tables
    activity = tables["activity"]
    of = tables["person_of"].filter(tables["person_of"].person_id.isin(list(persons))).select("record_id")
    records_of_persons = [record["record_id"] for record in records_of(lent.numbers, of)] if persons else []
    is_theirs = activity.person_record_id.isin(records_of_persons) | activity.opportunity_record_id.isin(list(deals))
    records = _read(lent, activity.filter(is_theirs), "occurred_at")
    owners = owner_names(lent, (record["owner_record_id"] for record in records))
    return [
        Event(
            kind="activity",
            what=record["kind"],
            **_moment(record),
            source=source,
            owner=owners.get(record["owner_record_id"], ""),
            words=_words(record, "direction", "disposition"),
        )
        for record, source in zip(records, source_rows(lent, records), strict=True)
    ]


def stages_of(lent: Lent, leads: Sequence[str]) -> list[Event]:
    """Every entry of these leads into a stage."""
    event = lent.numbers.tables["stage_event"]
    records = _read(lent, event.filter(event.lead_record_id.isin(list(leads))), "occurred_at")
    return [
        Event(
            kind="stage",
            what=record["stage"],
            **_moment(record),
            source=source,
            words=_words(record, "reason", "basis"),
        )
        for record, source in zip(records, source_rows(lent, records), strict=True)
    ]


def deals_of(lent: Lent, deals: Sequence[str]) -> list[Event]:
    """The opening and the close of these deals."""
    tables = lent.numbers.tables
    names = ("created_precision", "closed_precision", *LINEAGE)
    rows = tables["deal"].filter(tables["deal"].opportunity_id.isin(list(deals)))
    opportunity = tables["opportunity"].select("record_id", *names)
    rows = rows.join(opportunity, rows.opportunity_id == opportunity.record_id)
    records = _read(lent, rows, "created_at")
    return [
        Event(
            kind="deal",
            what=what,
            at=record[f"{moment}_at"],
            on=record[f"{moment}_on"],
            is_day_only=record[f"{moment}_precision"] == "day",
            source=source,
            words=_words(record, "name", *(("lost_reason",) if what == "lost" else ())),
            deal_id=record["opportunity_id"],
        )
        for record, source in zip(records, source_rows(lent, records), strict=True)
        for what, moment in (("opened", "created"), (record["status"], "closed"))
        if what != "open" and record[f"{moment}_on"] is not None
    ]


def in_order(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events from the first to the last; those of which no moment is known stand at the end."""
    return tuple(
        sorted(events, key=lambda event: (event.at is None, event.at.isoformat() if event.at else "", event.kind))
    )


def with_credits(events: Sequence[Event], credits: dict[str, dict[str, int]]) -> list[Event]:
    """The touches with what each model gives them, by touch_id."""
    return [replace(event, credits=credits.get(event.touch_id, {})) for event in events]


def _read(lent: Lent, rows: Any, moment: str) -> list[dict[str, Any]]:
    """The newest, so that a long history stays readable."""
    return records_of(lent.numbers, rows.order_by([rows[moment].desc()]).limit(N_SHOWN))


def _moment(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": record["occurred_at"],
        "on": record["occurred_on"],
        "is_day_only": record["occurred_precision"] == "day",
    }


def _words(record: dict[str, Any], *names: str) -> dict[str, str]:
    return {name: str(record[name]) for name in names if record.get(name)}
