"""A query that is written once answers every day, moment and snapshot as one written anew would."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pytest

from punte.errors import UnknownName
from punte.rooms.numbers import Numbers, open_home
from punte.rooms.numbers.written import SINCE, Written, WrittenQueries, cut, text_as_written
from tests.rooms.loop.drawn import make_home

MOMENTS = (None, datetime(2026, 8, 15, 10, 30, 0, 250_000, tzinfo=UTC))
DAYS: tuple[dict[str, date], ...] = (
    {},
    {"since": date(2026, 1, 1)},
    {"until": date(2026, 8, 1)},
    {"since": date(2026, 5, 1), "until": date(2026, 10, 1)},
    {"since": date(2026, 7, 2), "until": date(2026, 7, 3)},
)
QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("loop", {"by": ("channel",), "models": ("last", "time_decay")}),
    ("loop", {"by": (), "models": ()}),
    ("loop", {"by": ("campaign", "owner"), "models": ("linear",), "window": "cohort", "level": "account"}),
    ("loop", {"by": ("source",), "models": (), "scope": "touched"}),
    ("loop", {"by": ("channel",), "models": ("u_shaped",), "look_back_days": 30}),
    ("flow", {"by": ("channel", "campaign")}),
    ("funnel", {"by": ("channel",)}),
    ("funnel", {"by": ("channel",), "begins": "mql", "cohort": "month"}),
    ("time_in_stage", {}),
    ("time_in_stage", {"cohort": "quarter"}),
)


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two homes of which one lacks spend, so that they have other figures and other views."""
    folder = tmp_path_factory.mktemp("written")
    return make_home(folder / "whole"), make_home(folder / "without", without=("spend.csv",))


@pytest.mark.slow
@pytest.mark.parametrize(("question", "words"), QUESTIONS)
def test_answers_are_those_of_the_expression(
    question: str, words: dict[str, Any], homes: tuple[Path, Path], further_homes: None
) -> None:
    found, wanted = [], []
    for path in homes:
        for moment in MOMENTS:
            with open_home(path, as_of=moment) as numbers:
                for days in DAYS:
                    found.append(numbers.answer(question, **words, **days))
                    wanted.append(numbers.engine.to_arrow(getattr(numbers, question)(**words, **days)))
    assert found == wanted
    assert len({str(answer.to_pylist()) for answer in found}) > 2


def test_a_shape_is_written_once_for_all_days_and_homes(
    homes: tuple[Path, Path], further_homes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = WrittenQueries()
    monkeypatch.setattr("punte.rooms.numbers.reader._QUERIES", queries)
    asked: list[dict[str, Any]] = []
    loop = Numbers.loop

    def counted(numbers: Numbers, **words: Any) -> ir.Table:
        asked.append(words)
        return loop(numbers, **words)

    monkeypatch.setattr(Numbers, "loop", counted)
    for path in homes:
        with open_home(path) as numbers:
            for days in DAYS[3:]:
                numbers.answer("loop", by=("channel",), models=("last",), **days)
    assert len(asked) == 1


def test_one_looks_back_at_least_a_day(homes: tuple[Path, Path], further_homes: None) -> None:
    with open_home(homes[0]) as numbers, pytest.raises(UnknownName, match="look back 0 days"):
        numbers.answer("loop", by=(), models=("last",), look_back_days=0)


def test_a_query_in_which_something_else_was_made_of_a_stand_in_is_not_kept() -> None:
    stand_ins = {text_as_written(SINCE): "since"}
    assert cut("SELECT MAKE_DATE(1201, 3, 4) - 1", stand_ins) == Written(("SELECT ", " - 1"), ("since",))
    assert cut("SELECT MAKE_DATE(1201, 3, 3)", stand_ins) is None


def test_a_query_of_a_table_that_belongs_to_one_engine_is_not_kept() -> None:
    assert cut('SELECT * FROM "deal_12" AS "t0"', {'"deal_12"': "deal"}) is not None
    assert cut('SELECT * FROM "deal_12" AS "t0" JOIN "lead_3" AS "t1"', {'"deal_12"': "deal"}) is None


def test_only_the_newest_shapes_are_kept() -> None:
    queries = WrittenQueries()
    written: list[int] = []

    def write(shape: int) -> Written:
        written.append(shape)
        return Written((str(shape),), ())

    found = [queries.get(shape, partial(write, shape)) for shape in (*range(200), 0, 199)]
    assert written == [*range(200), 0]
    assert found[-2:] == [Written(("0",), ()), Written(("199",), ())]
