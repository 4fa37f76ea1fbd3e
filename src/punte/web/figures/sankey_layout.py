"""Where the nodes and bands of a layered flow lie: few crossings, no label over another, widths true to the values.

A band that skips a column passes through it in a place of its own. A node tall enough carries its label inside; a
thinner one keeps room for one line above its bar, so no name runs into a neighbour's or over a band.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from punte.web.figures.scales import set_apart

MIN_BAND = 1.5
"""The thinnest band, in the unit of the picture: below that a band would vanish."""

LABEL_INSIDE = 36
"""From this height on a node carries two lines of label inside itself."""

LABEL_ABOVE = 18
"""The room that a thinner node keeps for its line of label."""

_GAP = 8
_SWEEPS = 8
_PASS = "\x00pass"


@dataclass(frozen=True)
class FlowNode:
    """A node: its column, its rank (lower ranks stay above higher ones), the order it was given in."""

    id: str
    column: int
    rank: int
    given: int
    keeps_order: bool


@dataclass(frozen=True)
class Flow:
    """A band between two nodes, from a lower column to a higher."""

    source: str
    target: str
    value: float


@dataclass(frozen=True)
class Placed:
    """A node: the centre and the height of its bar, and whether its label stands above it."""

    centre: float
    height: float
    has_label_above: bool


@dataclass(frozen=True)
class Stretch:
    """One step of a band, from a column to the next: its upper edge at both ends; its width is the band's."""

    column: int
    start: float
    end: float


@dataclass(frozen=True)
class Layout:
    """Places by node id, stretches and width by band (source, target), and the height of the whole."""

    nodes: Mapping[str, Placed]
    stretches: Mapping[tuple[str, str], tuple[Stretch, ...]]
    widths: Mapping[tuple[str, str], float]
    height: float


def lay_out(nodes: Sequence[FlowNode], flows: Sequence[Flow], *, flow_height: float) -> Layout:
    """Lay the flow out so that its largest column carries ``flow_height`` of bands; labels may make it taller.

    Labels of the last column stand free, beside their bars.
    """
    steps = _Steps(nodes, flows)
    orders = _ordered(steps)
    widths = _widths(nodes, flows, flow_height)
    heights = {key: steps.height_of(key, widths) for order in orders for key in order}
    last = set(orders[-1])
    above = {key for key in heights if not _is_pass(key) and key not in last and heights[key] < LABEL_INSIDE}
    slots = {key: heights[key] + LABEL_ABOVE if key in above else heights[key] for key in heights}
    slots |= {key: max(heights[key], LABEL_INSIDE) for key in last}
    height = max(sum(slots[key] for key in order) + _GAP * (len(order) - 1) for order in orders)
    centres = _relaxed(orders, steps, widths, slots, height)
    bars = {key: centre + (LABEL_ABOVE / 2 if key in above else 0) for key, centre in centres.items()}
    placed = {key: Placed(bars[key], heights[key], key in above) for key in heights if not _is_pass(key)}
    return Layout(placed, _stretches(steps, bars, widths), widths, height)


def _is_pass(key: str) -> bool:
    return key.startswith(_PASS)


class _Steps:
    """The flow cut into steps between neighbouring columns, with a passing place in each column that a band skips."""

    def __init__(self, nodes: Sequence[FlowNode], flows: Sequence[Flow]) -> None:
        self.nodes = {node.id: node for node in nodes}
        self.columns: list[list[str]] = [[] for _ in range(max(node.column for node in nodes) + 1)]
        for node in nodes:
            self.columns[node.column].append(node.id)
        self.chains = {(flow.source, flow.target): self._chain(flow) for flow in flows}
        self.values = {(flow.source, flow.target): flow.value for flow in flows}
        self.before: dict[str, list[tuple[str, tuple[str, str]]]] = defaultdict(list)
        self.after: dict[str, list[tuple[str, tuple[str, str]]]] = defaultdict(list)
        for band, chain in self.chains.items():
            for left, right in pairwise(chain):
                self.after[left].append((right, band))
                self.before[right].append((left, band))

    def _chain(self, flow: Flow) -> list[str]:
        first, last = self.nodes[flow.source].column, self.nodes[flow.target].column
        passes = []
        for column in range(first + 1, last):
            key = f"{_PASS}{column}\x00{flow.source}\x00{flow.target}"
            self.columns[column].append(key)
            passes.append(key)
        return [flow.source, *passes, flow.target]

    def height_of(self, key: str, widths: Mapping[tuple[str, str], float]) -> float:
        into = sum(widths[band] for _, band in self.before[key])
        out = sum(widths[band] for _, band in self.after[key])
        return max(into, out)


def _widths(nodes: Sequence[FlowNode], flows: Sequence[Flow], flow_height: float) -> dict[tuple[str, str], float]:
    totals: dict[int, float] = defaultdict(float)
    for node in nodes:
        out = sum(flow.value for flow in flows if flow.source == node.id)
        into = sum(flow.value for flow in flows if flow.target == node.id)
        totals[node.column] += max(out, into)
    largest = max(totals.values())
    return {(flow.source, flow.target): max(MIN_BAND, flow.value / largest * flow_height) for flow in flows}


def _ordered(steps: _Steps) -> list[list[str]]:
    """Each column's order: sweeps of weighted means, then swaps of neighbours; the best order seen is kept."""
    values = steps.values
    size = {key: sum(values[band] for _, band in steps.before[key] + steps.after[key]) for key in _all(steps)}
    orders = [sorted(column, key=lambda key: (*_rank(steps, key), -size[key], key)) for column in steps.columns]
    best, fewest = [list(order) for order in orders], _crossings(orders, steps)
    for sweep in range(_SWEEPS):
        indices = range(len(orders)) if sweep % 2 == 0 else range(len(orders) - 1, -1, -1)
        for index in indices:
            orders[index] = _by_neighbours(orders, index, steps, look_back=sweep % 2 == 0)
        crossings = _crossings(orders, steps)
        if crossings < fewest:
            best, fewest = [list(order) for order in orders], crossings
    return _swapped(best, steps)


def _all(steps: _Steps) -> Iterable[str]:
    return (key for column in steps.columns for key in column)


def _rank(steps: _Steps, key: str) -> tuple[int, int]:
    """What must stand above what: the rank, and the given order where the column keeps it."""
    node = steps.nodes.get(key)
    if node is None:
        return (0, 0)
    return (node.rank, node.given if node.keeps_order else 0)


def _by_neighbours(orders: list[list[str]], index: int, steps: _Steps, *, look_back: bool) -> list[str]:
    neighbours = steps.before if look_back else steps.after
    other = index - 1 if look_back else index + 1
    if not 0 <= other < len(orders):
        return orders[index]
    place = {key: position for position, key in enumerate(orders[other])}
    own = {key: position for position, key in enumerate(orders[index])}

    def mean(key: str) -> float:
        weights = [(place[next_key], steps.values[band]) for next_key, band in neighbours[key]]
        total = sum(weight for _, weight in weights)
        return sum(position * weight for position, weight in weights) / total if total else own[key]

    return sorted(orders[index], key=lambda key: (*_rank(steps, key), mean(key), own[key]))


def _crossings(orders: Sequence[Sequence[str]], steps: _Steps) -> float:
    """How much of the flow crosses: each crossing weighs as the thinner of its two bands."""
    place = {key: position for order in orders for position, key in enumerate(order)}
    return sum(_crossings_after(order, place, steps) for order in orders)


def _crossings_after(order: Sequence[str], place: Mapping[str, int], steps: _Steps) -> float:
    edges = [(place[key], place[right], steps.values[band]) for key in order for right, band in steps.after[key]]
    pairs = combinations(edges, 2)
    return sum(min(a[2], b[2]) for a, b in pairs if (a[0] - b[0]) * (a[1] - b[1]) < 0)


def _swapped(orders: list[list[str]], steps: _Steps) -> list[list[str]]:
    fewest = _crossings(orders, steps)
    for order in orders:
        for position in range(len(order) - 1):
            if _rank(steps, order[position]) != _rank(steps, order[position + 1]):
                continue
            order[position : position + 2] = reversed(order[position : position + 2])
            crossings = _crossings(orders, steps)
            if crossings < fewest:
                fewest = crossings
            else:
                order[position : position + 2] = reversed(order[position : position + 2])
    return orders


def _relaxed(
    orders: Sequence[Sequence[str]],
    steps: _Steps,
    widths: Mapping[tuple[str, str], float],
    slots: Mapping[str, float],
    height: float,
) -> dict[str, float]:
    """Centres: each node pulled to the middle of what it is joined to, in turn from the left and from the right."""
    centres: dict[str, float] = {}
    for order in orders:
        free = height - sum(slots[key] for key in order) - _GAP * (len(order) - 1)
        top = free / 2
        for key in order:
            centres[key] = top + slots[key] / 2
            top += slots[key] + _GAP

    def pull(order: Sequence[str], neighbours: Mapping[str, list[tuple[str, tuple[str, str]]]]) -> None:
        wanted = [_mean(neighbours[key], centres, widths, centres[key]) for key in order]
        apart = set_apart(wanted, [slots[key] for key in order], 0, height, _GAP)
        centres.update(zip(order, apart, strict=True))

    for _ in range(_SWEEPS):
        for order in orders[1:]:
            pull(order, steps.before)
        for order in reversed(orders[:-1]):
            pull(order, steps.after)
    return centres


def _mean(
    neighbours: Sequence[tuple[str, tuple[str, str]]],
    centres: Mapping[str, float],
    widths: Mapping[tuple[str, str], float],
    otherwise: float,
) -> float:
    total = sum(widths[band] for _, band in neighbours)
    return sum(centres[key] * widths[band] for key, band in neighbours) / total if total else otherwise


def _stretches(
    steps: _Steps, centres: Mapping[str, float], widths: Mapping[tuple[str, str], float]
) -> dict[tuple[str, str], tuple[Stretch, ...]]:
    starts = _edges(steps.after, centres, widths)
    ends = _edges(steps.before, centres, widths)
    return {
        band: tuple(
            Stretch(steps.nodes[band[0]].column + place, starts[left, band], ends[right, band])
            for place, (left, right) in enumerate(pairwise(chain))
        )
        for band, chain in steps.chains.items()
    }


def _edges(
    neighbours: Mapping[str, list[tuple[str, tuple[str, str]]]],
    centres: Mapping[str, float],
    widths: Mapping[tuple[str, str], float],
) -> dict[tuple[str, tuple[str, str]], float]:
    """The upper edge of each band at each node, bands stacked in the order of where they go."""
    edges: dict[tuple[str, tuple[str, str]], float] = {}
    for key, joined in list(neighbours.items()):
        top = centres[key] - sum(widths[band] for _, band in joined) / 2
        for _, band in sorted(joined, key=lambda end: (centres[end[0]], end[1])):
            edges[key, band] = top
            top += widths[band]
    return edges
