"""The waterfall: how a plan became a result, step by step, the steps summing to the gap to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from punte.web.figures import svg
from punte.web.figures.figure import (
    LINE,
    SIZE,
    SMALL,
    Column,
    Drawing,
    Figure,
    FigureTable,
    Tone,
    hatch_definition,
    is_narrow,
    noop,
)
from punte.web.figures.legend import Key, interval_mark, legend
from punte.web.figures.refusals import CannotDraw
from punte.web.figures.scales import Scale
from punte.web.figures.svg import Box, Element
from punte.web.figures.text import fit, text_width, wrap
from punte.web.formats import ValueFormat

_BAR = 18


@dataclass(frozen=True)
class Step:
    """What one cause added or took (minor units for money), its interval, and whose it is to move."""

    label: str
    delta: int
    low: int | None = None
    high: int | None = None
    tone: Tone = "shared"
    href: str = ""

    @property
    def cannot_be_told(self) -> bool:
        """The interval holds zero: the data cannot say that this cause did anything."""
        return self.low is not None and self.high is not None and self.low <= 0 <= self.high


@dataclass(frozen=True, kw_only=True)
class Waterfall(Figure):
    """From ``start`` through the steps to ``end``; refused unless they sum exactly."""

    start_label: str
    start: int
    steps: tuple[Step, ...]
    end_label: str
    end: int
    format: ValueFormat = field(default_factory=ValueFormat)
    interval_label: str = ""

    def draw(self, width: float) -> Drawing:
        self._refuse_wrong_sum()
        keys = [Key(self.interval_label, "interval")] if self.interval_label else []
        keys += [Key(self.say("cannot be told"), "hatch")] if any(s.cannot_be_told for s in self.steps) else []
        drawn, top = legend(self, keys, width)
        rows = _Rows(self, width, top)
        drawn += [rows.total(0, self.start_label, self.start)]
        drawn += [rows.step(place, step, level) for place, (step, level) in enumerate(self.levels(), 1)]
        drawn += [rows.total(len(self.steps) + 1, self.end_label, self.end), *rows.connectors()]
        foot = rows.top(len(self.steps) + 2)
        said = wrap(self.sum_said(), width, SMALL)
        drawn += [svg.text(words, 0, foot + 12 + place * LINE, "f-small") for place, words in enumerate(said)]
        return Drawing(foot + 18 + (len(said) - 1) * LINE, tuple(drawn), (hatch_definition(self.id),))

    def levels(self) -> Iterator[tuple[Step, int]]:
        """Each step with the level from which it starts."""
        level = self.start
        for step in self.steps:
            yield step, level
            level += step.delta

    def sum_said(self) -> str:
        """The sentence that the steps sum, with the gap."""
        gap = self.format.change(self.end - self.start, lang=self.lang)
        return self.say("✓ The steps sum to the difference of %(gap)s exactly.") % {"gap": gap}

    def as_table(self) -> FigureTable:
        def exact(value: int | None) -> str:
            return "" if value is None else self.format.exact(value, lang=self.lang)

        names = (noop("Change"), noop("From"), noop("To"), noop("Level after"))
        columns = (Column(self.say("Step")), *(Column(self.say(name), True) for name in names))
        rows = [(self.start_label, "", "", "", exact(self.start))]
        for step, level in self.levels():
            rows.append((step.label, exact(step.delta), exact(step.low), exact(step.high), exact(level + step.delta)))
        return FigureTable(columns, (*rows, (self.end_label, "", "", "", exact(self.end))))

    def _refuse_wrong_sum(self) -> None:
        total = self.start + sum(step.delta for step in self.steps)
        if total != self.end:
            raise CannotDraw(
                f"The steps lead from {self.start} to {total}, not to {self.end}.",
                remedy="A waterfall is drawn only when its steps sum exactly.",
                reached=total,
                end=self.end,
            )


class _Rows:
    def __init__(self, figure: Waterfall, width: float, head: float) -> None:
        self.figure, self.width, self.head = figure, width, head
        self.narrow = is_narrow(width)
        self.height = 46 if self.narrow else 32
        labels = [figure.start_label, figure.end_label, *(step.label for step in figure.steps)]
        self.left = 0.0 if self.narrow else min(max(text_width(text, SIZE) for text in labels) + 14, width * 0.32)
        room = max(text_width(text, SIZE, bold=True) for text in self._values()) + 10
        low, high = self._extent()
        self.is_broken = low > 0
        self.scale = Scale(low, high, self.left + (14 if self.is_broken else 0), width - (0 if self.narrow else room))

    def _values(self) -> list[str]:
        figure = self.figure
        totals = [figure.format.text(value, lang=figure.lang) for value in (figure.start, figure.end)]
        return totals + [figure.format.change(step.delta, lang=figure.lang) for step in figure.steps]

    def _extent(self) -> tuple[float, float]:
        """From zero, unless all that moves lies far above: then the axis is broken, and the totals show it."""
        reached = [float(self.figure.start), float(self.figure.end)]
        for step, level in self.figure.levels():
            reached += [level + step.delta, *(level + end for end in (step.low, step.high) if end is not None)]
        low, high = min(reached), max(reached)
        if low > 0 and low > 0.5 * high:
            return low - (high - low) * 0.15, high
        return min(0.0, low), max(0.0, high)

    def top(self, place: int) -> float:
        return self.head + place * self.height

    def _bar_top(self, place: int) -> float:
        return self.top(place) + (22 if self.narrow else 6)

    def total(self, place: int, label: str, value: int) -> Element:
        top = self._bar_top(place)
        start, end = sorted((self.left if self.is_broken else self.scale(0), self.scale(value)))
        shapes = [svg.rect(start, top, end - start, _BAR, "f-fill-neutral", rx=1)]
        if self.is_broken:
            x = self.left + 10
            zigzag = f"M{svg.plain(x)} {svg.plain(top - 2)}l5 5.5l-5 5.5l5 5.5l-5 5.5h4l5 -5.5l-5 -5.5l5 -5.5l-5 -5.5Z"
            shapes.append(svg.path(zigzag, "f-paper"))
        text = self.figure.format.text(value, lang=self.figure.lang)
        return svg.group(*self._words(place, label, text), *shapes)

    def step(self, place: int, step: Step, level: int) -> Element:
        top = self._bar_top(place)
        start, end = sorted((self.scale(level), self.scale(level + step.delta)))
        box = Box(start, top, max(1.5, end - start), _BAR)
        shapes = [box.drawn(f"f-{'tint' if step.cannot_be_told else 'fill'}-{step.tone}", rx=1)]
        if step.cannot_be_told:
            shapes += [
                box.painted(self.figure.hatch()),
                box.drawn("f-outline"),
            ]
        if step.low is not None and step.high is not None:
            ends = self.scale(level + step.low), self.scale(level + step.high)
            shapes += interval_mark(min(ends), max(ends), top + _BAR + 4, size=2)
        text = self.figure.format.change(step.delta, lang=self.figure.lang)
        reach = svg.rect(0, self.top(place), self.width, self.height - 1, "f-reach", fill="transparent")
        return svg.linked(step.href, f"{step.label}: {text}", reach, *self._words(place, step.label, text), *shapes)

    def _words(self, place: int, label: str, value: str) -> list[Element]:
        y = self.top(place) + 15 if self.narrow else self._bar_top(place) + 14
        value_width = text_width(value, SIZE, bold=True) + 10
        room = self.width - value_width if self.narrow else self.left - 10
        name = svg.text(fit(label, room, SIZE), 0, y, "f-label f-hover")
        return [name, svg.text(value, self.width, y, "f-strong", anchor="end")]

    def connectors(self) -> list[Element]:
        levels = [self.figure.start]
        for step in self.figure.steps:
            levels.append(levels[-1] + step.delta)
        return [
            svg.line(x, self._bar_top(place) + _BAR, x, self._bar_top(place + 1), "f-axis")
            for place, x in enumerate(map(self.scale, levels))
        ]
