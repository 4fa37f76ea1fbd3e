"""Journeys: the touches on the way of each deal, in order."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from punte.errors import UnknownName
from punte.measures.arithmetic import floor_divide, whole_seconds
from punte.measures.touches import day_if_whole, kind_rank, up_to
from punte.records.tables.derived import JOURNEY, JOURNEY_LEVELS

SECONDS_OF_A_DAY = 86_400


def journey(
    *,
    deal: ir.Table,
    deal_person: ir.Table,
    account_person: ir.Table,
    touch: ir.Table,
    cycle: ir.Table,
    level: str,
    at: datetime,
) -> ir.Table:
    """The touches on the way of every deal, open ones too.

    Grain: one touch on the way of one deal. Columns: those of the derived table ``journey``.

    At level ``person`` the way holds the touches of the deal's persons; at level ``account`` also those of everybody
    who works or worked for its company, and every touch known to be of the company, be it nobody's known. It ends with
    the close, inclusive; for an open deal, a close not known or one later than ``at`` (naive UTC), with ``at``. A touch
    of which only the day is known lies at its local midnight, so before whatever else happened on that day. A close, or
    an opening, of which only the day is known stands for the end of that day: whatever was touched on the same local
    day was before it, and the age of a touch is counted to that end.

    Touches of one person at one moment, of one kind and from one traffic, are one touch told by two sources: it keeps
    the smallest touch_id and is a response if either says so. Ties are ordered by kind (``KINDS_IN_ORDER``), then by
    touch_id. Lead creation is the last response up to the opening of the deal's lead in the deal's cycle,
    opportunity creation the last response up to the opening of the deal; where there is none, no touch is marked.

    Raises UnknownName for another level.
    """
    if level not in JOURNEY_LEVELS:
        raise UnknownName(
            f"There is no level {level!r} of journeys.", remedy=f"Use one of: {', '.join(JOURNEY_LEVELS)}.", name=level
        )
    ways = _ways(deal, cycle, at)
    persons = deal_person if level == "person" else _persons_of_companies(deal, deal_person, account_person)
    met = _met_by_persons(ways, persons, touch, at)
    if level == "account":
        met = met.union(_met_by_companies(ways, touch, at))
    placed = _in_order(_once(met).join(ways, "opportunity_id"))
    return placed.mutate(level=ibis.literal(level)).select(*JOURNEY.schema.names)


def _ways(deal: ir.Table, cycle: ir.Table, at: datetime) -> ir.Table:
    """One row per deal: its company, where its way ends, and when its lead and itself were opened.

    Of each moment that is only a day, ``<moment>_day`` is that day.
    """
    openings = cycle.select(
        of_lead="lead_id", of_cycle="cycle", lead_opened_at="opened_at", lead_day=day_if_whole(cycle, "opened")
    )
    found = deal.left_join(openings, (deal.lead_id == openings.of_lead) & (deal["cycle"] == openings.of_cycle))
    end = ibis.literal(at, "timestamp")
    is_closed = (found.status != "open") & found.closed_at.notnull() & (found.closed_at < end)
    return found.select(
        "opportunity_id",
        "lead_opened_at",
        "lead_day",
        deal_account_id="account_id",
        deal_opened_at="created_at",
        deal_day=day_if_whole(found, "created"),
        end_at=ibis.ifelse(is_closed, found.closed_at, end),
        end_day=ibis.ifelse(is_closed, day_if_whole(found, "closed"), ibis.null("date")),
    )


def _persons_of_companies(deal: ir.Table, deal_person: ir.Table, account_person: ir.Table) -> ir.Table:
    colleagues = deal.select("opportunity_id", "account_id").join(account_person, "account_id")
    own = deal_person.select("opportunity_id", "person_id")
    return own.union(colleagues.select("opportunity_id", "person_id"), distinct=True)


def _met_by_persons(ways: ir.Table, persons: ir.Table, touch: ir.Table, at: datetime) -> ir.Table:
    ends = ways.select("opportunity_id", "end_at", "end_day")
    return _touches(touch.join(persons.join(ends, "opportunity_id"), "person_id"), at)


def _met_by_companies(ways: ir.Table, touch: ir.Table, at: datetime) -> ir.Table:
    ends = ways.filter(ways.deal_account_id.notnull())
    ends = ends.select("opportunity_id", "end_at", "end_day", account_id="deal_account_id")
    return _touches(touch.join(ends, "account_id"), at)


def _touches(pairs: ir.Table, at: datetime) -> ir.Table:
    has_happened = pairs.occurred_at <= ibis.literal(at, "timestamp")
    return pairs.filter(has_happened & up_to(pairs, pairs.end_at, pairs.end_day)).select(
        "opportunity_id", "person_id", "occurred_at", "occurred_on", "traffic_id", "kind", "touch_id", "is_response"
    )


def _once(met: ir.Table) -> ir.Table:
    """Each touch once, though two sources, or two ways of meeting it, tell of it."""
    same = met.group_by("opportunity_id", "person_id", "occurred_at", "traffic_id", "kind")
    return same.agg(touch_id=met.touch_id.min(), occurred_on=met.occurred_on.min(), is_response=met.is_response.any())


def _in_order(touches: ir.Table) -> ir.Table:
    """Touches with ordinal, n_touches, age and positions; every window has one order, so that a way is sorted once."""
    order = [touches.occurred_at.asc(), kind_rank(touches.kind).asc(), touches.touch_id.asc()]
    running = ibis.window(group_by="opportunity_id", order_by=order, preceding=None, following=0)
    whole = ibis.window(group_by="opportunity_id", order_by=order, preceding=None, following=None)
    openings = ("lead", "deal")
    before = {
        name: (touches.is_response & up_to(touches, touches[f"{name}_opened_at"], touches[f"{name}_day"])).cast("int64")
        for name in openings
    }
    placed = touches.mutate(
        ordinal=ibis.row_number().over(running) + 1,
        n_touches=touches.count().over(whole),
        **{f"is_before_{name}": flag for name, flag in before.items()},
        **{f"{name}_so_far": flag.sum().over(running) for name, flag in before.items()},
        **{f"{name}_total": flag.sum().over(whole) for name, flag in before.items()},
    )
    # The last response up to an opening: it is one, and with it all of them have been.
    is_last = {
        name: (placed[f"is_before_{name}"] == 1) & (placed[f"{name}_so_far"] == placed[f"{name}_total"])
        for name in openings
    }
    return placed.mutate(
        age_hours=_age(placed),
        is_lead_creation=is_last["lead"],
        is_opportunity_creation=is_last["deal"],
    )


def _age(touches: ir.Table) -> ir.IntegerValue:
    """Whole hours to the end of the way; on the day of 25 hours its last ones are 0 old, and not younger than that."""
    to_midnight = ibis.ifelse(touches.end_day.notnull(), SECONDS_OF_A_DAY - 1, 0)
    seconds = whole_seconds(touches.occurred_at, touches.end_at) + to_midnight
    return ibis.greatest(floor_divide(seconds, 3600), 0)
