"""The gallery: every component and every figure in its states, for those who build pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from punte.web.formats import money_number, share
from punte.web.gallery_figures import Gallery


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """All of it on one page; ``?side=`` chooses the bank and the block that a phone shows."""
    lang = get_language() or "en"
    figures = Gallery(lang)
    context = {
        "figures": figures.figures(),
        "sparkline": figures.sparkline(),
        "side": request.GET.get("side", "marketing"),
        "tabs": _tabs(request.GET.get("side", "marketing")),
        "rows": _rows(lang),
        "chips": _CHIPS,
        "choices": _CHOICES,
        "events": _EVENTS,
        "empty_actions": [{"label": "Bring the files", "url": "#"}, {"label": "See an example", "url": "#"}],
        "stat_actions": [{"label": "CSV", "url": "#"}, {"label": "Parquet", "url": "#"}, {"label": "PNG", "url": "#"}],
    }
    return render(request, "gallery.html", context)


_CHIPS = [
    {"label": "Source", "value": "Google Ads", "remove_url": "?"},
    {"label": "Segment", "value": "enterprise", "remove_url": "?"},
]
_CHOICES = [
    {"label": "persons", "url": "?", "is_current": True},
    {"label": "money", "url": "?by=money", "is_current": False},
]
_EVENTS = [
    {
        "at": "3 Nov 2026, 21:14",
        "datetime": "2026-11-03T21:14",
        "side": "marketing",
        "title": "Read “Prices”",
        "text": "Newsletter",
        "url": "#",
    },
    {
        "at": "4 Nov 2026, 09:02",
        "datetime": "2026-11-04T09:02",
        "side": "marketing",
        "title": "Asked for a demo",
        "text": "Form “Demo”",
        "url": "",
    },
    {
        "at": "4 Nov 2026, 09:40",
        "datetime": "2026-11-04T09:40",
        "side": "shared",
        "title": "MQL accepted as SAL",
        "text": "",
        "url": "",
    },
    {
        "at": "4 Nov 2026, 09:49",
        "datetime": "2026-11-04T09:49",
        "side": "sales",
        "title": "Called: answered",
        "text": "9 min after assignment",
        "url": "",
    },
    {
        "at": "18 Nov 2026, 16:30",
        "datetime": "2026-11-18T16:30",
        "side": "sales",
        "title": "Won: 12,400 EUR",
        "text": "",
        "url": "#",
    },
]


def _tabs(current: str) -> list[dict[str, Any]]:
    sides = (("marketing", "Marketing"), ("shared", "Shared"), ("sales", "Sales"))
    return [
        {"label": label, "url": f"?side={side}", "is_current": side == current, "side": side} for side, label in sides
    ]


def _rows(lang: str) -> list[dict[str, Any]]:
    numbers = (
        ("Webinar “Stock without dead stock”", 420_000, 150, 61, 44, 40, 9, 13_240_000, ""),
        ("Brand search", 910_000, 140, 58, 31, 22, 7, 9_240_000, ""),
        ("Newsletter", None, 172, 40, 22, 21, 4, 4_240_000, ""),
        ("Unattributed", None, 66, 12, 9, 8, 4, 3_110_000, "is-apart"),
        ("Total", 1_330_000, 528, 171, 106, 91, 24, 29_830_000, "is-total"),
    )
    return [
        {
            "campaign": name,
            "cost": None if cost is None else money_number(cost, "EUR", lang=lang),
            "leads": leads,
            "mql": mql,
            "sal": sal,
            "acceptance": share(sal, mql, lang=lang),
            "in_time": share(in_time, sal, lang=lang),
            "won": won,
            "value": money_number(value, "EUR", cents=False, lang=lang),
            "kind": kind,
        }
        for name, cost, leads, mql, sal, in_time, won, value, kind in numbers
    ]
