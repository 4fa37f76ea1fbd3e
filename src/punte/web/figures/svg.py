"""Elements of a picture and how they become text: escaped, deterministic, without inline style.

Looks come from classes. In a page the stylesheet gives them their colours, so that dark mode and print work;
a standalone picture (mail, PDF, download) carries the same looks as presentation attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from punte.web.figures.looks import attributes_of
from punte.web.figures.refusals import CannotDraw

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SAFE_HREF = re.compile(r"^(?:https?://|/(?![/\\])|[?#])[^\s\\]*$", re.IGNORECASE)
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_CAMEL = {"view_box": "viewBox", "pattern_units": "patternUnits", "pattern_transform": "patternTransform"}
SVG = "http://www.w3.org/2000/svg"
AttributeValue = str | int | float | None


@dataclass(frozen=True)
class Element:
    """One element: its tag, its attributes in order, its children (elements, or text yet to be escaped)."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Element | str, ...] = ()

    def walk(self) -> Iterator[Element]:
        """This element and all below it, in the order of the document."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()


def element(tag: str, *children: Element | str, look: str = "", **attributes: AttributeValue) -> Element:
    """An element; ``look`` is its class, an underscore in a name stands for a hyphen, None is left out."""
    pairs = [("class", look)] if look else []
    for name, value in attributes.items():
        if value is not None:
            pairs.append((_CAMEL.get(name, name.replace("_", "-")), plain(value)))
    return Element(tag, tuple(pairs), children)


def plain(value: str | int | float) -> str:
    """A coordinate with at most two decimals, so that equal pictures have equal bytes."""
    if isinstance(value, str):
        return value
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def root(width: float, height: float, *children: Element, look: str = "", **attributes: AttributeValue) -> Element:
    """The picture itself, one unit to a pixel at its own width."""
    box = f"0 0 {plain(width)} {plain(height)}"
    frame: dict[str, AttributeValue] = {"xmlns": SVG, "width": width, "height": height, "view_box": box}
    return element("svg", *children, look=look, **frame, **attributes)


def group(*children: Element | str, look: str = "", **attributes: AttributeValue) -> Element:
    """Elements that belong together."""
    return element("g", *children, look=look, **attributes)


def rect(x: float, y: float, width: float, height: float, look: str, **attributes: AttributeValue) -> Element:
    """A rectangle; a negative width or height is drawn as none."""
    return element("rect", x=x, y=y, width=max(0, width), height=max(0, height), look=look, **attributes)


@dataclass(frozen=True)
class Box:
    """A rectangle's place, drawn once in a look, again in a hatch, again as an outline."""

    x: float
    y: float
    width: float
    height: float

    def drawn(self, look: str, **attributes: AttributeValue) -> Element:
        return rect(self.x, self.y, self.width, self.height, look, **attributes)

    def painted(self, paint: str, opacity: float | None = None) -> Element:
        """Filled with a pattern, which no look may override."""
        width, height = max(0, self.width), max(0, self.height)
        return element("rect", x=self.x, y=self.y, width=width, height=height, fill=paint, fill_opacity=opacity)


def line(x1: float, y1: float, x2: float, y2: float, look: str) -> Element:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, look=look)


def path(d: str, look: str, **attributes: AttributeValue) -> Element:
    """An outline or a curve."""
    return element("path", d=d, look=look, **attributes)


def text(content: str, x: float, y: float, look: str, *, anchor: str = "start") -> Element:
    """One line of text; ``anchor`` says which end of it stands at ``x``."""
    return element("text", content, x=x, y=y, look=look, text_anchor=None if anchor == "start" else anchor)


def linked(href: str, label: str, *children: Element) -> Element:
    """Children that open ``href``; the label is their tooltip and their accessible name. No href, no link."""
    if not href:
        return group(element("title", label), *children)
    if not _SAFE_HREF.match(href):
        raise CannotDraw(
            f"The address {href!r} cannot be opened from a picture.",
            remedy="Use an address of this site (/…, ?…, #…) or http(s).",
            href=href,
        )
    return element("a", element("title", label), *children, href=href, aria_label=label)


def write(root: Element, *, standalone: bool = False) -> str:
    """The element and all below it as text."""
    return "".join(_pieces(root, standalone))


def _pieces(node: Element, standalone: bool) -> Iterable[str]:
    pairs = _resolved(node.attributes) if standalone else node.attributes
    yield "<" + node.tag + "".join(f' {name}="{escaped(value)}"' for name, value in pairs)
    if not node.children:
        yield "/>"
        return
    yield ">"
    for child in node.children:
        if isinstance(child, str):
            yield escaped(child)
        else:
            yield from _pieces(child, standalone)
    yield f"</{node.tag}>"


def _resolved(pairs: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    given = {name for name, _ in pairs}
    looks = [value for name, value in pairs if name == "class"]
    extra = attributes_of(looks[0]) if looks else {}
    kept = [pair for pair in pairs if pair[0] != "class"]
    return kept + [(name, value) for name, value in extra.items() if name not in given]


def escaped(content: str) -> str:
    """Text that is safe as content and inside a double-quoted attribute; characters that XML forbids are dropped."""
    return _NOT_XML.sub("", content).translate(_ESCAPES)
