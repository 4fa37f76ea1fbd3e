"""What helps to write a rule by hand: columns that nothing understood, with their values, and the fields to fill."""

from __future__ import annotations

from collections.abc import Iterable

import tomlkit

from punte.records.columns import Field, Kind
from punte.sources.files.mapping.language import MAPPABLE, FileRule
from punte.sources.files.presets.drafts import free_name
from punte.sources.files.presets.profiles import Column, Sheet

_N_SAMPLES, _LONGEST = 3, 30
_OFTEN = ("person", "lead", "stage_event", "touchpoint", "activity", "opportunity", "spend", "account", "owner")


def sketch(sheet: Sheet, pattern: str) -> str:
    """A rule to begin with for a file that was not understood: every column with some of its values."""
    rows = [(f'"?" = {_cell(column)}', values_of(column)) for column in sheet.columns.values()]
    width = max((len(line) for line, _ in rows), default=0)
    lines = [
        f"Not understood: {sheet.name}. To bring it in, take '# ' away from the lines below, write the table, a field",
        'in the place of each "?", and leave out the columns that are not needed.',
        "",
        "[[file]]",
        f"name = {_toml(free_name(sheet.name, set()))}",
        f"match = [{_toml(pattern)}]",
        "",
        "[[file.table]]",
        'table = "?"',
        *(f"{line:<{width}}  # {values}" if values else line for line, values in rows),
    ]
    return "\n".join(lines)


def fields_of_tables() -> str:
    """The tables that are filled most often, with their fields."""
    lines = ["Tables and their fields (! must be there; the others are in docs/records.md):"]
    for table in _OFTEN:
        fields = " ".join(f"{one.name}!" if one.required else one.name for one in _own_fields(table))
        lines.append(f"  {table}: id {fields}")
    return "\n".join(lines)


def free_fields(rule: FileRule) -> str:
    """The fields of the rule's first table that nothing fills yet."""
    first = rule.tables[0]
    filled = {name for name, _ in first.fields}
    free = [one.name for one in _own_fields(first.table) if one.name not in filled]
    traffic = [] if first.traffic is None else ["(and in its traffic: channel, source, medium, campaign, url ...)"]
    return f"Fields that nothing fills yet: {', '.join(free)} {' '.join(traffic)}".strip()


def values_of(column: Column) -> str:
    """Some values of a column, for a remark."""
    return ", ".join(" ".join(value.split())[:_LONGEST] for value in column.values[:_N_SAMPLES])


def with_values(names: Iterable[str], sheet: Sheet) -> list[str]:
    """Headers, each with some of its values in brackets."""
    return [f"{name} ({values})" if (values := values_of(sheet.column(name))) else name for name in names]


def _cell(column: Column) -> str:
    """The column as a mapping names it, with the way in which its dates or amounts are written."""
    name = _toml(column.header)
    if column.date is not None and column.date.formats not in ((), ("iso",)):
        return f"{{ from = {name}, format = {_toml(column.date.formats[0])} }}"
    if column.number is not None and column.number.decimal_of_money == "," and any("," in one for one in column.values):
        return f'{{ from = {name}, decimal = "," }}'
    return name


def _own_fields(table: str) -> list[Field]:
    return [one for one in MAPPABLE[table].fields if one.kind is not Kind.TRAFFIC]


def _toml(text: str) -> str:
    return tomlkit.item(text).as_string()
