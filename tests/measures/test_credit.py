"""Credit: the published splits, what counts, and that every deal is split to the cent and never beyond."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.engines import Engine
from punte.errors import UnknownName
from punte.measures.credit import MODELS, credit, credits_by_model
from tests.measures.cases import Case, apart, assert_twins_agree, drawn_cases, searching, together
from tests.measures.drawing import Row, drawn, shown, sorted_cells, table_of
from tests.measures.strategies import maybe
from tests.reference.credit import credit as twin

Run = Callable[..., pa.Table]

LARGEST = 2**62
CHANNELS = "traffic_id | channel\ndirect | Direct\nads | Paid Search\nmail | Email\nempty |"


def journeys() -> st.SearchStrategy[list[Row]]:
    """Up to three ways of up to eight touches, ages falling, up to one touch of each position."""
    touch = st.fixed_dictionaries(
        {
            "traffic_id": maybe(["t0", "t1", "t2"]),
            "is_response": st.booleans(),
            "hours": st.sampled_from([0, 1, 23, 24, 30, 500, 4000]),
        }
    )
    way = st.tuples(st.lists(touch, max_size=8), st.integers(0, 8), st.integers(0, 8))
    return st.lists(way, max_size=3).map(lambda ways: [row for n, way in enumerate(ways) for row in on_way(n, *way)])


def on_way(number: int, touches: list[Row], lead: int, opportunity: int) -> list[Row]:
    ages = sorted((touch.pop("hours") for touch in (dict(touch) for touch in touches)), reverse=True)
    return [
        {
            "opportunity_id": f"o{number}",
            "ordinal": ordinal,
            "traffic_id": touch["traffic_id"],
            "is_response": touch["is_response"],
            "age_hours": age,
            "is_lead_creation": ordinal == lead and touch["is_response"],
            "is_opportunity_creation": ordinal == opportunity and touch["is_response"],
        }
        for ordinal, (touch, age) in enumerate(zip(touches, ages, strict=True), start=1)
    ]


CASES = st.fixed_dictionaries(
    {
        "journey": journeys(),
        "deal": st.tuples(*(maybe(st.integers(-LARGEST, LARGEST) | st.integers(-100, 100)) for _ in range(3))).map(
            lambda amounts: [{"opportunity_id": f"o{n}", "amount": amount} for n, amount in enumerate(amounts)]
        ),
        "traffic": st.tuples(*(maybe(["Direct", "Email"]) for _ in range(2))).map(
            lambda channels: [{"traffic_id": f"t{n}", "channel": channel} for n, channel in enumerate(channels)]
        ),
    }
)
SETTINGS = [
    pytest.param({}, id="responses"),
    pytest.param({"counts_every_touch": True, "look_back_days": 1}, id="every touch of a day"),
    pytest.param({"half_life_days": 1, "direct_channels": ("Direct", "Email")}, id="half-life of a day"),
]


def way(n: int, **places: int) -> pa.Table:
    """One way of n responses a day apart, the last at the close; ``lead=2`` makes the second touch lead creation."""
    return table_of(
        "journey",
        [
            {
                "opportunity_id": "deal",
                "ordinal": ordinal,
                "traffic_id": "ads",
                "is_response": True,
                "age_hours": 24 * (n - ordinal),
                "is_lead_creation": ordinal == places.get("lead"),
                "is_opportunity_creation": ordinal == places.get("opportunity"),
            }
            for ordinal in range(1, n + 1)
        ],
    )


def deal(amount: int) -> pa.Table:
    return table_of("deal", [{"opportunity_id": "deal", "amount": amount}])


def credits(run: Run, journey: pa.Table, model: str, amount: int = 100_000, **settings: Any) -> dict[int | None, int]:
    found = run(credit, journey=journey, deal=deal(amount), traffic=drawn("traffic", CHANNELS), model=model, **settings)
    return dict(zip(found["ordinal"].to_pylist(), found["credit"].to_pylist(), strict=True))


@pytest.mark.parametrize(
    ("model", "wanted"),
    [
        ("first", {1: 100_000}),
        ("last", {6: 100_000}),
        ("last_non_direct", {6: 100_000}),
        ("linear", {1: 16_666, 2: 16_667, 3: 16_667, 4: 16_666, 5: 16_667, 6: 16_667}),
        ("position", {1: 40_000, 2: 5_000, 3: 5_000, 4: 5_000, 5: 5_000, 6: 40_000}),
        ("u_shaped", {1: 40_000, 2: 5_000, 3: 40_000, 4: 5_000, 5: 5_000, 6: 5_000}),
        ("w_shaped", {1: 30_000, 2: 3_333, 3: 30_000, 4: 3_333, 5: 30_000, 6: 3_334}),
        ("full_path", {1: 22_500, 2: 5_000, 3: 22_500, 4: 5_000, 5: 22_500, 6: 22_500}),
    ],
)
def test_each_model_splits_as_its_publishers_say(run: Run, model: str, wanted: dict[int, int]) -> None:
    """HubSpot: U 40/40/20, W 30/30/30/10, full path 22.5 x 4 + 10; Google Analytics: position 40/20/40."""
    assert credits(run, way(6, lead=3, opportunity=5), model) == wanted


def test_time_decay_gives_half_for_each_half_life(run: Run) -> None:
    """Touches 0, 7, 14 days before the close, half-life 7 days: parts 4 : 2 : 1."""
    ages = drawn(
        "journey",
        """
        opportunity_id | ordinal | age_hours | is_response
        deal           | 1       | 336       | true
        deal           | 2       | 168       | true
        deal           | 3       | 0         | true
        """,
    )
    assert credits(run, ages, "time_decay", 70_000) == {1: 10_000, 2: 20_000, 3: 40_000}
    assert credits(run, ages, "time_decay", 70_000, half_life_days=14) == {1: 15_857, 2: 22_427, 3: 31_716}


def test_time_decay_is_the_same_however_long_ago_the_last_touch_was(run: Run) -> None:
    ages = "opportunity_id | ordinal | age_hours | is_response\ndeal | 1 | {} | true\ndeal | 2 | {} | true"
    long_ago, just_now = drawn("journey", ages.format(50_168, 50_000)), drawn("journey", ages.format(168, 0))
    assert credits(run, long_ago, "time_decay") == credits(run, just_now, "time_decay") == {1: 33_333, 2: 66_667}


@pytest.mark.parametrize("model", MODELS)
def test_one_touch_gets_everything(run: Run, model: str) -> None:
    assert credits(run, way(1), model) == {1: 100_000}
    assert credits(run, way(1, lead=1, opportunity=1), model) == {1: 100_000}


@pytest.mark.parametrize(
    ("model", "journey", "wanted"),
    [
        ("position", way(2), {1: 50_000, 2: 50_000}),
        ("u_shaped", way(2, lead=2), {1: 50_000, 2: 50_000}),
        ("u_shaped", way(3), {1: 66_666, 2: 16_667, 3: 16_667}),
        ("u_shaped", way(3, lead=1), {1: 80_000, 2: 10_000, 3: 10_000}),
        ("w_shaped", way(3, lead=1, opportunity=1), {1: 90_000, 2: 5_000, 3: 5_000}),
        ("w_shaped", way(3, lead=2, opportunity=2), {1: 30_000, 2: 60_000, 3: 10_000}),
        ("w_shaped", way(2, opportunity=2), {1: 50_000, 2: 50_000}),
        ("full_path", way(2, lead=1, opportunity=2), {1: 50_000, 2: 50_000}),
        ("full_path", way(3), {1: 40_909, 2: 18_181, 3: 40_910}),
    ],
)
def test_parts_that_fall_together_are_pooled_and_parts_nobody_takes_are_spread(
    run: Run, model: str, journey: pa.Table, wanted: dict[int, int]
) -> None:
    assert credits(run, journey, model) == wanted


@pytest.mark.parametrize(
    ("traffic", "winner"),
    [
        (["ads", "mail", "direct"], 2),
        (["ads", "direct", "direct"], 1),
        (["direct", "direct", "direct"], 3),
        (["ads", "empty", "direct"], 2),
        (["ads", "", "direct"], 2),
    ],
)
def test_the_last_touch_that_did_not_come_directly_wins_unless_all_did(
    run: Run, traffic: list[str], winner: int
) -> None:
    touches = [f"deal | {n} | {name} | {n} | true" for n, name in enumerate(traffic, start=1)]
    journey = drawn("journey", "\n".join(["opportunity_id | ordinal | traffic_id | age_hours | is_response", *touches]))
    assert credits(run, journey, "last_non_direct") == {winner: 100_000}


@pytest.mark.parametrize(
    ("settings", "counted"),
    [
        ({}, [1, 3, 4]),
        ({"counts_every_touch": True}, [1, 2, 3, 4]),
        ({"look_back_days": 30}, [3, 4]),
        ({"look_back_days": 31}, [1, 3, 4]),
        ({"look_back_days": 30, "counts_every_touch": True}, [2, 3, 4]),
        ({"look_back_days": 1}, [4]),
    ],
)
def test_only_responses_younger_than_the_look_back_count(
    run: Run, settings: dict[str, Any], counted: list[int]
) -> None:
    journey = drawn(
        "journey",
        """
        opportunity_id | ordinal | age_hours | is_response
        deal           | 1       | 720       | true
        deal           | 2       | 719       | false
        deal           | 3       | 24        | true
        deal           | 4       | 23        | true
        """,
    )
    assert sorted(credits(run, journey, "linear", **settings)) == counted


def test_a_deal_without_a_touch_that_counts_is_unattributed_in_full(run: Run) -> None:
    found = run(
        credit,
        journey=drawn("journey", "opportunity_id | ordinal | age_hours | is_response\nshown | 1 | 5 | false"),
        deal=drawn("deal", "opportunity_id | amount\nshown | 500\nalone | -70\nunknown |"),
        model="linear",
    )
    expected = """
        opportunity_id | ordinal | traffic_id | weight | total_weight | credit
        shown          |         |            | 1      | 1            | 500
        alone          |         |            | 1      | 1            | -70
        unknown        |         |            | 1      | 1            |
    """
    assert shown(found, expected) == sorted_cells(expected)


def test_a_deal_of_unknown_amount_has_shares_but_no_credit(run: Run) -> None:
    found = run(credit, journey=way(2), deal=drawn("deal", "opportunity_id | amount\ndeal |"), model="linear")
    assert found.select(["ordinal", "weight", "total_weight", "credit"]).sort_by("ordinal").to_pylist() == [
        {"ordinal": 1, "weight": 1, "total_weight": 2, "credit": None},
        {"ordinal": 2, "weight": 1, "total_weight": 2, "credit": None},
    ]


def test_a_credit_note_splits_as_its_invoice_did(run: Run) -> None:
    journey = way(7, lead=2, opportunity=4)
    plus, minus = (
        run(credits_by_model, journey=journey, deal=deal(amount)).to_pylist() for amount in (99_999, -99_999)
    )
    names = [f"credit_{model}" for model in MODELS]
    assert sorted(tuple(row[name] for name in names) for row in plus) == sorted(
        tuple(-row[name] for name in names) for row in minus
    )


@pytest.mark.slow
def test_ways_of_many_touches_keep_their_weights_within_bounds(run: Run) -> None:
    n = 5_000
    journey = table_of(
        "journey",
        [
            {"opportunity_id": "deal", "ordinal": n - age, "age_hours": age // 100, "is_response": True}
            for age in range(n)
        ],
    )
    for model in MODELS:
        found = run(credit, journey=journey, deal=deal(LARGEST), model=model)
        assert sum(found["credit"].to_pylist()) == LARGEST
        assert set(found["total_weight"].to_pylist()) == {sum(found["weight"].to_pylist())}
        assert found["total_weight"][0].as_py() <= 2**26


def test_models_side_by_side_give_what_each_gives_alone(run: Run) -> None:
    tables = {"journey": way(5, lead=2, opportunity=4), "deal": deal(77_777), "traffic": drawn("traffic", CHANNELS)}
    wide = run(credits_by_model, **tables, models=MODELS)
    for model in MODELS:
        alone = {row["ordinal"]: row for row in run(credit, **tables, model=model).to_pylist()}
        for row in wide.to_pylist():
            same = alone.get(row["ordinal"], {"credit": 0, "weight": 0, "total_weight": row[f"total_weight_{model}"]})
            assert [row[f"{name}_{model}"] for name in ("credit", "weight", "total_weight")] == [
                same[name] for name in ("credit", "weight", "total_weight")
            ]


def test_another_model_is_refused_by_name(run: Run) -> None:
    with pytest.raises(UnknownName, match="There is no attribution model 'magic'. Use one of: first, last, "):
        credits(run, way(1), "magic")


def test_weights_and_total_are_the_share_that_the_model_means(run: Run) -> None:
    found = run(credit, journey=way(6, lead=3, opportunity=5), deal=deal(1), model="w_shaped")
    shares = {row["ordinal"]: Fraction(row["weight"], row["total_weight"]) for row in found.to_pylist()}
    tenths = Fraction(3, 10)
    assert shares == {1: tenths, 2: Fraction(1, 30), 3: tenths, 4: Fraction(1, 30), 5: tenths, 6: Fraction(1, 30)}


def model_by_model(rows: list[Row]) -> list[Row]:
    """Rows of all models side by side as rows of one model each, weights as the share that they stand for."""
    return [
        {
            "model": model,
            **{name: row[name] for name in ("opportunity_id", "ordinal", "traffic_id")},
            "share": Fraction(row[f"weight_{model}"], row[f"total_weight_{model}"]),
            "credit": row[f"credit_{model}"],
        }
        for row in rows
        for model in MODELS
        if row[f"weight_{model}"]
    ]


def every_twin(**given: Any) -> list[Row]:
    return [{"model": model, **row} for model in MODELS for row in twin(**given, model=model)]


@pytest.mark.slow
@pytest.mark.parametrize("settings", SETTINGS)
def test_duckdb_agrees_with_the_twin(duckdb: Engine, settings: dict[str, Any]) -> None:
    @searching
    @given(st.lists(CASES, min_size=1, max_size=5))
    def search(drawn: list[Case]) -> None:
        assert_twins_agree(duckdb, credits_by_model, every_twin, drawn, seen=model_by_model, **settings)

    search()


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.parametrize("settings", SETTINGS)
def test_spark_agrees_with_the_twin(spark: Engine, settings: dict[str, Any]) -> None:
    cases = drawn_cases(CASES)
    assert_twins_agree(spark, credits_by_model, every_twin, cases, seen=model_by_model, **settings)


@pytest.mark.slow
def test_the_credits_of_each_deal_sum_to_its_amount_under_every_model(duckdb: Engine) -> None:
    cases = drawn_cases(CASES)
    tables = together([apart(case, number) for number, case in enumerate(cases)])
    sums = {row["opportunity_id"]: dict.fromkeys(MODELS, 0) for row in tables["deal"].to_pylist()}
    for row in duckdb.to_arrow(credits_by_model(**duckdb.from_arrow(tables))).to_pylist():
        for model in MODELS:
            sums[row["opportunity_id"]][model] += row[f"credit_{model}"] or 0
    amounts = {row["opportunity_id"]: row["amount"] or 0 for row in tables["deal"].to_pylist()}
    assert sums == {deal: dict.fromkeys(MODELS, amount) for deal, amount in amounts.items()}
    assert len(sums) == sum(len(case["deal"]) for case in cases) > 1000
