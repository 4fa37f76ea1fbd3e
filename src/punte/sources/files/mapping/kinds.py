"""From the values of a cell to the columns of a field, by what the field holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.records import ids
from punte.records.columns import ARROW, Field, Kind
from punte.sources.files.mapping import formats
from punte.sources.files.mapping.cells import Reading, texts_of, values_of
from punte.sources.files.mapping.language import Cell
from punte.sources.files.mapping.moments import Moments, read_moments
from punte.sources.files.mapping.numbers import currency_codes, minor_units, read_decimals

_YES = ("true", "yes", "y", "1", "t", "x", "on", "da", "ja", "j", "oui", "si", "sí", "sim", "igen", "да", "adevarat")
_NO = ("false", "no", "n", "0", "f", "off", "nu", "nein", "non", "não", "nem", "не", "fals", "falsch", "faux")
_BILLION = 10**9


@dataclass
class Recipe:
    """What columns are made with: the home's key, the source of the file, the zone in which days are counted."""

    key: bytes
    source: str
    counted_in: str
    reading: Reading
    currencies: pa.Array | None = None

    def columns(self, field: Field, cell: Cell) -> dict[str, pa.Array]:
        """The columns of one field for every row, in their declared types."""
        if field.kind is Kind.MOMENT:
            return self.moments(field.name, cell).columns(field.name)
        return {field.columns()[0].name: _MAKERS[field.kind](self, field, cell)}

    def moments(self, name: str, cell: Cell) -> Moments:
        """The moments of a cell; what cannot be read, or was shifted, is noted."""
        writing = self.reading.writing
        values = values_of(cell, self.reading, name)
        moments = read_moments(
            values,
            cell.formats or writing.dates,
            written_in=cell.zone or writing.zone,
            counted_in=self.counted_in,
            day_only=cell.precision == "day",
        )
        unread = np.asarray(values.is_valid()) & ~moments.is_known
        find = self.reading.find
        if unread.any():
            zeros = unread & formats.are_zeros(values.cast(pa.string()))
            find(name, "zero_moment", zeros, cell, values, "is a date of zeros, which stands for none")
            find(name, "bad_moment", unread & ~zeros, cell, values, "is no date or time in the declared format")
        find(name, "ambiguous_hour", moments.is_ambiguous, cell, values, "was shown twice that night; the first counts")
        find(name, "missing_hour", moments.is_missing_hour, cell, values, "was skipped that night; it is shifted on")
        return moments

    def decimals(self, name: str, cell: Cell) -> pa.Array:
        """The exact numbers of a cell; what cannot be read is noted."""
        values = values_of(cell, self.reading, name)
        if pa.types.is_decimal(values.type):
            return values
        writing = self.reading.writing
        decimal = cell.decimal or writing.decimal
        thousands = cell.thousands if cell.thousands is not None else _thousands(cell, writing.thousands)
        decimals = read_decimals(values, decimal, thousands)
        unread = np.asarray(pc.and_(values.is_valid(), decimals.is_null()))
        self.reading.find(name, "bad_number", unread, cell, values, "is no number as numbers are written here")
        return decimals


def _thousands(cell: Cell, default: str) -> str:
    if cell.decimal is None:
        return default
    return "." if cell.decimal == "," else ","


def _ref(recipe: Recipe, field: Field, cell: Cell) -> pa.Array:
    texts = texts_of(cell, recipe.reading, field.name)
    if field.references == "anonymous":
        return ids.identifier_hashes(recipe.key, "anonymous_id", texts)
    return ids.record_ids(recipe.key, cell.source or recipe.source, field.references, texts)


def _text(recipe: Recipe, field: Field, cell: Cell) -> pa.Array:
    return texts_of(cell, recipe.reading, field.name)


def _one_of(recipe: Recipe, field: Field, cell: Cell) -> pa.Array:
    """The declared spelling of a value that is written with other capitals."""
    encoded = texts_of(cell, recipe.reading, field.name).dictionary_encode()
    lowered = [text.lower() for text in encoded.dictionary.to_pylist()]
    written = encoded.dictionary.to_pylist()
    known = [low if low in field.values else text for low, text in zip(lowered, written, strict=True)]
    return pa.array(known, pa.string()).take(encoded.indices)


def _day(recipe: Recipe, field: Field, cell: Cell) -> pa.Array:
    return recipe.moments(field.name, cell).days()


def _money(recipe: Recipe, field: Field, cell: Cell) -> pa.Array:
    decimals = recipe.decimals(field.name, cell)
    assert recipe.currencies is not None
    amounts, rounded = minor_units(decimals, recipe.currencies)
    said = "has more decimals than its currency and was rounded"
    recipe.reading.find(field.name, "rounded", rounded, cell, decimals, said)
    return amounts


def _currency(recipe: Recipe, field: Field, cell: Cell) -> pa.Array:
    texts = texts_of(cell, recipe.reading, field.name)
    codes = currency_codes(texts)
    unread = np.asarray(pc.and_(texts.is_valid(), codes.is_null()))
    recipe.reading.find(field.name, "bad_currency", unread, cell, texts, "names no currency")
    return codes


def _count(recipe: Recipe, field: Field, cell: Cell) -> pa.Array:
    return _whole(recipe, field, cell, recipe.decimals(field.name, cell))


def _rate(recipe: Recipe, field: Field, cell: Cell) -> pa.Array:
    rates = recipe.decimals(field.name, cell)
    near = pc.less(pc.abs(rates), pa.scalar(_BILLION).cast(rates.type))
    billionths = pc.multiply(
        pc.if_else(near, rates, None).cast(pa.decimal128(19, 9)), pa.scalar(_BILLION, pa.decimal128(10, 0))
    )
    return billionths.cast(pa.decimal128(19, 0)).cast(pa.int64())


def _whole(recipe: Recipe, field: Field, cell: Cell, decimals: pa.Array) -> pa.Array:
    whole = pc.round(decimals, ndigits=0)
    broken = np.asarray(pc.fill_null(pc.not_equal(whole, decimals), False))
    recipe.reading.find(field.name, "bad_number", broken, cell, decimals, "is no whole number")
    return pc.if_else(pa.array(~broken), whole, None).cast(pa.decimal128(19, 0)).cast(pa.int64())


def _number(recipe: Recipe, field: Field, cell: Cell) -> pa.Array:
    values = values_of(cell, recipe.reading, field.name)
    if pa.types.is_floating(values.type):
        numbers = _finite(recipe, field, cell, values.cast(pa.float64()))
        return pc.divide(numbers, 100.0) if cell.percent else numbers
    decimals = recipe.decimals(field.name, cell)
    if cell.percent:
        hundredths = pc.multiply(decimals.cast(pa.decimal128(24, 9)), pa.scalar(Decimal("0.01")))
        signed = pc.fill_null(pc.match_substring(values.cast(pa.string()), "%"), False)
        decimals = pc.if_else(signed, decimals.cast(hundredths.type), hundredths)
    return decimals.cast(pa.string()).cast(pa.float64())


def _finite(recipe: Recipe, field: Field, cell: Cell, numbers: pa.Array) -> pa.Array:
    """Not-a-number is how a native column writes an empty cell; infinity is a mistake."""
    endless = np.asarray(pc.fill_null(pc.is_inf(numbers), False))
    recipe.reading.find(field.name, "bad_number", endless, cell, numbers, "is no finite number")
    return pc.if_else(pc.is_finite(numbers), numbers, None)


def _flag(recipe: Recipe, field: Field, cell: Cell) -> pa.Array:
    values = values_of(cell, recipe.reading, field.name)
    if pa.types.is_boolean(values.type):
        return values
    texts = texts_of(cell, recipe.reading, field.name)
    lowered = pc.utf8_lower(texts)
    yes = pc.is_in(lowered, value_set=pa.array(_YES))
    known = pc.or_(yes, pc.is_in(lowered, value_set=pa.array(_NO)))
    unread = np.asarray(pc.and_(texts.is_valid(), pc.invert(known)))
    recipe.reading.find(field.name, "bad_flag", unread, cell, texts, "is neither a yes nor a no")
    return pc.if_else(known, yes, None)


_MAKERS: dict[Kind, Callable[[Recipe, Field, Cell], pa.Array]] = {
    Kind.ID: _text,
    Kind.REF: _ref,
    Kind.TEXT: _text,
    Kind.ONE_OF: _one_of,
    Kind.DAY: _day,
    Kind.MONEY: _money,
    Kind.CURRENCY: _currency,
    Kind.COUNT: _count,
    Kind.NUMBER: _number,
    Kind.RATE: _rate,
    Kind.FLAG: _flag,
}


def empty_columns(field: Field, n: int) -> dict[str, pa.Array]:
    """The columns of a field that nothing maps."""
    if field.kind is Kind.MOMENT:
        return {column.name: pa.nulls(n, column.arrow) for column in field.columns()}
    return {field.columns()[0].name: pa.nulls(n, ARROW[field.kind])}
