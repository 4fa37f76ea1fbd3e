"""From the rule for a cell to its values: texts, or native values where the file has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.records.checks import Finding
from punte.sources.files.mapping.cell_words import template_headers
from punte.sources.files.mapping.joining import joined
from punte.sources.files.mapping.language import Cell, LookupSpec, Writing, literal
from punte.sources.files.mapping.lookups import Lookup
from punte.sources.files.mapping.mistakes import Place, mistake
from punte.sources.files.mapping.patterns import extracted
from punte.sources.files.mapping.questions import holds
from punte.sources.files.mapping.rows import Rows, as_text, without
from punte.sources.files.mapping.templates import templated

_LONGEST_QUOTE = 40


@dataclass
class Reading:
    """The rows of one table while they are read: where, from what, and what was found wrong on the way."""

    rows: Rows
    writing: Writing
    lookups: Sequence[Lookup]
    place: Place
    personal: frozenset[str] = frozenset()
    findings: list[Finding] = field(default_factory=list)

    def at(self, field_name: str) -> Place:
        """The place of one field."""
        return self.place.at(field=field_name)

    def find(self, field_name: str, reason: str, mask: np.ndarray, cell: Cell, texts: pa.Array, said: str) -> None:
        """Note what is wrong with the cells where the mask holds; the cell is quoted unless it is personal."""
        at = np.flatnonzero(mask)
        if len(at) == 0:
            return
        header = self.header_of(cell)
        column = f" in column '{header}'" if header else ""
        if header in self.personal:
            sentences = pa.repeat(f"The cell{column} {said}.", len(at))
        else:
            quoted = pc.utf8_slice_codeunits(pc.fill_null(as_text(texts.take(pa.array(at))), ""), 0, _LONGEST_QUOTE)
            sentences = pc.binary_join_element_wise("'", quoted, f"'{column} {said}.", "")
        self.findings.append(Finding(field_name, reason, at, sentences, header))

    def header_of(self, cell: Cell) -> str | None:
        """The file's own header that a cell is read from first."""
        return next((found for name in headers_of(cell) if (found := self.rows.headers.find(name))), None)


def headers_of(cell: Cell) -> tuple[str, ...]:
    """Every header that a rule names, in order."""
    from_parts = tuple(part for part in cell.parts if literal(part) is None)
    template = template_headers(cell.template) if cell.template else ()
    lookup = tuple(here for here, _ in cell.lookup.on) if cell.lookup else ()
    matched = (cell.matched,) if cell.matched else ()
    return cell.headers + from_parts + cell.join + template + matched + lookup


def values_of(cell: Cell, reading: Reading, field_name: str) -> pa.Array:
    """The values of a cell for every row: native where nothing but the header is asked for, else texts."""
    if cell.extract or cell.lower or cell.map or cell.empty or cell.default:
        return texts_of(cell, reading, field_name)
    if len(cell.headers) == 1 and cell.lookup is None:
        return _where(cell, reading, field_name, reading.rows.values(cell.headers[0], reading.at(field_name)))
    if cell.lookup is not None and not cell.headers:
        return _where(cell, reading, field_name, _looked_up(cell, cell.lookup, reading, field_name))
    return texts_of(cell, reading, field_name)


def texts_of(cell: Cell, reading: Reading, field_name: str) -> pa.Array:
    """The texts of a cell for every row, null where empty."""
    texts = _where(cell, reading, field_name, _origin(cell, reading, field_name))
    if cell.empty:
        texts = without(texts, tuple(word.strip().lower() for word in cell.empty))
    if cell.extract is not None:
        texts = extracted(texts, cell.extract)
    if cell.lower:
        texts = pc.utf8_lower(texts)
    if cell.map:
        texts = _mapped(texts, cell, reading, field_name)
    return texts if cell.default is None else pc.fill_null(texts, cell.default)


def _where(cell: Cell, reading: Reading, field_name: str, values: pa.Array) -> pa.Array:
    """The values in the rows for which the cell's own condition holds, null in the others."""
    if not cell.when:
        return values
    place = reading.at(field_name)
    mask = holds(cell.when, lambda header: reading.rows.text(header, place), reading.rows.n)
    return pc.if_else(pa.array(mask), values, pa.scalar(None, values.type))


def _origin(cell: Cell, reading: Reading, field_name: str) -> pa.Array:
    rows, place = reading.rows, reading.at(field_name)
    if cell.constant is not None:
        return pa.repeat(pa.scalar(cell.constant or None, pa.string()), rows.n)
    if cell.matched is not None:
        return rows.matched(cell.matched, place)
    if cell.parts:
        return joined([part_of(part, rows, place) for part in cell.parts])
    if cell.join:
        return _together(cell.join, cell.joined_by, rows, place)
    if cell.template is not None:
        return templated(cell.template, rows, place)
    own = _first_filled(cell.headers, rows, place) if cell.headers else pa.nulls(rows.n, pa.string())
    if cell.lookup is None:
        return own
    return pc.coalesce(own, as_text(_looked_up(cell, cell.lookup, reading, field_name, own)))


def part_of(part: str, rows: Rows, place: Place) -> pa.Array:
    """One part of an id: a constant in single quotes, or the cells of a header."""
    constant = literal(part)
    return rows.text(part, place) if constant is None else pa.repeat(pa.scalar(constant, pa.string()), rows.n)


def _first_filled(headers: Sequence[str], rows: Rows, place: Place) -> pa.Array:
    """Of several headers at least one must be in the file."""
    if len(headers) == 1:
        return rows.text(headers[0], place)
    there = [header for header in headers if rows.headers.find(header) is not None]
    if not there:
        return rows.text(headers[0], place)
    return pc.coalesce(*(rows.text(header, place) for header in there))


def _together(headers: Sequence[str], sign: str, rows: Rows, place: Place) -> pa.Array:
    """Joined pair by pair, because Arrow's own skipping of nulls loses rows of which every part is null."""
    together = rows.text(headers[0], place)
    for header in headers[1:]:
        text = rows.text(header, place)
        together = pc.coalesce(pc.binary_join_element_wise(together, text, sign), together, text)
    return together


def _looked_up(
    cell: Cell, spec: LookupSpec, reading: Reading, field_name: str, known: pa.Array | None = None
) -> pa.Array:
    """What another file says, for the rows that do not know it; a name that finds no row stays what it is."""
    place = reading.at(field_name)
    keys = joined([reading.rows.text(here, place) for here, _ in spec.on])
    keys = keys if known is None else pc.if_else(known.is_valid(), None, keys)
    lookup = next((one for one in reading.lookups if one.spec == spec), None)
    if lookup is None:
        if spec.by_name or spec.optional:
            return keys if spec.by_name else pa.nulls(reading.rows.n, pa.string())
        raise mistake(place, f"nothing was read from file '{spec.file}'", f"Import a file that '{spec.file}' matches.")
    values, broken = lookup.of(keys)
    if spec.by_name:
        said = f"is the name of several records in '{spec.file}', so that none is meant surely"
        reading.find(field_name, "ambiguous_name", broken, cell, keys, said)
        return pc.coalesce(values, keys)
    said = f"has parts in '{spec.file}' that cannot be read"
    reading.find(field_name, "incomplete_sum", broken, cell, keys, said)
    if spec.missing is None:
        return values
    missing = pa.scalar(spec.missing).cast(values.type)
    return pc.if_else(pa.array(np.asarray(values.is_null()) & ~broken), missing, values)


def _mapped(texts: pa.Array, cell: Cell, reading: Reading, field_name: str) -> pa.Array:
    encoded = texts.dictionary_encode()
    words = {key if cell.exact else key.strip().lower(): value or None for key, value in cell.map}
    distinct = [text if cell.exact else text.lower() for text in encoded.dictionary.to_pylist()]
    others = literal(cell.otherwise)
    kept = encoded.dictionary.to_pylist() if cell.otherwise == "keep" else [others] * len(distinct)
    new = [words.get(word, old) for word, old in zip(distinct, kept, strict=True)]
    if cell.otherwise == "quarantine":
        strange = pa.array([word not in words for word in distinct], pa.bool_()).take(encoded.indices)
        mask = np.asarray(pc.fill_null(strange, False))
        reading.find(field_name, "unknown_value", mask, cell, texts, "is none of the values that the mapping knows")
    return pa.array(new, pa.string()).take(encoded.indices)
