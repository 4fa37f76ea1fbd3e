"""What Hypothesis may draw for tracing: everything that happened in a very small company, told by few ids."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from punte.engines import Engine
from punte.measures.trace import TraceTables
from tests.measures.cases import Case, apart
from tests.measures.drawing import SCHEMAS, Row, table_of, whole_row
from tests.measures.strategies import days, maybe, moments

TABLES = tuple(name for name in TraceTables.__dataclass_fields__ if name != "loads")
FILES = [{"load_id": "f1", "file_name": "web.csv"}, {"load_id": "f2", "file_name": "deals.csv"}]
LOADS = pa.schema([("load_id", pa.string()), ("file_name", pa.string())])

PEOPLE, COMPANIES, LEADS, DEALS = ["p0", "p1", "p2"], ["a0", "a1"], ["l0", "l1"], ["o0", "o1"]
TOUCHES, CAMPAIGNS, TRAFFICS, NAMES = ["t0", "t1", "t2", "t3"], ["k0", "k1"], ["u0", "u1"], ["spring", "fair"]
LINEAGE = {
    "source_id": st.sampled_from(["S-1", "S-2"]),
    "from_source": st.sampled_from(["crm", "mail"]),
    "load_id": st.sampled_from(["f1", "gone"]),
    "row_number": st.sampled_from([2, 3]),
}


def mostly(values: SearchStrategy[Any] | list[Any]) -> SearchStrategy[Any]:
    """One of the values, seldom nothing: what a trace is about has to hang together over several tables."""
    drawn = st.sampled_from(values) if isinstance(values, list) else values
    return st.integers(0, 5).flatmap(lambda number: drawn if number else st.none())


def at_all() -> SearchStrategy[Any]:
    return mostly(moments() | days())


def clusters(records: list[str], column: str, names: list[str]) -> SearchStrategy[list[Row]]:
    """Which record belongs to which person or company; some records belong to none."""
    return st.fixed_dictionaries(dict.fromkeys(records, mostly(names))).map(
        lambda found: [{"record_id": record, column: name} for record, name in found.items() if name is not None]
    )


def records(ids: list[str], key: str = "record_id", **columns: Any) -> SearchStrategy[list[Row]]:
    """A row for some of the ids."""
    drawn = {name: st.sampled_from(values) if isinstance(values, list) else values for name, values in columns.items()}
    lineage = LINEAGE if key == "record_id" else {}
    row = mostly(st.fixed_dictionaries({**lineage, **drawn}))
    return st.fixed_dictionaries(dict.fromkeys(ids, row)).map(
        lambda found: [{key: name, **row} for name, row in found.items() if row is not None]
    )


def numbered(letter: str, most: int) -> list[str]:
    return [f"{letter}{number}" for number in range(most)]


HAPPENED: dict[str, SearchStrategy[list[Row]]] = {
    "person": records(PEOPLE),
    "person_of": clusters(PEOPLE, "person_id", ["p0", "p2"]),
    "account": records(COMPANIES),
    "account_of": clusters(COMPANIES, "account_id", ["a0", "a1"]),
    "person_account": records(
        numbered("w", 3), person_record_id=mostly([*PEOPLE, "gone"]), account_record_id=mostly(COMPANIES)
    ),
    "lead": records(
        LEADS,
        person_record_id=mostly(PEOPLE),
        account_record_id=mostly(COMPANIES),
        owner_record_id=maybe(["w"]),
        traffic_id=mostly(TRAFFICS),
        status=maybe(["new"]),
        opened_at=at_all(),
        closed_at=at_all(),
    ),
    "stage_event": records(
        numbered("e", 3),
        lead_record_id=mostly([*LEADS, "gone"]),
        stage=["mql", "sql"],
        reason=maybe(["fit"]),
        occurred_at=at_all(),
    ),
    "assignment_event": records(
        numbered("s", 2), lead_record_id=LEADS, owner_record_id=maybe(["w"]), occurred_at=moments()
    ),
    "activity": records(
        numbered("c", 3),
        person_record_id=mostly([*PEOPLE, "gone"]),
        lead_record_id=mostly(LEADS),
        opportunity_record_id=mostly([*DEALS, "gone"]),
        account_record_id=mostly(COMPANIES),
        owner_record_id=maybe(["w"]),
        kind=["call", "email"],
        direction=maybe(["inbound"]),
        disposition=maybe(["busy"]),
        occurred_at=moments(),
    ),
    "touchpoint": records(
        TOUCHES,
        campaign_record_id=mostly(CAMPAIGNS),
        traffic_id=mostly(TRAFFICS),
        is_response=maybe(st.booleans()),
        occurred_at=moments() | days(),
    ),
    "touch": records(
        TOUCHES,
        key="touch_id",
        person_id=mostly(["p0", "p2"]),
        account_id=mostly(["a0", "a1"]),
        traffic_id=mostly(TRAFFICS),
        kind=["form", "email_sent"],
        is_response=st.booleans(),
        occurred_at=moments(),
    ),
    "traffic": records(TRAFFICS, key="traffic_id", channel=maybe(["Email"]), campaign=mostly(NAMES)),
    "campaign": records(CAMPAIGNS, name=mostly(NAMES)),
    "campaign_member": records(
        numbered("m", 3),
        campaign_record_id=[*CAMPAIGNS, "gone"],
        person_record_id=mostly([*PEOPLE, "gone"]),
        is_response=maybe(st.booleans()),
        occurred_at=at_all(),
        responded_at=at_all(),
    ),
    "opportunity": records(
        DEALS,
        name=maybe(["Mill"]),
        status=["open", "won", "lost"],
        lead_record_id=mostly(LEADS),
        person_record_id=mostly(PEOPLE),
        owner_record_id=maybe(["w"]),
        traffic_id=mostly(TRAFFICS),
        created_at=at_all(),
        closed_at=at_all(),
    ),
    "opportunity_person": records(
        numbered("x", 3), opportunity_record_id=mostly([*DEALS, "gone"]), person_record_id=mostly(PEOPLE)
    ),
    "opportunity_event": records(
        numbered("h", 3),
        opportunity_record_id=mostly([*DEALS, "gone"]),
        subject=["stage", "amount"],
        value=maybe(["Proposal", ""]),
        amount=maybe([100]),
        currency=maybe(["EUR"]),
        occurred_at=at_all(),
    ),
}


@st.composite
def trace_cases(draw: Any) -> Case:
    """Everything that a trace reads; every opportunity is a deal, and ways hold touches of some deals in order."""
    case = {name: draw(strategy) for name, strategy in HAPPENED.items()}
    of_deals, ways = [], []
    for row in case["opportunity"]:
        deal_id = row["record_id"]
        about = {
            "lead_id": draw(mostly(LEADS)),
            "account_id": draw(mostly(["a0", "a1"])),
            "traffic_id": draw(mostly(TRAFFICS)),
            "owner_id": row["owner_record_id"],
            "amount": draw(mostly([0, 10, 101])),
            "currency": "EUR",
        }
        same = {name: row[name] for name in ("name", "status", "created_at", "closed_at")}
        origin_at = draw(at_all())
        of_deals.append({"opportunity_id": deal_id, "origin_at": origin_at, **about, **same})
        for level in ("person", "account"):
            met = [touch for touch in draw(st.permutations(case["touch"])) if draw(st.booleans())]
            ways += [draw(step(deal_id, level, ordinal + 1, touch)) for ordinal, touch in enumerate(met)]
    return {**case, "deal": of_deals, "journey": ways}


def step(deal_id: str, level: str, ordinal: int, touch: Row) -> SearchStrategy[Row]:
    same = {name: touch[name] for name in ("touch_id", "person_id", "traffic_id", "is_response", "occurred_at")}
    given = {"opportunity_id": deal_id, "level": level, "ordinal": ordinal, **same}
    return st.fixed_dictionaries(
        {
            **{name: st.just(value) for name, value in given.items()},
            "age_hours": st.sampled_from([0, 5, 300]),
            "is_lead_creation": st.just(False),
            "is_opportunity_creation": st.just(False),
        }
    )


def company(cases: list[Case]) -> dict[str, list[Row]]:
    """The cases beside each other as one company, every row whole."""
    numbered_cases = [apart(case, number) for number, case in enumerate(cases)]
    found = {name: [row for case in numbered_cases for row in case.get(name, [])] for name in TABLES}
    return {**found, "loads": FILES}


def tables_of(engine: Engine, of_company: dict[str, list[Row]]) -> TraceTables:
    made = {name: table_of(name, of_company[name]) for name in TABLES}
    return TraceTables(**engine.from_arrow({**made, "loads": pa.Table.from_pylist(FILES, schema=LOADS)}))


def alone(case: Case) -> dict[str, list[Row]]:
    """One case as a company, with its ids as they were drawn."""
    found = {name: [whole_row(SCHEMAS[name], row) for row in case.get(name, [])] for name in TABLES}
    return {**found, "loads": FILES}
