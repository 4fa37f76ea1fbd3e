"""What Hypothesis may draw for leads, their events, deals and touches: few ids and moments, so that they collide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from punte.records.tables.leads import STAGES
from tests.measures.cases import Case
from tests.measures.drawing import Row

START = datetime(2026, 1, 1)
PERSON_RECORDS = ("p1", "p2", "p3")
ACCOUNT_RECORDS = ("a1", "a2")
LEADS = ("l1", "l2")
DEALS = ("o1", "o2", "o3")
TRAFFICS = ("ads", "mail", None)
SEGMENTS = ("large", "small", None)
COUNTRIES = ("RO", "DE", None)


@st.composite
def moments(draw: Any, name: str, may_be_null: bool = False) -> Row:
    """The three columns of one moment: to the second in one of two zones, or of a day alone."""
    if may_be_null and draw(st.integers(0, 4)) == 0:
        return {f"{name}_at": None, f"{name}_on": None, f"{name}_precision": None}
    day = START + timedelta(days=draw(st.integers(0, 9)))
    if draw(st.integers(0, 3)) == 0:
        return {f"{name}_at": day, f"{name}_on": day.date(), f"{name}_precision": "day"}
    at = day + timedelta(hours=draw(st.sampled_from([0, 9, 23])))
    local = at + timedelta(hours=draw(st.sampled_from([0, 2])))
    return {f"{name}_at": at, f"{name}_on": local.date(), f"{name}_precision": "second"}


@st.composite
def rows(draw: Any, ids: Any, fixed: dict[str, SearchStrategy[Any]], *of: SearchStrategy[Row]) -> list[Row]:
    """One row per id, of drawn values and drawn moments."""
    found = []
    for record_id in ids:
        row = {"record_id": record_id, **{name: draw(strategy) for name, strategy in fixed.items()}}
        for more in of:
            row |= draw(more)
        found.append(row)
    return found


def some(prefix: str, most: int) -> SearchStrategy[list[str]]:
    """Ids in no particular order: the order of rows must not matter."""
    return st.integers(0, most).flatmap(lambda n: st.permutations([f"{prefix}{place}" for place in range(n)]))


def or_none(values: Any) -> SearchStrategy[Any]:
    return st.sampled_from([*values, None])


@st.composite
def people(draw: Any) -> Case:
    """Persons and companies, some records of one cluster, and who works where."""
    about = {"segment": st.sampled_from(SEGMENTS), "country": st.sampled_from(COUNTRIES)}
    work = {
        "person_record_id": st.sampled_from(PERSON_RECORDS),
        "account_record_id": st.sampled_from(ACCOUNT_RECORDS),
        "is_primary": st.sampled_from([True, False, None]),
    }
    merged = draw(st.booleans())
    return {
        "person": draw(rows(PERSON_RECORDS, about, moments("created", may_be_null=True))),
        "person_of": [
            {"record_id": record, "person_id": "p1" if merged and record == "p2" else record}
            for record in PERSON_RECORDS
        ],
        "account": draw(rows(ACCOUNT_RECORDS, about)),
        "account_of": [
            {"record_id": record, "account_id": draw(st.sampled_from(["a1", record]))} for record in ACCOUNT_RECORDS
        ],
        "person_account": draw(
            rows(draw(some("w", 3)), work, moments("from", may_be_null=True), moments("to", may_be_null=True))
        ),
    }


@st.composite
def touches(draw: Any) -> list[Row]:
    found = []
    for touch_id in draw(some("t", 5)):
        moment = draw(moments("occurred"))
        del moment["occurred_precision"]
        about = {
            "person_id": draw(or_none(PERSON_RECORDS)),
            "traffic_id": draw(st.sampled_from(TRAFFICS)),
            "kind": draw(st.sampled_from(["form", "email_click", "email_sent"])),
            "is_response": draw(st.booleans()),
        }
        found.append({"touch_id": touch_id, **about, **moment})
    return found


@st.composite
def lead_cases(draw: Any) -> Case:
    """Everything that ``cycle`` reads."""
    lead = {
        "person_record_id": or_none(PERSON_RECORDS),
        "account_record_id": or_none(ACCOUNT_RECORDS),
        "owner_record_id": or_none(["w"]),
        "segment": st.sampled_from(SEGMENTS),
        "sourced_by": or_none(["sales"]),
        "traffic_id": or_none(["declared"]),
    }
    event = {
        "lead_record_id": st.sampled_from(LEADS),
        "stage": st.one_of(st.just("mql"), st.sampled_from(STAGES)),
    }
    stage_events = rows(
        draw(some("e", 7)), event, moments("occurred", may_be_null=True), moments("not_after", may_be_null=True)
    )
    linked = draw(st.lists(st.sampled_from(DEALS), unique=True))
    return {
        **draw(people()),
        "lead": draw(rows(LEADS, lead, moments("opened", may_be_null=True))),
        "stage_event": draw(stage_events),
        "opportunity": draw(opportunities()),
        "deal_lead": [{"opportunity_id": deal, "lead_id": draw(st.sampled_from(LEADS))} for deal in linked],
        "touch": draw(touches()),
    }


def opportunities() -> SearchStrategy[list[Row]]:
    about = {
        "status": st.sampled_from(["open", "won", "lost"]),
        "person_record_id": or_none(PERSON_RECORDS),
        "account_record_id": or_none(ACCOUNT_RECORDS),
        "traffic_id": or_none(["said"]),
        "segment": st.sampled_from(SEGMENTS),
        "sourced_by": or_none(["marketing"]),
        "kind": or_none(["new", "renewal"]),
        "amount": or_none([0, 100, 12_345]),
        "currency": st.just("EUR"),
    }
    return rows(DEALS, about, moments("created", may_be_null=True), moments("closed", may_be_null=True))


@st.composite
def deal_cases(draw: Any) -> Case:
    """Everything that ``deal`` reads; cycles as ``cycle`` would give them: the later ones opened at a known moment."""
    case = draw(lead_cases())
    parts = draw(st.lists(st.tuples(st.sampled_from(DEALS), st.sampled_from(PERSON_RECORDS)), unique=True))
    about = {
        "person_id": or_none(PERSON_RECORDS),
        "account_id": or_none(ACCOUNT_RECORDS),
        "segment": st.sampled_from(SEGMENTS),
        "country": st.sampled_from(COUNTRIES),
        "sourced_by": or_none(["partner"]),
    }
    cycles = []
    for lead_id in LEADS:
        for number in range(1, draw(st.integers(1, 3)) + 1):
            opened = draw(moments("opened", may_be_null=number == 1))
            del opened["opened_precision"]
            basis, traffic_id = draw(st.sampled_from([("declared", "d"), ("first_touch", None), ("none", None)]))
            who = {name: draw(strategy) for name, strategy in about.items()}
            origin = {"origin_basis": basis, "traffic_id": traffic_id}
            cycles.append({"lead_id": lead_id, "cycle": number, **who, **origin, **opened})
    values = {"currency": "EUR", "is_rate_missing": False}
    return {
        **{name: case[name] for name in ("opportunity", "deal_lead", "touch", "person", "person_of")},
        **{name: case[name] for name in ("account", "account_of")},
        "cycle": cycles,
        "deal_person": [{"opportunity_id": deal, "person_id": person} for deal, person in parts],
        "converted": [{"opportunity_id": deal, "amount": draw(or_none([5])), **values} for deal in DEALS],
    }


@st.composite
def spend_cases(draw: Any) -> Case:
    """Everything that ``spend_day`` reads."""
    ids = draw(some("s", 5))
    about = {"traffic_id": st.sampled_from(TRAFFICS), "amount": st.integers(0, 9), "currency": st.just("EUR")}
    amounts = [draw(or_none([0, 7, 12])) for _ in ids]
    return {
        "spend": draw(rows(ids, about, moments("spent"))),
        "converted_spend": [
            {"spend_id": spend_id, "amount": amount, "currency": "EUR", "is_rate_missing": amount is None}
            for spend_id, amount in zip(ids, amounts, strict=True)
        ],
    }
