"""A grid of shades: hours and weekdays, months and campaigns; the darker the more, hatched where nothing is known."""

from __future__ import annotations

from dataclasses import dataclass, field

from punte.web.figures import svg
from punte.web.figures.figure import SMALL, Column, Drawing, Figure, FigureTable, Tone, hatch_definition, is_narrow
from punte.web.figures.refusals import CannotDraw
from punte.web.figures.svg import Box, Element
from punte.web.figures.text import fit, text_width
from punte.web.formats import ValueFormat, not_known

_STEPS = 5
_HEAD = 20


@dataclass(frozen=True, kw_only=True)
class Heatmap(Figure):
    """Values by row and column; ``values[row][column]`` is None where nothing is known, and 0 is a value."""

    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    format: ValueFormat = field(default_factory=ValueFormat)
    tone: Tone = "shared"

    def draw(self, width: float) -> Drawing:
        self._refuse_ragged()
        if not self.values or not self.column_labels:
            return Drawing(30, (svg.text(self.say("Nothing to draw in this window."), 0, 20, "f-small"),))
        grid = _Grid(self, width)
        cells = [
            grid.cell(row, column, value)
            for row, values in enumerate(self.values)
            for column, value in enumerate(values)
        ]
        return Drawing(grid.foot + 30, (*grid.labels(), *cells, *grid.scale_of_shades()), (hatch_definition(self.id),))

    def as_table(self) -> FigureTable:
        columns = (Column(""), *(Column(label, True) for label in self.column_labels))
        rows = tuple(
            (label, *(self.format.exact(value, lang=self.lang) for value in values))
            for label, values in zip(self.row_labels, self.values, strict=True)
        )
        return FigureTable(columns, rows)

    def largest(self) -> float:
        """The value of the darkest shade."""
        return max((value for values in self.values for value in values if value is not None), default=0.0)

    def _refuse_ragged(self) -> None:
        sizes = {len(values) for values in self.values}
        negative = any(value is not None and value < 0 for values in self.values for value in values)
        if len(self.values) != len(self.row_labels) or sizes - {len(self.column_labels)} or negative:
            raise CannotDraw(
                "The grid does not fit its labels, or holds a negative value.",
                remedy="Give one value, 0 or more, or None, for each row and column.",
            )


class _Grid:
    def __init__(self, figure: Heatmap, width: float) -> None:
        self.figure, self.width = figure, width
        longest = max(text_width(label, SMALL) for label in figure.row_labels) + 8
        self.left = min(longest, width * 0.34)
        self.pitch = (width - self.left) / len(figure.column_labels)
        self.row = 22.0 if is_narrow(width) else 28.0
        self.foot = _HEAD + self.row * len(figure.row_labels)
        self.largest = figure.largest()

    def step(self, value: float) -> int:
        """0 for zero, then five equal steps up to the largest."""
        return 0 if value == 0 else min(_STEPS, 1 + int(value / self.largest * _STEPS * (1 - 1e-9)))

    def labels(self) -> list[Element]:
        rows = [
            svg.text(fit(label, self.left - 6, SMALL), 0, _HEAD + (place + 0.5) * self.row + 4, "f-small")
            for place, label in enumerate(self.figure.row_labels)
        ]
        widest = max(text_width(label, SMALL) for label in self.figure.column_labels) + 6
        every = max(1, -(-int(widest) // max(1, int(self.pitch))))
        columns = [
            self._column_label(place, label)
            for place, label in enumerate(self.figure.column_labels)
            if place % every == 0
        ]
        return rows + columns

    def _column_label(self, place: int, label: str) -> Element:
        shown = fit(label, max(self.pitch * 3, 24), SMALL)
        half = text_width(shown, SMALL) / 2
        x = min(max(self.left + (place + 0.5) * self.pitch, half), self.width - half)
        return svg.text(shown, x, 13, "f-small", anchor="middle")

    def cell(self, row: int, column: int, value: float | None) -> Element:
        x, y = self.left + column * self.pitch, _HEAD + row * self.row
        box = Box(x + 0.75, y + 0.75, self.pitch - 1.5, self.row - 1.5)
        lang = self.figure.lang
        written = not_known(lang=lang) if value is None else self.figure.format.text(value, lang=lang)
        said = f"{self.figure.row_labels[row]}, {self.figure.column_labels[column]}: {written}"
        if value is None:
            return svg.linked("", said, box.painted(self.figure.hatch(), 0.6))
        step = self.step(value)
        look = f"f-fill-{self.figure.tone} f-step-{step}" if step else "f-tint-neutral"
        shapes = [box.drawn(look)]
        return svg.linked("", said, *shapes, *self._number(value, step, box))

    def _number(self, value: float, step: int, box: Box) -> list[Element]:
        """The number in its cell, where it fits and its shade leaves it readable."""
        text = self.figure.format.axis(value, lang=self.figure.lang)
        darkest = _STEPS if self.figure.tone == "shared" else 2
        if text_width(text, SMALL) > box.width - 4 or not 0 < step <= darkest:
            return []
        return [svg.text(text, box.x + box.width / 2, box.y + box.height / 2 + 4, "f-note", anchor="middle")]

    def scale_of_shades(self) -> list[Element]:
        lang, figure, top = self.figure.lang, self.figure, self.foot + 10
        low, high = figure.format.axis(0, lang=lang), figure.format.text(self.largest, lang=lang)
        x = text_width(low, SMALL) + 6
        drawn = [svg.text(low, 0, top + 11, "f-small")]
        for step in range(_STEPS + 1):
            look = f"f-fill-{figure.tone} f-step-{step}" if step else "f-tint-neutral"
            drawn.append(svg.rect(x + step * 16, top, 15, 13, look))
        x += (_STEPS + 1) * 16 + 5
        drawn.append(svg.text(high, x, top + 11, "f-small"))
        x += text_width(high, SMALL) + 18
        if any(value is None for values in figure.values for value in values):
            drawn.append(Box(x, top, 15, 13).painted(figure.hatch(), 0.6))
            drawn.append(svg.text(fit(not_known(lang=lang), self.width - x - 20, SMALL), x + 20, top + 11, "f-small"))
        return drawn
