"""What is missing between the tables: references that find nothing, deals without people, stages without events ..."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis
import ibis.expr.types as ir

from punte.home.tables import Tables
from punte.records.tables import CANONICAL
from punte.records.tables.leads import STAGES

WITH_ORIGIN = ("touchpoint", "spend")
ORIGIN_WORDS = ("channel", "source", "medium", "campaign", "referrer")
"""Parts of a traffic that say where something came from; a landing page alone does not."""

COLUMNS = ("source", "table", "subject", "reason", "n", "n_of")
FRESHNESS_DAYS = 90
"""Over how many of the last days with rows the usual gap between them is taken."""


def gap_counts(tables: Tables) -> list[dict[str, Any]]:
    """One row per source, table, subject and reason: n of n_of."""
    parts = [*_unmatched(tables), *_origins(tables)]
    if tables.n_rows("opportunity"):
        parts += [_deals(tables), _opportunity_history(tables)]
    if tables.n_rows("lead"):
        parts.append(_lead_history(tables))
    if tables.n_rows("spend"):
        parts.append(_spend(tables))
    return [row for part in parts for row in tables.rows(part)] + _freshness(tables)


def _unmatched(tables: Tables) -> Iterator[ir.Table]:
    """For each column that refers to a table, how many of its filled cells find no row there."""
    for name, table in CANONICAL.items():
        for column in table.columns if table.has_lineage and tables.n_rows(name) else ():
            target = CANONICAL.get(column.references)
            if target is not None and target.has_lineage:
                key = tables[target.name][target.key[0]]
                rows = tables[name].select("from_source", ref=column.name)
                rows = rows.filter(rows.ref.notnull())
                known = tables[target.name].select(found=key)
                joined = rows.left_join(known, rows.ref == known.found)
                yield _counted(joined, name, column.name, "unmatched", joined.found.isnull())


def _origins(tables: Tables) -> Iterator[ir.Table]:
    """Rows of which nothing says where they came from; for leads, after looking at their first touches."""
    traffic = tables["traffic"]
    says = ibis.or_(*(traffic[word].notnull() for word in ORIGIN_WORDS))
    telling = traffic.filter(says).select(told="traffic_id")
    for name in WITH_ORIGIN:
        if tables.n_rows(name):
            rows = tables[name].select("from_source", "traffic_id")
            joined = rows.left_join(telling, rows.traffic_id == telling.told)
            yield _counted(joined, name, "origin", "empty", joined.told.isnull())
    if tables.n_rows("lead"):
        first = tables["cycle"].filter(lambda t: t["cycle"] == 1).select("lead_id", "traffic_id")
        rows = tables["lead"].select("from_source", "record_id").join(first, [("record_id", "lead_id")])
        joined = rows.left_join(telling, rows.traffic_id == telling.told)
        yield _counted(joined, "lead", "origin", "empty", joined.told.isnull())


def _deals(tables: Tables) -> ir.Table:
    """Deals that cannot be followed back, or not valued."""
    journey = tables["journey"]
    met = journey.filter(journey.level == "person").select(met="opportunity_id").distinct()
    sources = tables["opportunity"].select("from_source", own="record_id")
    deal = tables["deal"]
    rows = deal.join(sources, deal.opportunity_id == sources.own)
    rows = rows.left_join(met, rows.opportunity_id == met.met)
    first = _first_contacts(tables)
    rows = rows.left_join(first, rows.opportunity_id == first.of_deal)
    won_before = (rows.status == "won") & (rows.closed_on < rows.first_on)
    reasons = {
        "without_person": rows.n_persons == 0,
        "without_touch": rows.met.isnull(),
        "rate_missing": rows.is_rate_missing,
        "won_before_first_contact": won_before.fill_null(False),
    }
    return ibis.union(*(_counted(rows, "opportunity", "deal", reason, mask) for reason, mask in reasons.items()))


def _first_contacts(tables: Tables) -> ir.Table:
    """For each deal the first local day on which any of its persons was touched or became a lead."""
    met = tables["touch"].select("person_id", day="occurred_on")
    opened = tables["cycle"].select("person_id", day="opened_on")
    days = tables["deal_person"].join(met.union(opened), "person_id")
    return days.group_by(of_deal="opportunity_id").agg(first_on=days.day.min())


def _spend(tables: Tables) -> ir.Table:
    days = tables["spend_day"]
    return (
        days.agg(n=days.n_rate_missing.sum().fill_null(0), n_of=days.n_rows.sum().fill_null(0))
        .mutate(
            source=ibis.null("string"),
            table=ibis.literal("spend"),
            subject=ibis.literal("spend"),
            reason=ibis.literal("rate_missing"),
        )
        .select(*COLUMNS)
    )


def _opportunity_history(tables: Tables) -> ir.Table:
    """Of the sources that tell stages as events: deals whose stage now no event tells."""
    events = tables["opportunity_event"]
    events = events.filter(events.subject == "stage")
    telling = events.select(telling="from_source").distinct()
    told = events.select(of="opportunity_record_id", told="value").distinct()
    rows = tables["opportunity"].filter(lambda t: t.stage.notnull())
    rows = rows.join(telling, rows.from_source == telling.telling)
    joined = rows.left_join(told, (rows.record_id == told.of) & (rows.stage == told.told))
    return _counted(joined, "opportunity", "history", "stage_missing", joined.told.isnull())


def _lead_history(tables: Tables) -> ir.Table:
    """Leads whose status now names a lifecycle stage that no event tells."""
    told = tables["stage_event"].select(of="lead_record_id", told="stage").distinct()
    rows = tables["lead"].select("from_source", "record_id", stage=tables["lead"].status.strip().lower())
    rows = rows.filter(rows.stage.isin(STAGES))
    joined = rows.left_join(told, (rows.record_id == told.of) & (rows.stage == told.told))
    return _counted(joined, "lead", "history", "stage_missing", joined.told.isnull())


def _freshness(tables: Tables) -> list[dict[str, Any]]:
    """For each source and table of things that happen: days from the newest to the last import, and the usual gap."""
    found = []
    for name, table in CANONICAL.items():
        if {"occurred_on", "recorded_at"} <= {column.name for column in table.columns} and tables.n_rows(name):
            rows = tables[name]
            days = (
                rows.filter(rows.occurred_on.notnull())
                .group_by("from_source", "occurred_on")
                .agg(seen_on=rows.recorded_at.max().date())
            )
            found += [_fresh(name, row) for row in tables.rows(_gaps_between(days))]
    return found


def _gaps_between(days: ir.Table) -> ir.Table:
    """Per source the newest day, the last import, and the median of the gaps between the last days with rows."""
    window = ibis.window(group_by=days.from_source, order_by=days.occurred_on.desc())
    days = days.mutate(place=ibis.row_number().over(window), later_on=days.occurred_on.lag().over(window))
    gap = days.later_on.delta(days.occurred_on, unit="day")
    recent = days.mutate(gap=ibis.ifelse(days.place <= FRESHNESS_DAYS, gap, ibis.null("int64")))
    return recent.group_by("from_source").agg(
        newest=recent.occurred_on.max(), seen_on=recent.seen_on.max(), gap=recent.gap.quantile(0.5)
    )


def _fresh(table: str, row: dict[str, Any]) -> dict[str, Any]:
    days = max((row["seen_on"] - row["newest"]).days, 0)
    usual = None if row["gap"] is None else int(row["gap"])
    values = (row["from_source"], table, "freshness", "days_since_newest", days, usual)
    return dict(zip(COLUMNS, values, strict=True))


def _counted(rows: ir.Table, table: str, subject: str, reason: str, mask: ir.BooleanValue) -> ir.Table:
    counted = rows.mutate(is_counted=mask.cast("int64")).group_by("from_source")
    counted = counted.agg(n=lambda t: t.is_counted.sum(), n_of=lambda t: t.count())
    named = counted.mutate(
        source="from_source", table=ibis.literal(table), subject=ibis.literal(subject), reason=ibis.literal(reason)
    )
    return named.select(*COLUMNS)
