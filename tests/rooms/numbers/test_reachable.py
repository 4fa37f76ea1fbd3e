"""Every measure that answers a question can be asked through the Python door."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from punte.catalog.documents import ASKING
from punte.home.folder import Home
from punte.rooms import facts
from punte.rooms.numbers import Numbers, open_home
from tests.home.small import everything, mapping

BY_ANOTHER_NAME = {"labelled_traffic": "traffic", "campaign_deals": "trace"} | dict.fromkeys(
    ("deal", "person", "account"), "trace"
)
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_every_measure_that_answers_has_a_name_at_the_door() -> None:
    names = [BY_ANOTHER_NAME.get(measure.__name__, measure.__name__) for measure in ASKING]
    assert [name for name in names if not hasattr(Numbers, name)] == []


@pytest.fixture
def home(tmp_path: Path, further_homes: None) -> Home:
    home = facts.make_home(tmp_path / "home", name="Acme", zone="Europe/Bucharest", currency="RON", at=AT)
    facts.bring_in(home, [everything(tmp_path / "all")], given=[mapping()], by="marta", at=AT)
    return home


@pytest.mark.slow
def test_won_with_touch_is_in_major_units_and_within_the_days(home: Home) -> None:
    with open_home(home.path) as numbers:
        (whole,) = numbers.engine.to_arrow(numbers.won_with_touch()).to_pylist()
        (later,) = numbers.engine.to_arrow(numbers.won_with_touch(since=date(2026, 2, 11))).to_pylist()
    assert (whole["n_won"], whole["n_with_touch"], str(whole["revenue"])) == (2, 2, "1497.50")
    assert (later["n_won"], str(later["revenue_with_touch"])) == (1, "497.00")


@pytest.mark.slow
def test_rows_put_aside_are_counted_by_table(home: Home) -> None:
    with open_home(home.path) as numbers:
        rows = {row["table"]: row for row in numbers.engine.to_arrow(numbers.rows_put_aside()).to_pylist()}
    assert (rows["touchpoint"]["n_in"], rows["touchpoint"]["n_quarantined"]) == (4, 1)
