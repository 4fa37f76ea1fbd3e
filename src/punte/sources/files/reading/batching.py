"""Batches of the size that was asked for, out of pieces of any size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from .reports import Tally

MOST_BYTES = 64 * 1024**2
LABEL_COLUMNS = 3
TOTAL = re.compile(r"(grand |sub)?totals?( general)?(\s*[:–-].*)?|results from .*", re.IGNORECASE)


def in_batches(pieces: Iterable[pa.RecordBatch], n_rows: int, tally: Tally) -> Iterator[pa.RecordBatch]:
    """The rows of the pieces in their order, at most ``n_rows`` in a batch, fewer when they are long.

    Rows in which every cell is empty are left out and counted. A last row that looks like the total of the others, as
    ad platforms add it, is handed on like any row, and said.
    """
    waiting: list[pa.RecordBatch] = []
    n_waiting = n_bytes = 0
    last: pa.RecordBatch | None = None
    for piece in pieces:
        filled = _without_empty_rows(piece, tally)
        waiting.append(filled)
        n_waiting += filled.num_rows
        n_bytes += filled.nbytes
        if n_waiting < n_rows and n_bytes < MOST_BYTES:
            continue
        joined = pa.concat_batches(waiting)
        upto = n_waiting if n_bytes >= MOST_BYTES else n_waiting - n_waiting % n_rows
        last = joined.slice(0, upto)
        yield from _slices(last, n_rows, tally)
        rest = joined.slice(upto)
        waiting, n_waiting, n_bytes = [rest], rest.num_rows, rest.nbytes
    if n_waiting:
        last = pa.concat_batches(waiting)
        yield from _slices(last, n_rows, tally)
    if last is not None and last.num_rows:
        _note_total(last, tally)


def _slices(batch: pa.RecordBatch, n_rows: int, tally: Tally) -> Iterator[pa.RecordBatch]:
    for start in range(0, batch.num_rows, n_rows):
        part = batch.slice(start, n_rows)
        tally.n_rows += part.num_rows
        yield part


def _note_total(last: pa.RecordBatch, tally: Tally) -> None:
    cells = last.slice(last.num_rows - 1).select(range(min(last.num_columns, LABEL_COLUMNS + 1))).to_pylist()[0]
    number, *labels = cells.values()
    if any(label and TOTAL.fullmatch(label.strip()) for label in labels):
        tally.note(
            "total_row", f"Row {number}, the last one, looks like the total of the others; it was read as a row."
        )


def _without_empty_rows(batch: pa.RecordBatch, tally: Tally) -> pa.RecordBatch:
    cells = batch.columns[1:]
    if any(column.null_count == 0 for column in cells):
        return batch
    is_empty = reduce(pc.and_, (pc.is_null(column) for column in cells))
    n_empty = pc.sum(is_empty).as_py() or 0
    if not n_empty:
        return batch
    tally.n_empty_rows += n_empty
    return batch.filter(pc.invert(is_empty))


def text_schema(names: Sequence[str]) -> pa.Schema:
    """The schema of a table of text: ``row_number`` (int64), then every column as a string."""
    return pa.schema([(names[0], pa.int64()), *((name, pa.string()) for name in names[1:])])
