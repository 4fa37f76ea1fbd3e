"""Credit on 10,000 published paths: the data set of the package ChannelAttribution (Altomare and Loris)."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from punte.engines import Engine
from punte.measures.credit import MODELS, credits_by_model
from tests.measures.drawing import Row, table_of

PATHS = Path(__file__).resolve().parents[3] / "shared" / "data" / "channelattribution" / "PathData.csv"

PARTS = 10**9

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.slow,
    pytest.mark.skipif(not PATHS.is_file(), reason="the published paths do not lie beside the checkout"),
]


@pytest.fixture(scope="module")
def paths() -> list[Row]:
    with PATHS.open(encoding="utf-8", newline="") as file:
        return [
            {
                "steps": row["path"].split(" > "),
                "conversions": int(row["total_conversions"]),
                "parts": int(Decimal(row["total_conversion_value"]) * PARTS),
            }
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def credited(duckdb: Engine, paths: list[Row]) -> list[Row]:
    """Each path as the way of one deal whose amount is the value of its conversions, in billionths."""
    journey = [
        {"opportunity_id": f"{number}", "ordinal": n, "traffic_id": step, "age_hours": 0, "is_response": True}
        for number, path in enumerate(paths)
        for n, step in enumerate(path["steps"], start=1)
    ]
    deal = [{"opportunity_id": f"{number}", "amount": path["parts"]} for number, path in enumerate(paths)]
    tables = {
        "journey": table_of("journey", journey),
        "deal": table_of("deal", deal),
        "traffic": table_of("traffic", []),
    }
    return duckdb.to_arrow(credits_by_model(**duckdb.from_arrow(tables))).to_pylist()


def conversions(paths: list[Row], credited: list[Row], model: str) -> dict[str, Fraction]:
    """Conversions by channel: of each path, the touch's share."""
    sums: Counter[str] = Counter()
    for row in credited:
        share = Fraction(row[f"weight_{model}"], row[f"total_weight_{model}"])
        sums[row["traffic_id"]] += share * paths[int(row["opportunity_id"])]["conversions"]
    return {channel: total for channel, total in sums.items() if total}


def test_first_touch_conversions_are_those_of_the_first_step(paths: list[Row], credited: list[Row]) -> None:
    counted: Counter[str] = Counter()
    for path in paths:
        counted[path["steps"][0]] += path["conversions"]
    assert conversions(paths, credited, "first") == {channel: n for channel, n in counted.items() if n}


def test_last_touch_conversions_are_those_of_the_last_step(paths: list[Row], credited: list[Row]) -> None:
    counted: Counter[str] = Counter()
    for path in paths:
        counted[path["steps"][-1]] += path["conversions"]
    assert conversions(paths, credited, "last") == {channel: n for channel, n in counted.items() if n}


def test_linear_conversions_are_shared_by_the_steps(paths: list[Row], credited: list[Row]) -> None:
    counted: Counter[str] = Counter()
    for path in paths:
        for step in path["steps"]:
            counted[step] += Fraction(path["conversions"], len(path["steps"]))
    assert conversions(paths, credited, "linear") == {channel: n for channel, n in counted.items() if n}


@pytest.mark.parametrize("model", MODELS)
def test_every_model_hands_out_all_conversions_and_all_the_value(
    paths: list[Row], credited: list[Row], model: str
) -> None:
    """Published totals: 19,785 conversions worth 74,802.97."""
    assert sum(conversions(paths, credited, model).values()) == 19_785
    assert round(sum(row[f"credit_{model}"] for row in credited) / PARTS, 2) == 74_802.97
