"""What happened, as lines of the timeline: marketing's acts on its bank, sales' on theirs, stages on the bridge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

from punte.rooms.loop.queries import Event
from punte.rooms.loop.views.words import lang
from punte.web import formats

_TOUCHES = {
    "page_view": noop("Read a page"),
    "session": noop("Visited the site"),
    "form": noop("Filled in a form"),
    "email_sent": noop("Was sent a mail"),
    "email_open": noop("Opened a mail"),
    "email_click": noop("Clicked in a mail"),
    "ad_impression": noop("Saw an advertisement"),
    "ad_click": noop("Clicked an advertisement"),
    "event": noop("Came to an event"),
    "webinar": noop("Attended a webinar"),
    "content": noop("Took content"),
    "call": noop("Called"),
    "meeting": noop("Met us"),
    "chat": noop("Chatted"),
    "campaign": noop("Answered a campaign"),
    "other": noop("Was in touch"),
}
_ACTIVITIES = {
    "call": noop("Call"),
    "email": noop("Mail"),
    "meeting": noop("Meeting"),
    "message": noop("Message"),
    "task": noop("Task"),
    "note": noop("Note"),
}
_STAGES = {
    "subscriber": noop("Became a subscriber"),
    "lead": noop("Became a lead"),
    "mql": noop("Qualified by marketing (MQL)"),
    "sal": noop("Accepted by sales (SAL)"),
    "sql": noop("Qualified by sales (SQL)"),
    "opportunity": noop("Became an opportunity"),
    "customer": noop("Became a customer"),
    "rejected": noop("Turned away by sales"),
    "recycled": noop("Back to nurturing"),
    "disqualified": noop("Disqualified"),
    "lost": noop("Lost"),
}
_DEALS = {
    "opened": noop("Opportunity opened"),
    "won": noop("Opportunity won"),
    "lost": noop("Opportunity lost"),
}
_DISPOSITIONS = {
    "answered": noop("answered"),
    "connected": noop("answered"),
    "no answer": noop("no answer"),
    "no_answer": noop("no answer"),
    "busy": noop("busy"),
    "left voicemail": noop("left voicemail"),
    "voicemail": noop("left voicemail"),
    "wrong number": noop("wrong number"),
    "wrong_number": noop("wrong number"),
}
"""How a call ended, as CRMs commonly write it; another word of a source stays its own."""
_WORDS = {"touch": _TOUCHES, "activity": _ACTIVITIES, "stage": _STAGES, "deal": _DEALS}
_SIDES = {"touch": "marketing", "activity": "sales", "stage": "shared", "deal": "sales"}


def timeline(
    events: Sequence[Event], currency: str, *, model: str = "", names_persons: bool = True
) -> list[dict[str, Any]]:
    """Events as the timeline component takes them; with what the model gives each touch, where one is named."""
    return [
        {
            "at": when(event),
            "datetime": _machine_time(event),
            "side": _SIDES[event.kind],
            "title": _title(event),
            "text": " · ".join(part for part in (_text(event, names_persons), _credit(event, model, currency)) if part),
            "url": reverse("loop:deal", kwargs={"deal_id": event.deal_id}) if event.deal_id else "",
        }
        for event in events
    ]


def when(event: Event) -> str:
    """The moment as the reader's clock shows it, or the day where only that is known."""
    if event.is_day_only or event.at is None:
        return formats.day(event.on, reason=gettext("no date in the source"), lang=lang())
    return formats.moment(_local(event.at), lang=lang())


def touch_title(event: Event) -> str:
    """What a touch was and where it came from, in a line."""
    words = event.words
    parts = (
        _title(event),
        words.get("channel"),
        words.get("campaign"),
        words.get("offer") or words.get("landing_page"),
    )
    return " · ".join(part for part in parts if part)


def _local(at: datetime) -> datetime:
    return timezone.localtime(at.replace(tzinfo=UTC))


def _machine_time(event: Event) -> str:
    if event.is_day_only or event.at is None:
        return event.on.isoformat() if event.on else ""
    return _local(event.at).isoformat(timespec="minutes")


def _title(event: Event) -> str:
    words = _WORDS[event.kind]
    return gettext(words[event.what]) if event.what in words else event.what


def _text(event: Event, names_persons: bool) -> str:
    words = event.words
    if event.kind == "touch":
        parts = [
            words.get("channel"),
            words.get("campaign"),
            words.get("offer") or words.get("landing_page"),
            event.person if names_persons else "",
        ]
    elif event.kind == "activity":
        parts = [_disposition(words.get("disposition", "")), event.owner]
    elif event.kind == "deal":
        parts = [words.get("name"), words.get("lost_reason")]
    else:
        parts = [
            words.get("reason"),
            gettext("read from the present state") if words.get("basis") == "from_current" else "",
        ]
    return " · ".join(part for part in parts if part)


def _disposition(word: str) -> str:
    known = _DISPOSITIONS.get(word.lower())
    return gettext(known) if known else word


def _credit(event: Event, model: str, currency: str) -> str:
    amount = event.credits.get(model)
    if not amount:
        return ""
    return gettext("credit %(amount)s") % {"amount": formats.money(amount, currency, lang=lang())}
