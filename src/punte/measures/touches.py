"""Touches: whose they were, whether the person did something, and where each person came from."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from punte.measures.entities import account_entity, main_account, person_entity
from punte.records.tables.derived import PERSON_ORIGIN, TOUCH, TOUCH_DAY

ONLY_SHOWN = ("email_sent", "email_open", "ad_impression")
"""Kinds in which the person need not have done anything; mail is opened by machines too."""

KINDS_IN_ORDER = (
    "email_sent",
    "ad_impression",
    "email_open",
    "email_click",
    "ad_click",
    "session",
    "page_view",
    "content",
    "chat",
    "webinar",
    "event",
    "form",
    "campaign",
    "call",
    "meeting",
    "other",
)
"""Which of two touches at one moment came first: what leads to something stands before it."""


FIRST_TOUCH = ("person_id", "touch_id", "traffic_id", "kind", "occurred_at", "occurred_on")
"""What is kept of the first touch of a person."""


def kind_rank(kind: ir.StringValue) -> ir.IntegerValue:
    """The place of a kind of touch in ``KINDS_IN_ORDER``; an unknown kind comes last."""
    return kind.cases(*((name, rank) for rank, name in enumerate(KINDS_IN_ORDER)), else_=len(KINDS_IN_ORDER))


def day_if_whole(rows: ir.Table, moment: str) -> ir.DateValue:
    """The local day of a moment of which no more than the day is known (null: its time is known, or nothing is)."""
    return ibis.ifelse(rows[f"{moment}_precision"] == "day", rows[f"{moment}_on"], ibis.null("date"))


def up_to(touches: ir.Table, moment: ir.TimestampValue, whole_day: ir.DateValue) -> ir.BooleanValue:
    """Whether a touch came before a moment or at it, or on the local day that ``day_if_whole`` gives for it.

    Of two things on one local day of which one has no time, the touch counts as the earlier: it is what may have led to
    the other. Never null; false where the moment is not known.
    """
    is_before = (touches.occurred_at <= moment).fill_null(False)
    return is_before | (touches.occurred_on <= whole_day).fill_null(False)


def browser_person(*, touchpoint: ir.Table, person_of: ir.Table, person_identifier: ir.Table) -> ir.Table:
    """Whose browser it is: the first person who was identified in it.

    Grain: one browser id that is known to be somebody's. A touchpoint with both a person and a browser id identifies at
    its moment; an identifier of a person's record says no moment and counts only where no touchpoint speaks. Of
    several the earliest wins, then the smallest person_id.
    Columns: anonymous_id (keyed hash), person_id, n_persons (more than 1: the id was seen with several persons).
    """
    owners = person_of.select(person_record_id="record_id", person_id="person_id")
    seen = touchpoint.filter(touchpoint.anonymous_record_id.notnull()).join(owners, "person_record_id")
    told = person_identifier.filter(person_identifier.kind == "anonymous_id").join(owners, "person_record_id")
    pairs = ibis.union(
        seen.select("person_id", anonymous_id="anonymous_record_id", at=seen.occurred_at.cast("timestamp")),
        told.select("person_id", anonymous_id="value_hash", at=ibis.null("timestamp")),
    )
    firsts = pairs.group_by("anonymous_id", "person_id").agg(at=pairs["at"].min())
    order = [firsts["at"].asc(nulls_first=False), firsts.person_id.asc()]
    placed = firsts.mutate(
        place=ibis.row_number().over(group_by="anonymous_id", order_by=order),
        n_persons=firsts.count().over(group_by="anonymous_id"),
    )
    return placed.filter(placed.place == 0).select("anonymous_id", "person_id", "n_persons")


def touch(
    *,
    touchpoint: ir.Table,
    person_of: ir.Table,
    account_of: ir.Table,
    person_identifier: ir.Table,
    person_account: ir.Table,
) -> ir.Table:
    """Every touchpoint with the person and the company that it is known to belong to.

    Grain: one touchpoint. Columns: those of the derived table ``touch``.

    The person is that of the touchpoint's record, else the first person identified in its browser (``browser_person``),
    so that what somebody did before giving a name joins the person's way. The company is the touchpoint's own, else the
    person's main one. A touchpoint without a kind is ``other``; where the source does not say whether the person
    did something, the kind decides (``ONLY_SHOWN``).
    """
    touches = touchpoint.select(
        "person_record_id",
        "anonymous_record_id",
        "account_record_id",
        "traffic_id",
        "is_response",
        "occurred_at",
        "occurred_on",
        touch_id="record_id",
        kind=touchpoint.kind.fill_null("other"),
    )
    found = _with_person(touches, touchpoint, person_of, person_identifier)
    found = _with_account(found, account_of, person_of, person_account)
    by_kind = found.kind.notin(ONLY_SHOWN)
    return found.mutate(is_response=found.is_response.fill_null(by_kind)).select(*TOUCH.schema.names)


def _with_person(touches: ir.Table, touchpoint: ir.Table, person_of: ir.Table, person_identifier: ir.Table) -> ir.Table:
    named = person_of.select(named_record_id="record_id", named_id="person_id")
    browsers = browser_person(touchpoint=touchpoint, person_of=person_of, person_identifier=person_identifier)
    browsers = browsers.select("anonymous_id", browser_person_id="person_id")
    found = touches.left_join(named, touches.person_record_id == named.named_record_id)
    found = found.left_join(browsers, found.anonymous_record_id == browsers.anonymous_id)
    return found.mutate(person_id=ibis.coalesce(found.named_id, found.browser_person_id))


def _with_account(touches: ir.Table, account_of: ir.Table, person_of: ir.Table, person_account: ir.Table) -> ir.Table:
    own = account_of.select(own_record_id="record_id", own_account_id="account_id")
    main = main_account(person_account=person_account, person_of=person_of, account_of=account_of)
    main = main.select(main_person_id="person_id", main_account_id="account_id")
    found = touches.left_join(own, touches.account_record_id == own.own_record_id)
    found = found.left_join(main, found.person_id == main.main_person_id)
    return found.mutate(account_id=ibis.coalesce(found.own_account_id, found.main_account_id))


def touch_day(*, touch: ir.Table) -> ir.Table:
    """How many touches each traffic had on each day.

    Grain: one traffic on one local day. Columns: those of the derived table ``touch_day``.
    """
    days = touch.group_by("traffic_id", day=touch.occurred_on)
    counts = days.agg(n_touches=touch.count(), n_responses=touch.is_response.cast("int64").sum())
    return counts.select(*TOUCH_DAY.schema.names)


def first_touch(*, touch: ir.Table) -> ir.Table:
    """The first touch of each person, of whatever kind; of first touches alone it gives the same again.

    Grain: one person with a known touch. Ties: kind (``KINDS_IN_ORDER``), then touch_id. Columns of table ``touch``:
    person_id, touch_id, traffic_id (null: nothing known of where it came from), kind, occurred_at, occurred_on.
    """
    known = touch.filter(touch.person_id.notnull())
    order = [known.occurred_at.asc(), kind_rank(known.kind).asc(), known.touch_id.asc()]
    # A row number and no smallest struct, because an engine cannot put the structs of an aggregate on the disk.
    placed = known.mutate(place=ibis.row_number().over(group_by="person_id", order_by=order))
    return placed.filter(placed.place == 0).select(*FIRST_TOUCH)


def person_origin(
    *,
    touch: ir.Table,
    cycle: ir.Table,
    person: ir.Table,
    person_of: ir.Table,
    account: ir.Table,
    account_of: ir.Table,
    person_account: ir.Table,
) -> ir.Table:
    """Who each person is, and where the person came from.

    Grain: one person, touched or not. Columns: those of the derived table ``person_origin``. Of ``touch`` only each
    person's ``first_touch`` matters, and no more need be handed in.

    The origin is the one declared for the first of the person's leads that has a declared one (by opening, then
    lead_id, then cycle), else the first touch, else none: ``traffic_id`` is then null with basis ``none``. Segment: the
    person's own, else the company's; country: the company's, else the person's; side: that of the person's first
    lead that has one.
    """
    persons = person_of.select("person_id").distinct()
    main = main_account(person_account=person_account, person_of=person_of, account_of=account_of)
    main = main.select(of_person="person_id", account_id="account_id")
    found = persons.left_join(main, persons.person_id == main.of_person).drop("of_person")
    found = _with_entities(found, person, person_of, account, account_of)
    first = first_touch(touch=touch).select(
        "person_id", "traffic_id", first_touch_at="occurred_at", first_touch_on="occurred_on"
    )
    for part in (_declared(cycle), _sides(cycle), first):
        part = part.rename(of_person="person_id")
        found = found.left_join(part, found.person_id == part.of_person).drop("of_person")
    is_declared, is_touched = found.declared_id.notnull(), found.first_touch_at.notnull()
    return found.mutate(
        traffic_id=ibis.coalesce(found.declared_id, found.traffic_id),
        origin_basis=ibis.cases((is_declared, "declared"), (is_touched, "first_touch"), else_="none"),
    ).select(*PERSON_ORIGIN.schema.names)


def _with_entities(
    persons: ir.Table, person: ir.Table, person_of: ir.Table, account: ir.Table, account_of: ir.Table
) -> ir.Table:
    own = person_entity(person=person, person_of=person_of).select(
        "owner_id", of_person="person_id", own_segment="segment", own_country="country"
    )
    company = account_entity(account=account, account_of=account_of).select(
        of_account="account_id", company_segment="segment", company_country="country"
    )
    found = persons.left_join(own, persons.person_id == own.of_person)
    found = found.left_join(company, found.account_id == company.of_account)
    return found.select(
        "person_id",
        "account_id",
        "owner_id",
        segment=ibis.coalesce(found.own_segment, found.company_segment),
        country=ibis.coalesce(found.company_country, found.own_country),
    )


def _declared(cycle: ir.Table) -> ir.Table:
    declared = cycle.filter(cycle.person_id.notnull() & (cycle.origin_basis == "declared"))
    return _first_of(declared.select("person_id", "opened_at", "lead_id", "cycle", declared_id="traffic_id"))


def _sides(cycle: ir.Table) -> ir.Table:
    sided = cycle.filter(cycle.person_id.notnull() & cycle.sourced_by.notnull())
    return _first_of(sided.select("person_id", "opened_at", "lead_id", "cycle", "sourced_by"))


def _first_of(cycles: ir.Table) -> ir.Table:
    order = [cycles.opened_at.asc(nulls_first=False), cycles.lead_id.asc(), cycles["cycle"].asc()]
    placed = cycles.mutate(place=ibis.row_number().over(group_by="person_id", order_by=order))
    return placed.filter(placed.place == 0).drop("opened_at", "lead_id", "cycle", "place")
