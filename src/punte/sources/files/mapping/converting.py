"""From the rows of a file to canonical records: the one entry is ``convert``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.records import ids
from punte.records.checks import Checked, check, problem_rows, summary
from punte.records.columns import Kind, Table
from punte.records.tables import TABLES
from punte.sources.files.mapping import attributes
from punte.sources.files.mapping.cells import Reading, headers_of, part_of, texts_of, values_of
from punte.sources.files.mapping.identifiers import identifier_rows
from punte.sources.files.mapping.joining import joined
from punte.sources.files.mapping.kinds import Recipe, empty_columns
from punte.sources.files.mapping.language import STAGED, Cell, Condition, FileRule, Mapping, TableRule
from punte.sources.files.mapping.lookups import Lookup
from punte.sources.files.mapping.mistakes import Place, mistake
from punte.sources.files.mapping.numbers import currencies_beside
from punte.sources.files.mapping.privacy import personal_headers
from punte.sources.files.mapping.questions import holds
from punte.sources.files.mapping.rows import Rows
from punte.sources.files.mapping.traffic import read_traffic

ALWAYS_WITH_TRAFFIC = frozenset({"touchpoint", "spend"})


@dataclass(frozen=True)
class Converted:
    """What a batch became.

    ``tables``: usable rows by table name, each in its ``whole_schema``. ``problems``: rows of ``row_problem``.
    ``counts``: per table, rows = good + repaired + quarantined. ``n_rows`` came in, of which ``n_skipped`` were left
    out because the mapping says so.
    """

    tables: dict[str, pa.Table]
    problems: pa.Table
    counts: dict[str, dict[str, int]]
    n_rows: int
    n_skipped: int


def convert(
    batch: pa.RecordBatch,
    *,
    rule: FileRule,
    mapping: Mapping,
    key: bytes,
    lookups: Sequence[Lookup] = (),
    load_id: str,
    recorded_at: datetime,
    file: str | None = None,
) -> Converted:
    """Turn one batch of a file into canonical records.

    *Grain*: in, one row of the file, ``row_number`` (int64) first, cells as strings or in native types; out, the
    records that the rule makes of it. ``key`` is the home's; ``recorded_at`` is naive UTC; ``file`` names the file in
    problems. Raises UnknownMapping where the rule names a column that the file does not have.
    """
    return _Conversion(batch, rule, mapping, key, lookups, load_id, recorded_at, file or rule.name).run()


class _Conversion:
    def __init__(
        self,
        batch: pa.RecordBatch,
        rule: FileRule,
        mapping: Mapping,
        key: bytes,
        lookups: Sequence[Lookup],
        load_id: str,
        recorded_at: datetime,
        file: str,
    ) -> None:
        self.batch, self.rule, self.mapping, self.key, self.lookups = batch, rule, mapping, key, lookups
        self.load_id, self.recorded_at, self.file = load_id, recorded_at, file
        self.source = mapping.source_of(rule)
        self.writing = mapping.writing_of(rule)
        self.personal = frozenset(personal_headers(rule, batch.schema.names))
        self.place = Place(file=rule.name)
        self.parts: dict[str, list[pa.Table]] = {}
        self.checked: list[Checked] = []

    def run(self) -> Converted:
        everything = Rows(self.batch, self.rule, self.writing.empty)
        rows = everything
        if self.rule.skip_when:
            rows = rows.select(~self._holds(self.rule.skip_when, rows, self.place))
        for number, table_rule in enumerate(self.rule.tables):
            self._table(table_rule, rows, is_first=number == 0)
        return Converted(
            tables={name: _merged(name, parts) for name, parts in self.parts.items()},
            problems=self._problems(),
            counts=summary(self.checked),
            n_rows=everything.n,
            n_skipped=everything.n - rows.n,
        )

    def _table(self, rule: TableRule, rows: Rows, *, is_first: bool) -> None:
        place = self.place.at(table=rule.table)
        if rule.when:
            rows = rows.select(self._holds(rule.when, rows, place))
        if rule.split is not None:
            rows = rows.split(*rule.split, place)
        if rule.stages:
            for stage, moment in rule.stages:
                filled = np.asarray(texts_of(moment, self._reading(rows, rule), "stages").is_valid())
                self._records(rule, rows.select(filled), is_first=False, stage=(stage, moment))
        else:
            self._records(rule, rows, is_first=is_first)

    def _records(self, rule: TableRule, rows: Rows, *, is_first: bool, stage: tuple[str, Cell] | None = None) -> None:
        table = TABLES[rule.table]
        reading = self._reading(rows, rule)
        columns = self._lineage(rule, reading, stage)
        cells = dict(rule.fields)
        if stage is not None:
            columns.update(_of_stage(table, stage[0], rows.n))
            cells["occurred"] = stage[1]
        columns.update(self._fields(table, cells, reading))
        if rule.traffic is not None:
            always = rule.table in ALWAYS_WITH_TRAFFIC
            columns["traffic_id"], combinations = read_traffic(rule.traffic, reading, always=always)
            self.parts.setdefault("traffic", []).append(combinations)
        for field in table.fields:
            if field.columns()[0].name not in columns:
                columns.update(empty_columns(field, rows.n))
        if rule.table == "opportunity":
            columns.update(_forecast_of_open_deals(columns, has_forecast="expected_close" in cells))
        records = pa.table([columns[name] for name in table.whole_schema.names], schema=table.whole_schema)
        self._keep(check(table, records, reading.findings), rows, is_first=is_first)

    def _keep(self, checked: Checked, rows: Rows, *, is_first: bool) -> None:
        name = checked.table.name
        self.checked.append(checked)
        self.parts.setdefault(name, []).append(checked.rows)
        if name == "person":
            identifiers = identifier_rows(checked.rows, self.key, self.source)
            self.parts.setdefault("person_identifier", []).append(identifiers)
        if is_first:
            kept = rows.select(~checked.is_quarantined)
            made = attributes.attribute_rows(kept, checked.rows.column("record_id"), name, self.rule, self.personal)
            self.parts.setdefault("attribute", []).append(made)

    def _fields(self, table: Table, cells: dict[str, Cell], reading: Reading) -> dict[str, pa.Array]:
        recipe = Recipe(self.key, self.source, self.mapping.zone, reading)
        columns: dict[str, pa.Array] = {}
        money = [field for field in table.fields if field.kind is Kind.MONEY and field.name in cells]
        if money:
            columns["currency"] = recipe.currencies = self._currencies(table, cells, recipe)
        for field in table.fields:
            if field.name in cells and field.name not in columns:
                columns.update(recipe.columns(field, cells[field.name]))
        if money and "currency" not in cells:
            columns["currency"] = _where_any(columns["currency"], [columns[field.name] for field in money])
        return columns

    def _currencies(self, table: Table, cells: dict[str, Cell], recipe: Recipe) -> pa.Array:
        """The currency of each row: as mapped; where that is empty, the one beside the amount; else the file's."""
        default = self.writing.currency
        if "currency" not in cells and default is None:
            place = recipe.reading.at("currency")
            raise mistake(place, "nothing says in what currency the amounts are", 'Write currency = "EUR" at the head.')
        others = pc.fill_null(_beside_amounts(table, cells, recipe.reading, default), default) if default else None
        if "currency" not in cells:
            return others
        mapped = recipe.columns(table.field("currency"), cells["currency"])["currency"]
        unread = np.zeros(len(mapped), bool)
        for finding in recipe.reading.findings:
            if finding.field == "currency":
                unread[finding.rows] = True
        return mapped if others is None else pc.if_else(pa.array(unread), mapped, pc.coalesce(mapped, others))

    def _lineage(self, rule: TableRule, reading: Reading, stage: tuple[str, Cell] | None) -> dict[str, pa.Array]:
        n = reading.rows.n
        source_ids, is_personal = self._source_ids(rule, reading)
        if stage is not None:
            source_ids = joined([source_ids, pa.repeat(stage[0], n)])
        shown = ids.identifier_hashes(self.key, "source_id", source_ids) if is_personal else source_ids
        updated = self._updated_at(reading) if self.rule.updated_at else pa.nulls(n, pa.timestamp("us"))
        return {
            "record_id": ids.record_ids(self.key, self.source, rule.table, source_ids),
            "from_source": pa.repeat(self.source, n),
            "source_id": shown,
            "load_id": pa.repeat(self.load_id, n),
            "row_number": reading.rows.numbers,
            "recorded_at": pa.repeat(pa.scalar(self.recorded_at, pa.timestamp("us")), n),
            "updated_at": updated,
        }

    def _source_ids(self, rule: TableRule, reading: Reading) -> tuple[pa.Array, bool]:
        """The id of each row in its source, and whether it is made of something personal (then only its hash shows)."""
        if rule.id is not None:
            return texts_of(rule.id, reading, "id"), self._holds_personal(headers_of(rule.id), reading.rows)
        lead = dict(rule.fields).get("lead") or dict(rule.fields).get("opportunity")
        if rule.stages and lead is not None:
            return texts_of(lead, reading, "id"), self._holds_personal(headers_of(lead), reading.rows)
        if self.rule.key:
            texts = [part_of(name, reading.rows, reading.at("id")) for name in self.rule.key]
            return joined(texts), self._holds_personal(self.rule.key, reading.rows)
        return reading.rows.contents(), True

    def _holds_personal(self, names: Sequence[str], rows: Rows) -> bool:
        return any(rows.headers.find(name) in self.personal for name in names)

    def _updated_at(self, reading: Reading) -> pa.Array:
        assert self.rule.updated_at is not None
        recipe = Recipe(self.key, self.source, self.mapping.zone, reading)
        moments = recipe.moments("updated_at", self.rule.updated_at)
        return moments.columns("updated")["updated_at"]

    def _reading(self, rows: Rows, rule: TableRule) -> Reading:
        return Reading(rows, self.writing, self.lookups, self.place.at(table=rule.table), self.personal)

    def _holds(self, asked: tuple[Condition, ...], rows: Rows, place: Place) -> np.ndarray:
        return holds(asked, lambda header: rows.text(header, place), rows.n)

    def _problems(self) -> pa.Table:
        parts = [
            problem_rows(one, from_source=self.source, load_id=self.load_id, file=self.file) for one in self.checked
        ]
        return pa.concat_tables([TABLES["row_problem"].whole_schema.empty_table(), *parts])


def _forecast_of_open_deals(columns: dict[str, pa.Array], *, has_forecast: bool) -> dict[str, pa.Array]:
    """The close date of an open deal is a forecast: it moves to ``expected_close``, where nothing else is."""
    is_open = pc.fill_null(pc.equal(columns["status"], "open"), False)
    closed = ("closed_at", "closed_on", "closed_precision")
    changed = {name: pc.if_else(is_open, pa.scalar(None, columns[name].type), columns[name]) for name in closed}
    if not has_forecast:
        changed["expected_close"] = pc.if_else(is_open, columns["closed_on"], None)
    return changed


def _beside_amounts(table: Table, cells: dict[str, Cell], reading: Reading, default: str | None) -> pa.Array:
    """The currency that stands beside the first amount of each row that has one beside it."""
    found = pa.nulls(reading.rows.n, pa.string())
    for field in table.fields:
        cell = cells.get(field.name) if field.kind is Kind.MONEY else None
        if cell is not None and cell.headers and not cell.map:
            values = values_of(cell, reading, field.name)
            if pa.types.is_string(values.type):
                found = pc.coalesce(found, currencies_beside(values, default))
    return found


def _of_stage(table: Table, stage: str, n: int) -> dict[str, pa.Array]:
    columns = {STAGED[table.name]: pa.repeat(stage, n)}
    if table.name == "opportunity_event":
        columns["subject"] = pa.repeat("stage", n)
    return columns


def _where_any(currency: pa.Array, amounts: list[pa.Array]) -> pa.Array:
    """The currency where at least one amount is known, else null."""
    some = np.logical_or.reduce([np.asarray(amount.is_valid()) for amount in amounts])
    return pc.if_else(pa.array(some), currency, None)


def _merged(name: str, parts: list[pa.Table]) -> pa.Table:
    whole = pa.concat_tables(parts).combine_chunks()
    if name != "traffic" or len(parts) == 1:
        return whole
    return whole.group_by(whole.column_names, use_threads=False).aggregate([]).cast(whole.schema)
