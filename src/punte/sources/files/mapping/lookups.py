"""Values taken from another file: the first one with the same key, a sum, or a count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.sources.files.mapping.joining import joined
from punte.sources.files.mapping.language import FileRule, LookupSpec, Mapping, Writing
from punte.sources.files.mapping.mistakes import Place
from punte.sources.files.mapping.numbers import DECIMAL, read_decimals
from punte.sources.files.mapping.questions import holds
from punte.sources.files.mapping.rows import Rows
from punte.sources.files.mapping.templates import templated

_TYPES = {"sum": DECIMAL, "count": pa.int64(), "lookup": pa.string()}


@dataclass(frozen=True)
class LookupNeed:
    """A value that the rows of one file take from another: ``file`` names the rule of that other one."""

    file: str
    spec: LookupSpec
    rule: FileRule
    writing: Writing


@dataclass(frozen=True)
class Lookup:
    """The values to take, by key; ``broken`` keys have no value: of a sum a part cannot be read, of a name several
    rows with different values have it."""

    spec: LookupSpec
    keys: pa.Array
    values: pa.Array
    broken: pa.Array

    def of(self, keys: pa.Array) -> tuple[pa.Array, np.ndarray]:
        """The value for each key (null: none), and where the key is broken."""
        keys = names(keys) if self.spec.by_name else keys
        at = pc.index_in(keys, value_set=self.keys)
        if len(self.broken) == 0:
            return self.values.take(at), np.zeros(len(keys), bool)
        return self.values.take(at), np.asarray(pc.fill_null(pc.is_in(keys, value_set=self.broken), False))


def lookup_needs(mapping: Mapping) -> list[LookupNeed]:
    """What must be built from other files before ``convert``, each once, in the order of the mapping."""
    specs = [cell.lookup for rule in mapping.files for table in rule.tables for cell in table.cells if cell.lookup]
    rules = {rule.name: rule for rule in mapping.files}
    return [
        LookupNeed(spec.file, spec, rules[spec.file], mapping.writing_of(rules[spec.file]))
        for spec in dict.fromkeys(specs)
    ]


def build_lookup(need: LookupNeed, batches: Iterable[pa.RecordBatch]) -> Lookup:
    """Read the other file once. *Grain* of the result: one value per key; a sum is exact."""
    parts = [_read(need, batch) for batch in batches]
    kind = _TYPES[need.spec.kind]
    schema = pa.schema([("key", pa.string()), ("value", kind), ("is_broken", pa.bool_())])
    whole = pa.concat_tables([schema.empty_table(), *parts])
    grouped = _named(whole) if need.spec.by_name else _grouped(whole, need.spec.kind)
    broken = grouped.column("key").filter(grouped.column("is_broken")).combine_chunks()
    values = grouped.column("value").cast(kind)
    values = pc.if_else(grouped.column("is_broken"), pa.scalar(None, kind), values)
    return Lookup(need.spec, grouped.column("key").combine_chunks(), _one_array(values), broken)


def _read(need: LookupNeed, batch: pa.RecordBatch) -> pa.Table:
    place = Place(file=need.file)
    rows = Rows(batch, need.rule, need.writing.empty)
    for skipped, wanted in ((need.rule.skip_when, False), (need.spec.where, True)):
        if skipped:
            mask = holds(skipped, partial(rows.text, place=place), rows.n)
            rows = rows.select(mask if wanted else ~mask)
    keys = joined([_first_filled(there, rows, place) for _, there in need.spec.on])
    keys = names(keys) if need.spec.by_name else keys
    values, broken = _values(need, rows, place)
    known = keys.is_valid()
    return pa.table({"key": keys, "value": values, "is_broken": broken}).filter(known)


def names(texts: pa.Array) -> pa.Array:
    """Names as they are compared: without regard to case and odd spaces."""
    return pc.utf8_lower(pc.replace_substring_regex(pc.utf8_trim_whitespace(texts), r"\s+", " "))


def _first_filled(there: Sequence[str], rows: Rows, place: Place) -> pa.Array:
    return pc.coalesce(*(templated(one, rows, place) if "{" in one else rows.text(one, place) for one in there))


def _values(need: LookupNeed, rows: Rows, place: Place) -> tuple[pa.Array, pa.Array]:
    none = pa.repeat(False, rows.n)
    if need.spec.kind == "count":
        return pa.repeat(1, rows.n), none
    assert need.spec.column is not None
    if need.spec.kind == "lookup":
        return rows.text(need.spec.column, place), none
    cells = rows.values(need.spec.column, place)
    decimals = read_decimals(cells, need.writing.decimal, need.writing.thousands)
    return decimals, pc.and_(cells.is_valid(), decimals.is_null())


def _grouped(whole: pa.Table, kind: str) -> pa.Table:
    whole = whole if kind != "lookup" else whole.filter(pc.is_valid(whole.column("value")))
    how = "first" if kind == "lookup" else "sum"
    by_key = whole.group_by("key", use_threads=False).aggregate([("value", how), ("is_broken", "any")])
    return by_key.rename_columns(["key", "value", "is_broken"])


def _named(whole: pa.Table) -> pa.Table:
    """One value per name; a name that stands with several different values is broken and has none."""
    distinct = whole.filter(pc.is_valid(whole.column("value"))).group_by(["key", "value"], use_threads=False)
    by_key = (
        distinct.aggregate([]).group_by("key", use_threads=False).aggregate([("value", "first"), ("value", "count")])
    )
    is_broken = pc.greater(by_key.column("value_count"), 1)
    return pa.table({"key": by_key.column("key"), "value": by_key.column("value_first"), "is_broken": is_broken})


def _one_array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
