"""The words of a mapping, as values: what each file is, which tables its rows fill, and how each cell is read.

``parsing`` makes these from TOML, ``writing`` turns them into TOML again. ``docs/mapping.md`` explains them to people.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from punte.records.columns import Table
from punte.records.tables import CANONICAL

OPERATORS = ("is", "is_not", "contains", "starts_with", "ends_with", "matches", "filled")
OTHERWISE = ("keep", "empty", "quarantine")
MODES = ("delta", "full")
ANY = "any"
STAGED = {"stage_event": "stage", "opportunity_event": "value"}
"""Tables that ``stages`` can fill, with the field that takes the stage's name."""

ALIASES = {"record_deletion": {"of": "table"}}
"""Words for fields whose own name means something else in a mapping."""

_MADE_BY_PUNTE = {"person_identifier"}
MAPPABLE: dict[str, Table] = {
    name: table for name, table in CANONICAL.items() if table.has_lineage and name not in _MADE_BY_PUNTE
}
"""The tables that a mapping may fill; the others are made from what it says."""


@dataclass(frozen=True)
class Question:
    """One question about one cell of a row; texts are compared without regard to case and outer spaces."""

    header: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Condition:
    """Questions that must all hold."""

    questions: tuple[Question, ...]


@dataclass(frozen=True)
class LookupSpec:
    """A value taken from another file: the first one, a sum or a count of the rows whose cells equal this row's.

    ``on`` names a header here and, of the other file, headers or templates of which the first filled one counts.
    ``by_name``: the cells are names; one that no row or several have stays in the place of the value. ``optional``: no
    such file need be there.
    """

    file: str
    kind: str
    column: str | None
    on: tuple[tuple[str, tuple[str, ...]], ...]
    missing: str | None = None
    where: tuple[Condition, ...] = ()
    by_name: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Cell:
    """How one value is read from a row: where the text comes from, what is done to it, and how it is understood."""

    headers: tuple[str, ...] = ()
    constant: str | None = None
    parts: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    joined_by: str = " "
    template: str | None = None
    matched: str | None = None
    lookup: LookupSpec | None = None
    empty: tuple[str, ...] = ()
    extract: str | None = None
    lower: bool = False
    map: tuple[tuple[str, str], ...] = ()
    otherwise: str = "keep"
    exact: bool = False
    default: str | None = None
    when: tuple[Condition, ...] = ()
    formats: tuple[str, ...] = ()
    zone: str | None = None
    precision: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    percent: bool = False
    split: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class TrafficRule:
    """Where something came from; ``declares`` keeps an all-empty origin as declared instead of unknown."""

    fields: tuple[tuple[str, Cell], ...]
    url: Cell | None = None
    declares: bool = False


@dataclass(frozen=True)
class TableRule:
    """How the rows of a file become rows of one table."""

    table: str
    id: Cell | None = None
    when: tuple[Condition, ...] = ()
    fields: tuple[tuple[str, Cell], ...] = ()
    traffic: TrafficRule | None = None
    stages: tuple[tuple[str, Cell], ...] = ()

    @property
    def split(self) -> tuple[str, str] | None:
        """The header whose cell holds several values, and the sign between them; None when no cell is split."""
        for cell in self.cells:
            if cell.split is not None:
                return (cell.headers or cell.parts)[0], cell.split
        return None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell of the rule, the id first."""
        own = (self.id,) if self.id else ()
        traffic = tuple(cell for _, cell in self.traffic.fields) if self.traffic else ()
        url = (self.traffic.url,) if self.traffic and self.traffic.url else ()
        fields = tuple(cell for _, cell in self.fields)
        return own + fields + traffic + url + tuple(cell for _, cell in self.stages)


@dataclass(frozen=True)
class Writing:
    """How a file writes what it says: its zone, currency, numbers, dates and empty cells."""

    zone: str = "UTC"
    currency: str | None = None
    decimal: str = "."
    thousands: str = ","
    dates: tuple[str, ...] = ("iso",)
    empty: tuple[str, ...] = ("",)


@dataclass(frozen=True)
class OwnWriting:
    """What one file writes otherwise than the mapping says for all; None or nothing: as the mapping says."""

    zone: str | None = None
    currency: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    dates: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileRule:
    """One kind of file: how it is known, how its rows are told apart, and which tables they fill."""

    name: str
    about: str = ""
    match: tuple[str, ...] = ()
    headers: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    also_called: tuple[tuple[str, tuple[str, ...]], ...] = ()
    source: str | None = None
    mode: str = "delta"
    key: tuple[str, ...] = ()
    updated_at: Cell | None = None
    skip_when: tuple[Condition, ...] = ()
    personal: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    keep: str = "all"
    may_lack: tuple[str, ...] = ()
    own: OwnWriting = OwnWriting()
    tables: tuple[TableRule, ...] = ()

    @property
    def lacks_anything(self) -> bool:
        """Whether any column may be absent and then counts as empty."""
        return ANY in self.may_lack


@dataclass(frozen=True)
class Remark:
    """A note for the reader of the mapping beside one place in it: a field, else a table, else a file.

    ``nth`` counts the tables of that name in the file, from 0.
    """

    text: str
    file: str = ""
    table: str = ""
    field: str = ""
    nth: int = 0


@dataclass(frozen=True)
class Mapping:
    """What every file of one import means."""

    source: str
    writing: Writing = Writing()
    files: tuple[FileRule, ...] = ()
    remarks: tuple[Remark, ...] = field(default=(), compare=False)
    sketches: tuple[str, ...] = field(default=(), compare=False)

    @property
    def zone(self) -> str:
        """The local zone in which days are counted."""
        return self.writing.zone

    @property
    def currency(self) -> str | None:
        """Currency of amounts whose file names none; ISO 4217."""
        return self.writing.currency

    def source_of(self, rule: FileRule) -> str:
        """The name of the source that the rows of a file come from."""
        return rule.source or self.source

    def writing_of(self, rule: FileRule) -> Writing:
        """How that file writes: its own words where it has any, else the mapping's."""
        own, base = rule.own, self.writing
        thousands = other_sign(own.decimal) if own.decimal else base.thousands
        return Writing(
            zone=own.zone or base.zone,
            currency=own.currency or base.currency,
            decimal=own.decimal or base.decimal,
            thousands=own.thousands or thousands,
            dates=own.dates or base.dates,
            empty=own.empty or base.empty,
        )


def other_sign(decimal: str) -> str:
    """The sign between thousands that goes with a decimal sign."""
    return "." if decimal == "," else ","


def literal(text: str) -> str | None:
    """The constant that a text in single quotes stands for; None when it is a header."""
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == "'" else None
