"""The rows of one batch, asked column by column: trimmed texts with empty cells as null, or native values."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.sources.files.mapping.headers import Headers
from punte.sources.files.mapping.joining import BETWEEN, escaped
from punte.sources.files.mapping.language import FileRule
from punte.sources.files.mapping.mistakes import Place, mistake, suggestion

ROW_NUMBER = "row_number"


class Rows:
    """Some rows of a batch; columns are prepared once and shared by every selection of rows."""

    def __init__(self, batch: pa.RecordBatch, rule: FileRule, empty: tuple[str, ...]) -> None:
        self.rule = rule
        self.headers = Headers((name for name in batch.schema.names if name != ROW_NUMBER), rule.also_called)
        self.n = batch.num_rows
        self.numbers = batch.column(ROW_NUMBER)
        self._batch = batch
        self._empty = tuple(word.strip().lower() for word in empty)
        self._prepared: dict[str, pa.Array] = {}
        self._at: pa.Array | None = None
        self._replaced: dict[str, pa.Array] = {}

    def find(self, header: str, place: Place) -> str | None:
        """The file's own header; None where the mapping lets it be absent; UnknownMapping where it must be there."""
        found = self.headers.find(header)
        if found is None and not (self.rule.lacks_anything or header in self.rule.may_lack):
            what = f"the file has no column '{header}'"
            raise mistake(place, what, suggestion(header, self.headers.names))
        return found

    def text(self, header: str, place: Place) -> pa.Array:
        """The cells as trimmed texts; null where empty or where the column is absent."""
        found = self.find(header, place)
        if found is None:
            return pa.nulls(self.n, pa.string())
        if found in self._replaced:
            return self._replaced[found]
        return self._selected(self._once(found, lambda: self._texts(found)))

    def values(self, header: str, place: Place) -> pa.Array:
        """The cells in their native type where the file has one, else as ``text``."""
        found = self.find(header, place)
        if found is None or found in self._replaced or _is_text(self._batch.column(found).type):
            return self.text(header, place)
        return self._selected(self._batch.column(found))

    def matched(self, header: str, place: Place) -> pa.Array:
        """What stands in the header itself in the place of the star, for every row."""
        found = self.find(header, place)
        under = None if found is None else self.headers.under_star(header)
        return pa.repeat(pa.scalar(under, pa.string()), self.n)

    def contents(self) -> pa.Array:
        """Every cell of each row in one text: what tells rows apart that have no id of their own."""
        place = Place(file=self.rule.name)
        texts = [escaped(pc.fill_null(self.text(name, place), "")) for name in self.headers.names]
        return pc.binary_join_element_wise(*texts, BETWEEN)

    def select(self, mask: np.ndarray) -> Rows:
        """The rows where the mask holds."""
        return self if mask.all() else self._taken(pa.array(np.flatnonzero(mask)))

    def split(self, header: str, sign: str, place: Place) -> Rows:
        """One row per part of that cell; a row whose cell is empty has none."""
        found = self.find(header, place)
        if found is None:
            return self.select(np.zeros(self.n, bool))
        lists = pc.split_pattern(self.text(header, place), sign)
        parts = pc.utf8_trim_whitespace(pc.list_flatten(lists))
        filled = pc.not_equal(parts, "")
        taken = self._taken(pc.list_parent_indices(lists).filter(filled))
        taken._replaced[found] = parts.filter(filled)
        return taken

    def _taken(self, at: pa.Array) -> Rows:
        other = object.__new__(Rows)
        other.__dict__.update(self.__dict__)
        other.n = len(at)
        other.numbers = self.numbers.take(at)
        other._at = at if self._at is None else self._at.take(at)
        other._replaced = {name: texts.take(at) for name, texts in self._replaced.items()}
        return other

    def _selected(self, column: pa.Array) -> pa.Array:
        return column if self._at is None else column.take(self._at)

    def _once(self, name: str, make: Callable[[], pa.Array]) -> pa.Array:
        if name not in self._prepared:
            self._prepared[name] = make()
        return self._prepared[name]

    def _texts(self, header: str) -> pa.Array:
        texts = pc.utf8_trim_whitespace(as_text(self._batch.column(header)))
        return without(texts, self._empty)


def without(texts: pa.Array, empty: tuple[str, ...]) -> pa.Array:
    """The texts with null where one is among the words for an empty cell (in lower case here); no text is one too."""
    longest = max((len(word.encode()) for word in empty), default=0)
    short = pc.less_equal(pc.binary_length(texts), longest)
    if not pc.any(short).as_py():
        return texts
    lowered = pc.utf8_lower(pc.if_else(short, texts, "-"))
    words = pa.array(sorted({*empty, ""}), pa.string())
    return pc.if_else(pc.and_(short, pc.is_in(lowered, value_set=words)), None, texts)


def as_text(column: pa.Array) -> pa.Array:
    """Native cells as texts: whole floats without their ``.0``, moments in ISO, yes and no as true and false."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_null(column.type):
        return pa.nulls(len(column), pa.string())
    if pa.types.is_floating(column.type):
        return _floats(column)
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        return pc.binary_join_element_wise(column.cast(pa.timestamp("us")).cast(pa.string()), "Z", "")
    if pa.types.is_nested(column.type) or pa.types.is_duration(column.type) or _is_bytes(column.type):
        return pa.array([None if value is None else _written(value) for value in column.to_pylist()], pa.string())
    texts = column.cast(pa.string())
    return pc.replace_substring_regex(texts, r"(\.[0-9]*?)0+$", r"\1") if pa.types.is_decimal(column.type) else texts


def _floats(column: pa.Array) -> pa.Array:
    known = column.drop_null()
    if len(known) and pc.all(pc.equal(pc.floor(known), known)).as_py() and pc.max(pc.abs(known)).as_py() < 2**53:
        return column.cast(pa.int64()).cast(pa.string())
    return column.cast(pa.string())


def _is_bytes(kind: pa.DataType) -> bool:
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)


def _written(value: Any) -> str:
    """Lists and structures as JSON, bytes in hexadecimal digits."""
    if isinstance(value, bytes):
        return value.hex()
    return json.dumps(value, ensure_ascii=False, default=str)


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind)
