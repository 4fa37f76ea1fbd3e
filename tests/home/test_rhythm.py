"""How often each source brings something, counted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from punte.home.rhythm import rhythm_of
from tests.home.small import AT, bring, mapping, new_home, write

MONDAY = date(2026, 11, 2)


def days(*numbers: int, came: int | None = None) -> set[tuple[date, date]]:
    """Facts of these days after a Monday, each come in on its own day, or all on the one day ``came``."""
    return {(MONDAY + timedelta(n), MONDAY + timedelta(n if came is None else came)) for n in numbers}


def test_a_rhythm_is_the_median_gap_between_days_with_facts_and_between_imports() -> None:
    weekly = days(0, 1, 2, came=7) | days(3, 7, 9, came=14) | days(10, 15, came=22)
    assert rhythm_of(weekly) == {"newest_on": "2026-11-17", "fact_gap_days": 1, "import_gap_days": 7}


def test_one_day_and_one_import_have_no_gap() -> None:
    assert rhythm_of(days(4, came=6)) == {"newest_on": "2026-11-06", "fact_gap_days": None, "import_gap_days": None}


def test_a_fact_of_the_day_after_it_came_in_has_happened_elsewhere_and_a_later_one_is_planned() -> None:
    assert rhythm_of(days(1, 3, 4, came=2)) == {"newest_on": "2026-11-05", "fact_gap_days": 2, "import_gap_days": None}


def test_what_is_only_planned_has_no_rhythm() -> None:
    assert rhythm_of(days(30, came=2)) == {}


@pytest.mark.slow
def test_a_snapshot_tells_the_rhythm_of_each_source_that_tells_of_things_that_happen(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    touches = "id,contact,at,channel\n"
    for number in range(3):
        rows = f"t{number},1,2026-02-{2 + 3 * number:02},ads\n"
        path = write(tmp_path / str(number), touches=touches + rows)
        bring(home, path, at=AT + timedelta(days=7 * number), mappings=[mapping()])
    assert home.lake.current().manifest["rhythms"] == [
        {"source": "crm", "newest_on": "2026-02-08", "fact_gap_days": 3, "import_gap_days": 7}
    ]
