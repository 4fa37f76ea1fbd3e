"""What is computed once per snapshot: clusters, values in the reporting currency, and the measures' tables in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from punte.home import resolve
from punte.home.consolidate import Work
from punte.home.parts import deal_parts, lead_parts, person_parts
from punte.home.staging import Progress
from punte.home.tables import Tables
from punte.measures import deals, journeys, lifecycle, links, touches
from punte.records import ids
from punte.records.lake import PRIVATE
from punte.records.money import OLDEST_RATE_DAYS, Rates, converted
from punte.records.tables import TABLES
from punte.records.tables.derived import JOURNEY_LEVELS
from punte.units import exponent

ENTITIES = ("person", "person_of", "account", "account_of")
STEPS = {
    "touch": "touchpoint",
    "cycle": "lead",
    "deal": "opportunity",
    "journey": "opportunity",
    "person_origin": "person",
    "touch_day": "touchpoint",
    "spend_day": "spend",
}
"""The derived tables that measures give, in the order in which each needs those before it, each with the table without
whose rows it has none either."""

BY_DOMAIN = "domain"
"""The source_id of a person_account row that was concluded from an e-mail address begins so."""


@dataclass(frozen=True)
class DeriveSettings:
    """What people chose about deriving: the reporting currency, the company's own domains, how old a rate may be."""

    reporting_currency: str
    own_domains: frozenset[str] = frozenset()
    oldest_rate_days: int = OLDEST_RATE_DAYS


@dataclass
class Derived:
    """Files of the derived tables by name, and what resolving could not use, by subject: how many of how many."""

    paths: dict[str, list[Path]] = field(default_factory=dict)
    unused: dict[str, tuple[int, int]] = field(default_factory=dict)


def derive(work: Work, tables: Tables, settings: DeriveSettings, at: datetime, progress: Progress) -> Derived:
    """Compute and write every derived table, and table person_account anew with what e-mail addresses tell.

    ``tables`` holds the canonical tables as they stand and gets those made here; the ways of open deals end ``at``
    (naive, UTC).
    """
    done = Derived()
    _resolve(work, tables, settings, done)
    pa.default_memory_pool().release_unused()
    if tables.n_rows("opportunity") or tables.n_rows("lead"):
        _add_links(work, tables)
    measures = _Measures(work, tables, settings, at)
    for number, (name, source) in enumerate(STEPS.items()):
        n_rows = tables.n_rows(source)
        parts = measures.parts(name) if n_rows else iter(())
        rows = chain.from_iterable(tables.in_order(part, name) for part in parts)
        paths = work.write(name, rows, n_rows if name == "touch" else 0)
        tables.add(paths)
        done.paths |= paths
        if name == "touch":
            _add_passing(work, tables, "first_touch", touches.first_touch(touch=tables["touch"]))
        progress("derive", number + 1, len(STEPS))
    return done


def _resolve(work: Work, tables: Tables, settings: DeriveSettings, done: Derived) -> None:
    """Write person_of, account_of, and person_account with the companies that e-mail addresses tell."""
    person_ids = tables.arrow("person").column("record_id").combine_chunks()
    persons = resolve.persons(
        person_ids,
        tables.unordered("person_identifier", "person_record_id", "kind", "value_hash"),
        tables.unordered("identity_link", "left_record_id", "right_record_id"),
    )
    account = tables.arrow("account", "from_source", "name", "domain", "fiscal_code", "country")
    companies = resolve.companies(account, settings.own_domains)
    for name, found in (("person_of", persons), ("account_of", companies)):
        paths = work.write(name, [found.clusters], found.clusters.num_rows)
        tables.add(paths)
        done.paths |= paths
        done.unused |= {f"{name.removesuffix('_of')}.{reason}": counts for reason, counts in found.unused.items()}
    emails = tables.arrow("person" + PRIVATE, "email")
    known = tables.unordered("person_account", "person_record_id")
    told = resolve.employers(emails, persons.clusters, known, account, companies.clusters, settings.own_domains)
    if told.num_rows:
        paths = _with_employers(work, tables, told)
        tables.add(paths)
        done.paths |= paths


def _with_employers(work: Work, tables: Tables, told: pa.Table) -> dict[str, list[Path]]:
    """Table person_account with one more row per person whose company the e-mail address tells."""
    lineage = _lineage(tables, told.select(["person_record_id"]))
    place = pc.index_in(told.column("person_record_id"), value_set=lineage.column("record_id").combine_chunks())
    rows = lineage.take(place)
    columns = {name: rows.column(name) for name in rows.schema.names}
    columns["source_id"] = pc.binary_join_element_wise(BY_DOMAIN, rows.column("source_id"), "|")
    columns["record_id"] = ids.record_ids(work.key, "", "person_account", told.column("person_record_id"))
    columns |= {name: told.column(name) for name in told.schema.names}
    schema = TABLES["person_account"].whole_schema
    whole = pa.table(
        {name: columns.get(name, pa.nulls(told.num_rows, schema.field(name).type)) for name in schema.names}
    ).cast(schema)
    more = work.engine.from_arrow({"person_account": whole})["person_account"]
    both = tables.in_order(tables["person_account"].union(more), "person_account")
    return work.write("person_account", both, told.num_rows, is_second=True)


def _lineage(tables: Tables, persons: pa.Table) -> pa.Table:
    """Where the records of these persons (person_record_id) come from."""
    columns = ("record_id", "from_source", "source_id", "load_id", "row_number", "recorded_at", "updated_at")
    mine = tables.engine.from_arrow({"told": persons})["told"]
    person = tables["person"].select(*columns)
    return tables.engine.to_arrow(person.semi_join(mine, person.record_id == mine.person_record_id))


class _Measures:
    """Each derived table as the expression of its measure."""

    def __init__(self, work: Work, tables: Tables, settings: DeriveSettings, at: datetime) -> None:
        self._work, self._tables = work, tables
        self._at = at
        self._values = tables.engine.from_arrow(
            {
                "converted": _converted(tables, settings, "opportunity"),
                "converted_spend": _converted(tables, settings, "spend"),
            }
        )

    def parts(self, name: str) -> Iterator[ir.Table]:
        """The expressions whose rows, one after the other, are those of a table; mostly it is one."""
        if name == "cycle":
            yield from (lifecycle.cycle(**given) for given in lead_parts(self._tables, self._work.folder))
        elif name == "journey":
            yield from (self._journey(given) for given in deal_parts(self._tables))
        elif name == "person_origin":
            yield from (touches.person_origin(**given) for given in person_parts(self._tables))
        else:
            yield getattr(self, name)()

    def touch(self) -> ir.Table:
        names = ("touchpoint", "person_of", "account_of", "person_identifier", "person_account")
        return touches.touch(**self._tables.pick(*names))

    def deal(self) -> ir.Table:
        names = ("opportunity", "deal_lead", "deal_person", "cycle", "touch", *ENTITIES)
        return deals.deal(**self._tables.pick(*names), converted=self._values["converted"])

    def _journey(self, given: dict[str, ir.Table]) -> ir.Table:
        return ibis.union(*(journeys.journey(**given, level=level, at=self._at) for level in JOURNEY_LEVELS))

    def touch_day(self) -> ir.Table:
        return touches.touch_day(touch=self._tables["touch"])

    def spend_day(self) -> ir.Table:
        return deals.spend_day(spend=self._tables["spend"], converted_spend=self._values["converted_spend"])


def _add_links(work: Work, tables: Tables) -> None:
    """Links that several measures need, computed once and not published."""
    entities = ("lead", "person_of")
    steps: dict[str, Callable[[], ir.Table]] = {
        "account_person": lambda: links.account_person(**tables.pick("person_account", "person_of", "account_of")),
        "deal_person": lambda: links.deal_person(**tables.pick("opportunity", "opportunity_person", *entities)),
        "deal_lead": lambda: links.deal_lead(**tables.pick("opportunity", "deal_person", *entities)),
    }
    for name, make in steps.items():
        _add_passing(work, tables, name, make())


def _add_passing(work: Work, tables: Tables, name: str, rows: ir.Table) -> None:
    """A table for those that come after it, which is not published."""
    path = work.folder / f"{name}.parquet"
    work.engine.write_parquet(rows, path)
    tables.add({name: [path]})


def _converted(tables: Tables, settings: DeriveSettings, name: str) -> pa.Table:
    """The amounts of deals at their close days, or of spend at its days, in the reporting currency."""
    day, id_name = {"opportunity": ("closed_on", "opportunity_id"), "spend": ("spent_on", "spend_id")}[name]
    amounts = ["amount", "recurring_amount"] if name == "opportunity" else ["amount"]
    rows = tables.arrow(name, day, "currency", *amounts, *(["status"] if name == "opportunity" else []))
    days = rows.column(day)
    if name == "opportunity":
        days = pc.if_else(pc.equal(rows.column("status"), "open"), None, days)
    rates = Rates(tables.arrow("fx_rate", "day", "base", "quote", "rate"), settings.oldest_rate_days)
    result = converted(
        [rows.column(amount) for amount in amounts],
        rows.column("currency"),
        days,
        rates=rates,
        reporting=settings.reporting_currency,
        exponent=exponent,
    )
    columns = dict(zip(amounts, result.amounts, strict=True))
    missing = result.is_rate_missing
    if name == "opportunity":
        missing = pc.and_(missing, pc.not_equal(rows.column("status"), "open"))
    currency = pa.repeat(settings.reporting_currency, rows.num_rows)
    return pa.table({id_name: rows.column("record_id"), **columns, "currency": currency, "is_rate_missing": missing})
