"""The rule for one file while it is being guessed: tables and cells with a remark beside each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from punte.sources.files.mapping.language import (
    MAPPABLE,
    Cell,
    Condition,
    FileRule,
    Question,
    Remark,
    TableRule,
    TrafficRule,
)
from punte.sources.files.mapping.numbers import currency_code
from punte.sources.files.presets.profiles import Sheet
from punte.sources.files.presets.ways import DateWay

_EXAMPLES = 3
CELLS_OF_TRAFFIC = (
    "channel",
    "source",
    "medium",
    "campaign",
    "term",
    "content",
    "landing_page",
    "referrer",
    "form",
    "offer",
)


@dataclass(frozen=True)
class Customs:
    """How the files of one import write what could be read in two ways."""

    day_first: bool = True
    decimal: str = "."


@dataclass
class Draft:
    """What is guessed about one file so far."""

    sheet: Sheet
    name: str
    customs: Customs
    tables: list[TableRule] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def table(
        self,
        name: str,
        identity: Cell | None,
        cells: Mapping[str, Cell | None],
        *,
        when: tuple[Condition, ...] = (),
        traffic: TrafficRule | None = None,
        said: str = "",
    ) -> None:
        """Add a table; cells that are None are left out."""
        order = [one.name for one in MAPPABLE[name].fields]
        fields = tuple((one, cell) for one in order if (cell := cells.get(one)) is not None)
        if said:
            self.remark(said, name)
        self.tables.append(TableRule(name, identity, when, fields, traffic))

    def remark(self, text: str, table: str = "", field_name: str = "") -> None:
        """A note beside a place in the table of that name which comes next."""
        nth = sum(one.table == table for one in self.tables)
        self.remarks.append(Remark(text, self.name, table, field_name, nth))

    def text(self, *concepts: str) -> Cell | None:
        """The cells of the first of these meanings that a column has."""
        header = self.sheet.of(*concepts)
        return self.of(header) if header else None

    def of(self, header: str) -> Cell:
        """The cells of one column."""
        return Cell(headers=(header,))

    def words(self, header: str, known: Mapping[str, str], *, others: str = "") -> Cell | None:
        """The values of a column that are among the known words; the others become ``others``. None where none is."""
        found = {value: known[value.lower()] for value in self.sheet.column(header).values if value.lower() in known}
        otherwise = f"'{others}'" if others else "empty"
        return Cell(headers=(header,), map=tuple(found.items()), otherwise=otherwise) if found else None

    def moment(self, table: str, field_name: str, *concepts: str) -> Cell | None:
        """The moments of the first of these meanings, with the formats that its sample values are written in."""
        header = self.sheet.of(*concepts)
        way = self.sheet.column(header).date if header else None
        if header is None or way is None:
            return None
        self.remark(_said_of_dates(way, self.customs), table, field_name)
        fmts = chosen_formats(way, self.customs)
        return Cell(headers=(header,), formats=() if fmts == ("iso",) else fmts)

    def first_moment(self, table: str, field_name: str, *concepts: str) -> Cell | None:
        """The moments of every column that has one of these meanings, in this order: the first filled one counts."""
        found = [(header, way) for one in concepts if (header := self.sheet.of(one)) and (way := self.way(header))]
        for header, way in found:
            named = f"'{header}': " if len(found) > 1 else ""
            self.remark(named + _said_of_dates(way, self.customs), table, field_name)
        formats = tuple(dict.fromkeys(fmt for _, way in found for fmt in chosen_formats(way, self.customs) or ("iso",)))
        headers = tuple(header for header, _ in found)
        return Cell(headers=headers, formats=() if formats == ("iso",) else formats) if found else None

    def way(self, header: str) -> DateWay | None:
        """How a column writes dates; None when it holds none."""
        return self.sheet.column(header).date

    def money(self, table: str, field_name: str, *concepts: str) -> Cell | None:
        """The amounts of the first of these meanings."""
        header = self.sheet.of(*concepts)
        way = self.sheet.column(header).number if header else None
        if header is None or way is None:
            return None
        decimal = way.decimal_of_money or self.customs.decimal
        if way.could_swap:
            self.remark(f"could be read with '.' or ',' before the decimals; '{decimal}' was taken", table, field_name)
        return Cell(headers=(header,), decimal=None if decimal == self.customs.decimal else decimal)

    def currency(self, *concepts: str) -> Cell | None:
        """The column of currencies, else the one that the header of the amounts names: ``Valoare (lei)``."""
        found = self.text("currency")
        header = self.sheet.of(*concepts)
        code = currency_in(header) if header and found is None else None
        return constant(code) if code else found

    def traffic(self, *, url: bool = True) -> TrafficRule | None:
        """Where things came from, as far as columns say so."""
        fields = tuple((name, cell) for name in CELLS_OF_TRAFFIC if (cell := self.text(name)) is not None)
        address = self.text("url") if url else None
        return TrafficRule(fields, address) if fields or address else None

    def rule(self, match: Sequence[str], *, keeps_all: bool) -> FileRule:
        """The finished rule; ``keeps_all``: columns that nothing maps become attributes."""
        identity = next((cell for table in self.tables if (cell := table.id) is not None), None)
        key = identity.headers if identity is not None and len(identity.headers) == 1 and not identity.lower else ()
        return FileRule(
            self.name,
            match=tuple(match),
            key=key,
            skip_when=self._totals(),
            personal=tuple(name for name, one in self.sheet.columns.items() if one.holds_e_mail),
            keep="all" if keeps_all else "none",
            tables=tuple(self.tables),
        )

    def _totals(self) -> tuple[Condition, ...]:
        """The last row where it is called the total of the others: it is no record."""
        if self.sheet.total is None:
            return ()
        header, value = self.sheet.total
        self.remarks.append(
            Remark(f"The last row is called '{value}' and left out, as the sum of the others.", self.name)
        )
        return equals(header, (value,))


def free_name(file_name: str, taken: set[str]) -> str:
    """A name for the rule of a file that no other rule has; it is taken from then on."""
    stem = PurePath(file_name).stem.lower()
    name = " ".join(re.findall(r"[^\W\d_]+", stem)) or stem
    while name in taken:
        name += " again"
    taken.add(name)
    return name


def currency_in(header: str) -> str | None:
    """The currency that a header names in brackets, by its code in capitals or by a word that means nothing else.

    >>> currency_in("Valoare (lei)"), currency_in("Amount EUR"), currency_in("all amounts")
    ('RON', 'EUR', None)
    """
    bracketed = re.findall(r"[(\[]([^)\]]+)[)\]]", header)
    capitals = [] if header.isupper() else re.findall(r"\b[A-Z]{3}\b", header)
    words = re.findall(r"\b(?:lei|ron|euro?)\b", header, re.IGNORECASE)
    return next((code for word in (*bracketed, *capitals, *words) if (code := currency_code(word))), None)


def constant(text: str) -> Cell:
    """The same text in every row."""
    return Cell(constant=text)


def equals(header: str, values: Iterable[str]) -> tuple[Condition, ...]:
    """The rows whose cell is one of these values."""
    return (Condition((Question(header, "is", tuple(values)),)),)


def filled(header: str) -> tuple[Condition, ...]:
    """The rows whose cell is not empty."""
    return (Condition((Question(header, "filled", ("true",)),)),)


def quoted(values: Iterable[str]) -> str:
    """Some values, for a remark."""
    listed = list(values)
    shown = ", ".join(f"'{value}'" for value in listed[:_EXAMPLES])
    return shown if len(listed) <= _EXAMPLES else f"{shown} and {len(listed) - _EXAMPLES} more"


def chosen_formats(way: DateWay, customs: Customs) -> tuple[str, ...]:
    """The formats of a column; where day and month could be swapped, those that the other columns speak for."""
    return way.formats if not way.could_swap else tuple(_turned(fmt, customs.day_first) for fmt in way.formats)


def _turned(fmt: str, day_first: bool) -> str:
    for sign in "/-":
        pair = (f"%d{sign}%m", f"%m{sign}%d")
        wanted, other = pair if day_first else pair[::-1]
        if fmt.startswith(other):
            return fmt.replace(other, wanted, 1)
    return fmt


def _said_of_dates(way: DateWay, customs: Customs) -> str:
    counted = f"{way.n_read} of {way.n_values} values fit"
    if way.could_swap:
        taken = "the day" if customs.day_first else "the month"
        return f"{counted}; no day is above 12, so day and month could be swapped: {taken} was taken first"
    return counted
