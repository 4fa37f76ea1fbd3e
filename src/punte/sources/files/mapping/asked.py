"""A table of TOML that is asked for its values one by one; what it holds otherwise, or beyond that, is a mistake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from punte.sources.files.mapping.mistakes import Place, mistake, unknown_word


class Asked:
    """One table of TOML at one place of the mapping."""

    def __init__(self, values: Any, place: Place, known: Iterable[str], what: str = "word of the mapping") -> None:
        if not isinstance(values, dict):
            raise mistake(place, "a table with words is expected here", "Write it as { word = value }.")
        self.values: dict[str, Any] = values
        self.place = place
        known = tuple(known)
        for word in values:
            if word not in known:
                raise unknown_word(place, what, word, known)

    def has(self, word: str) -> bool:
        """Whether the word is written."""
        return word in self.values

    def text(self, word: str, default: str | None = None) -> str | None:
        """One text."""
        value = self.values.get(word, default)
        if value is not None and not isinstance(value, str):
            raise self._wrong(word, "a text", '"like this"')
        return value

    def texts(self, word: str) -> tuple[str, ...]:
        """A list of texts; one text alone is a list of one."""
        value = self.values.get(word, ())
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list | tuple) or not all(isinstance(one, str) for one in listed):
            raise self._wrong(word, "a list of texts", '["like", "this"]')
        return tuple(listed)

    def flag(self, word: str) -> bool:
        """Yes or no, no when not written."""
        value = self.values.get(word, False)
        if not isinstance(value, bool):
            raise self._wrong(word, "yes or no", "true or false")
        return value

    def one_of(self, word: str, choices: Sequence[str], default: str) -> str:
        """One of the words allowed here."""
        value = self.text(word, default) or default
        if value not in choices:
            raise unknown_word(self.place.at(field=word), f"value for '{word}'", value, choices)
        return value

    def pairs(self, word: str) -> tuple[tuple[str, str], ...]:
        """A table from text to text, in order."""
        value = self.values.get(word, {})
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            raise self._wrong(word, "a table from text to text", '{ "this" = "that" }')
        return tuple(value.items())

    def lists(self, word: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """A table from text to one text or several, in order."""
        value = self.values.get(word, {})
        if not isinstance(value, dict):
            raise self._wrong(word, "a table from text to text", '{ "this" = "that" }')
        inner = Asked(value, self.place.at(field=word), value)
        return tuple((name, inner.texts(name)) for name in value)

    def tables(self, word: str) -> list[Any]:
        """A list of tables; one table alone is a list of one."""
        value = self.values.get(word, [])
        return value if isinstance(value, list) else [value]

    def _wrong(self, word: str, expected: str, example: str) -> Exception:
        return mistake(self.place.at(field=word), f"{expected} is expected", f"Write {word} = {example}.")
