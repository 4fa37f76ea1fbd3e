"""The words of the loop's pages in the reader's language: dimensions, models, stages, periods, values."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_noop as noop

from punte.rooms.loop.queries import Basis
from punte.rooms.loop.rules import Days, LoopQuestion, Value
from punte.web import formats

DIMENSION_LABELS = {
    "channel": noop("Channel"),
    "campaign": noop("Campaign"),
    "source": noop("Source"),
    "medium": noop("Medium"),
    "content": noop("Ad or content"),
    "term": noop("Search term"),
    "landing_page": noop("Landing page"),
    "form": noop("Form"),
    "offer": noop("Content offer"),
    "referrer": noop("Referrer"),
    "sourced_by": noop("Found by"),
    "segment": noop("Segment"),
    "country": noop("Country"),
    "account": noop("Company"),
    "owner": noop("Owner"),
    "kind": noop("Kind of deal"),
    "pipeline": noop("Pipeline"),
    "lost_reason": noop("Reason for the loss"),
}
MODEL_LABELS = {
    "first": noop("First touch"),
    "last": noop("Last touch"),
    "last_non_direct": noop("Last non-direct touch"),
    "linear": noop("Linear"),
    "position": noop("Position"),
    "u_shaped": noop("U-shaped"),
    "w_shaped": noop("W-shaped"),
    "full_path": noop("Full path"),
    "time_decay": noop("Time decay"),
}
MODEL_DEFINITIONS = {
    "first": noop("All of it to the first touch."),
    "last": noop("All of it to the last touch before the close."),
    "last_non_direct": noop("All of it to the last touch that did not come directly."),
    "linear": noop("The same to every touch."),
    "position": noop("40% to the first touch, 40% to the last, 20% to the others."),
    "u_shaped": noop("40% to the first touch, 40% to the one that made the lead, 20% to the others."),
    "w_shaped": noop("30% each to the first touch, the one that made the lead and the one before the opportunity."),
    "full_path": noop("22.5% each to first touch, lead, opportunity and last touch, 10% to the others."),
    "time_decay": noop("Half as much for each half-life that a touch is older than the last one."),
}
STAGE_LABELS = {
    "lead": noop("Lead"),
    "mql": "MQL",
    "sal": "SAL",
    "sql": "SQL",
    "opportunity": noop("Opportunity"),
    "won": noop("Won"),
}
OUTCOME_LABELS = {"won": noop("Won"), "left": noop("Dropped out"), "open": noop("Still open")}
PERIOD_LABELS = {
    "all": noop("All the data"),
    "this-month": noop("This month"),
    "last-month": noop("Last month"),
    "this-quarter": noop("This quarter"),
    "last-quarter": noop("Last quarter"),
    "this-year": noop("This year"),
    "last-year": noop("Last year"),
}
SIDE_LABELS = {"marketing": noop("Marketing"), "shared": noop("Shared"), "sales": noop("Sales")}
_VALUES = {
    ("sourced_by", "marketing"): noop("Marketing"),
    ("sourced_by", "sales"): noop("Sales"),
    ("sourced_by", "partner"): noop("A partner"),
    ("kind", "new"): noop("New business"),
    ("kind", "renewal"): noop("Renewal"),
    ("kind", "upsell"): noop("Upsell"),
}
_NOTHING = {
    "campaign": noop("No campaign"),
    "owner": noop("Nobody"),
    "form": noop("No form"),
    "offer": noop("No content offer"),
    "term": noop("No search term"),
}


def lang() -> str:
    """The reader's language, as the formats take it."""
    return get_language() or "en"


def dimension_label(name: str) -> str:
    """What a dimension is called."""
    return gettext(DIMENSION_LABELS[name]) if name in DIMENSION_LABELS else name.partition(":")[2]


def value_label(dimension: str, value: Value) -> str:
    """How a value of a dimension is written; missing and unattributed ones in words."""
    if value.is_unattributed:
        return gettext("Unattributed")
    if value.text is None:
        return gettext(_NOTHING.get(dimension, "")) if dimension in _NOTHING else gettext("Not known")
    known = _VALUES.get((dimension, value.text))
    return gettext(known) if known else value.text


def status_label(status: str) -> str:
    """The state of one deal."""
    words = {"won": pgettext("a deal", "Won"), "open": pgettext("a deal", "Open"), "lost": pgettext("a deal", "Lost")}
    return words[status]


def statuses_label(status: str) -> str:
    """Deals of one state."""
    words = {"won": pgettext("deals", "Won"), "open": pgettext("deals", "Open"), "lost": pgettext("deals", "Lost")}
    return words[status]


def model_label(model: str) -> str:
    """What a model of credit is called."""
    return gettext(MODEL_LABELS[model])


def period_label(question: LoopQuestion, days: Days) -> str:
    """The period as its chooser says it."""
    return gettext(PERIOD_LABELS[question.period]) if question.period else days_label(days)


def days_label(days: Days) -> str:
    """The days as people write them: "1 Jul – 30 Sep 2026", "from 1 Jul 2026", "all the data"."""
    if days.since and days.until:
        return formats.window(days.since, days.until, lang=lang())
    if days.since:
        return gettext("from %(day)s") % {"day": formats.day(days.since, lang=lang())}
    if days.until:
        return gettext("until %(day)s") % {"day": formats.day(days.until - timedelta(days=1), lang=lang())}
    return gettext("all the data")


def in_period(question: LoopQuestion, basis: Basis) -> str:
    """How a sentence about the days begins: "In Q3 2026", "From 29 May 2025 until now", "In all the data"."""
    days = basis.days
    if not days.is_bounded and basis.spanned.since:
        return gettext("From %(day)s until now") % {"day": formats.day(basis.spanned.since, lang=lang())}
    whole = _calendar_name(question, days)
    if whole:
        return pgettext("period", "In %(period)s") % {"period": whole}
    if days.since and days.until:
        return pgettext("period", "In the days %(days)s") % {"days": days_label(days)}
    if days.since or days.until:
        said = days_label(days)
        return said[:1].upper() + said[1:]
    return gettext("In all the data")


def _calendar_name(question: LoopQuestion, days: Days) -> str:
    if not days.since:
        return ""
    unit = question.period.partition("-")[2]
    if unit == "quarter":
        return formats.quarter(days.since.year, (days.since.month + 2) // 3, lang=lang())
    if unit == "month":
        return formats.month_name(days.since, lang=lang())
    return str(days.since.year) if unit == "year" else ""
