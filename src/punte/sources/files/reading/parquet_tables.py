"""A table in a Parquet file, with the types that it has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from punte.errors import UnreadableFile

from .found import FoundFile, open_seekable
from .headers import ROW_NUMBER, column_names
from .limits import Limits
from .reports import Note, Refusal, Report, Tally

# A column's name that is not UTF-8 surfaces as Python's own error.
DAMAGED = (pa.ArrowException, OSError, UnicodeDecodeError)


def check_parquet(stream: IO[bytes], name: str) -> None:
    """Raise UnreadableFile when a file that begins as Parquet does not end as it."""
    try:
        pq.ParquetFile(stream).close()
    except DAMAGED as error:
        raise _damaged(name) from error


def _damaged(name: str) -> UnreadableFile:
    refusal = Refusal("damaged", f"{name} is a damaged or incomplete Parquet file.", "Copy or write it again.")
    return refusal.error(name)


class ParquetTable:
    """A Parquet file as a table; see ``TableReader``.

    Columns keep their types, except that dictionaries are decoded and nested columns (lists, structs, maps) become
    JSON text. ``row_number`` is the 1-based row in the file.
    """

    def __init__(self, found: FoundFile, limits: Limits) -> None:
        self._found = found
        self._limits = limits
        with open_seekable(found.place, limits) as stream:
            try:
                fields = pq.ParquetFile(stream).schema_arrow
                names = fields.names
            except DAMAGED as error:
                raise _damaged(found.name) from error
        self.header, self._notes = column_names(names, found.name, limits)
        self._casts = [_cast_of(field.type) for field in fields]
        types = [_type_read(field.type) for field in fields]
        for name, field in zip(self.header, fields, strict=True):
            if pa.types.is_nested(field.type):
                self._notes.append(
                    Note("nested_column", f'Column "{name}" is nested ({field.type}); it is read as JSON.')
                )
        self.schema = pa.schema([(ROW_NUMBER, pa.int64()), *zip(self.header, types, strict=True)])
        self._tally = Tally(limits.problems_kept, list(self._notes))

    @property
    def report(self) -> Report:
        """What is known so far; complete when the batches are exhausted."""
        return self._tally.report(header_row=0)

    def batches(self, n_rows: int = 100_000) -> Iterator[pa.RecordBatch]:
        """The rows from the first on, at most ``n_rows`` in a batch; each call begins anew."""
        found = self._found
        self._tally = tally = Tally(self._limits.problems_kept, list(self._notes))
        with open_seekable(found.place, self._limits) as stream:
            try:
                # Reading ahead would keep every byte of the file that has been read until the last batch.
                for batch in pq.ParquetFile(stream, pre_buffer=False).iter_batches(batch_size=n_rows):
                    _check_values(batch, found.name)
                    numbers = pa.array(range(tally.n_rows + 1, tally.n_rows + batch.num_rows + 1), pa.int64())
                    columns = [cast(column) for cast, column in zip(self._casts, batch.columns, strict=True)]
                    tally.n_rows += batch.num_rows
                    yield pa.RecordBatch.from_arrays([numbers, *columns], schema=self.schema)
            except DAMAGED as error:
                raise _damaged(found.name) from error


def _check_values(batch: pa.RecordBatch, name: str) -> None:
    """Raise UnreadableFile when text is not UTF-8, or lists are out of order: Arrow would stumble over it later."""
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid as error:
        refusal = Refusal("bad_values", f"{name} holds values that are not of their column's type.", "Write it again.")
        raise refusal.error(name) from error


def _type_read(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_nested(kind):
        return pa.string()
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _cast_of(kind: pa.DataType) -> Callable[[pa.Array], pa.Array]:
    if pa.types.is_nested(kind):
        return _as_json
    if pa.types.is_dictionary(kind):
        return lambda column: pc.cast(column, kind.value_type)
    return lambda column: column


def _as_json(column: pa.Array) -> pa.Array:
    texts = [
        None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in column.to_pylist()
    ]
    return pa.array(texts, pa.string())
