"""Many small cases at once: Hypothesis draws them, a twin in plain Python answers each, an engine answers all together.

A case is a dictionary of tables, each a list of rows. Before cases are put together every id in them is prefixed with
the number of its case, so that no two cases meet in a join; moments stay as they are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from punte.engines import Engine
from punte.engines.duckdb_engine import DuckdbEngine
from tests.measures.drawing import SCHEMAS, Row, table_of, whole_row

Case = dict[str, list[Row]]
Twin = Callable[..., list[Row]]

NOT_IDS = {"source_id", "load_id", "traffic"}
N_CASES_ON_SPARK = 400

N_EXAMPLES = int(os.environ.get("PUNTE_TEST_EXAMPLES", 0))
"""How many cases a longer search draws (0: the usual number, always the same cases); it follows --hypothesis-seed."""

searching = settings(
    derandomize=not N_EXAMPLES,
    deadline=None,
    database=None,
    max_examples=N_EXAMPLES or (200 if os.environ.get("CI") == "true" else 60),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
"""How Hypothesis searches for a case on which a measure and its twin part."""


def is_id(column: str) -> bool:
    return (column.endswith("_id") or column == "value_hash") and column not in NOT_IDS


def apart(case: Case, number: int) -> Case:
    """The case with whole rows, every id of it prefixed with its number."""
    return {
        name: [
            {
                column: f"{number}:{value}" if is_id(column) and value is not None else value
                for column, value in whole_row(SCHEMAS[name], row).items()
            }
            for row in rows
        ]
        for name, rows in case.items()
    }


def together(cases: Sequence[Case]) -> dict[str, pa.Table]:
    """Cases that were taken apart, as one table per name."""
    names = dict.fromkeys(name for case in cases for name in case)
    return {name: table_of(name, [row for case in cases for row in case.get(name, [])]) for name in names}


def assert_twins_agree(
    engine: Engine,
    measure: Callable[..., Any],
    twin: Twin,
    cases: Sequence[Case],
    *,
    seen: Callable[[list[Row]], list[Row]] = list,
    **settings: Any,
) -> None:
    """The measure, run over all cases in one query, gives row for row what its twin says of each case.

    ``seen`` turns the measure's rows into those that the twin gives, where they say the same in other words.
    """
    numbered = [apart(case, number) for number, case in enumerate(cases)]
    wanted = [row for case in numbered for row in twin(**case, **settings)]
    found = answered(engine, measure, together(numbered), settings)
    assert in_order(seen(found.to_pylist())) == in_order(wanted)


def answered(
    engine: Engine, measure: Callable[..., Any], tables: dict[str, pa.Table], settings: dict[str, Any]
) -> pa.Table:
    """What the measure gives on that engine."""
    if isinstance(engine, DuckdbEngine):
        return prepared(engine, measure, tuple(tables), tuple(settings.items()))(tables)
    return engine.to_arrow(measure(**engine.from_arrow(tables), **settings))


@cache
def prepared(
    engine: DuckdbEngine, measure: Callable[..., Any], names: tuple[str, ...], settings: tuple[tuple[str, Any], ...]
) -> Callable[[dict[str, pa.Table]], pa.Table]:
    """The measure as one query that is made once and run over ever new tables: making it takes longer than running."""
    made = engine.from_arrow({name: SCHEMAS[name].empty_table() for name in names})
    sql = engine.sql(measure(**made, **dict(settings)))

    def run(tables: dict[str, pa.Table]) -> pa.Table:
        for name, table in tables.items():
            engine.connection.register(made[name].get_name(), table)
        return engine.connection.execute(sql).to_arrow_table()

    return run


def in_order(rows: Sequence[Row]) -> list[Row]:
    """The rows in an order that depends on nothing but their values."""
    return sorted(rows, key=lambda row: [(value is not None, str(value)) for _, value in sorted(row.items())])


def drawn_cases(strategy: SearchStrategy[Case], n: int = N_CASES_ON_SPARK) -> list[Case]:
    """The first ``n`` cases that Hypothesis draws, always the same; in a longer search, as many as that asks for."""
    found: list[Case] = []

    @settings(searching, max_examples=N_EXAMPLES or n, phases=[Phase.generate])
    @given(strategy)
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return found
