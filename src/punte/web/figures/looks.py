"""The looks of figures, read from the stylesheets, which are their only home.

``tokens.css`` holds the colours of both themes and ``figures.css`` one flat rule per class. A page uses them as
they are; a standalone picture gets them as attributes.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

Theme = Literal["light", "dark"]

STATIC_DIR = Path(__file__).parents[1] / "static" / "punte"
FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLOCK = re.compile(r"([^{}]+)\{([^{}]*)\}")
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")
_PAINT = {
    *("fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "opacity"),
    *("fill-opacity", "stroke-opacity", "font-size", "font-weight", "text-anchor", "stop-color"),
}


@cache
def tokens(theme: Theme = "light") -> dict[str, str]:
    """The tokens of one theme, name to value, as ``tokens.css`` declares them; dark inherits what it does not say."""
    sheet = _COMMENT.sub("", (STATIC_DIR / "tokens.css").read_text(encoding="utf-8"))
    selectors = {"light": (":root",), "dark": (":root", '[data-theme="dark"]')}[theme]
    values: dict[str, str] = {}
    for selector, body in _BLOCK.findall(sheet):
        if selector.strip() in selectors:
            values |= {name: value for name, value in _declarations(body).items() if name.startswith("--")}
    return values


@cache
def rules() -> dict[str, dict[str, str]]:
    """Class name to declarations, of each rule in ``figures.css`` whose selector is one plain class."""
    sheet = _COMMENT.sub("", (STATIC_DIR / "figures.css").read_text(encoding="utf-8"))
    found: dict[str, dict[str, str]] = {}
    for selectors, body in _BLOCK.findall(sheet.split("@media")[0]):
        for selector in selectors.split(","):
            if re.fullmatch(r"\s*\.[\w-]+\s*", selector):
                found.setdefault(selector.strip()[1:], {}).update(_declarations(body))
    return found


def _declarations(body: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
    return {name.strip(): value.strip() for name, value in pairs}


@cache
def attributes_of(classes: str) -> dict[str, str]:
    """The presentation attributes, in the light theme, of a class attribute; a later class wins."""
    values: dict[str, str] = {}
    for name in classes.split():
        values |= {key: value for key, value in rules().get(name, {}).items() if key in _PAINT}
    light = tokens("light")
    return {key: _VARIABLE.sub(lambda match: light[match.group(1)], value) for key, value in values.items()}
