"""Choices as the measures take them: typed Arrow tables, read as of two moments.

What a kind's body says is turned into rows by the layer that understands it; here each version is one row, with its
body.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from punte.core.choices.queries import ChoiceVersion

if TYPE_CHECKING:
    import pyarrow


def versions_table(versions: Iterable[ChoiceVersion]) -> pyarrow.Table:
    """One row per version, with the fields of ChoiceVersion; moments are naive UTC microseconds, as in the lake."""
    import pyarrow as pa  # only here: Django starts without the analytics libraries

    text, moment = pa.string(), pa.timestamp("us")
    schema = pa.schema(
        [
            ("kind", text),
            ("name", text),
            ("version", pa.int64()),
            ("body", text),
            ("body_sha256", text),
            ("effective_from", moment),
            ("recorded_at", moment),
            ("recorded_by", pa.int64()),
            ("recorded_by_words", text),
            ("note", text),
        ]
    )
    rows = [asdict(version) for version in versions]
    for row in rows:
        for field in ("effective_from", "recorded_at"):
            row[field] = _naive_utc(row[field])
    return pa.Table.from_pylist(rows, schema=schema)


def _naive_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
