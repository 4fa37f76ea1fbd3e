"""From a mapping to TOML that people read and change; ``load_mapping(dump_mapping(m)) == m``."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import tomlkit

from punte.sources.files.mapping.language import (
    ALIASES,
    Cell,
    Condition,
    FileRule,
    LookupSpec,
    Mapping,
    OwnWriting,
    Question,
    TableRule,
    TrafficRule,
    Writing,
    other_sign,
)
from punte.sources.files.mapping.parsing import VERSION

_WIDTH = 110
_LOOKUPS = frozenset({"sum", "count", "lookup"})


def dump_mapping(mapping: Mapping) -> str:
    """The mapping as TOML, its remarks as comments beside what they are about, its sketches as comments at the end."""
    page = _Page(mapping)
    page.head()
    for rule in mapping.files:
        page.file(rule)
    for sketch in mapping.sketches:
        page.lines += ["", "", *(f"# {line}".rstrip() for line in sketch.splitlines())]
    return "\n".join(page.lines).strip("\n") + "\n"


class _Page:
    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.lines: list[str] = []
        self.n_tables: Counter[tuple[str, str]] = Counter()

    def head(self) -> None:
        self.remarks()
        self.line("version", VERSION)
        self.line("source", self.mapping.source)
        for word, value in _of_writing(self.mapping.writing):
            self.line(word, value)

    def file(self, rule: FileRule) -> None:
        self.lines += ["", ""]
        self.remarks(file=rule.name)
        self.lines.append("[[file]]")
        for word, value in _of_file(rule):
            self.line(word, value)
        if rule.also_called:
            self.lines += ["", "[file.also_called]"]
            self.lines += [
                f"{_key(name)} = {_written(_short(others), len(name) + 5)}" for name, others in rule.also_called
            ]
        for table in rule.tables:
            self.table(rule, table)

    def table(self, rule: FileRule, table: TableRule) -> None:
        self.n_tables[rule.name, table.table] += 1
        self.lines.append("")
        self.remarks(file=rule.name, table=table.table)
        self.lines.append("[[file.table]]")
        self.line("table", table.table)
        long = []
        for word, value in _of_table(table):
            if isinstance(value, dict) and (_LOOKUPS & value.keys() or len(_written(value, 0)) > _WIDTH):
                long.append((word, value))
            else:
                self.line(word, value, file=rule.name, table=table.table)
        for word, value in long:
            self.section_of(rule, table, word, value)
        if table.traffic is not None:
            self.section("file.table.traffic", _of_traffic(table.traffic), rule, table, "traffic.")
        if table.stages:
            stages = [(name, cell_value(cell)) for name, cell in table.stages]
            self.section("file.table.stages", stages, rule, table, "stages.")

    def section_of(self, rule: FileRule, table: TableRule, word: str, value: dict[str, Any]) -> None:
        """A field whose rule is long: a section of its own, and one more for a lookup or a long map inside it."""
        inner = [name for name, one in value.items() if isinstance(one, dict) and (name in _LOOKUPS or name == "map")]
        others = [(name, one) for name, one in value.items() if name not in inner]
        self.lines.append("")
        self.remarks(file=rule.name, table=table.table, field=word)
        if others:
            self.section(f"file.table.{word}", others, rule, table, f"{word}.", gap=False)
        for name in inner:
            title, gap = f"file.table.{word}.{name}", bool(others) or name != inner[0]
            self.section(title, list(value[name].items()), rule, table, f"{word}.", gap=gap)

    def section(
        self,
        name: str,
        words: Iterable[tuple[str, Any]],
        rule: FileRule,
        table: TableRule,
        prefix: str,
        gap: bool = True,
    ) -> None:
        self.lines += ["", f"[{name}]"] if gap else [f"[{name}]"]
        for word, value in words:
            self.line(word, value, file=rule.name, table=table.table, field=prefix + word)

    def line(self, word: str, value: Any, *, file: str = "", table: str = "", field: str | None = None) -> None:
        remarks = self.found(file, table, word if field is None else field) if file else []
        written = f"{_key(word)} = {_written(value, len(word) + 3)}"
        if len(remarks) == 1 and "\n" not in written and len(written) + len(remarks[0]) + 4 <= _WIDTH:
            self.lines.append(f"{written}  # {remarks[0]}")
        else:
            self.lines += [f"# {remark}" for remark in remarks] + [written]

    def remarks(self, *, file: str = "", table: str = "", field: str = "") -> None:
        for text in self.found(file, table, field):
            self.lines += textwrap.wrap(text, _WIDTH, initial_indent="# ", subsequent_indent="# ")

    def found(self, file: str, table: str, field: str) -> list[str]:
        place = (file, table, field, max(self.n_tables[file, table] - 1, 0))
        return [one.text for one in self.mapping.remarks if (one.file, one.table, one.field, one.nth) == place]


def _of_writing(writing: Writing) -> list[tuple[str, Any]]:
    words: list[tuple[str, Any]] = [("zone", writing.zone)]
    if writing.currency:
        words.append(("currency", writing.currency))
    words.append(("decimal", writing.decimal))
    if writing.thousands != other_sign(writing.decimal):
        words.append(("thousands", writing.thousands))
    return [*words, ("dates", _short(writing.dates)), ("empty", list(writing.empty))]


def _of_own(own: OwnWriting) -> list[tuple[str, Any]]:
    words = [
        ("zone", own.zone),
        ("currency", own.currency),
        ("decimal", own.decimal),
        ("thousands", own.thousands),
        ("dates", _short(own.dates) if own.dates else None),
        ("empty", list(own.empty) or None),
    ]
    return [(word, value) for word, value in words if value is not None]


def _of_file(rule: FileRule) -> list[tuple[str, Any]]:
    words = [
        ("name", rule.name),
        ("about", rule.about or None),
        ("match", list(rule.match) or None),
        ("headers", [_short(names) for names in rule.headers] or None),
        ("without", list(rule.without) or None),
        ("source", rule.source),
        ("mode", rule.mode if rule.mode != "delta" else None),
        ("key", list(rule.key) or None),
        ("updated_at", cell_value(rule.updated_at) if rule.updated_at else None),
        ("skip_when", _conditions(rule.skip_when) if rule.skip_when else None),
        ("may_lack", _may_lack(rule)),
        ("personal", list(rule.personal) or None),
        ("public", list(rule.public) or None),
        ("dimensions", list(rule.dimensions) or None),
        ("keep", rule.keep if rule.keep != "all" else None),
        *_of_own(rule.own),
    ]
    return [(word, value) for word, value in words if value is not None]


def _may_lack(rule: FileRule) -> Any:
    if rule.lacks_anything and len(rule.may_lack) == 1:
        return rule.may_lack[0]
    return list(rule.may_lack) or None


def _of_table(table: TableRule) -> list[tuple[str, Any]]:
    back = {name: word for word, name in ALIASES.get(table.table, {}).items()}
    words: list[tuple[str, Any]] = []
    if table.id is not None:
        words.append(("id", cell_value(table.id)))
    if table.when:
        words.append(("when", _conditions(table.when)))
    return words + [(back.get(name, name), cell_value(cell)) for name, cell in table.fields]


def _of_traffic(traffic: TrafficRule) -> list[tuple[str, Any]]:
    words = [(name, cell_value(cell)) for name, cell in traffic.fields]
    if traffic.url is not None:
        words.append(("url", cell_value(traffic.url)))
    return [*words, ("declares", True)] if traffic.declares else words


def cell_value(cell: Cell) -> Any:
    """The rule for a cell as a value of TOML, in its shortest form."""
    if cell == Cell(headers=cell.headers[:1]) and cell.headers:
        return cell.headers[0]
    if cell == Cell(constant=cell.constant):
        return f"'{cell.constant}'"
    if cell == Cell(parts=cell.parts) and cell.parts:
        return list(cell.parts)
    words = {
        "from": _short(cell.headers) if cell.headers else None,
        "value": cell.constant,
        "parts": list(cell.parts) or None,
        "join": list(cell.join) or None,
        "with": cell.joined_by if cell.joined_by != " " else None,
        "template": cell.template,
        "header": cell.matched,
        "empty": list(cell.empty) or None,
        "extract": cell.extract,
        "lower": cell.lower or None,
        "map": dict(cell.map) or None,
        "otherwise": cell.otherwise if cell.map and cell.otherwise != "keep" else None,
        "exact": cell.exact or None,
        "default": cell.default,
        "when": _conditions(cell.when) if cell.when else None,
        "format": _short(cell.formats) if cell.formats else None,
        "zone": cell.zone,
        "precision": cell.precision,
        "decimal": cell.decimal,
        "thousands": cell.thousands,
        "percent": cell.percent or None,
        "split": cell.split,
        "source": cell.source,
        **(_lookup(cell.lookup) if cell.lookup else {}),
    }
    return {word: value for word, value in words.items() if value is not None}


def _lookup(spec: LookupSpec) -> dict[str, Any]:
    words = {
        "file": spec.file,
        "column": spec.column,
        "on": {here: _short(there) for here, there in spec.on},
        "missing": spec.missing,
        "where": _conditions(spec.where) if spec.where else None,
        "by_name": spec.by_name or None,
        "optional": spec.optional or None,
    }
    return {spec.kind: {word: value for word, value in words.items() if value is not None}}


def _conditions(alternatives: Sequence[Condition]) -> Any:
    written = [_condition(one) for one in alternatives]
    return written[0] if len(written) == 1 else written


def _condition(condition: Condition) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for question in condition.questions:
        alone = [one.header for one in condition.questions].count(question.header) == 1
        if question.operator == "is" and alone:
            written[question.header] = _short(question.values)
        else:
            written.setdefault(question.header, {})[question.operator] = _asked(question)
    return written


def _asked(question: Question) -> Any:
    return question.values == ("true",) if question.operator == "filled" else _short(question.values)


def _short(texts: Sequence[str]) -> Any:
    return texts[0] if len(texts) == 1 else list(texts)


def _key(word: str) -> str:
    return tomlkit.key([word]).as_string()


def _written(value: Any, indent: int) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(word)} = {_written(one, 0)}" for word, one in value.items()) + " }"
    if isinstance(value, list):
        line = "[" + ", ".join(_written(one, 0) for one in value) + "]"
        if indent and indent + len(line) > _WIDTH:
            return "[\n" + "".join(f"    {_written(one, 0)},\n" for one in value) + "]"
        return line
    return tomlkit.item(value).as_string()
