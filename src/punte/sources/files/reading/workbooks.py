"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): their sheets, and one sheet as a table of text."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc

from .batching import in_batches, text_schema
from .found import FoundFile, open_seekable
from .headers import ROW_NUMBER, column_names, find_header
from .limits import Limits, in_words
from .reports import Note, Refusal, Report, Tally

CHILD = f"{__package__}.workbook_child"
UNREADABLE, TOO_LARGE = 3, 4
ROWS_LOOKED_AT = 200
MOST_FOOTER_ROWS = 50


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook, and why it is no table ("an empty sheet"), if it is none."""

    name: str
    reason: str


def list_sheets(stream: IO[bytes], name: str, limits: Limits) -> list[Sheet]:
    """The sheets of a workbook in their order. Raises UnreadableFile when it is damaged, locked or too large."""
    with tempfile.TemporaryFile() as answer:
        _run({"task": "list"}, stream, answer, name, limits)
        answer.seek(0)
        return [Sheet(**sheet) for sheet in json.load(answer)]


def _run(task: dict[str, Any], stream: IO[bytes], answer: IO[bytes], name: str, limits: Limits) -> None:
    asked = {**task, "memory_bytes": limits.excel_memory_bytes, "cpu_seconds": limits.excel_cpu_seconds}
    source = str(Path(__file__).parents[4])
    path = os.pathsep.join(part for part in (source, os.environ.get("PYTHONPATH")) if part)
    ended = subprocess.run(
        [sys.executable, "-P", "-m", CHILD, json.dumps(asked)],
        stdin=stream,
        stdout=answer,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    if ended.returncode:
        raise _failure(ended.returncode, ended.stderr.decode("utf-8", "replace"), name, limits).error(name)


def _failure(code: int, said: str, name: str, limits: Limits) -> Refusal:
    if code == UNREADABLE:
        sentence = f"{name} cannot be read as a workbook: {said.strip().rstrip('.')}."
        return Refusal("damaged", sentence, "Open it in Excel or LibreOffice and save it anew, without a password.")
    save = "Save the sheet as CSV and import that."
    if code == -signal.SIGXCPU:
        sentence = f"Reading {name} took longer than the {limits.excel_cpu_seconds} seconds allowed."
        return Refusal("too_slow", sentence, save)
    if code in (TOO_LARGE, -signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV):
        sentence = f"Reading {name} needs more memory than the {in_words(limits.excel_memory_bytes)} allowed."
        return Refusal("too_large", sentence, save)
    last = said.strip().splitlines()[-1:] or [f"exit code {code}"]
    return Refusal("damaged", f"The reader of workbooks broke off at {name} ({last[0]}).", save)


class ExcelTable:
    """One sheet as a table of text; see ``TableReader``. ``row_number`` is the row of the sheet, the first being 1."""

    def __init__(self, found: FoundFile, limits: Limits, *, header_line: int | None = None) -> None:
        self._limits = limits
        self._grid = _Grid(found, limits)
        rows = self._grid.first_rows(ROWS_LOOKED_AT)
        place = find_header(rows) if header_line is None else header_line - 1
        if place is None or not 0 <= place < len(rows):
            sentence = f"There is no row of column names in {found.name}."
            raise Refusal("no_header", sentence, "Export it with its header.").error(found.name)
        self._header_row = place + 1
        self.header, notes = column_names(rows[place], found.name, limits)
        if place:
            above = f"The header was found in row {place + 1}; what stands above it was taken as titles."
            notes.insert(0, Note("title_lines", above))
        if self._grid.n_footer_rows:
            sentence = (
                f"The last {self._grid.n_footer_rows} rows, after an empty one, were taken as a footer and left out."
            )
            notes.append(Note("footer", sentence))
        self._notes = notes
        self.schema = text_schema([ROW_NUMBER, *self.header])
        self._tally = self._new_tally()

    @property
    def report(self) -> Report:
        """What is known so far; complete when the batches are exhausted."""
        return self._tally.report(header_row=self._header_row)

    def batches(self, n_rows: int = 100_000) -> Iterator[pa.RecordBatch]:
        """The rows from the first on, at most ``n_rows`` in a batch; each call begins anew."""
        self._tally = self._new_tally()
        yield from in_batches(self._pieces(), n_rows, self._tally)

    def _new_tally(self) -> Tally:
        tally = Tally(self._limits.problems_kept, list(self._notes))
        tally.n_error_cells = self._grid.n_error_cells
        tally.n_footer_rows = max(0, min(self._grid.n_footer_rows, self._grid.n_rows - self._header_row))
        return tally

    def _pieces(self) -> Iterator[pa.RecordBatch]:
        last = self._grid.n_rows - self._grid.n_footer_rows
        start = 0
        for batch in self._grid.batches():
            first = max(0, self._header_row - start)
            upto = min(batch.num_rows, last - start)
            start += batch.num_rows
            if first < upto:
                part = batch.slice(first, upto - first)
                yield pa.RecordBatch.from_arrays(part.columns, schema=self.schema)


def _scratch_file() -> IO[bytes]:
    return tempfile.TemporaryFile()


class _Grid:
    """The cells of one sheet as an Arrow stream in a temporary file, read as often as needed.

    Columns and rows that are empty to the end of the sheet are not in it.
    """

    def __init__(self, found: FoundFile, limits: Limits) -> None:
        self._file = _scratch_file()
        weakref.finalize(self, self._file.close)
        with open_seekable(found.place, limits) as stream:
            _run({"task": "read", "sheet": found.sheet}, stream, self._file, found.name, limits)
        self._n_columns = 0
        filled: list[pa.Array] = []
        for batch in self._stored():
            cells = batch.columns[1:]
            used = [place for place, cell in enumerate(cells, start=1) if cell.null_count < batch.num_rows]
            self._n_columns = max([self._n_columns, *used])
            filled.append(_n_filled(cells, batch.num_rows))
        counts = pa.chunked_array(filled, pa.int64())
        self.n_rows = len(counts)
        self.n_footer_rows = _n_footer_rows(counts.slice(max(0, len(counts) - MOST_FOOTER_ROWS - 1)).to_pylist())

    @property
    def n_error_cells(self) -> int | None:
        self._file.seek(0)
        with pa.ipc.open_stream(self._file) as stored:
            known = stored.schema.metadata or {}
        return int(known[b"n_error_cells"]) if b"n_error_cells" in known else None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Row numbers and the columns up to the last one in use."""
        for batch in self._stored():
            yield batch.select(range(self._n_columns + 1))

    def first_rows(self, n_rows: int) -> list[list[str | None]]:
        """The cells of the first rows."""
        rows: list[list[str | None]] = []
        for batch in self.batches():
            columns = [column.slice(0, n_rows - len(rows)).to_pylist() for column in batch.columns[1:]]
            rows.extend(list(cells) for cells in zip(*columns, strict=True))
            if len(rows) >= n_rows:
                break
        return rows

    def _stored(self) -> Iterator[pa.RecordBatch]:
        self._file.seek(0)
        with pa.ipc.open_stream(self._file) as stored:
            yield from stored


def _n_filled(cells: list[pa.Array], n_rows: int) -> pa.Array:
    total = pa.array([0] * n_rows, pa.int64())
    for column in cells:
        total = pc.add(total, pc.cast(pc.is_valid(column), pa.int64()))
    return total


def _n_footer_rows(filled: list[int]) -> int:
    """How many rows at the end hold one cell each and follow an empty row, as "Generated by ..." does."""
    for n_rows, n_cells in enumerate(reversed(filled)):
        if n_cells != 1:
            return n_rows if n_cells == 0 else 0
    return 0
