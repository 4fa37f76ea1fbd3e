"""Values side by side: one row per thing, its interval where it is uncertain, a second value to compare it with."""

from __future__ import annotations

from dataclasses import dataclass, field

from punte.web.figures import svg
from punte.web.figures.figure import SIZE, Column, Drawing, Figure, FigureTable, Tone, hatch_definition, is_narrow
from punte.web.figures.legend import Key, interval_mark, legend
from punte.web.figures.refusals import CannotDraw
from punte.web.figures.scales import Scale
from punte.web.figures.svg import Box, Element
from punte.web.figures.text import fit, text_width
from punte.web.formats import ValueFormat, not_known


@dataclass(frozen=True)
class Bar:
    """One row: its value (None: not known, with the ``reason``), its interval, the value to compare it with.

    ``note`` stands after the value ("4 of 11"). ``is_hatched`` marks what is too recent or cannot be told.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    other: float | None = None
    href: str = ""
    tone: Tone = "shared"
    note: str = ""
    reason: str = ""
    is_hatched: bool = False


@dataclass(frozen=True, kw_only=True)
class Bars(Figure):
    """Horizontal bars from zero, in the order given.

    ``value_label`` and ``other_label`` name the two values compared; ``interval_label`` the interval ("95% interval").
    """

    bars: tuple[Bar, ...]
    format: ValueFormat = field(default_factory=ValueFormat)
    value_label: str = ""
    other_label: str = ""
    interval_label: str = ""
    hatch_label: str = ""

    def draw(self, width: float) -> Drawing:
        self._refuse_contradictions()
        if not self.bars:
            return Drawing(30, (svg.text(self.say("Nothing to draw in this window."), 0, 20, "f-small"),))
        keys, top = legend(self, self._keys(), width)
        rows = _Rows(self, width)
        drawn = [rows.row(bar, top + place * rows.height) for place, bar in enumerate(self.bars)]
        height = top + len(self.bars) * rows.height
        zero = [rows.zero(top + place * rows.height) for place in range(len(self.bars))]
        return Drawing(height + 2, (*keys, *drawn, *zero), (hatch_definition(self.id),))

    def written(self, bar: Bar) -> str:
        """The value as it stands beside its bar."""
        if bar.value is None:
            return not_known(bar.reason, lang=self.lang)
        text = self.format.text(bar.value, lang=self.lang)
        return f"{text} · {bar.note}" if bar.note else text

    def as_table(self) -> FigureTable:
        has_interval = any(bar.low is not None for bar in self.bars)
        has_other = any(bar.other is not None for bar in self.bars)
        columns = [Column(self.say("What")), Column(self.value_label or self.say("Value"), True)]
        columns += [Column(self.say("From"), True), Column(self.say("To"), True)] if has_interval else []
        columns += [Column(self.other_label or self.say("Compared with"), True)] if has_other else []
        return FigureTable(tuple(columns), tuple(self._table_row(bar, has_interval, has_other) for bar in self.bars))

    def _table_row(self, bar: Bar, has_interval: bool, has_other: bool) -> tuple[str, ...]:
        def exact(value: float | None) -> str:
            return self.format.exact(value, lang=self.lang)

        value = not_known(bar.reason, lang=self.lang) if bar.value is None else exact(bar.value)
        cells = [bar.label, f"{value} · {bar.note}" if bar.note else value]
        cells += [exact(bar.low), exact(bar.high)] if has_interval else []
        return (*cells, exact(bar.other)) if has_other else tuple(cells)

    def _keys(self) -> list[Key]:
        tone = self.bars[0].tone
        has_more = self.other_label or self.interval_label
        keys = [Key(self.value_label, "bar", tone)] if has_more and self.value_label else []
        keys += [Key(self.other_label, "thin")] if self.other_label else []
        keys += [Key(self.interval_label, "interval")] if self.interval_label else []
        return keys + ([Key(self.hatch_label, "hatch")] if self.hatch_label else [])

    def _refuse_contradictions(self) -> None:
        for bar in self.bars:
            inside = bar.low is None or bar.high is None or bar.low <= bar.high
            if not inside or (bar.low is None) != (bar.high is None):
                raise CannotDraw(
                    f"The interval of {bar.label!r} is not one: {bar.low} to {bar.high}.",
                    remedy="Give both its ends, the lower first.",
                    bar=bar,
                )


class _Rows:
    """Where the parts of a row lie: label left of the bar, on a phone above it; the value after its end."""

    def __init__(self, figure: Bars, width: float) -> None:
        self.figure, self.width = figure, width
        self.narrow = is_narrow(width)
        self.has_other = any(bar.other is not None for bar in figure.bars)
        self.height = (22 if self.narrow else 4) + (30 if self.has_other else 24)
        known = [bar for bar in figure.bars if bar.value is not None]
        room = max((text_width(figure.written(bar), SIZE, bold=True) for bar in known), default=0) + 12
        longest = max(text_width(bar.label, SIZE) for bar in figure.bars) + 14
        self.label_room = 0.0 if self.narrow else min(longest, width * 0.36)
        lowest = min(0.0, *(self._numbers(bar)[0] for bar in figure.bars))
        highest = max(0.0, *(self._numbers(bar)[1] for bar in figure.bars)) or 1.0
        left_room = room if lowest < 0 else 0.0
        end = max(self.label_room + left_room + 40, width - min(room, width * (0.62 if self.narrow else 0.5)))
        self.scale = Scale(lowest, highest, self.label_room + left_room, end)

    @staticmethod
    def _numbers(bar: Bar) -> tuple[float, float]:
        numbers = [number for number in (bar.value, bar.low, bar.high, bar.other) if number is not None]
        return (min(numbers), max(numbers)) if numbers else (0.0, 0.0)

    def zero(self, top: float) -> Element:
        """The line from which bars are measured; on a phone it is broken, so that it crosses no label."""
        start = top + 19 if self.narrow else top
        return svg.line(self.scale(0), start, self.scale(0), top + self.height, "f-axis")

    def row(self, bar: Bar, top: float) -> Element:
        bar_top = top + (21 if self.narrow else 4)
        written = self.figure.written(bar)
        shapes = [] if bar.value is None else self._shapes(bar, bar.value, bar_top)
        label_y = top + 15 if self.narrow else bar_top + 13
        room = self.width if self.narrow else self.label_room - 10
        label = svg.text(fit(bar.label, room, SIZE), 0, label_y, "f-label f-hover")
        reach = svg.rect(0, top, self.width, self.height - 1, "f-reach", fill="transparent")
        return svg.linked(
            bar.href, f"{bar.label}: {written}", reach, label, *shapes, self._value(bar, written, bar_top)
        )

    def _shapes(self, bar: Bar, value: float, top: float) -> list[Element]:
        start, end = sorted((self.scale(0), self.scale(value)))
        box = Box(start, top, max(1.5, end - start), 17)
        if bar.is_hatched:
            shapes = [box.drawn(f"f-tint-{bar.tone}")]
            shapes += [
                box.painted(self.figure.hatch()),
                box.drawn("f-outline"),
            ]
        else:
            shapes = [box.drawn(f"f-fill-{bar.tone}", rx=1)]
        if bar.other is not None:
            start, end = sorted((self.scale(0), self.scale(bar.other)))
            shapes.append(svg.rect(start, top + 19, max(1.5, end - start), 4, "f-fill-neutral"))
        if bar.low is not None and bar.high is not None:
            shapes += _haloed(self.scale(bar.low), self.scale(bar.high), top + 8.5)
        return shapes

    def _value(self, bar: Bar, written: str, top: float) -> Element:
        if bar.value is None:
            start = self.scale(0) + 6
            return svg.text(fit(written, self.width - start, SIZE), start, top + 13, "f-small")
        # The value stands at the end of its own bar; what it is compared with lies below and ends elsewhere.
        ends = [end for end in (bar.value, bar.low, bar.high) if end is not None]
        low, high = min(ends), max(ends)
        if bar.value < 0:
            return svg.text(written, self.scale(min(low, 0)) - 7, top + 13, "f-strong", anchor="end")
        start = self.scale(max(high, 0)) + 7
        return svg.text(fit(written, self.width - start, SIZE, bold=True), start, top + 13, "f-strong")


def _haloed(low: float, high: float, middle: float) -> list[Element]:
    """An interval with a light edge, so that it is seen on its own bar too."""
    return [svg.rect(low - 1, middle - 1.75, high - low + 2, 3.5, "f-paper", rx=1), *interval_mark(low, high, middle)]
