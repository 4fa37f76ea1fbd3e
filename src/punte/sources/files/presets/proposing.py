"""A whole mapping for files that nobody has mapped: presets for exports that are recognised, guesses for the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath

from punte.records.columns import Kind
from punte.sources.files.mapping.cells import headers_of
from punte.sources.files.mapping.headers import Headers
from punte.sources.files.mapping.language import MAPPABLE, Condition, FileRule, Mapping, OwnWriting, Remark, Writing
from punte.sources.files.mapping.privacy import mapped_headers, personal_headers
from punte.sources.files.presets.awaited import awaited, is_awaited
from punte.sources.files.presets.drafts import Customs, Draft, chosen_formats, free_name
from punte.sources.files.presets.fitting import fitted, looked_up, uncut
from punte.sources.files.presets.guesses import guess
from punte.sources.files.presets.linking import Known
from punte.sources.files.presets.profiles import Column, Sample, Sheet
from punte.sources.files.presets.recognition import Preset, every_rule, recognise
from punte.sources.files.presets.shapes import FILLED_BY, shape_of
from punte.sources.files.presets.sketches import fields_of_tables, free_fields, sketch, with_values

_WHY_LEFT_OUT = {
    True: "nothing in them is a lead, a touch, a deal or a cost",
    False: "the recognised files say the same of the same things",
}
_IN_MASSES = frozenset(
    {"touches", "spend", "history", "activities", "assignments", "contacts of deals", "exchange rates"}
)
"""Shapes of which there are so many rows that their other columns are not kept beside each."""
_SHOWN = 20
_MONTH_FIRST = frozenset({"USD"})


def propose(
    samples: Sequence[Sample],
    *,
    source: str | None = None,
    zone: str = "UTC",
    currency: str | None = None,
    keeps_whole: bool = False,
) -> Mapping:
    """A mapping for these files, with a remark beside everything that was guessed or left out.

    *Grain*: one rule per kind of file. Files of one vendor's export share their preset, cut to the columns that are
    there; with ``keeps_whole`` it is not cut, so that the next export may have more. ``zone`` is the local zone in
    which days are counted, ``currency`` that of amounts which name none.
    """
    return _Proposal(samples, source, zone, currency, keeps_whole).mapping()


class _Proposal:
    def __init__(
        self, samples: Sequence[Sample], source: str | None, zone: str, currency: str | None, keeps_whole: bool
    ) -> None:
        self.samples = samples
        self.presets = {sample.name: recognise(sample.name, sample.header) for sample in samples}
        self.sheets = {sample.name: Sheet(sample) for sample in samples}
        self.guessed = [name for name, preset in self.presets.items() if preset is None]
        self.source = source or self._likely_source()
        self.customs = self._customs(currency)
        self.zone, self.currency, self.keeps_whole = zone, currency, keeps_whole
        self.remarks: list[Remark] = []
        self.sketches: list[str] = []

    def mapping(self) -> Mapping:
        rules = [*self._recognised(), *self._guesses()]
        empty = ("", *sorted({word for sheet in self.sheets.values() for word in sheet.placeholders}))
        writing = Writing(self.zone, self.currency, self.customs.decimal, _other(self.customs.decimal), empty=empty)
        self.remarks.insert(0, Remark("A proposal. Read it, correct what is wrong, then import with it."))
        return Mapping(self.source, writing, tuple(rules), tuple(self.remarks), tuple(self.sketches))

    def _recognised(self) -> list[FileRule]:
        by_rule: dict[str, list[Preset]] = {}
        for preset in self.presets.values():
            if preset is not None:
                by_rule.setdefault(preset.name, []).append(preset)
        rules = [self._from_preset(name, presets[0]) for name, presets in by_rule.items()]
        return rules + self._looked_into(rules) if self.keeps_whole else rules

    def _from_preset(self, rule_name: str, preset: Preset) -> FileRule:
        names = [name for name, one in self.presets.items() if one is not None and one.name == rule_name]
        header = dict.fromkeys(header for name in names for header in self.sheets[name].columns)
        available = {one.name for one in self.presets.values() if one is not None}
        rule = uncut(preset.rule, every_rule()) if self.keeps_whole else fitted(preset.rule, header, available)
        self.remarks.append(
            Remark(f"Recognised: {preset.n_known} of {preset.n_headers} columns have a meaning.", rule.name)
        )
        rule = replace(
            rule,
            match=tuple(dict.fromkeys(pattern_of(name) for name in names)),
            source=preset.source if preset.source != self.source else None,
            own=self._own_writing(rule, names),
        )
        self._say_what_is_kept(rule, header)
        return rule

    def _looked_into(self, rules: list[FileRule]) -> list[FileRule]:
        """The rules of files that others take values from and that did not come along: they may come later."""
        every = every_rule()
        found = {rule.name: rule for rule in rules}
        waiting = [*rules]
        while waiting:
            for name in looked_up(waiting.pop()) - found.keys():
                found[name] = awaited(uncut(every[name], every))
                waiting.append(found[name])
        added = [rule for name, rule in sorted(found.items()) if is_awaited(rule)]
        said = "No such file has come yet; when it comes, others take values from it."
        self.remarks += [Remark(said, rule.name) for rule in added]
        return added

    def _own_writing(self, rule: FileRule, names: list[str]) -> OwnWriting:
        """The formats of dates and the decimal sign that the sample values of this file ask for."""
        dates, decimal = list(rule.own.dates), rule.own.decimal
        for column in self._columns(rule, names, {Kind.MOMENT, Kind.DAY}):
            way = column.date or column.numbered_date
            chosen = chosen_formats(way, self.customs) if way is not None else ()
            if way is None or not chosen or set(chosen) <= set(dates or ["iso"]):
                continue
            dates = list(dict.fromkeys([*chosen, *dates]))
            swap = "; day and month could be swapped" if way.could_swap else ""
            self.remarks.append(Remark(f"'{column.header}' is written as {', '.join(chosen)}{swap}.", rule.name))
        ways = [column.number for column in self._columns(rule, names, {Kind.MONEY})]
        signs = {sign for way in ways if way is not None and (sign := way.decimal_of_money)}
        if len(signs) == 1 and signs != {self.customs.decimal}:
            decimal = signs.pop()
        return replace(rule.own, dates=tuple(dates), decimal=decimal)

    def _columns(self, rule: FileRule, names: list[str], kinds: set[Kind]) -> list[Column]:
        wanted = [
            header
            for table in rule.tables
            for name, cell in (*table.fields, *((("occurred", one) for _, one in table.stages)))
            if MAPPABLE[table.table].field(name).kind in kinds and not cell.formats
            for header in headers_of(cell)
        ]
        found: dict[str, Column] = {}
        for sheet in (self.sheets[name] for name in names):
            headers = Headers(sheet.columns, rule.also_called)
            for own in (headers.find(header) for header in wanted):
                if own is not None:
                    found.setdefault(own, sheet.column(own))
        return list(found.values())

    def _guesses(self) -> list[FileRule]:
        shapes = {name: shape_of(self.sheets[name]) for name in self.guessed}
        filled = {table.table for one in self.presets.values() if one is not None for table in one.rule.tables}
        known = self._known(shapes, filled)
        taken: set[str] = set()
        left_out: dict[str, str] = {}
        rules = []
        for name, shape in shapes.items():
            if shape == "unknown" or self._is_said_already(shape, name, filled):
                left_out[name] = shape
                continue
            draft = Draft(self.sheets[name], free_name(name, taken), self.customs)
            guess(draft, shape, known)
            rule = draft.rule([pattern_of(name)], keeps_all=shape not in _IN_MASSES)
            self.remarks += [Remark(f"Guessed: {shape}.", rule.name), *draft.remarks]
            self._say_what_is_kept(rule, self.sheets[name].columns, self.sheets[name])
            rules.append(rule)
        self._say_what_is_left_out(left_out)
        if not {"lead", "opportunity"} & filled:
            self._sketch([name for name, shape in left_out.items() if shape == "unknown"])
        return rules

    def _sketch(self, names: list[str]) -> None:
        """Rules to begin with for files that nothing understood; beside a whole vendor's export none is missed."""
        if names:
            self.sketches = [sketch(self.sheets[name], pattern_of(name)) for name in names] + [fields_of_tables()]

    def _is_said_already(self, shape: str, name: str, filled: set[str]) -> bool:
        """Whether a vendor's export in the same import fills that table; touches of one's own website are more."""
        if shape == "touches" and self.sheets[name].has("url", "medium", "anonymous_id"):
            return False
        return FILLED_BY.get(shape) in filled

    def _known(self, shapes: dict[str, str], filled: set[str]) -> Known:
        def ids(shape: str, *concepts: str) -> frozenset[str]:
            sheets = [self.sheets[name] for name, one in shapes.items() if one == shape]
            found = [header for sheet in sheets if (header := sheet.of(*concepts)) is not None]
            return frozenset(found)

        has_leads = "leads" in shapes.values() or "lead" in filled
        people = frozenset(h for h in ids("people", "lead_id", "person_id") if h.lower() not in ("id", "record id"))
        return Known(
            leads=ids("leads", "lead_id") if has_leads else people,
            people=people,
            companies=ids("companies", "company_id", "company"),
            owners=ids("owners", "owner_id", "owner"),
            has_deals="deals" in shapes.values() or "opportunity" in filled,
            has_leads=has_leads,
        )

    def _say_what_is_kept(self, rule: FileRule, header: Iterable[str], sheet: Sheet | None = None) -> None:
        """Names the columns that nothing reads; of a guessed file with their values and what they could be."""
        headers = Headers(header, rule.also_called)
        asked = {question.header for one in _conditions(rule) for question in one.questions}
        used = {headers.find(name) for name in mapped_headers(rule) | asked}
        left = [name for name in headers.names if name not in used]
        private = personal_headers(rule, left)
        what = "kept as attributes" if rule.keep == "all" else "left out"
        open_ = [name for name in left if name not in private]
        if sheet is not None and open_:
            self.remarks.append(Remark(free_fields(rule), rule.name))
            open_ = with_values(open_, sheet)
        for said, names in ((what, open_), ("kept private", sorted(private))):
            if names and rule.tables:
                more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
                self.remarks.append(Remark(f"Not mapped, {said}: {', '.join(names[:_SHOWN])}{more}.", rule.name))

    def _say_what_is_left_out(self, shapes: dict[str, str]) -> None:
        for is_unknown, why in _WHY_LEFT_OUT.items():
            names = [name for name, shape in shapes.items() if (shape == "unknown") == is_unknown]
            if names:
                self.remarks.append(Remark(f"Left out, because {why}: {', '.join(names)}."))

    def _likely_source(self) -> str:
        sources = Counter(preset.source for preset in self.presets.values() if preset is not None)
        return sources.most_common(1)[0][0] if sources else "files"

    def _customs(self, currency: str | None) -> Customs:
        """What the clear columns of all files say about those that could be read in two ways."""
        columns = [column for sheet in self.sheets.values() for column in sheet.columns.values()]
        dated = [column.date for column in columns if column.meanings and column.date is not None]
        clear = [fmt for way in dated if not way.could_swap for fmt in way.formats if fmt[:2] in ("%d", "%m")]
        first = Counter(fmt[:2] for fmt in clear).most_common(1)
        day_first = first[0][0] == "%d" if first else currency not in _MONTH_FIRST
        numbers = [
            column.number for column in columns if column.fits("amount") and {"amount", "cost"} & column.meanings.keys()
        ]
        signs = Counter(
            way.decimal
            for way in numbers
            if way is not None and not way.could_swap and _shows_sign(way.decimal, columns)
        )
        return Customs(day_first, signs.most_common(1)[0][0] if signs else ".")


def _conditions(rule: FileRule) -> tuple[Condition, ...]:
    of_cells = tuple(one for table in rule.tables for cell in table.cells for one in cell.when)
    return rule.skip_when + of_cells + tuple(one for table in rule.tables for one in table.when)


def _shows_sign(sign: str, columns: Sequence[Column]) -> bool:
    return any(sign in value for column in columns for value in column.values[:50])


def pattern_of(file_name: str) -> str:
    """A pattern for the files of the same export: runs of digits may differ the next time.

    >>> pattern_of("hubspot-contacts-2026-03-12.csv")
    'hubspot-contacts-*.csv'
    """
    name = PurePath(file_name).name
    escaped = re.sub(r"([\[*?])", r"[\1]", name)
    return re.sub(r"\d[\d\-_. :T]*\d|\d+", "*", escaped) if re.search(r"\D{3,}", name) else escaped


def _other(decimal: str) -> str:
    return "." if decimal == "," else ","
