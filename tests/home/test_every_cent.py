"""Every cent that the files say was won is credited once, by every model, at both levels, by whatever dimensions.

Each data set goes through the real import; what it should sum to is counted from its files in pandas.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pytest

from punte.home.folder import create_home
from punte.home.imports import import_files
from punte.measures.credit import MODELS, credits_by_model
from punte.records.tables.derived import JOURNEY_LEVELS
from punte.rooms.numbers import Numbers, open_home
from tests.home.examples import EXAMPLES, Example, Won
from tests.home.small import SETTINGS, mapping

AT = datetime(2026, 11, 1, 6, 0)
WINDOWS = (None, 30)
ASKED = [
    (("channel",), "account", None),
    (("campaign",), "person", None),
    (("owner",), "person", None),
    (("channel", "campaign"), "account", None),
    (("channel", "campaign"), "person", 30),
]
pytestmark = [pytest.mark.slow, pytest.mark.shared_data, pytest.mark.usefixtures("further_homes")]


@dataclass(frozen=True)
class Brought:
    """A data set in a home, and what its files say was won."""

    path: Path
    won: Won

    @property
    def total(self) -> Decimal | None:
        """What was won in major units; None where no value is known."""
        return major(sum_known(self.won.values()))


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda example: example.name)
def brought(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Brought:
    example: Example = request.param
    folder = tmp_path_factory.mktemp(example.name)
    files = example.files(folder)
    home = create_home(
        folder / "home", name=example.name, zone=example.zone, reporting_currency=example.currency, at=AT
    )
    import_files(home, [files], mappings=[mapping(example.mapping)], at=AT, by="marta", settings=SETTINGS)
    return Brought(home.path, example.won(files))


@pytest.fixture
def numbers(brought: Brought, further_homes: None) -> Iterator[Numbers]:
    with open_home(brought.path, as_of=AT.replace(tzinfo=UTC)) as opened:
        yield opened


def sum_known(values: Iterable[Any]) -> Any:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def major(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents) / 100


def test_the_won_deals_are_those_of_the_files_to_the_cent(brought: Brought, numbers: Numbers) -> None:
    deals, records = numbers.tables["deal"], numbers.tables["opportunity"]
    won = deals.filter(deals.status == "won").join(records, deals.opportunity_id == records.record_id)
    rows = numbers.engine.to_arrow(won.select("source_id", amount=deals.amount)).to_pylist()
    assert {row["source_id"]: row["amount"] for row in rows} == brought.won


@pytest.mark.parametrize("look_back_days", WINDOWS)
@pytest.mark.parametrize("level", JOURNEY_LEVELS)
def test_the_credits_of_each_deal_sum_to_its_amount(numbers: Numbers, level: str, look_back_days: int | None) -> None:
    """Under every model, open and lost deals too; a deal of unknown value has credits of unknown value."""
    journey, deal = numbers.tables["journey"], numbers.tables["deal"]
    ways = journey.filter(journey.level == level)
    shares = credits_by_model(journey=ways, deal=deal, traffic=numbers.traffic, look_back_days=look_back_days)
    sums = shares.group_by("opportunity_id").agg(**{model: shares[f"credit_{model}"].sum() for model in MODELS})
    found = {row.pop("opportunity_id"): row for row in numbers.engine.to_arrow(sums).to_pylist()}
    amounts = numbers.engine.to_arrow(deal.select("opportunity_id", "amount")).to_pylist()
    assert found == {row["opportunity_id"]: dict.fromkeys(MODELS, row["amount"]) for row in amounts}


@pytest.mark.parametrize(("by", "level", "look_back_days"), ASKED)
def test_by_any_dimension_revenue_and_every_models_credit_sum_to_what_the_files_say(
    brought: Brought, numbers: Numbers, by: tuple[str, ...], level: str, look_back_days: int | None
) -> None:
    rows = numbers.loop(by=by, models=["all"], level=level, look_back_days=look_back_days).to_pyarrow().to_pylist()
    columns = ["revenue", *[f"credit_{model}" for model in MODELS]]
    sums = {name: sum_known(row[name] for row in rows) or None for name in columns}
    assert sums == dict.fromkeys(columns, brought.total or None)
    assert sum(row["n_won"] for row in rows) == len(brought.won)


@pytest.mark.parametrize(("level", "look_back_days"), [("person", None), ("account", 30)])
def test_what_no_touch_earned_stands_in_a_row_of_its_own(
    numbers: Numbers, level: str, look_back_days: int | None
) -> None:
    """Its credit is that of the won deals without a touch that counts, its revenue that of those without an origin."""
    journey, deal = numbers.tables["journey"], numbers.tables["deal"]
    counting = journey.filter((journey.level == level) & journey.is_response)
    if look_back_days:
        counting = counting.filter(counting.age_hours < look_back_days * 24)
    won = deal.filter(deal.status == "won")
    untouched = total_of(numbers, won.anti_join(counting, "opportunity_id"))
    unknown_origin = total_of(numbers, won.filter(won.origin_basis == "none"))
    rows = numbers.loop(by=["channel"], models=["all"], level=level, look_back_days=look_back_days).to_pyarrow()
    alone = [row for row in rows.to_pylist() if row["is_unattributed"]]
    assert all(row["channel"] == "unattributed" for row in alone)
    assert len(alone) <= 1
    told = alone[0] if alone else {"n_won": 0, "revenue": 0} | {f"credit_{model}": 0 for model in MODELS}
    assert (told["n_won"], told["revenue"]) == (unknown_origin["n"], value_of(unknown_origin))
    assert {told[f"credit_{model}"] for model in MODELS} == {value_of(untouched)}


def value_of(deals: dict[str, int | None]) -> Decimal | None:
    """What they are worth in major units: of no deal 0, of deals without any known value not known."""
    return major(deals["amount"]) if deals["n"] else Decimal(0)


def total_of(numbers: Numbers, deals: ir.Table) -> dict[str, int | None]:
    (row,) = numbers.engine.to_arrow(deals.agg(n=deals.count(), amount=deals.amount.sum())).to_pylist()
    return row
