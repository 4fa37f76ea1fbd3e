"""The flow: where persons or money came from, what became of them, as bands whose width is the amount."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from punte.web.figures import svg
from punte.web.figures.figure import (
    SIZE,
    SMALL,
    Column,
    Drawing,
    Figure,
    FigureTable,
    Tone,
    hatch_definition,
    is_narrow,
)
from punte.web.figures.refusals import CannotDraw
from punte.web.figures.sankey_layout import Flow, FlowNode, Layout, lay_out
from punte.web.figures.svg import Box, Element
from punte.web.figures.text import fit, text_width
from punte.web.formats import ValueFormat, percent, share

_BAR = 8
_HEAD = 26
_ROW = 38
_NARROW_NODES = 5


@dataclass(frozen=True)
class FlowColumn:
    """A layer of the flow. ``keeps_order`` leaves its nodes in the order given (stages, outcomes)."""

    title: str
    tone: Tone = "neutral"
    keeps_order: bool = False


@dataclass(frozen=True)
class Node:
    """A place that bands join. ``is_last`` keeps it at the foot of its column ("unattributed") and out of "other";

    ``is_hatched`` marks what is too recent to tell or not known; ``tone`` differs from the column's where it must.
    """

    id: str
    column: int
    label: str
    href: str = ""
    is_last: bool = False
    is_hatched: bool = False
    tone: Tone | None = None


@dataclass(frozen=True)
class Band:
    """So much (a count, or minor units of money) from one node to a node of a later column."""

    source: str
    target: str
    value: int
    href: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Sankey(Figure):
    """A layered flow (source → campaign → stage → outcome); a column with more nodes than ``max_nodes`` groups the
    smallest as "other". On a phone: a list of the columns with bars.
    """

    columns: tuple[FlowColumn, ...]
    nodes: tuple[Node, ...]
    bands: tuple[Band, ...]
    format: ValueFormat = field(default_factory=ValueFormat)
    max_nodes: int = 8

    def draw(self, width: float) -> Drawing:
        self._refuse_contradictions()
        narrow = is_narrow(width)
        grouped = _grouped(self, min(self.max_nodes, _NARROW_NODES) if narrow else self.max_nodes)
        if not grouped.bands:
            return Drawing(_ROW, (svg.text(self.say("Nothing to draw in this window."), 0, 22, "f-small"),))
        return _list(grouped, width) if narrow else _Bands(grouped, width).drawing()

    def as_table(self) -> FigureTable:
        labels = {node.id: node.label for node in self.nodes}
        order = {node.id: place for place, node in enumerate(self.nodes)}
        bands = sorted(self.bands, key=lambda band: (order[band.source], order[band.target]))
        rows = tuple(
            (
                labels[band.source],
                labels[band.target],
                self.format.exact(band.value, lang=self.lang),
                self.part(band.value, self.total(band.source)),
            )
            for band in bands
        )
        names = (self.say("Where from"), self.say("Where to"))
        header = (*map(Column, names), Column(self._measure(), True), Column(self.say("Share of what left"), True))
        return FigureTable(header, rows)

    def tone_of(self, node: Node) -> Tone:
        """Whose a node is: its own tone, else its column's."""
        return node.tone or self.columns[node.column].tone

    def total(self, node_id: str) -> int:
        """What a node holds: the larger of what came in and what went out."""
        into = sum(band.value for band in self.bands if band.target == node_id)
        out = sum(band.value for band in self.bands if band.source == node_id)
        return max(into, out)

    def part(self, value: int, whole: int) -> str:
        """A share of persons as counted out below 20, a share of money always in percent."""
        if self.format.kind == "count":
            return share(value, whole, lang=self.lang)
        return percent(value / whole if whole else None, lang=self.lang)

    def _measure(self) -> str:
        return self.format.unit(lang=self.lang) or self.say("Number")

    def _refuse_contradictions(self) -> None:
        columns = {node.id: node.column for node in self.nodes}
        if len(columns) != len(self.nodes):
            raise CannotDraw("Two nodes of the flow have the same id.", remedy="Give each node an id of its own.")
        for band in self.bands:
            known = band.source in columns and band.target in columns
            if not known or columns[band.source] >= columns[band.target] or band.value < 0:
                raise CannotDraw(
                    f"The band from {band.source!r} to {band.target!r} ({band.value}) cannot be drawn.",
                    remedy="Bands join known nodes, lead to a later column and are not negative.",
                    band=band,
                )


def _grouped(figure: Sankey, max_nodes: int) -> Sankey:
    """The same flow with the smallest nodes of each crowded column in one "other", and empty nodes left out."""
    new_id: dict[str, str] = {}
    nodes: list[Node] = []
    for index, column in enumerate(figure.columns):
        own = [node for node in figure.nodes if node.column == index and figure.total(node.id) > 0]
        kept, rest = _kept(figure, column, own, max_nodes)
        nodes += kept
        new_id |= {node.id: node.id for node in kept}
        if rest:
            other = Node(f"\x00other-{index}", index, f"{figure.say('other')} ({len(rest)})", is_last=True)
            nodes.insert(_first_last(nodes, index), other)
            new_id |= {node.id: other.id for node in rest}
    return replace(figure, nodes=tuple(nodes), bands=_merged(figure.bands, new_id))


def _kept(figure: Sankey, column: FlowColumn, own: Sequence[Node], max_nodes: int) -> tuple[list[Node], list[Node]]:
    free = [node for node in own if not node.is_last]
    room = max_nodes - (len(own) - len(free))
    if column.keeps_order or len(free) <= room:
        return list(own), []
    largest = sorted(free, key=lambda node: (-figure.total(node.id), node.id))[: max(1, room - 1)]
    kept = [node for node in own if node.is_last or node in largest]
    return kept, [node for node in own if node not in kept]


def _first_last(nodes: Sequence[Node], index: int) -> int:
    """Where "other" goes: before the nodes that stay at the foot of its column."""
    places = [place for place, node in enumerate(nodes) if node.column == index and node.is_last]
    return places[0] if places else len(nodes)


def _merged(bands: Sequence[Band], new_id: dict[str, str]) -> tuple[Band, ...]:
    groups: dict[tuple[str, str], list[Band]] = defaultdict(list)
    for band in bands:
        if band.value > 0:
            groups[new_id[band.source], new_id[band.target]].append(band)
    return tuple(
        Band(
            source,
            target,
            sum(band.value for band in group),
            group[0].href if len(group) == 1 else "",
            any(band.is_chosen for band in group),
        )
        for (source, target), group in groups.items()
    )


class _Bands:
    """The wide picture: bars with their label in a lane where the bands run straight, then bands in curves."""

    def __init__(self, figure: Sankey, width: float) -> None:
        self.figure = figure
        self.by_id = {node.id: node for node in figure.nodes}
        n_columns = len(figure.columns)
        self.lane = min(190.0, width * (0.64 if width > 800 else 0.72) / n_columns)
        self.pitch = (width - _BAR - self.lane) / max(1, n_columns - 1)
        self.layout: Layout = lay_out(
            [self._flow_node(place, node) for place, node in enumerate(figure.nodes)],
            [Flow(band.source, band.target, band.value) for band in figure.bands],
            flow_height=min(340.0, width * 0.36),
        )

    def _flow_node(self, place: int, node: Node) -> FlowNode:
        column = self.figure.columns[node.column]
        return FlowNode(node.id, node.column, int(node.is_last), place, column.keeps_order or node.is_last)

    def drawing(self) -> Drawing:
        heads = [self._head(index, column) for index, column in enumerate(self.figure.columns)]
        thick_first = sorted(self.figure.bands, key=lambda band: (-band.value, band.source, band.target))
        bands = svg.group(*(self._band(band) for band in thick_first), transform=f"translate(0 {_HEAD})")
        nodes = svg.group(*map(self._node, self.figure.nodes), transform=f"translate(0 {_HEAD})")
        definitions = (hatch_definition(self.figure.id), *self._gradients())
        return Drawing(_HEAD + self.layout.height + 4, (*heads, bands, nodes), definitions)

    def _x(self, column: int) -> float:
        return column * self.pitch

    def _head(self, index: int, column: FlowColumn) -> Element:
        title = fit(column.title, self.pitch - 12, SMALL, bold=True)
        return svg.text(title, self._x(index), 13, f"f-heading-{column.tone}")

    def _tone(self, node_id: str) -> Tone:
        return self.figure.tone_of(self.by_id[node_id])

    def _gradients(self) -> list[Element]:
        pairs = sorted({(self._tone(band.source), self._tone(band.target)) for band in self.figure.bands})
        return [
            svg.element(
                "linearGradient",
                svg.element("stop", offset="40%", look=f"f-stop-{start}"),
                svg.element("stop", offset="95%", look=f"f-stop-{end}"),
                id=f"{self.figure.id}-{start}-{end}",
            )
            for start, end in pairs
        ]

    def _band(self, band: Band) -> Element:
        d = self._outline(band)
        look = "f-band f-reach" if not self._something_chosen() else "f-band-faded f-reach"
        look = "f-band-chosen f-reach" if band.is_chosen else look
        paint = f"url(#{self.figure.id}-{self._tone(band.source)}-{self._tone(band.target)})"
        shapes = [svg.path(d, look, fill=paint)]
        if self.by_id[band.target].is_hatched:
            shapes.append(svg.element("path", d=d, fill=self.figure.hatch(), fill_opacity=0.55))
        return svg.linked(band.href, self._said(band), *shapes)

    def _something_chosen(self) -> bool:
        return any(band.is_chosen for band in self.figure.bands)

    def _said(self, band: Band) -> str:
        figure = self.figure
        value = figure.format.text(band.value, lang=figure.lang)
        noun = f" {figure.format.noun}" if figure.format.noun else ""
        part = figure.part(band.value, figure.total(band.source))
        return f"{self.by_id[band.source].label} → {self.by_id[band.target].label}: {value}{noun} ({part})"

    def _outline(self, band: Band) -> str:
        key = (band.source, band.target)
        width = self.layout.widths[key]
        there: list[str] = []
        back: list[str] = []
        for step in self.layout.stretches[key]:
            start, bend, end = self._x(step.column), self._x(step.column) + _BAR + self.lane, self._x(step.column + 1)
            middle = svg.plain((bend + end) / 2)
            x0, x1, x2 = svg.plain(start + (0 if there else _BAR)), svg.plain(bend), svg.plain(end)
            y1, y2 = svg.plain(step.start), svg.plain(step.end)
            z1, z2 = svg.plain(step.start + width), svg.plain(step.end + width)
            there.append(f"{'L' if there else 'M'}{x0} {y1}H{x1}C{middle} {y1} {middle} {y2} {x2} {y2}")
            back.append(f"L{x2} {z2}C{middle} {z2} {middle} {z1} {x1} {z1}H{x0}")
        return "".join(there) + "".join(reversed(back)) + "Z"

    def _node(self, node: Node) -> Element:
        placed = self.layout.nodes[node.id]
        x, top = self._x(node.column), placed.centre - placed.height / 2
        tone = self.figure.tone_of(node)
        shapes = [svg.rect(x, top, _BAR, placed.height, f"f-fill-{tone} f-reach", rx=1)]
        if node.is_hatched:
            shapes = [
                svg.rect(x, top, _BAR, placed.height, f"f-tint-{tone} f-reach", rx=1),
                Box(x, top, _BAR, placed.height).painted(self.figure.hatch()),
            ]
        value = self.figure.format.text(self.figure.total(node.id), lang=self.figure.lang)
        words = self._label(
            node.label, value, x, top if placed.has_label_above else placed.centre, placed.has_label_above
        )
        return svg.linked(node.href, f"{node.label}: {value}", *shapes, *words)

    def _label(self, name: str, value: str, x: float, y: float, is_above: bool) -> list[Element]:
        """Two lines beside the bar, or one line above it: name and value."""
        if not is_above:
            left, room = x + _BAR + 7, self.lane - 10
            return [
                svg.text(fit(name, room, SIZE), left, y - 3, "f-label f-hover"),
                svg.text(fit(value, room, SMALL), left, y + 12, "f-note"),
            ]
        room = self.lane + _BAR - text_width(value, SMALL) - 6
        shown = fit(name, room, SIZE)
        after = x + text_width(shown, SIZE) + 6
        return [svg.text(shown, x, y - 5, "f-label f-hover"), svg.text(value, after, y - 5, "f-small")]


def _list(figure: Sankey, width: float) -> Drawing:
    """The phone's picture: column after column, each node as a bar that shows its part."""
    parts: list[Element] = []
    top = 0.0
    for index, column in enumerate(figure.columns):
        own = [node for node in figure.nodes if node.column == index]
        if not column.keeps_order:
            own.sort(key=lambda node: (node.is_last, 0 if node.is_last else -figure.total(node.id)))
        title = fit(column.title, width, SMALL, bold=True)
        parts.append(svg.text(title, 0, top + 14, f"f-heading-{column.tone}"))
        whole = max((figure.total(node.id) for node in own), default=1)
        for place, node in enumerate(own):
            parts.append(_row(figure, node, top + 22 + place * _ROW, width, whole))
        top += 22 + len(own) * _ROW + 12
    return Drawing(top - 8, tuple(parts), (hatch_definition(figure.id),))


def _row(figure: Sankey, node: Node, top: float, width: float, whole: int) -> Element:
    total = figure.total(node.id)
    value = figure.format.text(total, lang=figure.lang)
    value_width = text_width(value, SIZE, bold=True)
    tone = figure.tone_of(node)
    length = max(2.0, width * total / whole)
    bar = [svg.rect(0, top + 20, length, 8, f"f-fill-{tone} f-reach", rx=1)]
    if node.is_hatched:
        bar = [
            svg.rect(0, top + 20, length, 8, f"f-tint-{tone} f-reach", rx=1),
            Box(0, top + 20, length, 8).painted(figure.hatch()),
        ]
    name = svg.text(fit(node.label, width - value_width - 12, SIZE), 0, top + 14, "f-label f-hover")
    amount = svg.text(value, width, top + 14, "f-strong", anchor="end")
    return svg.linked(
        node.href, f"{node.label}: {value}", svg.rect(0, top + 20, width, 8, "f-tint-neutral", rx=1), *bar, name, amount
    )
