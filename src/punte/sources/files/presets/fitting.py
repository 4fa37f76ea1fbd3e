"""A vendor's preset cut down to the columns that a file really has, so that the mapping shows nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from punte.sources.files.mapping.cell_words import template_headers
from punte.sources.files.mapping.headers import Headers
from punte.sources.files.mapping.language import (
    MAPPABLE,
    STAGED,
    Cell,
    Condition,
    FileRule,
    Question,
    TableRule,
    TrafficRule,
    literal,
)
from punte.sources.files.mapping.privacy import mapped_headers

_AMOUNTS = frozenset({"amount", "budget", "recurring_amount"})


def fitted(rule: FileRule, header: Iterable[str], files: Collection[str]) -> FileRule:
    """The rule without what needs a column that is not in ``header``, or a file that is not among ``files``."""
    return _Fitting(rule, header, files).rule()


def uncut(rule: FileRule, files: Collection[str]) -> FileRule:
    """The rule for all columns that such exports may have, without what needs a file that is not among ``files``."""
    asked = {question.header for one in _conditions(rule) for question in one.questions}
    looked_up = {here for table in rule.tables for cell in table.cells if cell.lookup for here, _ in cell.lookup.on}
    own = {name for names in rule.headers for name in names} | set(rule.personal)
    every = mapped_headers(rule) | asked | looked_up | own
    whole = fitted(replace(rule, also_called=()), sorted(every), files)
    return replace(whole, also_called=rule.also_called)


def looked_up(rule: FileRule) -> set[str]:
    """The files that a rule takes values from."""
    return {cell.lookup.file for table in rule.tables for cell in table.cells if cell.lookup}


def _conditions(rule: FileRule) -> Iterable[Condition]:
    yield from rule.skip_when
    for table in rule.tables:
        yield from table.when
        for cell in table.cells:
            yield from cell.when


class _Fitting:
    def __init__(self, rule: FileRule, header: Iterable[str], files: Collection[str]) -> None:
        self.whole = rule
        self.headers = Headers(header, rule.also_called)
        self.files = files

    def rule(self) -> FileRule:
        tables = [self.table(table) for table in self.whole.tables]
        return replace(
            self.whole,
            headers=tuple(tuple(name for name in names if self.has(name)) for names in self.whole.headers),
            also_called=tuple(self.also_called()),
            updated_at=self.cell(self.whole.updated_at) if self.whole.updated_at else None,
            skip_when=self.conditions(self.whole.skip_when) or (),
            personal=tuple(name for name in self.whole.personal if self.has(name)),
            tables=tuple(table for table in tables if table is not None),
        )

    def also_called(self) -> Iterable[tuple[str, tuple[str, ...]]]:
        for name, others in self.whole.also_called:
            found = self.headers.find(name)
            if found is not None and Headers([found]).find(name) is None:
                yield name, tuple(other for other in others if Headers([found]).find(other) is not None)[:1]

    def table(self, table: TableRule) -> TableRule | None:
        when = self.conditions(table.when)
        identity = self.cell(table.id) if table.id else None
        fields = tuple((name, kept) for name, cell in table.fields if (kept := self.cell(cell)) is not None)
        stages = tuple((name, kept) for name, cell in table.stages if (kept := self.cell(cell)) is not None)
        whole = replace(table, id=identity, when=when or (), fields=fields, traffic=self.traffic(table), stages=stages)
        if when is None or (table.id and not identity) or (table.stages and not stages):
            return None
        return whole if _is_complete(whole) else None

    def traffic(self, table: TableRule) -> TrafficRule | None:
        if table.traffic is None:
            return None
        fields = tuple((name, kept) for name, cell in table.traffic.fields if (kept := self.cell(cell)) is not None)
        url = self.cell(table.traffic.url) if table.traffic.url else None
        return replace(table.traffic, fields=fields, url=url) if fields or url else None

    def cell(self, cell: Cell) -> Cell | None:
        """The cell with what is there; None when nothing of it is. Names stay where the file that has them is not."""
        when = self.conditions(cell.when)
        spec = cell.lookup
        can_look_up = spec is not None and spec.file in self.files and all(self.has(here) for here, _ in spec.on)
        if spec is not None and not can_look_up:
            names = tuple(here for here, _ in spec.on) if spec.by_name else ()
            cell = replace(cell, lookup=None, headers=cell.headers + names)
        if when is None or not (can_look_up or self.is_there(cell)):
            return Cell(constant=cell.default) if cell.default is not None else None
        return replace(
            cell,
            headers=tuple(name for name in cell.headers if self.has(name)),
            parts=tuple(part for part in cell.parts if literal(part) is not None or self.has(part)),
            join=tuple(name for name in cell.join if self.has(name)),
            template=self.template(cell.template) if cell.template else None,
            when=when,
        )

    def is_there(self, cell: Cell) -> bool:
        if cell.constant is not None:
            return True
        named = cell.headers + cell.join + tuple(part for part in cell.parts if literal(part) is None)
        template = template_headers(cell.template) if cell.template else ()
        matched = (cell.matched,) if cell.matched else ()
        return any(self.has(name) for name in named + template + matched)

    def template(self, template: str) -> str:
        for name in template_headers(template):
            if not self.has(name):
                template = template.replace("{" + name + "}", "")
        return " ".join(template.split()) if " " in template else template

    def conditions(self, alternatives: tuple[Condition, ...]) -> tuple[Condition, ...] | None:
        """What is left of the conditions when absent columns count as empty; None when none can ever hold."""
        if not alternatives:
            return ()
        kept = []
        for condition in alternatives:
            asked = [question for question in condition.questions if self.has(question.header)]
            absent = [question for question in condition.questions if not self.has(question.header)]
            if all(_holds_for_empty(question) for question in absent):
                if not asked:
                    return ()
                kept.append(Condition(tuple(asked)))
        return tuple(kept) or None

    def has(self, name: str) -> bool:
        return self.headers.find(name) is not None


def _holds_for_empty(question: Question) -> bool:
    if question.operator == "filled":
        return question.values == ("false",)
    return question.operator == "is_not"


def _is_complete(rule: TableRule) -> bool:
    mapped = {name for name, _ in rule.fields}
    if rule.stages:
        mapped |= {STAGED[rule.table], "occurred", "subject"}
    if mapped & _AMOUNTS:
        mapped.add("currency")
    required = {field.name for field in MAPPABLE[rule.table].fields if field.required}
    return required <= mapped
