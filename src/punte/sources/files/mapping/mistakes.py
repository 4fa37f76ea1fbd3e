"""Mistakes in a mapping, each with its place, the nearest word that would do, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from punte.errors import UnknownMapping


@dataclass(frozen=True)
class Place:
    """Where in a mapping: file, table and field, as far as known."""

    file: str = ""
    table: str = ""
    field: str = ""

    def at(self, *, table: str | None = None, field: str | None = None) -> Place:
        """The same place, one step further in."""
        return replace(self, table=self.table if table is None else table, field=self.field if field is None else field)

    def __str__(self) -> str:
        names = (("file", self.file), ("table", self.table), ("field", self.field))
        return ", ".join(f"{kind} '{name}'" for kind, name in names if name) or "the head of the mapping"


def mistake(place: Place, what: str, remedy: str) -> UnknownMapping:
    """The error to raise for a mistake at a place."""
    return UnknownMapping(
        f"The mapping has a mistake in {place}: {what}.",
        remedy=remedy,
        file=place.file,
        table=place.table,
        field=place.field,
    )


def unknown_word(place: Place, what: str, word: str, known: Iterable[str]) -> UnknownMapping:
    """The error for a word that is none of the known ones."""
    return mistake(place, f"'{word}' is no {what}", suggestion(word, known))


def suggestion(word: str, known: Iterable[str]) -> str:
    """The nearest known words as a question, else all of them."""
    words = list(dict.fromkeys(known))
    lowered = {one.casefold(): one for one in words}
    near = [lowered[found] for found in difflib.get_close_matches(word.casefold(), lowered, n=3, cutoff=0.6)]
    if near:
        return f"Did you mean {' or '.join(repr(one) for one in near)}?"
    return f"Use one of: {', '.join(words)}."
