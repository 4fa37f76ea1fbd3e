"""The funnel: how many reached each stage, how many of them went on, how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from punte.web.figures import svg
from punte.web.figures.figure import SIZE, Column, Drawing, Figure, FigureTable, Tone, hatch_definition, is_narrow, noop
from punte.web.figures.legend import Key, legend
from punte.web.figures.refusals import CannotDraw
from punte.web.figures.svg import Box, Element
from punte.web.figures.text import fit, text_width
from punte.web.formats import days, number, share

_BAR = 26
_BETWEEN = 26


@dataclass(frozen=True)
class Stage:
    """A stage: how many reached it, how many of these are too recent to have gone on, the median days to get here.

    ``n_reached`` None: not known, with the ``reason``.
    """

    label: str
    n_reached: int | None
    tone: Tone = "shared"
    n_too_recent: int = 0
    median_days: float | None = None
    href: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Funnel(Figure):
    """Stages from the top, bars from one line, so that lengths compare; between two the share that went on."""

    stages: tuple[Stage, ...]
    noun: str = ""

    def draw(self, width: float) -> Drawing:
        self._refuse_contradictions()
        if not any(stage.n_reached for stage in self.stages):
            return Drawing(30, (svg.text(self.say("Nothing to draw in this window."), 0, 20, "f-small"),))
        has_recent = any(stage.n_too_recent for stage in self.stages)
        keys = [Key(self.say("still in it"), "hatch")] if has_recent else []
        drawn, top = legend(self, keys, width)
        rows = _Rows(self, width, top)
        for place, stage in enumerate(self.stages):
            drawn.append(rows.stage(place, stage))
        for place, (before, after) in enumerate(pairwise(self.stages)):
            drawn += rows.between(place, before, after)
        return Drawing(
            rows.top(len(self.stages) - 1) + rows.bar_at + _BAR + 4, tuple(drawn), (hatch_definition(self.id),)
        )

    def went_on(self, before: Stage, after: Stage) -> str:
        """The share of the ripe cases of one stage that reached the next: "42%", or "4 of 11" below 20."""
        ripe = None if before.n_reached is None else before.n_reached - before.n_too_recent
        return share(after.n_reached, ripe, lang=self.lang)

    def as_table(self) -> FigureTable:
        names = (noop("Reached"), noop("Went on from the stage before"), noop("Median days"), noop("Too recent"))
        columns = (Column(self.say("Stage")), *(Column(self.say(name), True) for name in names))
        return FigureTable(columns, tuple(self._table_row(place) for place in range(len(self.stages))))

    def _table_row(self, place: int) -> tuple[str, ...]:
        stage = self.stages[place]
        return (
            stage.label,
            number(stage.n_reached, lang=self.lang),
            self.went_on(self.stages[place - 1], stage) if place else "",
            days(stage.median_days, lang=self.lang) if place else "",
            number(stage.n_too_recent, lang=self.lang),
        )

    def _refuse_contradictions(self) -> None:
        for before, after in pairwise(self.stages):
            if before.n_reached is None or after.n_reached is None:
                continue
            if after.n_reached > before.n_reached - before.n_too_recent:
                raise CannotDraw(
                    f"More reached {after.label!r} than could go on from {before.label!r}.",
                    remedy="Count each case in every stage that it passed, and only ripe ones as going on.",
                    before=before,
                    after=after,
                )


class _Rows:
    def __init__(self, figure: Funnel, width: float, head: float) -> None:
        self.figure, self.width, self.head = figure, width, head
        self.narrow = is_narrow(width)
        longest = max(text_width(stage.label, SIZE) for stage in figure.stages) + 16
        self.left = 0.0 if self.narrow else min(longest, width * 0.3)
        counts = [stage.n_reached or 0 for stage in figure.stages]
        widest = max(text_width(number(count, lang=figure.lang), SIZE, bold=True) for count in counts)
        self.per_case = (width - self.left - widest - 10) / max(counts)
        self.bar_at = 20.0 if self.narrow else 0.0

    def top(self, place: int) -> float:
        return self.head + place * (self.bar_at + _BAR + _BETWEEN)

    def stage(self, place: int, stage: Stage) -> Element:
        top = self.top(place) + self.bar_at
        label_y = self.top(place) + 14 if self.narrow else top + 17
        room = self.width if self.narrow else self.left - 12
        label = svg.text(fit(stage.label, room, SIZE), 0, label_y, "f-label f-hover")
        reach = svg.rect(0, self.top(place), self.width, self.bar_at + _BAR, "f-reach", fill="transparent")
        if stage.n_reached is None:
            written = self.figure.say("not known") + (f": {stage.reason}" if stage.reason else "")
            value = svg.text(fit(written, self.width - self.left, SIZE), self.left, top + 17, "f-small")
            return svg.linked(stage.href, f"{stage.label}: {written}", reach, label, value)
        written = number(stage.n_reached, lang=self.figure.lang)
        end = self.left + stage.n_reached * self.per_case
        value = svg.text(written, end + 7, top + 17, "f-strong")
        said = f"{stage.label}: {written} {self.figure.noun}".strip()
        return svg.linked(stage.href, said, reach, label, *self._bar(stage, stage.n_reached, top), value)

    def _bar(self, stage: Stage, n_reached: int, top: float) -> list[Element]:
        ripe = (n_reached - stage.n_too_recent) * self.per_case
        recent = stage.n_too_recent * self.per_case
        shapes = [svg.rect(self.left, top, max(1.5, ripe), _BAR, f"f-fill-{stage.tone}")]
        if recent:
            box = Box(self.left + ripe, top, recent, _BAR)
            shapes += [box.drawn(f"f-tint-{stage.tone}"), box.painted(self.figure.hatch())]
        return shapes

    def between(self, place: int, before: Stage, after: Stage) -> list[Element]:
        """The slope from one bar's ripe end to the next bar's end, and on it the share that went on."""
        top, foot = self.top(place) + self.bar_at + _BAR, self.top(place + 1) + self.bar_at
        foot_of_slope = self.top(place + 1) if self.narrow else foot
        words = [f"↓ {self.figure.went_on(before, after)}"]
        if after.median_days is not None:
            median = days(after.median_days, lang=self.figure.lang)
            words.append(self.figure.say("median %(days)s") % {"days": median})
        note = fit(" · ".join(words), self.width - self.left - 8, 12)
        slope = []
        if before.n_reached is not None and after.n_reached is not None:
            x1 = svg.plain(self.left + (before.n_reached - before.n_too_recent) * self.per_case)
            x2 = svg.plain(self.left + after.n_reached * self.per_case)
            left, y1, y2 = svg.plain(self.left), svg.plain(top), svg.plain(foot_of_slope)
            slope = [svg.path(f"M{left} {y1}H{x1}L{x2} {y2}H{left}Z", f"f-tint-{after.tone}")]
        return [*slope, svg.text(note, self.left + 8, (top + foot_of_slope) / 2 + 4, "f-small")]
