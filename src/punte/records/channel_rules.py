"""Channel rules as TOML: the format in which they come in and go out; measures read them as two small tables.

    [[rules]]                                   # tried from top to bottom; the first that holds names the channel
    channel = "Paid Search"
    [[rules.when]]                              # one alternative: all that it says must hold
    source = { in_list = "search" }
    medium = { matches = '^(.*cp.*|ppc|paid.*)$' }
    [[rules.when]]                              # another one
    campaign = "brand"                          # the same as { is = "brand" }

    [lists]
    search = ["google", "bing"]

Fields are those of ``choices.FIELDS_OF_RULES``, operators those of ``choices.OPERATORS``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pyarrow as pa

from punte.errors import UnknownMapping
from punte.records.channel_presets import preset
from punte.records.choices import CHANNEL_RULES, FIELDS_OF_RULES, OPERATORS, SOURCE_LISTS

DEFAULT_TEXT = preset("ga4")
"""The rules that a new home begins with: the default channel groups of Google Analytics 4."""

WITHOUT_VALUE = ("is_empty", "is_filled")
NOT_PORTABLE = re.compile(r"\(\?(?!:)|\\[^dDwWsSbB.^$*+?()\[\]{}|\\/\-]|[*+?}]\+")
"""Look-around, flags, back references, possessive repeats: engines differ on them, or lack them."""


def rules_from_toml(text: str) -> tuple[pa.Table, pa.Table]:
    """The rules (schema ``choices.CHANNEL_RULES``) and the lists that they name (``choices.SOURCE_LISTS``).

    Positions and groups count from 1. Values and list members are in lower case, patterns as written.

    Raises UnknownMapping for text that is not TOML, an unknown field, operator or list, a rule without a channel or a
    condition, and a pattern that DuckDB and Spark would not understand alike.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnknownMapping(f"The channel rules are not TOML: {error}.", remedy="Correct that line.") from error
    _refuse_unknown("The channel rules", values, ("rules", "lists"))
    lists = [
        {"list": name, "value": _text(member, f"list {name!r}").strip().lower()}
        for name, members in values.get("lists", {}).items()
        for member in members
    ]
    known = set(values.get("lists", {}))
    rules = [
        {"position": position, "channel": rule["channel"], "group": group, **condition}
        for position, rule in enumerate(_rules(values), start=1)
        for group, alternative in enumerate(rule["when"], start=1)
        for condition in _conditions(alternative, rule["channel"], known)
    ]
    return pa.Table.from_pylist(rules, schema=CHANNEL_RULES), pa.Table.from_pylist(lists, schema=SOURCE_LISTS)


def rules_to_toml(rules: pa.Table, lists: pa.Table) -> str:
    """The TOML text that reads back as these two tables."""
    lines: list[str] = []
    rows = sorted(rules.to_pylist(), key=lambda row: (row["position"], row["group"]))
    for _, of_rule in groupby(rows, key=lambda row: row["position"]):
        conditions = list(of_rule)
        lines += ["[[rules]]", f"channel = {_quoted(conditions[0]['channel'])}"]
        for _, of_group in groupby(conditions, key=lambda row: row["group"]):
            lines += ["[[rules.when]]", *_lines(list(of_group))]
        lines.append("")
    members = sorted(lists.to_pylist(), key=lambda row: row["list"])
    lines.append("[lists]")
    for name, of_list in groupby(members, key=lambda row: row["list"]):
        lines.append(f"{_quoted(name)} = [{', '.join(_quoted(row['value']) for row in of_list)}]")
    return "\n".join(lines) + "\n"


def _rules(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for number, rule in enumerate(values.get("rules", []), start=1):
        _refuse_unknown(f"Rule {number}", rule, ("channel", "when"))
        name = rule.get("channel")
        if not isinstance(name, str) or not name.strip():
            raise UnknownMapping(f"Rule {number} names no channel.", remedy='Give it a line: channel = "...".')
        if not rule.get("when") or not all(rule["when"]):
            raise UnknownMapping(
                f"The rule for {name!r} says nothing about when it holds.",
                remedy="Add [[rules.when]] with a condition.",
            )
        yield rule


def _conditions(alternative: dict[str, Any], channel: str, lists: set[str]) -> Iterator[dict[str, str]]:
    where = f"The rule for {channel!r}"
    _refuse_unknown(where, alternative, FIELDS_OF_RULES)
    for field, said in alternative.items():
        operators = said if isinstance(said, dict) else {"is": said}
        _refuse_unknown(f"{where}, field {field!r},", operators, OPERATORS)
        for operator, value in operators.items():
            yield {"field": field, "operator": operator, "value": _value(where, operator, value, lists)}


def _value(where: str, operator: str, value: Any, lists: set[str]) -> str:
    if operator in WITHOUT_VALUE:
        if value is not True:
            raise UnknownMapping(f"{where}: {operator} takes nothing but true.", remedy=f"Write {operator} = true.")
        return ""
    text = _text(value, where)
    if operator == "matches":
        _refuse_pattern(where, text)
        return text
    if operator == "in_list":
        if text not in lists:
            raise UnknownMapping(f"{where}: there is no list {text!r}.", remedy="Add it under [lists].", known=lists)
        return text
    return text.strip().lower()


def _refuse_pattern(where: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise UnknownMapping(f"{where}: {pattern!r} is not a pattern: {error}.", remedy="Correct it.") from error
    if found := NOT_PORTABLE.search(pattern):
        raise UnknownMapping(
            f"{where}: {found.group()!r} in {pattern!r} means different things on different engines.",
            remedy="Write it without look-around, flags, back references and possessive repeats.",
        )


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UnknownMapping(f"{where}: {value!r} is not a text with something in it.", remedy="Write it in quotes.")
    return value


def _refuse_unknown(where: str, given: Any, known: tuple[str, ...]) -> None:
    if not isinstance(given, dict):
        raise UnknownMapping(f"{where}: {given!r} is not a table of TOML.", remedy=f"It may say {', '.join(known)}.")
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise UnknownMapping(f"{where} may not say {', '.join(unknown)}.", remedy=f"Use one of: {', '.join(known)}.")


def _lines(conditions: list[dict[str, str]]) -> Iterator[str]:
    for field in dict.fromkeys(row["field"] for row in conditions):
        said = [
            f"{row['operator']} = {'true' if row['operator'] in WITHOUT_VALUE else _quoted(row['value'])}"
            for row in conditions
            if row["field"] == field
        ]
        yield f"{field} = {{ {', '.join(said)} }}"


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in escaped) + '"'
