"""A table in a text file. Regular blocks take the fast way, the rest the careful one; no row takes both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from .batching import in_batches, text_schema
from .blocks import BlockParser, end_of_records
from .decoding import utf8_chunks
from .encodings import choose_encoding
from .found import FoundFile, open_stream
from .headers import ROW_NUMBER, column_names
from .layouts import SAMPLE_BYTES, guess_layout
from .limits import Limits
from .mixed import Otherwise, mixed_chunks
from .reports import Note, Report, Tally
from .rows import CarefulRows
from .windows import Window

SMALLER_BY = 64


class CsvTable:
    """A text file as a table of text; see ``TableReader``.

    ``row_number`` is the line of the file on which the row begins, the first line being 1, so that an editor finds it;
    in a file whose cells hold no line breaks it is also the row of a spreadsheet.
    """

    def __init__(
        self,
        found: FoundFile,
        limits: Limits,
        *,
        encoding: str | None = None,
        separator: str | None = None,
        header_line: int | None = None,
    ) -> None:
        if found.survey is None:
            raise ValueError(f"{found.name} was not surveyed; take it from find_files")
        self._found = found
        self._limits = limits
        self._encoding = choose_encoding(found.survey, encoding)
        head = self._head()
        self._layout = guess_layout(head, found.name, limits, separator=separator, header_line=header_line)
        self.header, notes = column_names(self._layout.header, found.name, limits)
        self._notes = [*self._layout.notes, *notes]
        if any("\ufffd" in cell for cell in self._layout.header):
            self._notes.append(Note("damaged_header", "A column name holds characters that could not be decoded."))
        self.schema = text_schema([ROW_NUMBER, *self.header])
        self._tally = self._new_tally()

    @property
    def report(self) -> Report:
        """What is known so far; complete when the batches are exhausted."""
        layout, tally = self._layout, self._tally
        return tally.report(
            header_row=layout.header_line,
            encoding=self._encoding,
            separator=layout.separator,
            separator_confidence=layout.confidence,
            quoting=layout.quoting,
            newline=layout.newline,
        )

    def batches(self, n_rows: int = 100_000) -> Iterator[pa.RecordBatch]:
        """The rows from the first on, at most ``n_rows`` in a batch; each call begins anew."""
        self._tally = tally = self._new_tally()
        otherwise = Otherwise()
        with self._text(otherwise) as window:
            yield from in_batches(self._pieces(window, tally), n_rows, tally)
        if otherwise.n_lines and self._encoding.other:
            tally.repaired["other_encoding"] = otherwise.n_lines
            tally.note("mixed_encodings", _mixed(otherwise, self._encoding.name, self._encoding.other))

    def _new_tally(self) -> Tally:
        return Tally(self._limits.problems_kept, list(self._notes))

    @contextmanager
    def _text(self, otherwise: Otherwise) -> Iterator[Window]:
        name, other = self._encoding.name, self._encoding.other
        with open_stream(self._found.place) as stream:
            yield Window(mixed_chunks(stream, name, other, otherwise) if other else utf8_chunks(stream, name))

    def _head(self) -> bytes:
        with self._text(Otherwise()) as window:
            window.load(SAMPLE_BYTES)
            return window.data[:SAMPLE_BYTES]

    def _pieces(self, window: Window, tally: Tally) -> Iterator[pa.RecordBatch]:
        layout, names = self._layout, [ROW_NUMBER, *self.header]
        window.load(layout.data_offset)
        window.position, window.line = layout.data_offset, layout.data_line
        separator = layout.separator.encode()
        parser = BlockParser(names, separator, self._limits)
        rows = CarefulRows(window, separator, self.schema, self._limits, tally)
        large = self._limits.block_bytes
        small = max(1, large // SMALLER_BY)
        size = large
        while window.load(size):
            piece = self._fast_piece(window, parser, size)
            if piece is not None:
                yield from rows.let_go()
                yield piece
                size = min(2 * size, large)
            elif size > small:
                size = small
            else:
                yield from rows.read_until(window.offset + size)
        rows.finish()

    def _fast_piece(self, window: Window, parser: BlockParser, size: int) -> pa.RecordBatch | None:
        """The next block of at most ``size`` bytes if it is regular; the window then stands behind it."""
        start = window.position
        stop = min(start + size, len(window.data))
        is_rest = window.is_complete and stop == len(window.data)
        end = stop if is_rest else end_of_records(window.data, start, stop)
        if end == start:
            return None
        piece = parser.parse(window.data[start:end], window.line)
        if piece is not None:
            window.move_to(end)
        return piece


def _mixed(otherwise: Otherwise, main: str, other: str) -> str:
    n = otherwise.n_lines
    one, they = ("1 line is", "it was") if n == 1 else (f"{n:,} lines are", "they were")
    return (
        f"{one} in {other}, all others in {main}: {they} read so, the first on line {otherwise.first}. "
        "Look at the letters there, or export the data in one encoding."
    )
