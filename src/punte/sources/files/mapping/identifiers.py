"""The identifiers of a person record, hashed under the home's key so that the public files tell nothing."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from punte.records import ids
from punte.records.tables import TABLES
from punte.records.tables.people import IDENTIFIER_KINDS
from punte.sources.files.mapping.joining import joined

_TABLE = TABLES["person_identifier"]
_KEPT = ("from_source", "load_id", "row_number", "recorded_at", "updated_at")


def identifier_rows(persons: pa.Table, key: bytes, source: str) -> pa.Table:
    """One row per filled e-mail, phone, user id and browser id of each person record."""
    parts = [_of_kind(persons, kind, key, source) for kind in IDENTIFIER_KINDS]
    return pa.concat_tables([_TABLE.whole_schema.empty_table(), *parts])


def _of_kind(persons: pa.Table, kind: str, key: bytes, source: str) -> pa.Table:
    values = _normal(kind, persons.column(kind).combine_chunks())
    filled = values.is_valid()
    kept = persons.filter(filled)
    source_ids = joined([kept.column("source_id").combine_chunks(), pa.repeat(kind, kept.num_rows)])
    columns = {
        "record_id": ids.record_ids(key, source, _TABLE.name, source_ids),
        "source_id": source_ids,
        **{name: kept.column(name) for name in _KEPT},
        "person_record_id": kept.column("record_id"),
        "kind": pa.repeat(kind, kept.num_rows),
        "value_hash": ids.identifier_hashes(key, kind, values.filter(filled)),
    }
    return pa.table({name: columns[name] for name in _TABLE.whole_schema.names}, schema=_TABLE.whole_schema)


def _normal(kind: str, values: pa.Array) -> pa.Array:
    if kind == "email":
        return pc.utf8_lower(pc.utf8_trim_whitespace(values))
    if kind != "phone":
        return values
    encoded = values.dictionary_encode()
    numbers = [ids.normal_phone(text) or None for text in encoded.dictionary.to_pylist()]
    return pa.array(numbers, pa.string()).take(encoded.indices)
