"""What the frame of every page needs to know: the rooms that are there, the theme, small marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop

from punte.core import clock
from punte.core.access import may_import
from punte.core.jobs.soundness import known_damage
from punte.web import late
from punte.web.figures import svg
from punte.web.theme import COOKIE, THEMES

register = template.Library()

ROOMS = (
    ("today", gettext_noop("Today")),
    ("path", gettext_noop("Path")),
    ("loop", gettext_noop("Results")),
    ("agreement", gettext_noop("Agreement")),
    ("desk", gettext_noop("To contact")),
    ("goals", gettext_noop("Goals")),
    ("shadowing", gettext_noop("Visits")),
    ("challenges", gettext_noop("Challenges")),
    ("together", gettext_noop("Together")),
    ("ideas", gettext_noop("Ideas")),
    ("data", gettext_noop("Data")),
)
"""The rooms in the order of the top bar: the name that their addresses begin with, and their label."""


@dataclass(frozen=True)
class RoomLink:
    """A room in the top bar."""

    label: str
    url: str
    is_current: bool


@register.simple_tag(takes_context=True)
def room_links(context: template.Context) -> list[RoomLink]:
    """The rooms that this installation has, those with an address named ``<room>:home``."""
    match = getattr(context.get("request"), "resolver_match", None)
    current = match.app_names[0] if match and match.app_names else ""
    return [
        RoomLink(gettext(label), url, is_current=name == current)
        for name, label in ROOMS
        if (url := _address(f"{name}:home"))
    ]


@register.simple_tag
def late_said(rhythms: late.Rhythms) -> str:
    """What is to be said now of sources that bring nothing new any more; "" where all are in time.

    Nothing is late in a demo home: its company is invented, and has no tomorrow.
    """
    return "" if settings.PUNTE_IS_DEMO else late.late_said(rhythms, timezone.localdate(clock.now()))


@register.simple_tag(takes_context=True)
def bring_url(context: template.Context) -> str:
    """Where new files are brought in; "" for a person who may not."""
    return _address("data:bring") if may_import(context["user"]) else ""


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""  # a room that is not installed has no address


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """The theme that the reader chose, "" where the system decides."""
    request = context.get("request")
    chosen = request.COOKIES.get(COOKIE, "") if isinstance(request, HttpRequest) else ""
    return chosen if chosen in THEMES else ""


@register.simple_tag
def coverage_bar(share: float | None) -> SafeString:
    """A small bar filled to ``share`` (0 to 1): how complete the data are. The page says the number beside it."""
    filled = 0 if share is None else min(1.0, max(0.0, float(share))) * 46
    bar = svg.root(
        48,
        8,
        svg.element("rect", x=0.5, y=0.5, width=47, height=7, rx=2),
        svg.element("rect", x=1, y=1, width=filled, height=6, rx=1.5),
        look="coverage-bar",
        aria_hidden="true",
    )
    return mark_safe(svg.write(bar))


@register.simple_tag
def damage() -> str:
    """What is known to be damaged in the data that pages show; empty where nothing is."""
    return known_damage()


@register.filter
def field_errors_id(field: Any) -> str:
    """The id of a form field's list of errors, for ``aria-describedby``."""
    return f"{field.id_for_label}-errors"
