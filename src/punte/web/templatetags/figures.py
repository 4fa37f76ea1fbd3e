"""``{% figure picture %}``: a figure of ``punte.web.figures`` on a page, for every width, with the table behind it."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from punte.web.figures import Figure

register = template.Library()

WIDTHS = {"narrow": 328, "medium": 640, "wide": 1080}
"""The widths at which a figure is drawn; the stylesheet shows the one that fits its container."""


@register.inclusion_tag("components/plot.html")
def figure(picture: Figure, level: int = 2, **downloads: str) -> dict[str, Any]:
    """The figure with its title as a heading of ``level``; ``csv=``, ``parquet=``, ``png=``, ``svg=`` are addresses."""
    return {
        "id": picture.id,
        "title": picture.title,
        "description": picture.description,
        "level": level,
        "pictures": [(name, _drawn(picture, width)) for name, width in WIDTHS.items()],
        "table": picture.as_table(),
        "downloads": [(name.upper(), address) for name, address in downloads.items() if address],
    }


@register.simple_tag
def sparkline(picture: Figure) -> SafeString:
    """The picture alone, word-sized, beside the number that it belongs to."""
    return _drawn(picture, 96)


def _drawn(picture: Figure, width: float) -> SafeString:
    return mark_safe(picture.svg(width))  # every text in it went through figures.svg.escaped
