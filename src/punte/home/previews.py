"""What files mean before they are brought in: what each column becomes, and mappings for files that none reads yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import pyarrow as pa

from punte.home.choosing import Chosen
from punte.sources.files.mapping import FileRule, Mapping, personal_headers
from punte.sources.files.mapping.cells import headers_of
from punte.sources.files.mapping.headers import Headers
from punte.sources.files.mapping.language import Cell, OwnWriting, TableRule
from punte.sources.files.presets import Sample, is_awaited, propose, recognise
from punte.sources.files.reading import FoundFile, TableReader

Opened = Sequence[tuple[FoundFile, TableReader]]
N_SAMPLES = 3
LONGEST_SAMPLE = 80
_ROWS = 5000


@dataclass(frozen=True)
class ColumnPreview:
    """One column of a file. ``meanings`` are the fields that it feeds, as ``table.field``; none: nothing reads it.

    ``is_kept`` columns without a meaning stay beside the record as attributes. ``samples`` are the first distinct
    values, as they are written; they may be personal.
    """

    header: str
    meanings: tuple[str, ...]
    is_personal: bool
    is_kept: bool
    samples: tuple[str, ...]


@dataclass(frozen=True)
class FilePreview:
    """One file that a rule reads; ``about`` is what the rule says of such files."""

    name: str
    source: str
    rule: str
    about: str
    columns: tuple[ColumnPreview, ...]


def preview_of(chosen: Chosen) -> FilePreview:
    """The columns of a file that has a rule. Raises UnreadableFile."""
    assert chosen.reader is not None
    assert chosen.mapping is not None
    assert chosen.rule is not None
    rows = _first_rows(chosen.reader)
    personal = personal_headers(chosen.rule, chosen.reader.header)
    columns = tuple(
        ColumnPreview(
            header=header,
            meanings=_meanings(header, chosen.rule, chosen.reader.header),
            is_personal=header in personal,
            is_kept=chosen.rule.keep == "all" or header in chosen.rule.dimensions,
            samples=_samples(rows.column(header)),
        )
        for header in chosen.reader.header
    )
    source = chosen.mapping.source_of(chosen.rule)
    return FilePreview(chosen.found.name, source, chosen.rule.name, chosen.rule.about, columns)


def recognised(opened: Opened, known: Sequence[Mapping], *, zone: str, currency: str) -> list[Mapping]:
    """Mappings for those files that are exports of a vendor whom punte knows; one per source.

    Where the source has a mapping already, it is extended: its own rules stay, and count first.
    """
    by_source: dict[str, list[Sample]] = {}
    for found, reader in opened:
        preset = recognise(found.name, reader.header)
        if preset is not None:
            by_source.setdefault(preset.source, []).append(sample_of(found, reader))
    mapped = {mapping.source: mapping for mapping in reversed(known)}
    new = [
        propose(samples, source=source, zone=zone, currency=currency, keeps_whole=True)
        for source, samples in by_source.items()
    ]
    return [_extended(mapped[one.source], one) if one.source in mapped else one for one in new]


def proposed(opened: Opened, known: Sequence[Mapping], *, zone: str, currency: str) -> Mapping:
    """A mapping to be read and corrected, of a source of its own, for files that nothing recognises."""
    samples = [sample_of(found, reader) for found, reader in opened]
    source = _free_source(opened[0][0].name, {mapping.source for mapping in known})
    return propose(samples, source=source, zone=zone, currency=currency)


def sample_of(found: FoundFile, reader: TableReader) -> Sample:
    """The first rows of a file, for those who guess."""
    return Sample(found.name, _first_rows(reader))


def _first_rows(reader: TableReader) -> pa.RecordBatch:
    first = next(reader.batches(_ROWS), None)
    return first if first is not None else pa.RecordBatch.from_pylist([], schema=reader.schema)


def _samples(column: pa.Array) -> tuple[str, ...]:
    texts = (str(value).strip() for value in column.to_pylist() if value is not None)
    distinct = dict.fromkeys(text[:LONGEST_SAMPLE] for text in texts if text)
    return tuple(distinct)[:N_SAMPLES]


def _meanings(header: str, rule: FileRule, names: Sequence[str]) -> tuple[str, ...]:
    headers = Headers(names, rule.also_called)
    fed = (
        f"{table.table}.{field}"
        for table in rule.tables
        for field, cell in _cells_of(table)
        if header in {headers.find(name) for name in headers_of(cell)}
    )
    return tuple(dict.fromkeys(fed))


def _cells_of(table: TableRule) -> Iterable[tuple[str, Cell]]:
    if table.id is not None:
        yield "id", table.id
    yield from table.fields
    yield from table.stages
    if table.traffic is not None:
        yield from table.traffic.fields
        if table.traffic.url is not None:
            yield "url", table.traffic.url


def _extended(old: Mapping, new: Mapping) -> Mapping:
    """The old mapping with the rules that only the new one has; of a rule in both, the old one reads more names."""
    rules = {rule.name: rule for rule in old.files}
    for rule in new.files:
        known = rules.get(rule.name)
        if known is None or is_awaited(known):
            rules[rule.name] = replace(rule, own=_own_writing(new, rule))
        elif is_awaited(rule):
            continue
        else:
            match = tuple(dict.fromkeys([*known.match, *rule.match])) if known.match else ()
            rules[rule.name] = replace(known, match=match)
    return replace(old, files=tuple(rules.values()))


def _own_writing(mapping: Mapping, rule: FileRule) -> OwnWriting:
    """All that a rule takes from its mapping, said by the rule itself, so that it can stand in another mapping."""
    writing = mapping.writing_of(rule)
    return OwnWriting(
        writing.zone, writing.currency, writing.decimal, writing.thousands, tuple(writing.dates), tuple(writing.empty)
    )


def _free_source(file_name: str, taken: set[str]) -> str:
    words = re.findall(r"[a-z]+", PurePath(file_name).stem.lower())
    name, number = "_".join(words[:4]) or "files", 1
    while (free := name if number == 1 else f"{name}_{number}") in taken:
        number += 1
    return free
