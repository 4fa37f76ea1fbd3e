"""Records judged against the header: taken as they are, repaired and counted, or refused with a sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from .limits import Limits
from .records import Record, RecordReader
from .reports import EXCERPT_LENGTH, Note, Tally
from .windows import Window

MOST_FOOTER_ROWS = 50
ROWS_IN_A_PIECE = 20_000


class CarefulRows:
    """Reads rows one by one from a window and hands them on in pieces of the schema.

    Lines of a single cell that follow a blank line are held back: at the end of the file they are a footer ("Generated
    by ..."), anywhere else short rows.
    """

    def __init__(self, window: Window, separator: bytes, schema: pa.Schema, limits: Limits, tally: Tally) -> None:
        self._window = window
        self._schema = schema
        self._width = len(schema) - 1
        self._reader = RecordReader(window, separator, limits, self._width)
        self._tally = tally
        self._lines: list[int] = []
        self._rows: list[list[bytes | None]] = []
        self._held_back: list[Record] = []
        self._is_after_blank = False

    def read_until(self, offset: int) -> Iterator[pa.RecordBatch]:
        """The rows that begin before an offset of the stream."""
        while self._window.offset < offset:
            record = self._reader.read()
            if record is None:
                break
            self._judge(record)
            if len(self._rows) >= ROWS_IN_A_PIECE:
                yield self._piece()
        if self._rows:
            yield self._piece()

    def let_go(self) -> Iterator[pa.RecordBatch]:
        """What was held back, because more rows follow."""
        self._release()
        if self._rows:
            yield self._piece()

    def finish(self) -> None:
        """Count what is still held back as the footer of the file."""
        if self._held_back:
            first = self._held_back[0].line
            self._tally.n_footer_rows += len(self._held_back)
            sentence = f"The lines from {first} on, after a blank line, were taken as a footer and left out."
            self._tally.notes.append(Note("footer", sentence))
            self._held_back = []

    def _piece(self) -> pa.RecordBatch:
        columns = [pa.array(self._lines, pa.int64())]
        columns += [pa.array(cells, pa.string()) for cells in zip(*self._rows, strict=True)]
        self._lines, self._rows = [], []
        return pa.RecordBatch.from_arrays(columns, schema=self._schema)

    def _judge(self, record: Record) -> None:
        if not record.raw or (self._width > 1 and not record.raw.strip(b" ")):
            self._is_after_blank = True
        elif self._is_footer_like(record):
            self._held_back.append(record)
        else:
            self._release()
            self._take(record)

    def _is_footer_like(self, record: Record) -> bool:
        is_lone_cell = len(record.cells) == 1 and self._width > 1
        return is_lone_cell and self._is_after_blank and len(self._held_back) < MOST_FOOTER_ROWS

    def _release(self) -> None:
        held_back, self._held_back = self._held_back, []
        for record in held_back:
            self._take(record)
        self._is_after_blank = False

    def _take(self, record: Record) -> None:
        fault = record.fault or _encoding_fault(record) or self._shape_fault(record)
        if fault:
            reason, sentence = fault
            excerpt = record.raw[: 4 * EXCERPT_LENGTH].decode("utf-8", "replace")
            self._tally.refuse_row(record.line, reason, sentence, excerpt)
            return
        cells = record.cells
        for repair in record.repairs:
            self._tally.repaired[repair] += 1
        if b"\0" in record.raw:
            cells = [cell.replace(b"\0", b"") for cell in cells]
            self._tally.repaired["nul_removed"] += 1
        self._lines.append(record.line)
        self._rows.append([cell or None for cell in self._fitted(cells)])

    def _fitted(self, cells: list[bytes]) -> list[bytes]:
        missing = self._width - len(cells)
        if missing > 0:
            self._tally.repaired["short_row"] += 1
            return cells + [b""] * missing
        if missing < 0:
            self._tally.repaired["empty_cells_too_many"] += 1
        return cells[: self._width]

    def _shape_fault(self, record: Record) -> tuple[str, str] | None:
        n_cells = len(record.cells)
        if n_cells > self._width and any(record.cells[self._width :]):
            sentence = f"Line {record.line} has {n_cells} cells, the header {self._width}."
            return "too_many_cells", sentence
        if n_cells < self._width and "stray_quote" in record.repairs:
            sentence = (
                f"Line {record.line} has a quote in the middle of a cell and only {n_cells} cells of {self._width}."
            )
            return "stray_quote", sentence
        return None


def _encoding_fault(record: Record) -> tuple[str, str] | None:
    if record.raw.isascii():
        return None
    try:
        record.raw.decode("utf-8")
    except UnicodeDecodeError:
        return "bad_encoding", f"Line {record.line} holds bytes that are no characters of the file's encoding."
    return None
