"""What Hypothesis may draw for the closed loop, and how an answer is held against the twin's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from punte.engines import Engine
from punte.measures.loop import LoopTables, loop, loop_columns
from tests.measures.cases import Case, apart, drawn_cases, in_order
from tests.measures.drawing import SCHEMAS, Row, table_of
from tests.measures.lifecycle_strategies import START, moments, or_none, some
from tests.reference.loop import MOMENTS, Loop, Question

TABLES = tuple(name for name in LoopTables.__dataclass_fields__ if name in SCHEMAS)
TRAFFICS = ("t1", "t2", "t3", "t4")
ORIGINS = [*[("declared", t) for t in TRAFFICS], ("first_touch", "t1"), ("first_touch", None), ("none", None)]
AT = START + timedelta(days=8, hours=12)


def tables_of(engine: Engine, case: Case) -> LoopTables:
    """Every table of the loop, empty where the case has none."""
    return LoopTables(**engine.from_arrow({name: table_of(name, case.get(name, [])) for name in TABLES}))


def answer(engine: Engine, case: Case, question: Question) -> list[Row]:
    """The measure's rows; it is told which moments are past, as whoever reads a snapshot tells it."""
    asked = {name: value for name, value in vars(question).items() if name != "at"}
    tables = replace(tables_of(engine, case), past=past_of(case, question.at))
    return engine.to_arrow(loop(tables=tables, at=question.at, **asked)).to_pylist()


def past_of(case: Case, at: datetime) -> frozenset[str]:
    """The columns of moments none of which is later."""
    moments_of: dict[str, list[datetime]] = {}
    for rows in case.values():
        for row in rows:
            for name, value in row.items():
                if name.endswith("_at"):
                    moments_of.setdefault(name, []).extend([value] if value else [])
    return frozenset(name for name, found in moments_of.items() if all(moment <= at for moment in found))


def assert_loop_agrees(engine: Engine, cases: Sequence[Case], question: Question) -> None:
    """All cases as one company: the measure gives what the twin gives; else a small part that differs is shown."""
    numbered = [apart(case, number) for number, case in enumerate(cases)]
    company = together_as_rows(numbered)
    found, wanted = in_order(answer(engine, company, question)), in_order(told(company, question))
    if found != wanted:
        company = together_as_rows(smaller_part(engine, numbered, question))
        found, wanted = in_order(answer(engine, company, question)), in_order(told(company, question))
    assert found == wanted, company


def smaller_part(engine: Engine, cases: Sequence[Case], question: Question) -> Sequence[Case]:
    """Some of the cases, halved as long as one half still differs from the twin."""
    for half in (cases[::2], cases[1::2]) if len(cases) > 1 else ():
        if differ(engine, half, question):
            return smaller_part(engine, half, question)
    return cases


def together_as_rows(cases: Sequence[Case]) -> Case:
    return {name: [row for case in cases for row in case.get(name, [])] for name in TABLES}


def differ(engine: Engine, cases: Sequence[Case], question: Question) -> bool:
    company = together_as_rows(cases)
    return in_order(answer(engine, company, question)) != in_order(told(company, question))


def told(case: Case, question: Question) -> list[Row]:
    """The twin's rows, in the measure's columns."""
    rows = Loop(question, {name: case.get(name, []) for name in TABLES}).rows()
    return [{name: row[name] for name in loop_columns(question.by, question.models)} for row in rows]


@st.composite
def days(draw: Any, name: str, often_null: bool = False) -> Row:
    """An instant and its local day."""
    if often_null and draw(st.integers(0, 1)):
        return {f"{name}_at": None, f"{name}_on": None}
    row = draw(moments(name, may_be_null=True))
    return {f"{name}_at": row[f"{name}_at"], f"{name}_on": row[f"{name}_on"]}


@st.composite
def about(draw: Any) -> Row:
    """Who somebody is, and an origin."""
    basis, traffic_id = draw(st.sampled_from(ORIGINS))
    return {
        "account_id": draw(or_none(["a1", "a2"])),
        "owner_id": draw(or_none(["w1", "w2"])),
        "segment": draw(or_none(["large", "small"])),
        "country": draw(or_none(["RO"])),
        "sourced_by": draw(or_none(["sales"])),
        "origin_basis": basis,
        "traffic_id": traffic_id,
    }


@st.composite
def about_with_moment(draw: Any) -> Row:
    """The same, and when the touch was that is the origin."""
    row = draw(about())
    is_touched = row["origin_basis"] == "first_touch"
    return {**row, "origin_at": draw(moments("origin"))["origin_at"] if is_touched else None}


@st.composite
def cycles(draw: Any) -> list[Row]:
    found = []
    for lead_id in ("l1", "l2"):
        person_id = draw(or_none(["p1", "p2"]))
        for number in range(1, draw(st.integers(1, 3))):
            row = {
                "lead_id": lead_id,
                "cycle": number,
                "person_id": person_id,
                **draw(about_with_moment()),
                **draw(days("opened")),
            }
            for moment in MOMENTS:
                row |= draw(days(moment, often_null=True))
            found.append(row)
    return found


@st.composite
def deals(draw: Any) -> list[Row]:
    found = []
    for deal_id in draw(some("o", 4)):
        row = {"opportunity_id": deal_id, **draw(about_with_moment()), **draw(days("created")), **draw(days("closed"))}
        row |= {
            "status": draw(st.sampled_from(["open", "won", "won", "lost"])),
            "kind": draw(or_none(["new", "upsell"])),
            "lead_id": draw(or_none(["l1", "l2"])),
            "cycle": 1,
            "amount": draw(or_none([0, 7, 100, 12_345])),
            "currency": "EUR",
            "days_to_won": draw(or_none([0, 3, 8])),
        }
        row["cycle"] = None if row["lead_id"] is None else draw(st.sampled_from([1, 2]))
        found.append(row)
    return found


@st.composite
def journeys(draw: Any, of: list[Row]) -> list[Row]:
    found = []
    for deal in of:
        n = draw(st.integers(0, 4))
        for ordinal in range(1, n + 1):
            happened = draw(moments("occurred"))
            del happened["occurred_precision"]
            found.append(
                {
                    "opportunity_id": deal["opportunity_id"],
                    "level": draw(st.sampled_from(["person", "person", "account"])),
                    "ordinal": ordinal,
                    "n_touches": n,
                    "touch_id": f"{deal['opportunity_id']}{ordinal}",
                    "traffic_id": draw(or_none(TRAFFICS)),
                    "is_response": draw(st.sampled_from([True, True, False])),
                    **happened,
                    "age_hours": 24,
                    "is_lead_creation": False,
                    "is_opportunity_creation": False,
                }
            )
    return found


@st.composite
def by_days(draw: Any, **columns: Any) -> list[Row]:
    """Rows of a table by traffic and day, each pair once."""
    keys = draw(st.lists(st.tuples(or_none(TRAFFICS), st.integers(0, 9)), unique=True, max_size=4))
    return [
        {
            "traffic_id": traffic,
            "day": (START + timedelta(days=day)).date(),
            **{name: draw(strategy) for name, strategy in columns.items()},
        }
        for traffic, day in keys
    ]


@st.composite
def loop_cases(draw: Any) -> Case:
    """Everything that the loop reads; only what its keys promise holds between the tables."""
    traffic = [
        {
            "traffic_id": traffic_id,
            "channel": draw(or_none(["Email", "unknown"])),
            "campaign": draw(or_none(["spring"])),
        }
        for traffic_id in TRAFFICS
    ]
    touches = [
        {"touch_id": f"x{n}", "person_id": draw(or_none(["p1", "p2"])), "traffic_id": draw(or_none(TRAFFICS))}
        | draw(moments("occurred"))
        for n in range(draw(st.integers(0, 3)))
    ]
    for touch in touches:
        del touch["occurred_precision"]
    of_deals = draw(deals())
    tables = {"opportunity": "o0", "lead": "l1", "account": "a1", "person": "p1"}
    return {
        "traffic": traffic,
        "cycle": draw(cycles()),
        "deal": of_deals,
        "journey": draw(journeys(of_deals)),
        "touch": touches,
        "person_origin": [
            {"person_id": person, **draw(about()), **draw(days("first_touch"))} for person in draw(some("p", 3))
        ],
        "touch_day": draw(by_days(n_touches=st.integers(1, 3))),
        "spend_day": draw(
            by_days(amount=or_none([0, 5, 333]), currency=st.just("EUR"), n_rate_missing=st.sampled_from([0, 0, 2]))
        ),
        "attribute": [
            {"record_id": record, "table": table, "name": "Colour", "value": draw(st.sampled_from(["red", "blue"]))}
            for table, record in tables.items()
            if draw(st.booleans())
        ],
        "person_of": [{"record_id": record, "person_id": "p1"} for record in ("p1", "p9")],
        "account_of": [{"record_id": "a1", "account_id": "a1"}],
    }


@cache
def cases() -> list[Case]:
    """The drawn cases, always the same."""
    return drawn_cases(loop_cases(), n=200)


@cache
def company() -> Case:
    """All of them as one company."""
    return together_as_rows([apart(case, number) for number, case in enumerate(cases())])
