"""What is computed once per snapshot: clusters, values in the reporting currency, and the measures' tables in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from punte.home import resolve
from punte.home.consolidate import Work
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
STEPS = ("touch", "cycle", "deal", "journey", "person_origin", "touch_day", "spend_day")
"""The derived tables that measures give, in the order in which each needs those before it."""

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
    measures = _Measures(tables, settings, at)
    for number, name in enumerate(STEPS):
        n_rows = work.staged.n_rows["touchpoint"] if name == "touch" else 0
        paths = work.write(name, tables.in_order(getattr(measures, name)(), name), n_rows)
        tables.add(paths)
        done.paths |= paths
        progress("derive", number + 1, len(STEPS))
    return done


def _resolve(work: Work, tables: Tables, settings: DeriveSettings, done: Derived) -> None:
    """Write person_of, account_of, and person_account with the companies that e-mail addresses tell."""
    identifiers = tables.arrow("person_identifier", "person_record_id", "kind", "value_hash")
    links_said = tables.arrow("identity_link", "left_record_id", "right_record_id")
    person_ids = tables.arrow("person").column("record_id").combine_chunks()
    persons = resolve.persons(person_ids, identifiers, links_said)
    account = tables.arrow("account", "from_source", "name", "domain", "fiscal_code", "country")
    companies = resolve.companies(account, settings.own_domains)
    for name, found in (("person_of", persons), ("account_of", companies)):
        paths = work.write(name, [found.clusters], found.clusters.num_rows)
        tables.add(paths)
        done.paths |= paths
        done.unused |= {f"{name.removesuffix('_of')}.{reason}": counts for reason, counts in found.unused.items()}
    emails = tables.arrow("person" + PRIVATE, "email")
    known = tables.arrow("person_account", "person_record_id")
    told = resolve.employers(emails, persons.clusters, known, account, companies.clusters, settings.own_domains)
    if told.num_rows:
        paths = _with_employers(work, tables, told)
        tables.add(paths)
        done.paths |= paths


def _with_employers(work: Work, tables: Tables, told: pa.Table) -> dict[str, list[Path]]:
    """Table person_account with one more row per person whose company the e-mail address tells."""
    lineage = tables.arrow("person", "from_source", "source_id", "load_id", "row_number", "recorded_at", "updated_at")
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


class _Measures:
    """Each derived table as the expression of its measure."""

    def __init__(self, tables: Tables, settings: DeriveSettings, at: datetime) -> None:
        self._tables = tables
        self._at = at
        self._values = tables.engine.from_arrow(
            {
                "converted": _converted(tables, settings, "opportunity"),
                "converted_spend": _converted(tables, settings, "spend"),
            }
        )

    def touch(self) -> ir.Table:
        names = ("touchpoint", "person_of", "account_of", "person_identifier", "person_account")
        return touches.touch(**self._tables.pick(*names))

    def cycle(self) -> ir.Table:
        names = ("lead", "stage_event", "opportunity", "touch", "person_account", *ENTITIES)
        return lifecycle.cycle(**self._tables.pick(*names), deal_lead=self._deal_lead())

    def deal(self) -> ir.Table:
        return deals.deal(
            **self._tables.pick("opportunity", "cycle", "touch", *ENTITIES),
            converted=self._values["converted"],
            deal_lead=self._deal_lead(),
            deal_person=self._deal_person(),
        )

    def journey(self) -> ir.Table:
        first, *others = (
            journeys.journey(
                **self._tables.pick("deal", "touch", "cycle"),
                deal_person=self._deal_person(),
                account_person=links.account_person(**self._tables.pick("person_account", "person_of", "account_of")),
                level=level,
                at=self._at,
            )
            for level in JOURNEY_LEVELS
        )
        return first.union(*others)

    def person_origin(self) -> ir.Table:
        return touches.person_origin(**self._tables.pick("touch", "cycle", "person_account", *ENTITIES))

    def touch_day(self) -> ir.Table:
        return touches.touch_day(touch=self._tables["touch"])

    def spend_day(self) -> ir.Table:
        return deals.spend_day(spend=self._tables["spend"], converted_spend=self._values["converted_spend"])

    def _deal_person(self) -> ir.Table:
        return links.deal_person(**self._tables.pick("opportunity", "opportunity_person", "lead", "person_of"))

    def _deal_lead(self) -> ir.Table:
        picked = self._tables.pick("opportunity", "lead", "person_of")
        return links.deal_lead(**picked, deal_person=self._deal_person())


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
