"""Arithmetic that loses nothing, on either engine, up to 2**62."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pyarrow as pa
import pytest

from punte.engines import Engine
from punte.measures.arithmetic import (
    LARGEST_AMOUNT,
    LARGEST_TOTAL_WEIGHT,
    floor_divide,
    halving_weights,
    split_amount,
    whole_days,
    whole_hours,
    whole_seconds,
)

EDGES = (0, 1, 2, 3, 7, 2**31 - 1, 2**31, 2**52, 2**53 - 1, 2**53, 2**53 + 1, 2**61, 2**62 - 1, LARGEST_AMOUNT)
TOTALS = (1, 2, 3, 7, 10, 10**6, 2**26 - 1, LARGEST_TOTAL_WEIGHT)
DIVISORS = (*TOTALS, 10**9, 2**31 - 1, 2**31)


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.slow])])
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.getfixturevalue(request.param)


def amounts_and_weights() -> list[dict[str, int]]:
    """The edges against each other, and seeded chance around whole multiples, where rounding would show."""
    chance = Random(20_250_301)
    cases = [
        (sign * size, chance.randint(0, so_far), so_far, total, divisor)
        for size in EDGES
        for sign in (1, -1)
        for total in TOTALS
        for so_far in sorted({0, 1, total // 2, total})
        for divisor in (chance.choice(DIVISORS), DIVISORS[-1])
    ]
    for _ in range(20_000):
        total = chance.choice([chance.randint(1, 20), chance.randint(1, LARGEST_TOTAL_WEIGHT)])
        divisor = chance.choice([total, chance.randint(1, 2**31)])
        size = chance.randrange(2 ** chance.randint(1, 62))
        near = min(max(size // divisor * divisor + chance.choice([-1, 0, 1]), 0), LARGEST_AMOUNT)
        so_far = chance.randint(0, total)
        cases.append((chance.choice([1, -1]) * near, chance.randint(0, so_far), so_far, total, divisor))
    names = ("amount", "weight", "so_far", "total", "divisor")
    return [dict(zip(names, case, strict=True)) for case in cases]


def towards_zero(amount: int, weight: int, total: int) -> int:
    return abs(amount) * weight // total * (1 if amount >= 0 else -1)


def test_division_and_split_are_exact_for_whole_numbers(engine: Engine) -> None:
    cases = amounts_and_weights()
    table = engine.from_arrow({"cases": pa.Table.from_pylist(cases)})["cases"]
    found = table.mutate(
        quotient=floor_divide(table.amount, table.divisor),
        credit=split_amount(table.amount, table.weight, table.so_far, table.total),
    )
    wanted = [
        {
            **case,
            "quotient": case["amount"] // case["divisor"],
            "credit": towards_zero(case["amount"], case["so_far"], case["total"])
            - towards_zero(case["amount"], case["so_far"] - case["weight"], case["total"]),
        }
        for case in cases
    ]
    assert by_values(engine.to_arrow(found).to_pylist()) == by_values(wanted)


def by_values(rows: list[dict[str, int]]) -> list[list[int]]:
    return sorted(list(row.values()) for row in rows)


def test_what_is_null_stays_null(engine: Engine) -> None:
    rows = pa.table({"amount": pa.array([None], pa.int64()), "total": [3], "weight": [1]})
    table = engine.from_arrow({"rows": rows})["rows"]
    found = table.select(
        quotient=floor_divide(table.amount, table.total),
        credit=split_amount(table.amount, table.weight, table.weight, table.total),
    )
    assert engine.to_arrow(found).to_pylist() == [{"quotient": None, "credit": None}]


@pytest.mark.parametrize(
    ("since", "until", "seconds", "hours"),
    [
        ("2025-03-01 10:00:00", "2025-03-01 11:00:00", 3600, 1),
        ("2025-03-01 10:00:01", "2025-03-01 11:00:00", 3599, 0),
        ("2025-03-01 10:59:59", "2025-03-01 11:00:01", 2, 0),
        ("2025-03-01 10:00:00.900000", "2025-03-01 11:00:00.100000", 3600, 1),
        ("2025-03-30 00:30:00", "2025-03-30 03:30:00", 10_800, 3),
        ("2037-12-31 00:00:00", "2039-01-01 00:00:00", 366 * 86_400, 366 * 24),
        ("1969-12-31 23:30:00", "1970-01-01 01:00:00", 5400, 1),
        ("2025-03-01 11:00:00", "2025-03-01 10:59:00", -60, -1),
    ],
)
def test_whole_hours_are_full_hours_of_seconds(
    duckdb: Engine, since: str, until: str, seconds: int, hours: int
) -> None:
    moments = [pa.array([datetime.fromisoformat(moment)], pa.timestamp("us")) for moment in (since, until)]
    table = duckdb.from_arrow({"rows": pa.table(moments, names=["a", "b"])})["rows"]
    found = table.select(seconds=whole_seconds(table.a, table.b), hours=whole_hours(table.a, table.b))
    assert duckdb.to_arrow(found).to_pylist() == [{"seconds": seconds, "hours": hours}]


@pytest.mark.spark
@pytest.mark.slow
def test_spark_counts_the_same_seconds_hours_and_days_as_duckdb(duckdb: Engine, spark: Engine) -> None:
    chance = Random(7)
    moments = [
        datetime(1970, 1, 1) + timedelta(microseconds=chance.randrange(-(10**15), 3 * 10**15)) for _ in range(400)
    ]
    rows = pa.table({"a": pa.array(moments, pa.timestamp("us")), "b": pa.array(moments[::-1], pa.timestamp("us"))})
    found = []
    for engine in (duckdb, spark):
        table = engine.from_arrow({"rows": rows})["rows"]
        spans = {
            "seconds": whole_seconds(table.a, table.b),
            "hours": whole_hours(table.a, table.b),
            "days": whole_days(table.a.date(), table.b.date()),
        }
        found.append(engine.to_arrow(table.mutate(**spans).order_by("a", "b")))
    assert found[0] == found[1]
    assert len(set(found[0]["days"].to_pylist())) > 300


def test_weights_halve_at_the_half_life_and_never_grow() -> None:
    weights = halving_weights(168, 20)
    assert (weights[0], len(weights)) == (2**20, 168)
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 2**19
    assert weights[84] == round(2**19.5)
