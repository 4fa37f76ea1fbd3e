"""Reading drawn pictures back: their texts with the room they take, their bands, their attributes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from punte.web.figures.looks import attributes_of
from punte.web.figures.text import text_width

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Text:
    """A text of a picture and the box that it takes."""

    content: str
    left: float
    right: float
    top: float
    foot: float

    def touches(self, other: Text) -> bool:
        """Whether the two boxes overlap by more than a hair."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.foot, other.foot) - max(self.top, other.top)
        return across > 0.5 and down > 0.5


def texts(drawn: str) -> list[Text]:
    """Every text of the picture, where it stands, in the units of the picture."""
    return list(_texts(ElementTree.fromstring(drawn), 0, 0))


def _texts(node: ElementTree.Element, dx: float, dy: float) -> list[Text]:
    shift = re.match(r"translate\(([\d.-]+) ([\d.-]+)\)", node.get("transform", ""))
    if shift:
        dx, dy = dx + float(shift.group(1)), dy + float(shift.group(2))
    found = [_box(node, dx, dy)] if node.tag == f"{SVG}text" else []
    return found + [text for child in node for text in _texts(child, dx, dy)]


def _box(node: ElementTree.Element, dx: float, dy: float) -> Text:
    look = attributes_of(node.get("class", "f-label"))
    size, content = float(look["font-size"].removesuffix("px")), node.text or ""
    width = text_width(content, size, bold=look.get("font-weight") == "600")
    x, y = float(node.get("x", "0")) + dx, float(node.get("y", "0")) + dy
    left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[node.get("text-anchor", "start")] * width
    return Text(content, left, left + width, y - size * 0.78, y + size * 0.22)


def overlapping(drawn: str) -> list[tuple[str, str]]:
    """The pairs of texts that run into each other."""
    return [(a.content, b.content) for a, b in combinations(texts(drawn), 2) if a.touches(b)]


def sticking_out(drawn: str) -> list[str]:
    """The texts that do not lie wholly inside the picture."""
    root = ElementTree.fromstring(drawn)
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    return [
        text.content
        for text in texts(drawn)
        if text.left < -0.5 or text.right > width + 0.5 or text.top < -0.5 or text.foot > height + 0.5
    ]


def said_by(drawn: str, tag: str) -> list[str]:
    """The content of every element of a kind, in order."""
    return [node.text or "" for node in ElementTree.fromstring(drawn).iter(f"{SVG}{tag}")]


def attribute_names(drawn: str) -> set[str]:
    return {name for node in ElementTree.fromstring(drawn).iter() for name in node.attrib}
