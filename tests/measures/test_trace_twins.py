"""Traces tell what their slow twins tell, in the same order, whatever Hypothesis draws, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.engines import Engine
from punte.engines.duckdb_engine import DuckdbEngine
from punte.measures import trace
from punte.measures.trace import TraceTables
from tests.measures.cases import Case, drawn_cases, in_order, searching
from tests.measures.drawing import SCHEMAS, Row, table_of
from tests.measures.trace_cases import FILES, LOADS, TABLES, alone, company, tables_of, trace_cases
from tests.reference.trace import Campaign, Tables, Timeline

AT = datetime(2025, 3, 3, 12)
Answer = Callable[[Tables, str], list[Row]]


def campaign_deals(*, tables: TraceTables, key: str, at: datetime) -> Any:
    return trace.campaign_deals(tables=tables, key=key, at=at, model="position", level="account")


TRACES: dict[str, tuple[Callable[..., Any], Answer, list[str]]] = {
    "deal": (trace.deal, lambda tables, key: Timeline(tables, AT).of_deal(key), ["S-1", "o0"]),
    "person": (trace.person, lambda tables, key: Timeline(tables, AT).of_person(key), ["S-1", "p0", "p1"]),
    "account": (trace.account, lambda tables, key: Timeline(tables, AT).of_account(key), ["S-1", "a0"]),
    "persons of a campaign": (
        trace.campaign_persons,
        lambda tables, key: Campaign(tables, key, AT).persons(),
        ["S-1", "spring", "k0"],
    ),
    "deals of a campaign": (
        campaign_deals,
        lambda tables, key: Campaign(tables, key, AT).deals("position", "account"),
        ["S-1", "spring", "k0"],
    ),
}
TIMELINES = ("deal", "person", "account")


def as_told(name: str, rows: list[Row]) -> list[Row]:
    """Timelines have an order, the rest has none."""
    return [dict(sorted(row.items())) for row in rows] if name in TIMELINES else in_order(rows)


@pytest.mark.slow
@pytest.mark.parametrize("name", TRACES)
def test_duckdb_tells_what_the_twin_tells(duckdb: DuckdbEngine, name: str) -> None:
    measure, answer, keys = TRACES[name]
    asked = {key: prepared(duckdb, measure, key) for key in keys}

    @searching
    @given(trace_cases(), st.sampled_from(keys))
    def search(case: Case, key: str) -> None:
        tables = alone(case)
        assert as_told(name, asked[key](tables)) == as_told(name, answer(tables, key))

    search()


def prepared(engine: DuckdbEngine, measure: Callable[..., Any], key: str) -> Callable[[Tables], list[Row]]:
    """The trace as one query that is made once and asked of ever new tables."""
    made = engine.from_arrow({**{name: SCHEMAS[name].empty_table() for name in TABLES}, "loads": LOADS.empty_table()})
    sql = engine.sql(measure(tables=TraceTables(**made), key=key, at=AT))

    def ask(tables: Tables) -> list[Row]:
        for name in TABLES:
            engine.connection.register(made[name].get_name(), table_of(name, tables[name]))
        engine.connection.register(made["loads"].get_name(), pa.Table.from_pylist(FILES, schema=LOADS))
        return engine.connection.execute(sql).to_arrow_table().to_pylist()

    return ask


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.parametrize("name", TRACES)
def test_spark_tells_what_the_twin_tells(spark: Engine, name: str) -> None:
    """All cases as one company: the id of a source is that of a record in many of them."""
    measure, answer, _ = TRACES[name]
    tables = company(drawn_cases(trace_cases(), n=120))
    found = spark.to_arrow(measure(tables=tables_of(spark, tables), key="S-1", at=AT)).to_pylist()
    assert as_told(name, found) == as_told(name, answer(tables, "S-1"))
    assert len(found) > 50
