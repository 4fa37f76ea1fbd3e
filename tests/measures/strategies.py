"""What Hypothesis draws cases from: few ids, few moments and many nulls, so that rows meet, tie and go missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.measures.drawing import Midnight, Row

START = datetime(2025, 3, 1)
MOMENTS = [
    START + timedelta(days=day, seconds=second) for day in range(4) for second in (0, 3599, 3600, 43_200, 86_399)
]


def moments() -> SearchStrategy[datetime]:
    """Moments of four days, some of them ties, some a second apart from a whole hour."""
    return st.sampled_from(MOMENTS)


def days() -> SearchStrategy[datetime]:
    """Days of which no time is known."""
    return st.sampled_from([Midnight(2025, 3, day) for day in (1, 2, 3, 4)])


def maybe(values: SearchStrategy[Any] | list[Any]) -> SearchStrategy[Any]:
    """One of the values, or nothing."""
    return st.none() | (st.sampled_from(values) if isinstance(values, list) else values)


def rows(most: int, key: str = "", **columns: SearchStrategy[Any] | list[Any]) -> SearchStrategy[list[Row]]:
    """Rows of these columns; with a ``key`` each gets an id of its own in that column."""
    drawn = {name: st.sampled_from(values) if isinstance(values, list) else values for name, values in columns.items()}
    several = st.lists(st.fixed_dictionaries(drawn), max_size=most)
    return several.map(lambda found: [{key: f"{key[0]}{n}", **row} if key else row for n, row in enumerate(found)])


def clusters(records: list[str], column: str, names: list[str]) -> SearchStrategy[list[Row]]:
    """Which record belongs to which person or company; some records belong to none."""
    mapping = st.fixed_dictionaries({record: maybe(names) for record in records})
    return mapping.map(
        lambda found: [{"record_id": record, column: name} for record, name in found.items() if name is not None]
    )
