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

import difflib
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

import pyarrow as pa

from punte.records.channel_presets import preset
from punte.records.choices import CHANNEL_RULES, FIELDS_OF_RULES, OPERATORS, SOURCE_LISTS
from punte.records.written_lines import Part, parsed

DEFAULT_TEXT = preset("ga4")
"""The rules that a new home begins with: the default channel groups of Google Analytics 4."""

WITHOUT_VALUE = ("is_empty", "is_filled")
NOT_PORTABLE = re.compile(r"\(\?(?!:)|\\[^dDwWsSbB.^$*+?()\[\]{}|\\/\-]|[*+?}]\+")
"""Look-around, flags, back references, possessive repeats: engines differ on them, or lack them."""


def rules_from_toml(text: str) -> tuple[pa.Table, pa.Table]:
    """The rules (schema ``choices.CHANNEL_RULES``) and the lists that they name (``choices.SOURCE_LISTS``).

    Positions and groups count from 1. Values and list members are in lower case, patterns as written.

    Raises UnknownMapping, with the line, for text that is not TOML, an unknown field, operator or list, a rule without
    a channel or a condition, and a pattern that DuckDB and Spark would not understand alike.
    """
    values = parsed(text, "The channel rules")
    _refuse_unknown(Part(text, "The channel rules"), values, ("rules", "lists"))
    lists = list(_lists(text, values.get("lists", {})))
    known = {row["list"] for row in lists} | set(values.get("lists", {}))
    rules = [
        {"position": position, "channel": rule["channel"], "group": group, **condition}
        for position, (part, rule) in enumerate(_rules(text, values.get("rules", [])), start=1)
        for group, alternative in enumerate(rule["when"], start=1)
        for condition in _conditions(_nth(part, "rules.when", group), alternative, known)
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


def _nth(part: Part, header: str, number: int) -> Part:
    """The ``number``-th of the parts that begin with that header, named as ``part`` is; else ``part``."""
    found = part.divided(header)
    return found[number - 1] if number <= len(found) else part


def _lists(text: str, lists: Any) -> Iterator[dict[str, str]]:
    whole = Part(text, "The lists")
    whole = replace(whole, first=whole.line_of("lists"))
    if not isinstance(lists, dict):
        raise whole.refusal(" are no table of TOML.", 'Write [lists], and below it lines such as ours = ["a", "b"].')
    for name, members in lists.items():
        part = replace(whole, what=f"List {name!r}", first=whole.line_of(name))
        if not isinstance(members, list):
            raise part.refusal(f": {members!r} is no list.", 'Write its members in brackets: ["a", "b"].')
        for member in members:
            yield {"list": name, "value": _text(part, member, "").strip().lower()}


def _rules(text: str, rules: Any) -> Iterator[tuple[Part, dict[str, Any]]]:
    whole = Part(text, "The channel rules")
    if not isinstance(rules, list):
        raise whole.refusal(" are no list of rules.", "Begin each rule with [[rules]].", word="rules")
    for number, rule in enumerate(rules, start=1):
        part = replace(_nth(whole, "rules", number), what=f"Rule {number}")
        _refuse_unknown(part, rule, ("channel", "when"))
        name = rule.get("channel")
        if not isinstance(name, str) or not name.strip():
            raise part.refusal(" names no channel.", 'Give it a line: channel = "...".', word="channel")
        part = replace(part, what=f"The rule for {name!r}")
        when = rule.get("when")
        if not isinstance(when, list) or not when or not all(when):
            raise part.refusal(" says nothing about when it holds.", "Add [[rules.when]] with a condition.")
        yield part, rule


def _conditions(part: Part, alternative: Any, lists: set[str]) -> Iterator[dict[str, str]]:
    _refuse_unknown(part, alternative, FIELDS_OF_RULES)
    for field, said in alternative.items():
        operators = said if isinstance(said, dict) else {"is": said}
        at_field = replace(part, first=part.line_of(field))
        _refuse_unknown(replace(at_field, what=f"{part.what}, field {field!r},"), operators, OPERATORS)
        for operator, value in operators.items():
            yield {"field": field, "operator": operator, "value": _value(at_field, operator, value, lists)}


def _value(part: Part, operator: str, value: Any, lists: set[str]) -> str:
    if operator in WITHOUT_VALUE:
        if value is not True:
            raise part.refusal(f": {operator} takes nothing but true.", f"Write {operator} = true.", word=operator)
        return ""
    text = _text(part, value, operator)
    if operator == "matches":
        _refuse_pattern(part, text)
        return text
    if operator == "in_list":
        if text not in lists:
            raise part.refusal(f": there is no list {text!r}.", _add_or_mean(text, lists), word=operator, known=lists)
        return text
    return text.strip().lower()


def _add_or_mean(name: str, lists: set[str]) -> str:
    near = difflib.get_close_matches(name, lists, n=1)
    return f"Did you mean {near[0]!r}? Else add it under [lists]." if near else "Add it under [lists]."


def _refuse_pattern(part: Part, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise part.refusal(f": {pattern!r} is not a pattern: {error}.", "Correct it.", word="matches") from error
    if found := NOT_PORTABLE.search(pattern):
        raise part.refusal(
            f": {found.group()!r} in {pattern!r} means different things on different engines.",
            "Write it without look-around, flags, back references and possessive repeats.",
            word="matches",
        )


def _text(part: Part, value: Any, word: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise part.refusal(f": {value!r} is not a text with something in it.", "Write it in quotes.", word=word)
    return value


def _refuse_unknown(part: Part, given: Any, known: tuple[str, ...]) -> None:
    if not isinstance(given, dict):
        raise part.refusal(f": {given!r} is not a table of TOML.", f"It may say {', '.join(known)}.")
    unknown = sorted(set(given) - set(known))
    if unknown:
        remedy = f"Use one of: {', '.join(known)}."
        raise part.refusal(f" may not say {', '.join(unknown)}.", remedy, word=unknown[0])


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
