"""The checks that every row passes before it may be counted on.

Each row is *good*, *repaired* (kept; something in it was mended, emptied or is worth telling) or *quarantined* (left
out of the tables, kept with its reason). The three counts add up to the rows that came in. Whoever reads the cells
hands in what it found (a number that cannot be read); a finding on a required field puts the row in quarantine, any
other empties the cell and keeps the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.records.columns import Field, Kind, Table
from punte.records.tables.lineage import ROW_PROBLEM

REASONS = {
    "id_empty": "The row has no id in its source, so that it could never be found again.",
    "required_empty": "A field without which the row says nothing is empty.",
    "not_one_of": "The value is none of those that the field may have.",
    "bad_number": "The cell is not a number in the declared way of writing numbers.",
    "bad_moment": "The cell is not a date or time in the declared format.",
    "zero_moment": "The date is made of zeros, which stands for none.",
    "bad_flag": "The cell is neither a yes nor a no.",
    "bad_currency": "The cell names no currency.",
    "unknown_value": "The mapping has no word for this value.",
    "rounded": "The amount has more decimals than its currency; it was rounded half to even.",
    "ambiguous_hour": "The clock showed this hour twice that night; the first was taken.",
    "missing_hour": "The clock jumped over this hour that night; it was shifted on by as much.",
    "moment_out_of_range": "The moment lies before 1970 or after 2099.",
    "ambiguous_name": "Several records have this name, so that none of them is meant surely.",
    "share_out_of_range": "A share lies between 0 and 1.",
    "negative_count": "A count cannot be below 0.",
    "currency_missing": "An amount without a currency cannot be counted.",
    "closed_before_created": "It closed before it began; both moments are kept.",
    "incomplete_sum": "A part of the sum cannot be read, so that the sum is not known.",
}
"""Every reason code with what it means."""

KEEPING = frozenset({"rounded", "ambiguous_hour", "missing_hour", "closed_before_created", "ambiguous_name"})
"""Reasons that never put a row in quarantine, even on a required field: its value is there."""

QUARANTINING = frozenset({"id_empty", "unknown_value"})
"""Reasons that put a row in quarantine on any field."""

_FIRST_AT = np.datetime64("1970-01-01", "us")
_END_AT = np.datetime64("2100-01-01", "us")
_ENDS_AFTER = (("created", "closed"), ("opened", "closed"), ("started", "ended"), ("from", "to"))
_SHARES = frozenset({"probability"})


@dataclass(frozen=True)
class Finding:
    """One thing found wrong with some rows: their positions, and the sentence for each."""

    field: str
    reason: str
    rows: np.ndarray
    sentences: pa.Array
    header: str | None = None


@dataclass(frozen=True)
class Checked:
    """The rows that may be counted on, what was found, and the counts: n_rows = n_good + n_repaired + n_quarantined."""

    table: Table
    rows: pa.Table
    row_numbers: pa.Array
    findings: tuple[Finding, ...]
    is_quarantined: np.ndarray
    n_good: int
    n_repaired: int
    n_quarantined: int

    @property
    def n_rows(self) -> int:
        """How many rows came in."""
        return self.n_good + self.n_repaired + self.n_quarantined


def check(table: Table, rows: pa.Table, found: Iterable[Finding] = ()) -> Checked:
    """Sort the rows of a source into good, repaired and quarantined.

    *Grain*: in and out, one row of ``table`` in its ``whole_schema``; quarantined rows are left out, repaired cells are
    null or mended. ``found`` is what reading the cells brought to light, by position in ``rows``.
    """
    sieve = _Sieve(table, rows, list(found))
    sieve.ids()
    for field in table.fields:
        sieve.field(field)
    sieve.money()
    sieve.order()
    sieve.required()
    return sieve.result()


def problem_rows(checked: Checked, *, from_source: str, load_id: str, file: str) -> pa.Table:
    """What was found, in the schema of table ``row_problem``; one row per finding and row."""
    parts = [_problems(checked, finding, from_source, load_id, file) for finding in checked.findings]
    return pa.concat_tables([ROW_PROBLEM.whole_schema.empty_table(), *parts])


def _problems(checked: Checked, finding: Finding, from_source: str, load_id: str, file: str) -> pa.Table:
    n = len(finding.rows)
    quarantined = pa.array(checked.is_quarantined[finding.rows])
    columns = {
        "from_source": pa.repeat(from_source, n),
        "load_id": pa.repeat(load_id, n),
        "file": pa.repeat(file, n),
        "row_number": checked.row_numbers.take(pa.array(finding.rows)),
        "table": pa.repeat(checked.table.name, n),
        "column": pa.repeat(pa.scalar(finding.header, pa.string()), n),
        "outcome": pc.if_else(quarantined, "quarantined", "repaired"),
        "reason": pa.repeat(finding.reason, n),
        "sentence": finding.sentences,
    }
    return pa.table(columns, schema=ROW_PROBLEM.whole_schema)


class _Sieve:
    """One pass over the rows of one table; columns are replaced as cells are emptied."""

    def __init__(self, table: Table, rows: pa.Table, findings: list[Finding]) -> None:
        self.table = table
        self.n = rows.num_rows
        self.columns = {name: _whole(rows.column(name)) for name in rows.column_names}
        self.findings = findings
        self.given = list(findings)

    def ids(self) -> None:
        if self.table.has_lineage:
            empty = _nulls(self.columns["record_id"]) | _nulls(self.columns["source_id"])
            self._find("id", "id_empty", empty, "The row has no id.")

    def field(self, field: Field) -> None:
        if field.kind is Kind.ONE_OF:
            self._one_of(field)
        elif field.kind in (Kind.MOMENT, Kind.DAY):
            self._moment(field)
        elif field.kind is Kind.COUNT:
            self._count(field)
        elif field.kind is Kind.NUMBER and field.name in _SHARES:
            self._share(field)

    def _one_of(self, field: Field) -> None:
        values = self.columns[field.name]
        allowed = pa.array(field.values, pa.string())
        wrong = ~_nulls(values) & ~_mask(pc.is_in(values, value_set=allowed))
        names = ", ".join(field.values)
        if wrong.any():
            said = pc.binary_join_element_wise("'", values.filter(pa.array(wrong)), f"' is none of {names}.", "")
            self._find(field.name, "not_one_of", wrong, said)
            self._empty(wrong, field.name)

    def _moment(self, field: Field) -> None:
        first = field.columns()[0].name
        values = self.columns[first].cast(pa.timestamp("us"))
        moments = np.asarray(values.cast(pa.int64()).fill_null(0)).view("datetime64[us]")
        outside = ~_nulls(values) & ((moments < _FIRST_AT) | (moments >= _END_AT))
        if outside.any():
            said = pc.binary_join_element_wise(
                values.filter(pa.array(outside)).cast(pa.string()), " lies before 1970 or after 2099.", ""
            )
            self._find(field.name, "moment_out_of_range", outside, said)
            self._empty(outside, *(column.name for column in field.columns()))

    def _count(self, field: Field) -> None:
        below = _mask(pc.less(self.columns[field.name], 0))
        self._find(field.name, "negative_count", below, f"{field.name} is below 0.")
        self._empty(below, field.name)

    def _share(self, field: Field) -> None:
        values = np.asarray(self.columns[field.name].fill_null(0.0))
        outside = ~((values >= 0) & (values <= 1))
        self._find(field.name, "share_out_of_range", outside, f"{field.name} is not between 0 and 1.")
        self._empty(outside, field.name)

    def money(self) -> None:
        amounts = [field.name for field in self.table.fields if field.kind is Kind.MONEY]
        if not amounts:
            return
        some = np.logical_or.reduce([~_nulls(self.columns[name]) for name in amounts])
        missing = some & _nulls(self.columns["currency"]) & ~self._found_on("currency")
        self._find("currency", "currency_missing", missing, "The amount has no currency.")
        if missing.any() or self._found_on("currency").any():
            self._empty(_nulls(self.columns["currency"]), *amounts)

    def order(self) -> None:
        names = {field.name for field in self.table.fields if field.kind is Kind.MOMENT}
        for first, last in _ENDS_AFTER:
            if {first, last} <= names:
                self._find(last, "closed_before_created", self._is_before(last, first), f"{last} is before {first}.")

    def _is_before(self, last: str, first: str) -> np.ndarray:
        by_day = pc.or_kleene(
            pc.equal(self.columns[f"{first}_precision"], "day"), pc.equal(self.columns[f"{last}_precision"], "day")
        )
        on = pc.less(self.columns[f"{last}_on"], self.columns[f"{first}_on"])
        at = pc.less(self.columns[f"{last}_at"], self.columns[f"{first}_at"])
        return _mask(pc.if_else(pc.fill_null(by_day, False), on, at))

    def required(self) -> None:
        for field in self.table.fields:
            if field.required:
                empty = _nulls(self.columns[field.columns()[0].name]) & ~self._found_on(field.name)
                self._find(field.name, "required_empty", empty, f"{field.name} is empty.")

    def result(self) -> Checked:
        fatal = {field.name for field in self.table.fields if field.required}
        quarantined = np.zeros(self.n, bool)
        touched = np.zeros(self.n, bool)
        for finding in self.findings:
            touched[finding.rows] = True
            if finding.reason in QUARANTINING or (finding.field in fatal and finding.reason not in KEEPING):
                quarantined[finding.rows] = True
        kept = pa.table(self.columns, schema=self.table.whole_schema)
        numbers = self.columns.get("row_number", pa.nulls(self.n, pa.int64()))
        n_quarantined, n_touched = int(quarantined.sum()), int((touched & ~quarantined).sum())
        return Checked(
            self.table,
            kept.filter(pa.array(~quarantined)) if n_quarantined else kept,
            numbers,
            tuple(self.findings),
            quarantined,
            self.n - n_quarantined - n_touched,
            n_touched,
            n_quarantined,
        )

    def _find(self, field: str, reason: str, mask: np.ndarray, said: str | pa.Array) -> None:
        rows = np.flatnonzero(mask)
        if len(rows):
            sentences = pa.repeat(said, len(rows)) if isinstance(said, str) else said
            self.findings.append(Finding(field, reason, rows, sentences))

    def _found_on(self, field: str) -> np.ndarray:
        mask = np.zeros(self.n, bool)
        for finding in self.findings:
            if finding.field == field:
                mask[finding.rows] = True
        return mask

    def _empty(self, mask: np.ndarray, *names: str) -> None:
        if mask.any():
            for name in names:
                column = self.columns[name]
                self.columns[name] = pc.if_else(pa.array(~mask), column, pa.scalar(None, column.type))


def summary(checked: Sequence[Checked]) -> dict[str, dict[str, int]]:
    """Per table: rows that came in, and how many of them are good, repaired and quarantined."""
    counts: dict[str, dict[str, int]] = {}
    for one in checked:
        row = counts.setdefault(one.table.name, {"rows": 0, "good": 0, "repaired": 0, "quarantined": 0})
        row["rows"] += one.n_rows
        row["good"] += one.n_good
        row["repaired"] += one.n_repaired
        row["quarantined"] += one.n_quarantined
    return counts


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _nulls(values: pa.Array) -> np.ndarray:
    return np.asarray(values.is_null())


def _mask(values: pa.Array) -> np.ndarray:
    return np.asarray(pc.fill_null(values, False))
