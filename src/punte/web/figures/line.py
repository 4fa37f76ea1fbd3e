"""Values over time: lines with their interval, a target, and what is too recent to judge hatched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from punte.web.figures import svg
from punte.web.figures.figure import SMALL, Column, Drawing, Figure, FigureTable, Tone, hatch_definition, is_narrow
from punte.web.figures.legend import Key, legend
from punte.web.figures.refusals import CannotDraw
from punte.web.figures.scales import Scale, rounded_up, set_apart
from punte.web.figures.svg import Box, Element
from punte.web.figures.text import fit, text_width
from punte.web.formats import ValueFormat, day, month_name

_PLOT = 190
_AXIS = 24
_UNIT = 20
MOST_LINES = 4


@dataclass(frozen=True)
class Moment:
    """The value of a day, a week or a month (its first day); None leaves a gap. With its interval where uncertain."""

    on: date
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Line:
    """One line, labelled at its end. ``is_dashed`` for a plan or a forecast."""

    label: str
    moments: tuple[Moment, ...]
    tone: Tone = "shared"
    is_dashed: bool = False


@dataclass(frozen=True, kw_only=True)
class Lines(Figure):
    """At most four lines over one axis of time, from zero.

    ``target`` is a level with its label; ``too_recent_from`` the first day that cannot be judged yet.
    """

    lines: tuple[Line, ...]
    format: ValueFormat = field(default_factory=ValueFormat)
    target: float | None = None
    target_label: str = ""
    too_recent_from: date | None = None

    def draw(self, width: float) -> Drawing:
        if len(self.lines) > MOST_LINES:
            raise CannotDraw(
                f"{len(self.lines)} lines in one frame cannot be told apart.",
                remedy=f"Draw small multiples, or at most {MOST_LINES} lines.",
            )
        if not any(moment.value is not None for line in self.lines for moment in line.moments):
            return Drawing(30, (svg.text(self.say("Nothing to draw in this window."), 0, 20, "f-small"),))
        keys = [Key(self.say("too recent to judge"), "hatch")] if self.too_recent_from else []
        drawn, head = legend(self, keys, width)
        frame = _Frame(self, width, head + _UNIT)
        drawn += [*frame.axes(), *frame.recent(), *frame.target(), *frame.lines(), *frame.labels()]
        return Drawing(head + _UNIT + _PLOT + _AXIS, tuple(drawn), (hatch_definition(self.id),))

    def days(self) -> list[date]:
        return sorted({moment.on for line in self.lines for moment in line.moments})

    def as_table(self) -> FigureTable:
        columns = (Column(self.say("Day")), *(Column(line.label, True) for line in self.lines))
        by_day = [{moment.on: moment.value for moment in line.moments} for line in self.lines]
        rows = tuple(
            (day(on, lang=self.lang), *(self.format.exact(values.get(on), lang=self.lang) for values in by_day))
            for on in self.days()
        )
        return FigureTable(columns, rows)


class _Frame:
    def __init__(self, figure: Lines, width: float, top: float) -> None:
        self.figure, self.width, self.top, self.foot = figure, width, top, top + _PLOT
        values = [value for value in self._values() if value is not None]
        self.y = Scale(min(0.0, *values), rounded_up(max(0.0, *values)) or 1, self.foot, top)
        self.left = max(text_width(self._axis(tick), SMALL) for tick in self.y.ticks(4)) + 8
        days = figure.days()
        self.label_room = self._label_room()
        self.x = Scale(days[0].toordinal(), days[-1].toordinal(), self.left + 4, width - self.label_room)

    def _values(self) -> Iterator[float | None]:
        yield self.figure.target or 0.0
        for line in self.figure.lines:
            for moment in line.moments:
                yield from (moment.value, moment.low, moment.high)

    def _axis(self, tick: float) -> str:
        return self.figure.format.axis(tick, lang=self.figure.lang)

    def _end_labels(self) -> list[tuple[float, str, str]]:
        """For each line that has a value: where it ends, its label, its look; and the target's."""
        found = []
        for line in self.figure.lines:
            known = [moment.value for moment in line.moments if moment.value is not None]
            if known:
                value = self.figure.format.text(known[-1], lang=self.figure.lang)
                text = f"{line.label} {value}" if len(self.figure.lines) > 1 else value
                found.append((self.y(known[-1]), text, f"f-heading-{line.tone}"))
        if self.figure.target is not None and self.figure.target_label:
            found.append((self.y(self.figure.target), self.figure.target_label, "f-small"))
        return sorted(found)

    def _label_room(self) -> float:
        longest = max((text_width(text, SMALL, bold=True) for _, text, _ in self._end_labels()), default=0) + 14
        return min(longest, self.width * (0.42 if is_narrow(self.width) else 0.3))

    def axes(self) -> list[Element]:
        drawn: list[Element] = []
        end = self.width - self.label_room
        for tick in self.y.ticks(4):
            y = self.y(tick)
            drawn.append(svg.line(self.left, y, end, y, "f-axis" if tick == 0 else "f-grid"))
            drawn.append(svg.text(self._axis(tick), self.left - 6, y + 4, "f-small", anchor="end"))
        unit = self.figure.format.unit(lang=self.figure.lang)
        if unit:
            drawn.append(svg.text(fit(unit, end, SMALL), 0, self.top - 8, "f-small"))
        return drawn + self._days(end)

    def _days(self, end: float) -> list[Element]:
        """As many days as fit beside each other without touching, always the first and the last."""
        days = self.figure.days()
        texts = {on: self._tick(on, days) for on in days}
        room = max(text_width(text, SMALL) for text in texts.values()) + 10
        n_fit = max(2, int((end - self.left) // room))
        step = max(1, -(-(len(days) - 1) // (n_fit - 1))) if len(days) > 1 else 1
        shown = days[::-1][::step]
        return [
            svg.text(
                texts[on],
                self._inside(self.x(on.toordinal()), room - 10, end),
                self.foot + 17,
                "f-small",
                anchor="middle",
            )
            for on in reversed(shown)
        ]

    def _tick(self, on: date, days: Sequence[date]) -> str:
        """Months by their names, with the year where several are shown; else the day."""
        if len(days) > 2 and all(other.day == 1 for other in days):
            return month_name(on, year=days[0].year != days[-1].year, lang=self.figure.lang)
        return day(on, year=False, lang=self.figure.lang)

    def _inside(self, x: float, size: float, end: float) -> float:
        return min(max(x, self.left + size / 2), end - size / 2 + 8)

    def recent(self) -> list[Element]:
        if self.figure.too_recent_from is None:
            return []
        first = self.figure.too_recent_from.toordinal()
        # From half of the way to its first point on: the newest one alone would have a hatch of no width.
        before = max((day.toordinal() for day in self.figure.days() if day.toordinal() < first), default=first)
        start = max(self.left, self.x((before + first) / 2))
        width = self.width - self.label_room - start
        if width <= 0:
            return []
        return [Box(start, self.top, width, _PLOT).painted(self.figure.hatch(), 0.4)]

    def target(self) -> list[Element]:
        if self.figure.target is None:
            return []
        y = self.y(self.figure.target)
        return [svg.line(self.left, y, self.width - self.label_room, y, "f-guide")]

    def lines(self) -> list[Element]:
        drawn: list[Element] = []
        for line in self.figure.lines:
            for run in _runs(line.moments):
                drawn += self._band(line, run) + self._run(line, run)
        return drawn

    def _run(self, line: Line, run: Sequence[Moment]) -> list[Element]:
        points = [(self.x(moment.on.toordinal()), self.y(moment.value or 0)) for moment in run]
        d = "M" + "L".join(f"{svg.plain(x)} {svg.plain(y)}" for x, y in points)
        look = f"f-line-{line.tone} f-dash" if line.is_dashed else f"f-line-{line.tone}"
        dots = [
            svg.group(
                svg.element("title", self._said(line, moment)),
                svg.element("circle", cx=x, cy=y, r=3 if len(run) < 40 else 1.5, look=f"f-fill-{line.tone}"),
            )
            for (x, y), moment in zip(points, run, strict=True)
        ]
        return [svg.path(d, look), *(dots if not line.is_dashed else [])]

    def _said(self, line: Line, moment: Moment) -> str:
        value = self.figure.format.text(moment.value, lang=self.figure.lang)
        return f"{line.label}, {day(moment.on, lang=self.figure.lang)}: {value}"

    def _band(self, line: Line, run: Sequence[Moment]) -> list[Element]:
        known = [moment for moment in run if moment.low is not None and moment.high is not None]
        if len(known) < 2:
            return []
        there = [(self.x(m.on.toordinal()), self.y(m.high or 0)) for m in known]
        back = [(self.x(m.on.toordinal()), self.y(m.low or 0)) for m in reversed(known)]
        d = "M" + "L".join(f"{svg.plain(x)} {svg.plain(y)}" for x, y in there + back) + "Z"
        return [svg.path(d, f"f-fill-{line.tone} f-area")]

    def labels(self) -> list[Element]:
        ends = self._end_labels()
        centres = set_apart([y for y, _, _ in ends], [15.0] * len(ends), self.top - 6, self.foot + 6)
        x = self.width - self.label_room + 10
        return [
            svg.text(fit(text, self.label_room - 12, SMALL, bold=True), x, centre + 4, look)
            for centre, (_, text, look) in zip(centres, ends, strict=True)
        ]


def _runs(moments: Sequence[Moment]) -> Iterator[list[Moment]]:
    """The stretches without a gap."""
    run: list[Moment] = []
    for moment in moments:
        if moment.value is None:
            if run:
                yield run
            run = []
        else:
            run.append(moment)
    if run:
        yield run
