"""What a file seems to hold, told by the meanings of its columns and by their values."""

from __future__ import annotations

from collections.abc import Callable

from punte.sources.files.presets.lexicon import LOST, TOUCHES, WON
from punte.sources.files.presets.profiles import Sheet

_FEW = 40
FILLED_BY = {
    "deals": "opportunity",
    "owners": "owner",
    "people": "person",
    "companies": "account",
    "touches": "touchpoint",
}
"""The table that says a shape is there already when a vendor's export fills it."""


def shape_of(sheet: Sheet) -> str:
    """Spend, deals, owners, touches, people or companies; 'unknown' where nothing fits."""
    return next((name for name, is_so in _SHAPES.items() if is_so(sheet)), "unknown")


def unique_id(sheet: Sheet) -> str | None:
    """The first column that is called an id and never says the same twice."""
    for name, column in sheet.columns.items():
        is_id = name.lower().replace("_", " ").split()[-1:] == ["id"] or name.lower().endswith(" id")
        if is_id and column.is_unique and column.date is None:
            return name
    return None


def _is_spend(sheet: Sheet) -> bool:
    return sheet.has("cost") and sheet.has("moment", "created") and not sheet.has("email", "stage", "deal_id")


def _is_deals(sheet: Sheet) -> bool:
    says_won = any(word in WON | LOST for word in _words_of(sheet, "stage", "status"))
    has_value = sheet.has("amount", "closed", "won_on", "expected_close", "probability")
    return sheet.has("won_on") or (says_won and has_value) or (sheet.has("deal_id", "deal_name") and has_value)


def _is_owners(sheet: Sheet) -> bool:
    owner = sheet.of("owner")
    return owner is not None and sheet.column(owner).is_unique and sheet.has("manager", "team")


def _is_touches(sheet: Sheet) -> bool:
    who = sheet.of("anonymous_id", "user_id", "person_id", "lead_id", "email")
    whence = sheet.has("url", "medium", "campaign", "channel", "referrer", "landing_page")
    does = any(word in TOUCHES for word in _words_of(sheet, "kind"))
    return who is not None and sheet.has("moment") and (whence or does) and not sheet.column(who).is_unique


def _is_people(sheet: Sheet) -> bool:
    named = sheet.has("email", "first_name", "last_name", "full_name", "phone")
    numbered = sheet.has("lead_id", "person_id") or unique_id(sheet) is not None
    return named or (numbered and sheet.has("channel", "source", "converted"))


def _is_companies(sheet: Sheet) -> bool:
    company = sheet.of("company")
    told = sheet.has("industry", "country", "employees", "city", "fiscal_code")
    return company is not None and sheet.column(company).is_unique and told


def _words_of(sheet: Sheet, *concepts: str) -> set[str]:
    headers = [header for concept in concepts if (header := sheet.of(concept)) is not None]
    return {value.lower() for header in headers for value in sheet.column(header).values[:_FEW]}


_SHAPES: dict[str, Callable[[Sheet], bool]] = {
    "spend": _is_spend,
    "deals": _is_deals,
    "owners": _is_owners,
    "touches": _is_touches,
    "people": _is_people,
    "companies": _is_companies,
}
