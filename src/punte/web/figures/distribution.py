"""How long it took: a histogram or a curve of shares, the median and the time within which nine in ten were done."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from punte.web.figures import svg
from punte.web.figures.figure import (
    LINE,
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
from punte.web.figures.legend import Key, legend
from punte.web.figures.refusals import CannotDraw
from punte.web.figures.scales import Scale, rounded_up, set_apart
from punte.web.figures.svg import Box, Element
from punte.web.figures.text import fit, text_width
from punte.web.formats import ValueFormat, number, percent

FEWEST = 5
"""Below this many cases no distribution is drawn: it would be a picture of chance."""

_CLOCK = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 7200, 14400)
"""Round steps of minutes."""

_PLOT = 170
_AXIS = 38
_MARKS = 22
_APART = 12


@dataclass(frozen=True)
class Bin:
    """Cases from ``start`` up to, not including, ``end``; ``n_open`` are those still waiting, for so long until now."""

    start: float
    end: float
    n: int
    n_open: int = 0


@dataclass(frozen=True)
class Point:
    """The share done within ``value``, with its interval."""

    value: float
    share: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class Distribution(Figure):
    """Bins (a histogram) or points (a curve that rises to 1): give one of the two, and ``n_cases``.

    ``median`` and ``p90`` are marked where they are known.
    """

    n_cases: int
    bins: tuple[Bin, ...] = ()
    points: tuple[Point, ...] = ()
    median: float | None = None
    p90: float | None = None
    format: ValueFormat = field(default_factory=lambda: ValueFormat("days"))
    axis_label: str = ""
    tone: Tone = "sales"

    def draw(self, width: float) -> Drawing:
        if bool(self.bins) == bool(self.points):
            raise CannotDraw("A distribution needs bins or points.", remedy="Give exactly one of the two.")
        if self.n_cases < FEWEST:
            words = self.say("Too few cases to draw (%(n)s).") % {"n": self.n_cases}
            return Drawing(30, (svg.text(words, 0, 20, "f-small"),))
        keys = [Key(self.say("still waiting"), "hatch")] if any(b.n_open for b in self.bins) else []
        drawn, head = legend(self, keys, width)
        marks = _MARKS + (_mark_rows(self, width) - 1) * LINE
        frame = _Frame(self, width, head + marks)
        drawn += [*frame.axes(), *(frame.histogram() if self.bins else frame.curve()), *frame.marks()]
        return Drawing(head + marks + _PLOT + _AXIS, tuple(drawn), (hatch_definition(self.id),))

    def marked(self) -> list[tuple[str, float]]:
        """What is marked: the words and the value."""
        known = [(noop("median %(days)s"), self.median), (noop("9 in 10 within %(days)s"), self.p90)]
        return [
            (self.say(message) % {"days": self.format.text(value, lang=self.lang)}, value)
            for message, value in known
            if value is not None
        ]

    def as_table(self) -> FigureTable:
        def text(value: float) -> str:
            return self.format.text(value, lang=self.lang)

        rows: list[tuple[str, ...]]
        if self.bins:
            names = [noop("From"), noop("To, not including"), noop("Cases"), noop("Still waiting")]
            counts = [(number(b.n, lang=self.lang), number(b.n_open, lang=self.lang)) for b in self.bins]
            rows = [(text(b.start), text(b.end), *pair) for b, pair in zip(self.bins, counts, strict=True)]
        else:
            names = [noop("Within"), noop("Share done")]
            rows = [(text(p.value), percent(p.share, lang=self.lang)) for p in self.points]
        return FigureTable(tuple(Column(self.say(name), True) for name in names), tuple(rows))


class _Frame:
    def __init__(self, figure: Distribution, width: float, top: float) -> None:
        self.figure, self.width, self.top, self.foot = figure, width, top, top + _PLOT
        highest = max((b.n + b.n_open for b in figure.bins), default=1)
        self.y = Scale(0, rounded_up(highest) if figure.bins else 1, self.foot, top)
        self.left = max(text_width(self._y_text(tick), SMALL) for tick in self._y_ticks()) + 8
        ends = [b.end for b in figure.bins] + [p.value for p in figure.points]
        marked = [value for value in (figure.median, figure.p90) if value is not None]
        lowest = figure.bins[0].start if figure.bins else 0.0
        self.x = Scale(lowest, max(*ends, *marked, lowest + 1e-9), self.left, width - 6)

    def _y_ticks(self) -> list[float]:
        return [tick for tick in self.y.ticks(4) if self.figure.points or tick == int(tick)]

    def _is_clock(self) -> bool:
        return self.figure.format.kind == "minutes"

    def _is_of_whole_numbers(self) -> bool:
        return bool(self.figure.bins) and all(edge == int(edge) for b in self.figure.bins for edge in (b.start, b.end))

    def _y_text(self, tick: float) -> str:
        lang = self.figure.lang
        return number(tick, decimals=0, lang=lang) if self.figure.bins else percent(tick, lang=lang)

    def axes(self) -> list[Element]:
        drawn: list[Element] = []
        for tick in self._y_ticks():
            y = self.y(tick)
            drawn.append(svg.line(self.left, y, self.width, y, "f-grid" if tick else "f-axis"))
            drawn.append(svg.text(self._y_text(tick), self.left - 6, y + 4, "f-small", anchor="end"))
        for tick in self.x.ticks(4 if is_narrow(self.width) else 8, steps=_CLOCK if self._is_clock() else ()):
            if self._is_of_whole_numbers() and tick != int(tick):
                continue
            text = self.figure.format.axis(tick, lang=self.figure.lang)
            half = text_width(text, SMALL) / 2
            x = min(max(self.x(tick), self.left + half), self.width - half)
            drawn.append(svg.text(text, x, self.foot + 16, "f-small", anchor="middle"))
        label = self.figure.axis_label or self.figure.format.unit(lang=self.figure.lang)
        drawn.append(
            svg.text(fit(label, self.width - self.left, SMALL), self.width, self.foot + 33, "f-small", anchor="end")
        )
        return drawn

    def histogram(self) -> list[Element]:
        drawn: list[Element] = []
        for one in self.figure.bins:
            left, width = self.x(one.start) + 0.5, self.x(one.end) - self.x(one.start) - 1
            top, foot = self.y(one.n + one.n_open), self.y(one.n)
            said = f"{self._span(one)}: {number(one.n + one.n_open, lang=self.figure.lang)}"
            shapes = [svg.rect(left, foot, max(1.0, width), self.foot - foot, f"f-fill-{self.figure.tone}")]
            if one.n_open:
                lid = Box(left, top, max(1.0, width), foot - top)
                shapes += [lid.drawn("f-tint-neutral"), lid.painted(self.figure.hatch())]
            drawn.append(svg.linked("", said, *shapes))
        return drawn

    def _span(self, one: Bin) -> str:
        start = self.figure.format.axis(one.start, lang=self.figure.lang)
        return f"{start} – {self.figure.format.text(one.end, lang=self.figure.lang)}"

    def curve(self) -> list[Element]:
        points = [(self.x(p.value), self.y(p.share)) for p in self.figure.points]
        d = f"M{svg.plain(self.x(self.x.low))} {svg.plain(self.foot)}"
        d += "".join(f"H{svg.plain(x)}V{svg.plain(y)}" for x, y in points) + f"H{svg.plain(self.width - 6)}"
        banded = [p for p in self.figure.points if p.low is not None and p.high is not None]
        return [*self._band(banded), svg.path(d, f"f-line-{self.figure.tone}")]

    def _band(self, points: list[Point]) -> list[Element]:
        if len(points) < 2:
            return []
        there = f"M{svg.plain(self.x(points[0].value))} {svg.plain(self.y(points[0].high or 0))}"
        for before, after in pairwise(points):
            there += f"H{svg.plain(self.x(after.value))}V{svg.plain(self.y(after.high or before.share))}"
        back = f"H{svg.plain(self.width - 6)}V{svg.plain(self.y(points[-1].low or 0))}"
        for after, before in pairwise(reversed(points)):
            back += f"H{svg.plain(self.x(after.value))}V{svg.plain(self.y(before.low or 0))}"
        back += f"H{svg.plain(self.x(points[0].value))}Z"
        return [svg.path(there + back, f"f-fill-{self.figure.tone} f-area")]

    def marks(self) -> list[Element]:
        """The median and the ninth tenth: guides through the plot, labels above it, in two rows where one is short."""
        marked = self.figure.marked()
        sizes = [text_width(text, SMALL, bold=True) for text, _ in marked]
        centres = set_apart([self.x(value) for _, value in marked], sizes, 0, self.width, gap=_APART)
        rows = _mark_rows(self.figure, self.width)
        drawn: list[Element] = []
        for place, (text, value) in enumerate(marked):
            x, row = self.x(value), rows - 1 - place if rows > 1 else 0
            half = sizes[place] / 2
            centre = centres[place] if rows == 1 else min(max(x, half), max(half, self.width - half))
            top = self.top - 10 - row * LINE
            shown = fit(text, self.width, SMALL, bold=True)
            drawn.append(svg.line(x, top + 4, x, self.foot, "f-guide"))
            drawn.append(svg.text(shown, centre, top, f"f-heading-{self.figure.tone}", anchor="middle"))
        return drawn


def _mark_rows(figure: Distribution, width: float) -> int:
    """How many rows the labels of the marks take: one, or one each where they do not fit beside each other."""
    marked = figure.marked()
    total = sum(text_width(text, SMALL, bold=True) + _APART for text, _ in marked)
    return 1 if total - _APART <= width else len(marked)
