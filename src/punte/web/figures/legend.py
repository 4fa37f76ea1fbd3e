"""A line of keys above a picture, for what a direct label cannot say; it wraps where the width ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from punte.web.figures import svg
from punte.web.figures.figure import SMALL, Figure, Tone
from punte.web.figures.svg import Box, Element
from punte.web.figures.text import fit, text_width

HEIGHT = 20
_SWATCH = 18


@dataclass(frozen=True)
class Key:
    """One key: a bar of a tone, a thin bar, a hatched patch, an interval, a dashed line."""

    label: str
    kind: str
    tone: Tone = "neutral"


def legend(figure: Figure, keys: Sequence[Key], width: float) -> tuple[list[Element], float]:
    """The keys drawn, and the height that they take."""
    drawn: list[Element] = []
    x, top = 0.0, 0.0
    for key in keys:
        label = fit(key.label, width - _SWATCH, SMALL)
        needed = _SWATCH + text_width(label, SMALL) + 16
        if x and x + needed - 16 > width:
            x, top = 0.0, top + HEIGHT
        drawn += [*_swatch(figure, key, x, top), svg.text(label, x + _SWATCH, top + 12, "f-small")]
        x += needed
    return drawn, top + HEIGHT + 4 if keys else 0.0


def _swatch(figure: Figure, key: Key, x: float, top: float) -> list[Element]:
    middle = top + 8
    match key.kind:
        case "hatch":
            patch = Box(x, top + 3, 12, 10)
            return [patch.drawn("f-tint-neutral"), patch.painted(figure.hatch())]
        case "interval":
            ends = [svg.line(place, middle - 3, place, middle + 3, "f-interval") for place in (x, x + 12)]
            return [svg.line(x, middle, x + 12, middle, "f-interval"), *ends]
        case "guide":
            return [svg.line(x, middle, x + 13, middle, "f-guide")]
        case "thin":
            return [svg.rect(x, middle - 2, 12, 4, "f-fill-neutral")]
    return [svg.rect(x, top + 3, 12, 10, f"f-fill-{key.tone}", rx=1)]


def interval_mark(low: float, high: float, middle: float, size: float = 3) -> list[Element]:
    """A thin bar from ``low`` to ``high`` with its two ends."""
    ends = [svg.line(place, middle - size, place, middle + size, "f-interval") for place in (low, high)]
    return [svg.line(low, middle, high, middle, "f-interval"), *ends]
