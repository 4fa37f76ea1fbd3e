"""How late the moments of a table go, read from what its Parquet files say of themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from punte.records.lake import telling_damage


def moments_past(files: Mapping[str, Sequence[Path]], at: datetime) -> frozenset[str]:
    """Names of the columns of moments in which no file of any of these tables has one later than ``at`` (naive, UTC).

    A column of the same name in two tables is named only if it holds of both. Raises DamagedSnapshot.
    """
    known: set[str] = set()
    later: set[str] = set()
    for path in (path for paths in files.values() for path in paths):
        with telling_damage([path]):
            metadata = pq.read_metadata(path)
        moments = [field.name for field in metadata.schema.to_arrow_schema() if pa.types.is_timestamp(field.type)]
        known.update(moments)
        later.update(name for name in moments if _may_be_later(metadata, name, at))
    return frozenset(known - later)


def _may_be_later(metadata: pq.FileMetaData, name: str, at: datetime) -> bool:
    place = metadata.schema.to_arrow_schema().get_field_index(name)
    for group in range(metadata.num_row_groups):
        column = metadata.row_group(group).column(place)
        told = column.statistics
        if told is None or not (told.has_min_max or (told.has_null_count and told.null_count == column.num_values)):
            return True
        if told.has_min_max and told.max > at:
            return True
    return False
