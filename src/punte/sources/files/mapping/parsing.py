"""From TOML to a mapping; every mistake is named with its place and a remedy."""

from __future__ import annotations

import tomllib
from typing import Any

from punte.errors import UnknownMapping
from punte.records.columns import Kind, Table
from punte.records.tables.touches import TRAFFIC_FIELDS
from punte.sources.files.mapping.asked import Asked
from punte.sources.files.mapping.cell_words import cell, moment_formats, number_sign, zone_name
from punte.sources.files.mapping.language import (
    ALIASES,
    MAPPABLE,
    MODES,
    STAGED,
    FileRule,
    Mapping,
    OwnWriting,
    TableRule,
    TrafficRule,
    Writing,
    other_sign,
)
from punte.sources.files.mapping.mistakes import Place, mistake, unknown_word
from punte.sources.files.mapping.questions import conditions
from punte.units import CURRENCIES

VERSION = 1
_WRITING = ("zone", "currency", "decimal", "thousands", "dates", "empty")
HEAD = ("version", "source", *_WRITING, "file")
FILE = (
    *(
        "name",
        "about",
        "match",
        "headers",
        "without",
        "also_called",
        "source",
        "mode",
        "key",
        "updated_at",
        "skip_when",
        "personal",
        "public",
    ),
    *("dimensions", "keep", "may_lack", *_WRITING, "table"),
)
TABLE = ("table", "id", "when", "traffic", "stages")


def load_mapping(text: str) -> Mapping:
    """The mapping written in TOML; UnknownMapping naming file, table and field of the first mistake."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnknownMapping(f"The mapping is not valid TOML: {error}.", remedy="Correct that line.") from error
    head = Asked(values, Place(), HEAD)
    _version(head)
    files = tuple(_file(one, number) for number, one in enumerate(head.tables("file"), start=1))
    mapping = Mapping(_named(head, "source"), _writing(head), files)
    _lookups_lead_somewhere(mapping)
    return mapping


def _version(head: Asked) -> None:
    version = head.values.get("version")
    if version != VERSION:
        raise mistake(head.place.at(field="version"), f"version {version} is not known", f"Write version = {VERSION}.")


def _named(asked: Asked, word: str) -> str:
    name = asked.text(word)
    if not name or "\0" in name:
        raise mistake(asked.place.at(field=word), f"'{word}' is missing", f'Write {word} = "a name".')
    return name


def _writing(head: Asked) -> Writing:
    own = _own_writing(head)
    decimal = own.decimal or "."
    thousands = other_sign(decimal) if own.thousands is None else own.thousands
    return Writing(own.zone or "UTC", own.currency, decimal, thousands, own.dates or ("iso",), own.empty or ("",))


def _own_writing(asked: Asked) -> OwnWriting:
    currency = asked.text("currency")
    if currency is not None and currency not in CURRENCIES:
        raise mistake(asked.place.at(field="currency"), f"'{currency}' is no currency", "Write its code, such as EUR.")
    return OwnWriting(
        zone_name(asked, asked.place),
        currency,
        number_sign(asked, "decimal", asked.place),
        number_sign(asked, "thousands", asked.place),
        moment_formats(asked, "dates", asked.place.at(field="dates")),
        asked.texts("empty"),
    )


def _file(values: Any, number: int) -> FileRule:
    name = values.get("name") if isinstance(values, dict) else None
    place = Place(file=name if isinstance(name, str) and name else f"number {number}")
    asked = Asked(values, place, FILE)
    rule = FileRule(
        name=_named(asked, "name"),
        about=asked.text("about") or "",
        match=asked.texts("match"),
        headers=_headers(asked),
        without=asked.texts("without"),
        also_called=_also_called(asked),
        source=asked.text("source"),
        mode=asked.one_of("mode", MODES, "delta"),
        key=asked.texts("key"),
        updated_at=cell(values["updated_at"], place.at(field="updated_at"), Kind.MOMENT)
        if "updated_at" in values
        else None,
        skip_when=conditions(values["skip_when"], place.at(field="skip_when")) if "skip_when" in values else (),
        personal=asked.texts("personal"),
        public=asked.texts("public"),
        dimensions=asked.texts("dimensions"),
        keep=asked.one_of("keep", ("all", "none"), "all"),
        may_lack=asked.texts("may_lack"),
        own=_own_writing(asked),
        tables=tuple(_table(one, place) for one in asked.tables("table")),
    )
    if not rule.match and not rule.headers:
        raise mistake(place, "nothing says which files are meant", 'Write match = ["name*.csv"] or headers = ["..."].')
    return rule


def _headers(asked: Asked) -> tuple[tuple[str, ...], ...]:
    listed = asked.values.get("headers", [])
    if not isinstance(listed, list):
        listed = [listed]
    wrapped = [one if isinstance(one, list) else [one] for one in listed]
    return tuple(Asked({"headers": one}, asked.place, ("headers",)).texts("headers") for one in wrapped)


def _also_called(asked: Asked) -> tuple[tuple[str, tuple[str, ...]], ...]:
    values = asked.values.get("also_called", {})
    inner = Asked(values, asked.place.at(field="also_called"), values if isinstance(values, dict) else ())
    return tuple((name, inner.texts(name)) for name in inner.values)


def _table(values: Any, place: Place) -> TableRule:
    name = values.get("table") if isinstance(values, dict) else None
    if not isinstance(name, str):
        raise mistake(place, "a table has no name", 'Write table = "opportunity" under [[file.table]].')
    if name not in MAPPABLE:
        raise unknown_word(place, "table that a mapping can fill", name, MAPPABLE)
    table, place = MAPPABLE[name], place.at(table=name)
    fields = _field_names(table)
    asked = Asked(values, place, (*TABLE, *fields), f"field of {name}")
    rule = TableRule(
        table=name,
        id=cell(values["id"], place.at(field="id"), Kind.ID) if "id" in values else None,
        when=conditions(values["when"], place.at(field="when")) if "when" in values else (),
        fields=tuple(
            (name, cell(values[word], place.at(field=word), table.field(name).kind))
            for word, name in fields.items()
            if word in values
        ),
        traffic=_traffic(values["traffic"], table, place.at(field="traffic")) if asked.has("traffic") else None,
        stages=_stages(values["stages"], table, place.at(field="stages")) if asked.has("stages") else (),
    )
    _is_complete(rule, table, place)
    return rule


def _field_names(table: Table) -> dict[str, str]:
    aliases = ALIASES.get(table.name, {})
    names = {field.name: field.name for field in table.fields if field.kind is not Kind.TRAFFIC}
    return {**{word: name for word, name in names.items() if name not in aliases.values()}, **aliases}


def _traffic(values: Any, table: Table, place: Place) -> TrafficRule:
    if not any(field.kind is Kind.TRAFFIC for field in table.fields):
        raise mistake(place, f"{table.name} has no traffic", "Map it on touchpoint, lead, opportunity or spend.")
    asked = Asked(values, place, (*TRAFFIC_FIELDS, "url", "declares"), "field of traffic")
    fields = tuple(
        (name, cell(values[name], place.at(field=f"traffic.{name}"), Kind.TEXT))
        for name in TRAFFIC_FIELDS
        if name in values
    )
    url = cell(values["url"], place.at(field="traffic.url"), Kind.TEXT) if "url" in values else None
    return TrafficRule(fields, url, asked.flag("declares"))


def _stages(values: Any, table: Table, place: Place) -> tuple[tuple[str, Any], ...]:
    if table.name not in STAGED:
        raise mistake(place, f"{table.name} has no stages", f"They belong to {' or '.join(STAGED)}.")
    stage = table.field(STAGED[table.name])
    known = stage.values or (values if isinstance(values, dict) else ())
    asked = Asked(values, place, known, "stage")
    return tuple(
        (name, cell(value, place.at(field=f"stages.{name}"), Kind.MOMENT)) for name, value in asked.values.items()
    )


def _is_complete(rule: TableRule, table: Table, place: Place) -> None:
    mapped = {name for name, _ in rule.fields}
    given = {STAGED[rule.table], "occurred", "subject"} if rule.stages else set()
    clash = sorted(mapped & given)
    if clash:
        raise mistake(place.at(field=clash[0]), "the stages say this already", f"Leave out '{clash[0]}' or the stages.")
    from_currency = {"currency"} if {"amount", "budget", "recurring_amount"} & mapped else set()
    missing = [f.name for f in table.fields if f.required and f.name not in mapped | given | from_currency]
    if missing:
        raise mistake(
            place, f"'{missing[0]}' is not mapped, and no row is usable without it", f"Add {missing[0]} = ...."
        )
    if len({(cell.headers, cell.split) for cell in rule.cells if cell.split is not None}) > 1:
        raise mistake(place, "two different cells are split", "Split one; write a second [[file.table]] for the other.")


def _lookups_lead_somewhere(mapping: Mapping) -> None:
    names = [rule.name for rule in mapping.files]
    for name in names:
        if names.count(name) > 1:
            raise mistake(Place(file=name), "two files have this name", "Give each its own name.")
    for rule in mapping.files:
        for table in rule.tables:
            for one in table.cells:
                if one.lookup and one.lookup.file not in names:
                    raise unknown_word(Place(rule.name, table.table), "file of this mapping", one.lookup.file, names)
