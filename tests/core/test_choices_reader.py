"""Choices as Arrow tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa

from punte.core.choices.queries import ChoiceVersion
from punte.core.choices.reader import versions_table


def test_a_table_of_versions_has_their_fields_and_naive_utc_moments() -> None:
    bucharest = timezone(timedelta(hours=2))
    version = ChoiceVersion(
        kind="calendar",
        name="office",
        version=2,
        body="",
        body_sha256="00",
        effective_from=datetime(2026, 11, 1, 1, 0, tzinfo=bucharest),
        recorded_at=datetime(2026, 11, 2, 8, 30, tzinfo=UTC),
        recorded_by=None,
        recorded_by_words="command line",
        note="",
    )
    table = versions_table([version])
    assert table.to_pylist() == [
        {
            "kind": "calendar",
            "name": "office",
            "version": 2,
            "body": "",
            "body_sha256": "00",
            "effective_from": datetime(2026, 10, 31, 23, 0),
            "recorded_at": datetime(2026, 11, 2, 8, 30),
            "recorded_by": None,
            "recorded_by_words": "command line",
            "note": "",
        }
    ]
    assert table.schema.field("effective_from").type == pa.timestamp("us")
    assert versions_table([]).schema == table.schema
