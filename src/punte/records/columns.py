"""How a table is declared: fields, the columns they become, and what a null in each means.

A table is declared once, as a tuple of *fields* in the words of a mapping (``occurred``, ``person``, ``amount``). From
the declaration follow the physical columns, their Arrow types, the checks, the documents and the SQL types.

    field kind   example      columns it becomes
    ref          person       person_record_id  (the record_id of a row of another table)
    moment       occurred     occurred_at, occurred_on, occurred_precision
    money        amount       amount            (whole minor units; the table's one ``currency`` column goes with it)
    traffic      traffic      traffic_id        (one id for channel, source, medium, campaign ... ; see table traffic)
    instant      opened_at    opened_at         (one moment without its day; in derived tables)
    others       country      country
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa


class Kind(StrEnum):
    """What a field holds; decides its columns, types, checks and how a cell of text is read."""

    ID = "id"
    REF = "ref"
    TEXT = "text"
    ONE_OF = "one_of"
    MOMENT = "moment"
    INSTANT = "instant"
    DAY = "day"
    MONEY = "money"
    CURRENCY = "currency"
    COUNT = "count"
    NUMBER = "number"
    RATE = "rate"
    FLAG = "flag"
    TRAFFIC = "traffic"


ARROW = {
    Kind.ID: pa.string(),
    Kind.REF: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.ONE_OF: pa.string(),
    Kind.INSTANT: pa.timestamp("us"),
    Kind.DAY: pa.date32(),
    Kind.MONEY: pa.int64(),
    Kind.CURRENCY: pa.string(),
    Kind.COUNT: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.RATE: pa.int64(),
    Kind.FLAG: pa.bool_(),
    Kind.TRAFFIC: pa.string(),
}
MOMENT_TYPE = pa.timestamp("us")
SQL = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us"): "TIMESTAMP",
}


@dataclass(frozen=True)
class Column:
    """One physical column: its Arrow type, its unit, and what null means."""

    name: str
    arrow: pa.DataType
    about: str
    null: str
    personal: bool = False
    references: str = ""

    @property
    def sql(self) -> str:
        """The SQL type, the same on DuckDB and Spark."""
        return SQL[self.arrow]


@dataclass(frozen=True)
class Field:
    """One field of a table as a mapping names it.

    ``null`` says what an empty value means; ``required`` fields send their row to quarantine when empty.
    """

    name: str
    kind: Kind
    about: str
    null: str = "not known"
    required: bool = False
    personal: bool = False
    references: str = ""
    values: tuple[str, ...] = ()

    def columns(self) -> tuple[Column, ...]:
        """The physical columns of this field, in order."""
        if self.kind is Kind.REF:
            name, about = f"{self.name}_record_id", f"{self.about} (record_id of {self.references})"
            return (Column(name, pa.string(), about, self.null, self.personal, self.references),)
        if self.kind is Kind.TRAFFIC:
            return (Column("traffic_id", pa.string(), self.about, self.null, False, "traffic"),)
        if self.kind is Kind.MOMENT:
            return self._moment_columns()
        about = self.about
        if self.values:
            about += ": " + ", ".join(self.values)
        return (Column(self.name, ARROW[self.kind], about, self.null, self.personal),)

    def _moment_columns(self) -> tuple[Column, ...]:
        day = f"{self.about}: the local day in the source's zone"
        precision = "second, or day where the source gave a date without a time (then _at is local midnight)"
        return (
            Column(f"{self.name}_at", MOMENT_TYPE, f"{self.about} (UTC)", self.null),
            Column(f"{self.name}_on", pa.date32(), day, self.null),
            Column(f"{self.name}_precision", pa.string(), precision, self.null),
        )


@dataclass(frozen=True)
class Table:
    """A table: one row per ``grain``; ``key`` makes a row unique; ``fields`` in declared order."""

    name: str
    grain: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ("record_id",)
    has_lineage: bool = True

    def field(self, name: str) -> Field:
        """The field with that name; KeyError when the table has none."""
        return {field.name: field for field in self.fields}[name]

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every physical column, lineage first, personal ones included."""
        own = tuple(column for field in self.fields for column in field.columns())
        return (LINEAGE + own) if self.has_lineage else own

    @property
    def public_columns(self) -> tuple[Column, ...]:
        """The columns of the table's main file: all that are not personal."""
        return tuple(column for column in self.columns if not column.personal)

    @property
    def private_columns(self) -> tuple[Column, ...]:
        """The columns of the table's ``_private`` file: ``record_id`` and the personal ones; empty when none are."""
        personal = tuple(column for column in self.columns if column.personal)
        return (self.columns[0], *personal) if personal else ()

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema of the main file."""
        return pa.schema([(column.name, column.arrow) for column in self.public_columns])

    @property
    def private_schema(self) -> pa.Schema:
        """Arrow schema of the ``_private`` file."""
        return pa.schema([(column.name, column.arrow) for column in self.private_columns])

    @property
    def whole_schema(self) -> pa.Schema:
        """Arrow schema of a row as it leaves a source, personal columns included."""
        return pa.schema([(column.name, column.arrow) for column in self.columns])


LINEAGE = (
    Column(
        "record_id",
        pa.string(),
        "Id of the row, stable over imports (keyed hash of source, table, source id)",
        "never",
    ),
    Column("from_source", pa.string(), "Name of the source that the row came from", "never"),
    Column("source_id", pa.string(), "The row's id in its source", "never"),
    Column("load_id", pa.string(), "The import that brought the row", "never"),
    Column("row_number", pa.int64(), "Row of the file, counted as the file's readers count it", "never"),
    Column("recorded_at", MOMENT_TYPE, "When punte first knew this row (UTC)", "never"),
    Column("updated_at", MOMENT_TYPE, "When the source says it last changed (UTC)", "the source does not say"),
)
