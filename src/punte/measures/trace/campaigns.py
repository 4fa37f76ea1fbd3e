"""From a campaign to the persons that it touched and the deals on whose way it stood."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from punte.measures.credit import credit
from punte.measures.trace.tables import TraceTables
from punte.measures.views import View, deals_as_of, ways_as_of
from punte.records.loop_settings import LoopSettings


def campaign_persons(*, tables: TraceTables, key: str, at: datetime) -> ir.Table:
    """Everybody whom a campaign had touched ``at`` (naive UTC), or who was a member of it by then.

    Grain: one person. ``key`` is the campaign's name (utm_campaign, or the name of its record), its id in punte, or
    its id in its source. Columns: person_id; n_touches, n_responses (int64, of this campaign; 0: a member only);
    first_touch_at, first_touch_on, last_touch_at, last_touch_on (null: a member only); is_member, has_responded
    (bool, by the member's row); n_deals, n_won (int64: deals on whose way the person met this campaign).
    """
    touches = _touches_of(tables, key)
    met = touches.filter(touches.person_id.notnull() & (touches.occurred_at <= ibis.literal(at)))
    counts = met.group_by("person_id").agg(
        n_touches=met.count(),
        n_responses=met.is_response.cast("int64").sum(),
        **{f"{name}_touch_{part}": _end(met, name, part) for name in ("first", "last") for part in ("at", "on")},
    )
    members = _members_of(tables, key, at)
    people = ibis.union(counts.select("person_id"), members.select("person_id"), distinct=True)
    found = people.left_join(counts, "person_id").drop("person_id_right")
    found = found.left_join(members, "person_id").drop("person_id_right")
    found = found.left_join(_deals_by_person(tables, met, at), "person_id").drop("person_id_right")
    zeros = {name: found[name].fill_null(0) for name in ("n_touches", "n_responses", "n_deals", "n_won")}
    flags = {"is_member": found.has_responded.notnull(), "has_responded": found.has_responded.fill_null(False)}
    return found.mutate(**zeros, **flags)


def campaign_deals(
    *,
    tables: TraceTables,
    key: str,
    at: datetime,
    model: str = "linear",
    level: str = "person",
    settings: LoopSettings = LoopSettings(),
) -> ir.Table:
    """The deals on whose way a campaign stood ``at`` (naive UTC), or that came from it, and what it gets of those won.

    Grain: one deal. ``key`` as for ``campaign_persons``; ``level`` says whose touches make the way. Columns:
    opportunity_id, name, status, owner_id, created_on, closed_on, amount and currency (minor units of the
    reporting currency; null: not known), n_touches (of the whole way), n_touches_of_campaign (int64), is_origin (bool:
    the deal's origin is this campaign), credit (int64 minor units under ``model``; null: not won, or value not known),
    and its source row: from_source, source_id, load_id, row_number, file_name (null: not known).

    Raises UnknownName for another model.
    """
    view = View(at, at.date())
    ways = ways_as_of(tables.journey, view, level)
    own = _touches_of(tables, key).select(own_id="touch_id")
    ways_of_campaign = ways.semi_join(own, ways.touch_id == own.own_id)
    met = ways_of_campaign.group_by("opportunity_id").agg(n_touches_of_campaign=ways_of_campaign.count())
    origins = _traffic_of(tables, key).select(of_traffic="traffic_id", is_origin=ibis.literal(True))
    known = deals_as_of(tables.deal, view)
    deals = known.left_join(origins, known.traffic_id == origins.of_traffic)
    deals = deals.left_join(met, "opportunity_id").drop("opportunity_id_right")
    deals = deals.filter(deals.is_origin.notnull() | deals.n_touches_of_campaign.notnull())
    deals = _with_credit(deals, ways, own, tables, model, settings)
    lengths = ways.group_by("opportunity_id").agg(n_touches=ways.count())
    deals = deals.left_join(lengths, "opportunity_id").drop("opportunity_id_right")
    zeros = {name: deals[name].fill_null(0) for name in ("n_touches", "n_touches_of_campaign")}
    return _with_source_row(deals.mutate(**zeros, is_origin=deals.is_origin.fill_null(False)), tables)


def _with_credit(
    deals: ir.Table, ways: ir.Table, own: ir.Table, tables: TraceTables, model: str, settings: LoopSettings
) -> ir.Table:
    won = deals.filter(deals.status == "won").select("opportunity_id", "amount")
    ways = ways.semi_join(won, "opportunity_id")
    shares = credit(
        journey=ways,
        deal=won,
        traffic=tables.traffic,
        model=model,
        look_back_days=settings.look_back_days,
        counts_every_touch=settings.counts_every_touch,
        half_life_days=settings.half_life_days,
        direct_channels=settings.direct_channels,
    )
    touches = ways.semi_join(own, ways.touch_id == own.own_id).select("opportunity_id", "ordinal")
    mine = shares.semi_join(touches, ["opportunity_id", "ordinal"])
    sums = mine.group_by("opportunity_id").agg(credit=mine.credit.sum())
    found = deals.left_join(sums, "opportunity_id").drop("opportunity_id_right")
    is_known = (found.status == "won") & found.amount.notnull()
    return found.mutate(credit=ibis.ifelse(is_known, found.credit.fill_null(0), ibis.null("int64")))


def _with_source_row(deals: ir.Table, tables: TraceTables) -> ir.Table:
    lineage = ("from_source", "source_id", "load_id", "row_number")
    rows = tables.opportunity.select(*lineage, of_deal="record_id")
    found = deals.join(rows, deals.opportunity_id == rows.of_deal)
    found = found.left_join(tables.loads, "load_id").drop("load_id_right")
    return found.select(
        *["opportunity_id", "name", "status", "owner_id", "created_on", "closed_on", "amount", "currency"],
        *["n_touches", "n_touches_of_campaign", "is_origin", "credit", *lineage, "file_name"],
    )


def _records_of(tables: TraceTables, key: str) -> ir.Table:
    campaign = tables.campaign
    return campaign.filter((campaign.record_id == key) | (campaign.source_id == key) | (campaign["name"] == key))


def _traffic_of(tables: TraceTables, key: str) -> ir.Table:
    """The traffic whose campaign is named by the key, or as a record that the key names."""
    records = _records_of(tables, key)
    names = records.select(campaign_name="name").filter(lambda t: t.campaign_name.notnull()).distinct()
    traffic = tables.traffic.left_join(names, tables.traffic.campaign == names.campaign_name)
    return traffic.filter((traffic.campaign == key) | traffic.campaign_name.notnull()).select("traffic_id")


def _touches_of(tables: TraceTables, key: str) -> ir.Table:
    """Touches of the campaign: by their traffic, or because their source names the campaign's record."""
    by_traffic = tables.touch.semi_join(_traffic_of(tables, key), "traffic_id").select("touch_id")
    records = _records_of(tables, key).select(campaign_id="record_id")
    named = tables.touchpoint.semi_join(records, tables.touchpoint.campaign_record_id == records.campaign_id)
    ids = ibis.union(by_traffic, named.select(touch_id="record_id"), distinct=True)
    return tables.touch.semi_join(ids, "touch_id")


def _end(touches: ir.Table, name: str, part: str) -> ir.Scalar:
    column = touches[f"occurred_{part}"]
    return column.min() if name == "first" else column.max()


def _members_of(tables: TraceTables, key: str, at: datetime) -> ir.Table:
    """One row per member: person_id, has_responded (of any of its rows). A membership without a moment is of any."""
    records = _records_of(tables, key).select(campaign_id="record_id")
    rows = tables.campaign_member.semi_join(records, tables.campaign_member.campaign_record_id == records.campaign_id)
    people = tables.person_of.select(person_record_id="record_id", person_id="person_id")
    then = ibis.literal(at)
    rows = rows.filter(rows.occurred_at.isnull() | (rows.occurred_at <= then)).join(people, "person_record_id")
    is_later = (rows.responded_at > then).fill_null(False)
    has_responded = ~is_later & (rows.is_response.fill_null(False) | rows.responded_at.notnull())
    return rows.group_by("person_id").agg(has_responded=has_responded.any())


def _deals_by_person(tables: TraceTables, met: ir.Table, at: datetime) -> ir.Table:
    view = View(at, at.date())
    ways = ways_as_of(tables.journey, view, "person").select("opportunity_id", "touch_id", "person_id")
    pairs = ways.semi_join(met, "touch_id").select("opportunity_id", "person_id").distinct()
    deals = pairs.join(deals_as_of(tables.deal, view).select("opportunity_id", "status"), "opportunity_id")
    return deals.group_by("person_id").agg(n_deals=deals.count(), n_won=(deals.status == "won").cast("int64").sum())
