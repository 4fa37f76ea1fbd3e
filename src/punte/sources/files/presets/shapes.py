"""What a file seems to hold, told by the meanings of its columns and by their values."""

from __future__ import annotations

from collections.abc import Callable

from punte.sources.files.presets.lexicon import ACTIVITIES, LOST, TOUCHES, WON
from punte.sources.files.presets.profiles import Sheet

_FEW, _BARE = 40, 4
FILLED_BY = {
    "deals": "opportunity",
    "leads": "lead",
    "owners": "owner",
    "people": "person",
    "companies": "account",
    "touches": "touchpoint",
}
"""The table that says a shape is there already when a vendor's export fills it."""


def shape_of(sheet: Sheet) -> str:
    """What the rows of a file are, as a word of ``SHAPES``; 'unknown' where nothing fits."""
    return next((name for name, is_so in SHAPES.items() if is_so(sheet)), "unknown")


def unique_id(sheet: Sheet) -> str | None:
    """The first column that is called an id and never says the same twice."""
    for name, column in sheet.columns.items():
        is_id = name.lower().replace("_", " ").split()[-1:] == ["id"] or name.lower().endswith(" id")
        if is_id and column.is_unique and column.date is None:
            return name
    return None


def _is_rates(sheet: Sheet) -> bool:
    return all(sheet.has(concept) for concept in ("base", "quote", "rate")) and sheet.has("moment")


def _is_links(sheet: Sheet) -> bool:
    more = sheet.has("moment", "created", "closed", "stage", "status", "amount", "deal_name", "kind")
    return sheet.has("deal_id") and sheet.has("person_id", "email") and not more


def _is_assignments(sheet: Sheet) -> bool:
    """A lead, an owner and a moment, and nothing else."""
    return (
        sheet.has("lead_id") and sheet.has("owner_id", "owner") and sheet.has("moment") and len(sheet.columns) <= _BARE
    )


def _is_history(sheet: Sheet) -> bool:
    """Stages with their moments, of leads or deals that come more than once, or in rows with numbers of their own."""
    whose = sheet.of("lead_id", "deal_id", "person_id")
    is_many = whose is not None and (sheet.has("event_id") or not sheet.column(whose).is_unique)
    return is_many and sheet.has("stage") and sheet.has("moment")


def _is_activities(sheet: Sheet) -> bool:
    whose = sheet.of("lead_id", "person_id", "deal_id", "email")
    does = any(word in ACTIVITIES for word in _words_of(sheet, "kind"))
    whence = sheet.has("url", "medium", "campaign", "referrer", "landing_page")
    by_whom = sheet.has("owner_id", "owner", "outcome")
    return whose is not None and does and by_whom and sheet.has("moment", "created") and not whence


def _is_leads(sheet: Sheet) -> bool:
    """Leads whose persons are told by another file."""
    lead = sheet.of("lead_id")
    told = sheet.has("created", "moment") and sheet.has("person_id", "owner_id", "owner", "channel", "source", "status")
    is_named = sheet.has("email", "first_name", "last_name", "full_name")
    return lead is not None and sheet.column(lead).is_unique and told and sheet.has("person_id") and not is_named


def _is_spend(sheet: Sheet) -> bool:
    return sheet.has("cost") and sheet.has("moment", "created") and not sheet.has("email", "stage", "deal_id")


def _is_deals(sheet: Sheet) -> bool:
    says_won = any(word in WON | LOST for word in _words_of(sheet, "stage", "status"))
    has_value = sheet.has("amount", "closed", "won_on", "expected_close", "probability")
    return sheet.has("won_on") or (says_won and has_value) or (sheet.has("deal_id", "deal_name") and has_value)


def _is_owners(sheet: Sheet) -> bool:
    owner = sheet.of("owner_id", "owner")
    others = sheet.has("lead_id", "person_id", "company_id", "deal_id", "amount", "stage", "created", "moment")
    told = sheet.has("manager", "team", "side") or (sheet.has("owner_id") and sheet.has("full_name", "email"))
    return owner is not None and sheet.column(owner).is_unique and told and not others


def _is_touches(sheet: Sheet) -> bool:
    who = sheet.of("anonymous_id", "user_id", "person_id", "lead_id", "email")
    whence = sheet.has("url", "medium", "campaign", "channel", "referrer", "landing_page")
    does = any(word in TOUCHES for word in _words_of(sheet, "kind"))
    return who is not None and sheet.has("moment") and (whence or does) and not sheet.column(who).is_unique


def _is_people(sheet: Sheet) -> bool:
    company = sheet.of("company_id")
    if company is not None and sheet.column(company).is_unique and not sheet.has("email", "first_name", "last_name"):
        return False
    named = sheet.has("email", "first_name", "last_name", "full_name", "phone")
    numbered = sheet.has("lead_id", "person_id") or unique_id(sheet) is not None
    return named or (numbered and sheet.has("channel", "source", "converted"))


def _is_companies(sheet: Sheet) -> bool:
    company = sheet.of("company_id", "company")
    named = sheet.has("company", "full_name", "domain")
    told = sheet.has("industry", "country", "employees", "city", "fiscal_code", "domain")
    return company is not None and sheet.column(company).is_unique and named and told


def _words_of(sheet: Sheet, *concepts: str) -> set[str]:
    headers = [header for concept in concepts if (header := sheet.of(concept)) is not None]
    return {value.lower() for header in headers for value in sheet.column(header).values[:_FEW]}


SHAPES: dict[str, Callable[[Sheet], bool]] = {
    "exchange rates": _is_rates,
    "spend": _is_spend,
    "contacts of deals": _is_links,
    "assignments": _is_assignments,
    "history": _is_history,
    "activities": _is_activities,
    "deals": _is_deals,
    "owners": _is_owners,
    "touches": _is_touches,
    "leads": _is_leads,
    "people": _is_people,
    "companies": _is_companies,
}
"""Asked in this order; the first that holds counts."""
