"""What a set of drawn files becomes under the mapping that is proposed for it, in lines that can be counted."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from punte.records import ids
from punte.records.columns import Kind
from punte.records.tables import TABLES
from punte.sources.files import mapping as m
from punte.sources.files.mapping.language import MAPPABLE
from punte.sources.files.presets import Sample, propose
from tests.sources.files.mapping.drawn import AT, KEY, batch

LINEAGE = {"record_id", "from_source", "source_id", "load_id", "row_number", "recorded_at", "updated_at"}


def proposed(files: dict[str, str], **options: Any) -> m.Mapping:
    """The mapping proposed for drawn files, as it is read again from what was written."""
    return m.load_mapping(
        m.dump_mapping(propose([Sample(name, batch(text)) for name, text in files.items()], **options))
    )


def told(files: dict[str, str], *, zone: str = "UTC", currency: str | None = "EUR") -> dict[str, list[str]]:
    """Per table the lines of its records, ``id: field=value ...``; hashed ids as ``#``."""
    mapping = proposed(files, zone=zone, currency=currency)
    batches = {name: batch(text) for name, text in files.items()}
    rules = {name: m.rule_for(mapping, name, rows.schema.names[1:]) for name, rows in batches.items()}
    lookups = [
        m.build_lookup(need, [batches[name] for name, rule in rules.items() if rule and rule.name == need.file])
        for need in m.lookup_needs(mapping)
    ]
    results = [
        m.convert(
            batches[name], rule=rule, mapping=mapping, key=KEY, lookups=lookups, load_id="l", recorded_at=AT, file=name
        )
        for name, rule in rules.items()
        if rule is not None
    ]
    return _Teller(batches, results, mapping).tables()


class _Teller:
    def __init__(self, batches: dict[str, pa.RecordBatch], results: list[m.Converted], mapping: m.Mapping) -> None:
        self.results = results
        sources = {mapping.source_of(rule) for rule in mapping.files}
        texts = {
            text for rows in batches.values() for column in rows.columns[1:] for text in column.to_pylist() if text
        }
        self.texts = texts
        parts = {part.strip() for text in texts for part in re.split(r"[;,]", text.strip("[]"))}
        spelled = {spelling for text in texts | parts for spelling in (text.strip(), text.strip().lower())}
        self.names = {
            ids.record_id(KEY, source, table, text): text
            for source in sources
            for table in (*MAPPABLE, "anonymous")
            for text in spelled
        }
        self.names |= {
            ids.identifier_hash(KEY, kind, text): text for kind in ("email", "anonymous_id") for text in spelled
        }
        self.names |= {ids.identifier_hash(KEY, "phone", ids.normal_phone(text)): text for text in spelled}
        self.traffic = {
            row.pop("traffic_id"): " ".join(f"{name}={value}" for name, value in row.items() if value is not None)
            for result in results
            if "traffic" in result.tables
            for row in result.tables["traffic"].to_pylist()
        }

    def tables(self) -> dict[str, list[str]]:
        told: dict[str, list[str]] = {}
        for result in self.results:
            for name, rows in result.tables.items():
                if name not in ("traffic", "person_identifier", "attribute") and rows.num_rows:
                    told.setdefault(name, []).extend(self.line(name, row) for row in rows.to_pylist())
            for problem in result.problems.to_pylist():
                line = f"row {problem['row_number']} {problem['table']} {problem['outcome']} {problem['reason']}"
                told.setdefault("problems", []).append(line)
        return {name: sorted(lines) for name, lines in told.items()}

    def line(self, table: str, row: dict[str, Any]) -> str:
        fields = [self.field(field.name, field.kind, row) for field in TABLES[table].fields]
        own = self.names.get(row["record_id"], row["source_id"])
        own = "#" if own not in self.texts and re.fullmatch("[0-9A-Za-z.~]{12}", own) else own
        return f"{own}: {' '.join(one for one in fields if one)}".strip().rstrip(":")

    def field(self, name: str, kind: Kind, row: dict[str, Any]) -> str:
        if kind is Kind.MOMENT:
            at: datetime | None = row[f"{name}_at"]
            day: date | None = row[f"{name}_on"]
            return (
                "" if at is None else f"{name}={day if row[f'{name}_precision'] == 'day' else f'{at:%Y-%m-%dT%H:%M}'}"
            )
        if kind is Kind.TRAFFIC:
            return "" if row["traffic_id"] is None else f"[{self.traffic[row['traffic_id']]}]"
        column = f"{name}_record_id" if kind is Kind.REF else name
        value = row[column]
        if value is None:
            return ""
        return f"{name}={self.names.get(value, '?') if kind is Kind.REF else value}"


def identifiers(files: dict[str, str]) -> list[str]:
    """The identifiers of persons, as ``person kind value``."""
    mapping = proposed(files)
    batches = {name: batch(text) for name, text in files.items()}
    results = []
    for name, rows in batches.items():
        rule = m.rule_for(mapping, name, rows.schema.names[1:])
        if rule is not None:
            results.append(m.convert(rows, rule=rule, mapping=mapping, key=KEY, load_id="l", recorded_at=AT))
    teller = _Teller(batches, results, mapping)
    return sorted(
        f"{teller.names.get(row['person_record_id'], '?')} {row['kind']} {teller.names.get(row['value_hash'], '?')}"
        for result in results
        for row in result.tables.get("person_identifier", pa.table({})).to_pylist()
    )
