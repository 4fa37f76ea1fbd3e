"""A file as the guesser sees it: its columns with their sample values, what they look like and what they may mean."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from punte.sources.files.mapping.rows import ROW_NUMBER, as_text
from punte.sources.files.presets.lexicon import PLACEHOLDERS, meanings
from punte.sources.files.presets.ways import DateWay, NumberWay, date_way, number_way, numbered_date_way
from punte.sources.files.reading.batching import LABEL_COLUMNS, TOTAL

_E_MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.\w{2,}$")
_ADDRESS = re.compile(r"^(https?://|www\.)\S+$")
_FLAGS = frozenset("0 1 true false yes no da nu ja nein oui non si y n t f x".split())
_DATES = frozenset({"created", "closed", "won_on", "lost_on", "expected_close", "updated", "moment", "converted_on"})
_NAMES = frozenset("company full_name first_name last_name city country owner team manager channel".split())
_SURE = 0.45
_MOST = 1000


@dataclass(frozen=True)
class Sample:
    """Some rows of a file, as reading hands them over: ``row_number`` first, then the file's own columns."""

    name: str
    rows: pa.RecordBatch

    @property
    def header(self) -> list[str]:
        """The file's own headers."""
        return [name for name in self.rows.schema.names if name != ROW_NUMBER]


class Column:
    """One column of a sample."""

    def __init__(self, header: str, cells: pa.Array) -> None:
        self.header = header
        self.kind = cells.type
        texts = [(text or "").strip() for text in as_text(cells).to_pylist()]
        self.placeholders = {text for text in texts if text in PLACEHOLDERS}
        self.filled = [text for text in texts if text and text not in PLACEHOLDERS]
        self.n_rows = len(texts)
        self.counts = Counter(self.filled)

    @property
    def values(self) -> list[str]:
        """The distinct filled values, as they first appear."""
        return list(self.counts)[:_MOST]

    @property
    def is_unique(self) -> bool:
        """Filled in every row, and never twice the same."""
        return self.n_rows > 0 and len(self.counts) == self.n_rows

    @cached_property
    def meanings(self) -> dict[str, float]:
        """What the header may mean, with how surely."""
        return {one.concept: one.sureness for one in meanings(self.header) if one.sureness >= _SURE}

    @cached_property
    def date(self) -> DateWay | None:
        """How the column writes dates; None when it holds none."""
        if pa.types.is_timestamp(self.kind) or pa.types.is_date(self.kind):
            return DateWay((), len(self.values), len(self.values), could_swap=False)
        return date_way(self.values) or (self.numbered_date if _DATES & self.meanings.keys() else None)

    @property
    def numbered_date(self) -> DateWay | None:
        """How the column writes dates as numbers; to be asked only where it is known to hold dates."""
        return numbered_date_way(self.values)

    @cached_property
    def number(self) -> NumberWay | None:
        """How the column writes numbers; None when it holds none."""
        return number_way(self.values) if self.values else None

    @property
    def is_flag(self) -> bool:
        """Whether only words for yes and no occur."""
        return bool(self.values) and {value.lower() for value in self.values} <= _FLAGS

    @property
    def holds_e_mail(self) -> bool:
        """Whether most values are e-mail addresses."""
        return self._mostly(_E_MAIL)

    @property
    def holds_addresses(self) -> bool:
        """Whether most values are addresses of pages."""
        return self._mostly(_ADDRESS)

    def _mostly(self, pattern: re.Pattern[str]) -> bool:
        fitting = sum(bool(pattern.match(value)) for value in self.values)
        return bool(self.values) and fitting > 0.8 * len(self.values)

    def fits(self, concept: str) -> bool:
        """Whether the values can be what the concept asks for; an empty column can be anything."""
        if not self.values:
            return True
        if concept in _DATES:
            return self.date is not None
        if concept in ("amount", "cost", "clicks", "impressions", "employees", "probability"):
            return self.number is not None and self.date is None
        if concept == "converted":
            return self.is_flag
        if concept == "row_id":
            return self.is_unique
        if concept in _NAMES:
            return not self.is_flag
        if concept == "url":
            return self.holds_addresses or any("?" in value or value.startswith("/") for value in self.values)
        if concept == "email":
            return self.holds_e_mail or not any(self.counts)
        return True


class Sheet:
    """One file whose columns are each given at most one meaning."""

    def __init__(self, sample: Sample) -> None:
        self.name = sample.name
        self.columns = {name: Column(name, sample.rows.column(name)) for name in sample.header if name.strip()}
        self.n_rows = sample.rows.num_rows
        self.total = _total(sample.rows.slice(max(self.n_rows - 1, 0)), list(self.columns))
        self._by_concept = self._assigned()

    def of(self, *concepts: str) -> str | None:
        """The header with the first of these meanings that some column has."""
        return next((self._by_concept[concept] for concept in concepts if concept in self._by_concept), None)

    def has(self, *concepts: str) -> bool:
        """Whether some column has one of these meanings."""
        return self.of(*concepts) is not None

    def column(self, header: str) -> Column:
        """The column under a header."""
        return self.columns[header]

    @property
    def placeholders(self) -> set[str]:
        """Words that stand in cells that hold nothing."""
        return {word for column in self.columns.values() for word in column.placeholders}

    def _assigned(self) -> dict[str, str]:
        claims = [
            (-sureness, position, concept, column.header)
            for position, column in enumerate(self.columns.values())
            for concept, sureness in _claims(column).items()
        ]
        taken: dict[str, str] = {}
        for _, _, concept, header in sorted(claims):
            if concept not in taken and header not in taken.values():
                taken[concept] = header
        return taken


def _total(last: pa.RecordBatch, headers: list[str]) -> tuple[str, str] | None:
    """Which of the first cells of the last row calls it a total, and how."""
    for header in headers[:LABEL_COLUMNS] if last.num_rows else ():
        text = (as_text(last.column(header)).to_pylist()[0] or "").strip()
        if TOTAL.fullmatch(text):
            return header, text
    return None


def _claims(column: Column) -> dict[str, float]:
    claims = {concept: sureness for concept, sureness in column.meanings.items() if column.fits(concept)}
    if column.holds_e_mail:
        claims["email"] = 2.0
    if column.holds_addresses and "referrer" not in claims:
        claims["url"] = 1.5
    return claims
