"""Which sources have fallen silent, on both sides of every edge."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from punte.web.formats import NBSP
from punte.web.late import Silent, late_said, silent_sources

FRIDAY = date(2026, 11, 13)


def rhythm(
    fact_gap: int | None, import_gap: int | None, source: str = "crm", newest_on: date = FRIDAY
) -> dict[str, Any]:
    return {
        "source": source,
        "newest_on": newest_on.isoformat(),
        "fact_gap_days": fact_gap,
        "import_gap_days": import_gap,
    }


@pytest.mark.parametrize(
    ("fact_gap", "import_gap", "last_day_in_time"),
    [
        (1, 1, date(2026, 11, 16)),  # every day: a week-end is no silence
        (1, 7, date(2026, 11, 23)),  # visits of each day in files of each week
        (7, 1, date(2026, 11, 23)),  # a fair each week in files of each day
        (1, None, date(2026, 11, 20)),  # one import so far: a week is left for the second
        (None, None, date(2026, 11, 20)),
        (30, None, date(2026, 12, 28)),  # costs of each month
    ],
)
def test_a_source_is_late_after_one_and_a_half_times_its_rhythm(
    fact_gap: int | None, import_gap: int | None, last_day_in_time: date
) -> None:
    row = rhythm(fact_gap, import_gap)
    day_after = last_day_in_time.fromordinal(last_day_in_time.toordinal() + 1)
    usual = max(fact_gap or 1, import_gap or 1)
    assert silent_sources([row], last_day_in_time) == ()
    assert silent_sources([row], day_after) == (Silent("crm", FRIDAY, usual),)


def test_the_longest_silent_source_is_said_in_full_and_the_others_by_name() -> None:
    rows = [
        rhythm(1, 1, "crm"),
        rhythm(1, 7, "marketing", date(2026, 11, 2)),
        rhythm(1, 1, "fresh", date(2026, 11, 27)),
        rhythm(1, 1, "ads", date(2026, 11, 20)),
    ]
    assert late_said(rows, date(2026, 11, 28)).replace(NBSP, " ") == (
        "Nothing new from marketing since Monday, 2 Nov 2026. Usually something comes every 7 days. Late too: crm, ads."
    )


def test_it_is_said_in_romanian_by_ear() -> None:
    with translation.override("ro"):
        said = late_said([rhythm(20, 7)], date(2026, 12, 31)).replace(NBSP, " ")
    assert said == "Nimic nou din crm de vineri, 13 nov. 2026. De obicei apare ceva o dată la 20 de zile."


def test_nothing_is_said_where_nothing_is_late() -> None:
    assert late_said([rhythm(1, 1)], FRIDAY) == ""
