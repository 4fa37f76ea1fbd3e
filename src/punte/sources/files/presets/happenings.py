"""The rule for a file that tells what happened to records of other files: stages, owners, activities, roles, rates."""

from __future__ import annotations

from collections.abc import Callable

from punte.sources.files.mapping.language import Cell
from punte.sources.files.presets.drafts import Draft, constant, equals, quoted
from punte.sources.files.presets.lexicon import ACTIVITIES, LIFE, SIDES
from punte.sources.files.presets.linking import Known, identity_of, link, lowered, named_owner, person_of


def _leads(draft: Draft, known: Known) -> None:
    sourced_by = draft.sheet.of("sourced_by")
    cells = {
        "person": person_of(draft, known),
        "account": draft.text("company_id", "company"),
        "opened": draft.moment("lead", "opened", "created", "moment"),
        "owner": draft.text("owner_id", "owner"),
        "status": draft.text("status", "stage"),
        "sourced_by": draft.words(sourced_by, {word: word for word in SIDES}) if sourced_by else None,
        "segment": draft.text("segment"),
    }
    said = "Each row is one lead; its person stands in another file."
    draft.table("lead", identity_of(draft, "lead_id", "row_id"), cells, traffic=draft.traffic(), said=said)
    named_owner(draft, known)


def _history(draft: Draft, known: Known) -> None:
    """Changes of deals where the file names deals, else of leads."""
    identity = identity_of(draft, "event_id", "row_id")
    deal, stage = draft.text("deal_id"), draft.sheet.of("stage")
    assert stage is not None
    if deal is not None and not draft.sheet.has("lead_id"):
        cells = {
            "opportunity": deal,
            "subject": constant("stage"),
            "value": draft.of(stage),
            "occurred": draft.moment("opportunity_event", "occurred", "moment"),
        }
        parts = identity or Cell(parts=(deal.headers[0], stage, draft.sheet.of("moment") or ""))
        draft.table("opportunity_event", parts, cells, said="One change of a deal's stage per row.")
        return
    lead = link(draft, known.leads) or draft.text("lead_id") or person_of(draft, known)
    values = draft.sheet.column(stage).values
    words = {value: LIFE[value.lower()] for value in values if value.lower() in LIFE}
    others = [value for value in values if value not in words]
    cells = {
        "lead": lead,
        "stage": Cell(headers=(stage,), map=tuple(words.items())),
        "occurred": draft.moment("stage_event", "occurred", "moment"),
        "reason": draft.text("reason", "lost_reason"),
    }
    if others:
        draft.remark(f"no stage on the way of a lead, left out: {quoted(others)}", "stage_event", "stage")
    parts = identity or Cell(parts=(lead.headers[0] if lead else stage, stage, draft.sheet.of("moment") or ""))
    said = "One change of a lead's stage per row."
    draft.table("stage_event", parts, cells, when=equals(stage, words or [""]), said=said)


def _assignments(draft: Draft, known: Known) -> None:
    lead, moment = draft.sheet.of("lead_id") or "", draft.sheet.of("moment") or ""
    cells = {
        "lead": draft.of(lead),
        "owner": draft.text("owner_id", "owner"),
        "occurred": draft.moment("assignment_event", "occurred", "moment"),
    }
    said = "Each row gives a lead to an owner."
    draft.table("assignment_event", Cell(parts=(lead, moment)), cells, said=said)
    named_owner(draft, known)


def _activities(draft: Draft, known: Known) -> None:
    kind = draft.sheet.of("kind") or ""
    cells = {
        "person": person_of(draft, known),
        "lead": link(draft, known.leads) or draft.text("lead_id"),
        "opportunity": draft.text("deal_id"),
        "owner": draft.text("owner_id", "owner"),
        "kind": draft.words(kind, ACTIVITIES, others="task"),
        "disposition": draft.text("outcome"),
        "occurred": draft.moment("activity", "occurred", "moment", "created"),
    }
    said = "One thing per row that a colleague did toward somebody."
    draft.table("activity", identity_of(draft, "event_id", "row_id"), cells, said=said)
    named_owner(draft, known)


def _links(draft: Draft, known: Known) -> None:
    deal = draft.sheet.of("deal_id") or ""
    person = link(draft, known.people) or draft.text("person_id") or lowered(draft.text("email"))
    assert person is not None
    cells = {"opportunity": draft.of(deal), "person": person, "role": draft.text("role")}
    said = "Each row names one person of a deal."
    draft.table("opportunity_person", Cell(parts=(deal, person.headers[0])), cells, said=said)


def _rates(draft: Draft, _: Known) -> None:
    names = [draft.sheet.of(concept) or "" for concept in ("moment", "base", "quote")]
    cells = {
        "day": draft.moment("fx_rate", "day", "moment"),
        "base": draft.text("base"),
        "quote": draft.text("quote"),
        "rate": draft.text("rate"),
    }
    said = "How much of the second currency one unit of the first one is worth on that day."
    draft.table("fx_rate", Cell(parts=tuple(names)), cells, said=said)


HAPPENINGS: dict[str, Callable[[Draft, Known], None]] = {
    "leads": _leads,
    "history": _history,
    "assignments": _assignments,
    "activities": _activities,
    "contacts of deals": _links,
    "exchange rates": _rates,
}
"""What fills the tables for each of these shapes."""
