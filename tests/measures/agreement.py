"""Drawn cases in one query against their twin, told apart case by case, so that a failure shows one small case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from punte.engines import Engine
from tests.measures.cases import Case, Twin, answered, apart, in_order, together
from tests.measures.drawing import Row


def assert_each_case_agrees(
    engine: Engine, measure: Callable[..., Any], twin: Twin, cases: Sequence[Case], *, key: str, **settings: Any
) -> None:
    """The measure over all cases in one query gives for each case what its twin says; ``key`` is an id column."""
    numbered = [apart(case, number) for number, case in enumerate(cases)]
    found = by_case(engine.to_arrow(measure(**engine.from_arrow(together(numbered)), **settings)).to_pylist(), key)
    wanted = by_case((row for case in numbered for row in twin(**case, **settings)), key)
    differing = [number for number in range(len(cases)) if found.get(number) != wanted.get(number)]
    smallest = min(differing, key=lambda number: len(str(cases[number])), default=None)
    shown = (None, [], []) if smallest is None else (cases[smallest], found.get(smallest), wanted.get(smallest))
    assert shown == (None, [], []), f"{len(differing)} of {len(cases)} cases differ"


def assert_company_agrees(
    engine: Engine, measure: Callable[..., Any], twin: Twin, cases: Sequence[Case], **settings: Any
) -> None:
    """All cases beside each other are one company, of which the measure says what the twin says.

    For measures of which rows do not belong to one case, because their grain has no id in it.
    """
    tables = together([apart(case, number) for number, case in enumerate(cases)])
    rows = {name: table.to_pylist() for name, table in tables.items()}
    found = answered(engine, measure, tables, settings).to_pylist()
    assert in_order(found) == in_order(twin(**rows, **settings))


def by_case(rows: Iterable[Row], key: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(int(row[key].partition(":")[0]), []).append(row)
    return {number: in_order(rows) for number, rows in found.items()}
