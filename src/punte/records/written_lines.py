"""Where a mistake stands in a text of TOML: its reader hands out values and not the lines from which they came."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from punte.errors import UnknownMapping


@dataclass(frozen=True)
class Part:
    """A part of a text: the lines from ``first`` (counted from 1) up to ``end``, which no longer belongs to it.

    ``end`` 0 is the end of the text. ``what`` names the part as a sentence begins: ``The rule for 'Paid Search'``.
    """

    text: str
    what: str
    first: int = 1
    end: int = 0

    def refusal(self, said: str, remedy: str, *, word: str = "", **facts: Any) -> UnknownMapping:
        """The error to raise for a mistake here: the line of ``word`` if it begins one, else the part's first line."""
        line = self.line_of(word) if word else self.first
        return UnknownMapping(f"Line {line}: {self.what}{said}", remedy=remedy, line=line, **facts)

    def line_of(self, word: str) -> int:
        """The first line of this part that begins with that word and ``=``, or is its header; else the first line."""
        name = rf"""["']?{re.escape(word)}["']?"""
        begins = re.compile(rf"\s*(?:{name}\s*[=.]|\[+\s*{name}\s*[\].])")
        lines = self.text.splitlines()[self.first - 1 : self.end - 1 if self.end else None]
        return next((self.first + n for n, line in enumerate(lines) if begins.match(line)), self.first)

    def divided(self, header: str) -> list[Part]:
        """The parts that begin with ``[[header]]``; empty where they are written in another way."""
        begins = re.compile(rf"\s*\[\[\s*{re.escape(header)}\s*\]\]")
        lines = self.text.splitlines()
        last = (self.end or len(lines) + 1) - 1
        firsts = [n for n, line in enumerate(lines, start=1) if self.first <= n <= last and begins.match(line)]
        return [Part(self.text, self.what, *pair) for pair in zip(firsts, [*firsts[1:], self.end], strict=True)]


def parsed(text: str, what: str) -> dict[str, Any]:
    """The values of a text of TOML; ``what`` names it in the plural: ``The channel rules``.

    Raises UnknownMapping for a text that is not TOML, with the line.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found.group(1)) if found else max(len(text.splitlines()), 1)
        raise UnknownMapping(
            f"Line {line}: {what} are not TOML: {error}.", remedy="Correct that line.", line=line
        ) from error
