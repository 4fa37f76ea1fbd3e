"""What every figure is: a frozen record of what to draw, drawn on request at a width, with a table behind it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

from punte.web.figures import svg
from punte.web.figures.looks import FONT
from punte.web.figures.refusals import CannotDraw
from punte.web.figures.svg import Element
from punte.web.figures.text import fit
from punte.web.formats import catalogue

Tone = Literal["marketing", "shared", "sales", "neutral"]
"""Whose the thing drawn is: a side's, what both share, or nobody's."""

TONES: tuple[Tone, ...] = ("marketing", "shared", "sales", "neutral")
NARROW_BELOW = 480
LINE = 16
SIZE = 13
SMALL = 12

_ID = re.compile(r"[a-z][a-z0-9-]*")


def noop(message: str) -> str:
    """Marks a word for the translators that is said later."""
    return message


@dataclass(frozen=True)
class Column:
    """A column of the table behind a figure; numbers are set right, their unit stands in the header."""

    label: str
    is_number: bool = False


@dataclass(frozen=True)
class FigureTable:
    """The figure's values as text, one row per thing drawn, in the order in which they are drawn."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Drawing:
    """What a figure drew at one width."""

    height: float
    elements: tuple[Element, ...]
    definitions: tuple[Element, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Figure(ABC):
    """A figure: ``id`` is unique on its page (a-z, 0-9, -), ``title`` is the question that it answers.

    ``description`` says in a sentence what is to be seen; it is read aloud and stands under a standalone picture.
    ``lang`` is the reader's language, "en" or "ro".
    """

    id: str
    title: str
    description: str = ""
    lang: str = "en"

    look: ClassVar[str] = "figure"

    @abstractmethod
    def draw(self, width: float) -> Drawing:
        """The picture at ``width``; below ``NARROW_BELOW`` in its phone layout."""

    @abstractmethod
    def as_table(self) -> FigureTable:
        """The same values as a table."""

    def svg(self, width: float = 960, *, standalone: bool = False) -> str:
        """The picture as SVG text, ``width`` units wide.

        Standalone it is a file of its own: title drawn, colours of the light theme as attributes, no links.

        Raises CannotDraw when the figure's numbers contradict each other.
        """
        if not _ID.fullmatch(self.id):
            raise CannotDraw(f"{self.id!r} is no id for a figure.", remedy="Use a-z, 0-9 and hyphens.", id=self.id)
        drawing = self.draw(width)
        root = _standalone_root if standalone else _page_root
        return svg.write(root(self, width, drawing), standalone=standalone)

    def say(self, message: str) -> str:
        """A word that the figures themselves use, in the reader's language."""
        return catalogue(self.lang).gettext(message)

    def hatch(self) -> str:
        """The paint for what is too recent or cannot be told; each drawing that uses it must define it."""
        return f"url(#{self.id}-hatch)"


def is_narrow(width: float) -> bool:
    """Whether a width calls for the phone layout."""
    return width < NARROW_BELOW


def hatch_definition(figure_id: str) -> Element:
    """The pattern for what is too recent or cannot be told."""
    stroke = svg.line(0, 0, 0, 6, "f-hatch")
    return svg.element(
        "pattern",
        stroke,
        id=f"{figure_id}-hatch",
        width=6,
        height=6,
        pattern_units="userSpaceOnUse",
        pattern_transform="rotate(45)",
    )


def _page_root(figure: Figure, width: float, drawing: Drawing) -> Element:
    key = f"{figure.id}-{svg.plain(width)}"
    elements = _renamed(drawing, figure.id, key)
    has_links = any(node.tag == "a" for element in elements for node in element.walk())
    return svg.root(
        width,
        drawing.height,
        *_names(figure, key),
        *elements,
        look=figure.look,
        # An image hides what is inside it from screen readers, so one with links is a group.
        role="group" if has_links else "img",
        lang=figure.lang,
        aria_labelledby=f"{key}-title {key}-desc",
    )


def _names(figure: Figure, key: str) -> tuple[Element, Element]:
    description = figure.description or figure.title
    return (
        svg.element("title", figure.title, id=f"{key}-title"),
        svg.element("desc", description, id=f"{key}-desc"),
    )


def _renamed(drawing: Drawing, figure_id: str, key: str) -> list[Element]:
    """The same figure may stand on a page at several widths: ids, and what refers to them, carry the width."""
    parts = [svg.element("defs", *drawing.definitions)] if drawing.definitions else []
    return [_with_key(part, figure_id, key) for part in (*parts, *drawing.elements)]


def _with_key(node: Element, figure_id: str, key: str) -> Element:
    attributes = tuple((name, _rekeyed(name, value, figure_id, key)) for name, value in node.attributes)
    children = tuple(
        _with_key(child, figure_id, key) if isinstance(child, Element) else child for child in node.children
    )
    return Element(node.tag, attributes, children)


def _rekeyed(name: str, value: str, figure_id: str, key: str) -> str:
    if name == "id":
        return value.replace(figure_id, key, 1)
    return value.replace(f"url(#{figure_id}-", f"url(#{key}-", 1) if name in {"fill", "stroke"} else value


def _standalone_root(figure: Figure, width: float, drawing: Drawing) -> Element:
    head, foot, margin = 34, 26 if figure.description else 8, 12
    height, full_width = head + drawing.height + foot, width + 2 * margin
    definitions = [svg.element("defs", *drawing.definitions)] if drawing.definitions else []
    title = svg.text(fit(figure.title, width, 16, bold=True), margin, 22, "f-title")
    below = [svg.text(fit(figure.description, width, SMALL), margin, height - 10, "f-small")]
    body = svg.group(*map(_without_links, drawing.elements), transform=f"translate({margin} {head})")
    return svg.root(
        full_width,
        height,
        *_names(figure, figure.id),
        *definitions,
        svg.rect(0, 0, full_width, height, "f-paper"),
        title,
        body,
        *(below if figure.description else []),
        role="img",
        lang=figure.lang,
        font_family=FONT,
        aria_labelledby=f"{figure.id}-title {figure.id}-desc",
    )


def _without_links(node: Element) -> Element:
    children = tuple(_without_links(child) if isinstance(child, Element) else child for child in node.children)
    if node.tag == "a":
        return Element("g", (), children)
    return Element(node.tag, node.attributes, children)
