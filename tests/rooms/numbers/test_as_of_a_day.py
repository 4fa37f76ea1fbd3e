"""A day that figures are as of counts to its end where the company is; a moment is itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from punte.rooms.numbers.reader import moment_of

LAST = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("when", "zone", "moment"),
    [
        (date(2026, 3, 5), "Europe/Bucharest", datetime(2026, 3, 5, 22) - LAST),
        (date(2026, 3, 5), "America/Sao_Paulo", datetime(2026, 3, 6, 3) - LAST),
        (date(2026, 3, 28), "Europe/Bucharest", datetime(2026, 3, 28, 22) - LAST),
        (date(2026, 3, 29), "Europe/Bucharest", datetime(2026, 3, 29, 21) - LAST),
        (date(2026, 10, 25), "Europe/Bucharest", datetime(2026, 10, 25, 22) - LAST),
        (datetime(2026, 3, 5, 10), "Europe/Bucharest", datetime(2026, 3, 5, 10)),
        (datetime(2026, 3, 5, 10, tzinfo=UTC), "Europe/Bucharest", datetime(2026, 3, 5, 10)),
        (datetime(2026, 3, 5, 10, tzinfo=timezone(timedelta(hours=2))), "UTC", datetime(2026, 3, 5, 8)),
    ],
)
def test_a_day_ends_where_the_company_is_and_a_moment_is_itself(when: date, zone: str, moment: datetime) -> None:
    assert moment_of(when, zone) == moment
