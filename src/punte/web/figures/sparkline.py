"""A word-sized line: the shape of the last periods, beside the number that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from punte.web.figures import svg
from punte.web.figures.figure import Column, Drawing, Figure, FigureTable, Tone
from punte.web.figures.scales import Scale
from punte.web.figures.svg import Element
from punte.web.formats import ValueFormat

HEIGHT = 24


@dataclass(frozen=True, kw_only=True)
class Sparkline(Figure):
    """Values in order, None for a gap; the last known one is dotted. ``periods`` names them for the table."""

    values: tuple[float | None, ...]
    periods: tuple[str, ...] = ()
    format: ValueFormat = field(default_factory=ValueFormat)
    tone: Tone = "shared"

    look: ClassVar[str] = "figure sparkline"

    def draw(self, width: float) -> Drawing:
        known = [(place, value) for place, value in enumerate(self.values) if value is not None]
        if len(known) < 2:
            return Drawing(HEIGHT, (svg.line(2, HEIGHT / 2, width - 2, HEIGHT / 2, "f-guide"),))
        numbers = [value for _, value in known]
        x = Scale(0, max(1, len(self.values) - 1), 3, width - 4)
        y = Scale(min(0.0, *numbers), max(0.0, *numbers) or 1.0, HEIGHT - 3, 4)
        last_place, last_value = known[-1]
        dot = svg.element("circle", cx=x(last_place), cy=y(last_value), r=3, look=f"f-fill-{self.tone}")
        return Drawing(HEIGHT, (*self._runs(x, y), dot))

    def _runs(self, x: Scale, y: Scale) -> list[Element]:
        d, pen_is_up = "", True
        for place, value in enumerate(self.values):
            if value is None:
                pen_is_up = True
                continue
            d += f"{'M' if pen_is_up else 'L'}{svg.plain(x(place))} {svg.plain(y(value))}"
            pen_is_up = False
        return [svg.path(d, f"f-line-{self.tone}")]

    def as_table(self) -> FigureTable:
        names = self.periods or tuple(str(place) for place in range(1, len(self.values) + 1))
        rows = tuple(
            (name, self.format.exact(value, lang=self.lang)) for name, value in zip(names, self.values, strict=True)
        )
        return FigureTable((Column(self.say("Period")), Column(self.say("Value"), True)), rows)
