"""The careful way through a CSV file: one record at a time, and every oddity named.

A quote is special only where a cell begins, as in RFC 4180. What real exports do beyond it is either repaired (and
said) or makes a fault of that one record; the next record is read as if nothing had happened.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .limits import Limits, in_words
from .windows import Window, count_breaks

QUOTE = b'"'
LINE_END = re.compile(rb"\r\n|\r|\n")
LINES_LOOKED_AT = 20


class Fault(NamedTuple):
    """Why a record could not be read."""

    reason: str
    sentence: str


class Record(NamedTuple):
    """One record: the line on which it begins, its raw bytes without the line end, its cells or its fault."""

    line: int
    raw: bytes
    cells: list[bytes]
    repairs: tuple[str, ...] = ()
    fault: Fault | None = None


class _UnclosedQuote(Exception):
    def __init__(self, opened_at: int) -> None:
        self.opened_at = opened_at


class _TooLong(Exception):
    def __init__(self, seen: int, is_quoted: bool) -> None:
        self.seen = seen
        self.is_quoted = is_quoted


class RecordReader:
    """Reads records from a window, beginning at its position, which must be the start of a record.

    ``width`` is the number of columns once it is known; it helps to tell a long cell from a forgotten quote.
    """

    def __init__(self, window: Window, separator: bytes, limits: Limits, width: int | None = None) -> None:
        self.width = width
        self._window = window
        self._separator = separator
        self._limits = limits
        ends = re.escape(separator)
        self._cell_ends = (separator, b"\r", b"\n", b"")
        self._plain = re.compile(rb"[^%b\r\n]*" % ends)
        cell = rb'(?:"(?:[^"]++|"")*+"| *+[^" %b][^%b]*+| *+)' % (ends, ends)
        self._regular_line = re.compile(rb"%b(?:%b%b)*+" % (cell, ends, cell))
        self._regular_cells = re.compile(rb'%b(?:"((?:[^"]++|"")*+)"|([^%b]*+))' % (ends, ends))
        self._spaces_to_end = re.compile(rb" +(?=%b|\r|\n|\Z)" % ends)
        self._spaces_and_quotes = re.compile(rb' +"((?:[^"\r\n]|"")*)" *(?=%b|\r|\n|\Z)' % ends)

    def read(self) -> Record | None:
        """The next record; None at the end of the stream."""
        window = self._window
        if not window.load(1):
            return None
        start, line = window.position, window.line
        try:
            end, following = self._line_end(start)
            raw = window.data[start:end]
            cells = raw.split(self._separator) if QUOTE not in raw else self._cells_of_line(raw)
            if cells is None:
                return self._with_quotes(start)
        except _TooLong as too_long:
            return self._skipped(start, too_long)
        window.position = following
        window.line += 1
        return self._checked(Record(line, raw, cells))

    def _cells_of_line(self, raw: bytes) -> list[bytes] | None:
        """The cells of a line that is a whole RFC 4180 record; None for any other."""
        if not self._regular_line.fullmatch(raw):
            return None
        found = self._regular_cells.findall(self._separator + raw)
        return [quoted.replace(b'""', QUOTE) if quoted else plain for quoted, plain in found]

    def _line_end(self, start: int) -> tuple[int, int]:
        """Where the physical line at ``start`` ends, and where the next begins; reads on until it is known."""
        window, seen = self._window, start
        while True:
            found = LINE_END.search(window.data, seen)
            if found and (found.end() < len(window.data) or found.group() != b"\r" or window.is_complete):
                return found.span()
            seen = found.start() if found else len(window.data)
            if not window.fill() and not found:
                return len(window.data), len(window.data)
            if len(window.data) - start > self._limits.row_bytes and not found:
                raise _TooLong(seen, is_quoted=False)

    def _with_quotes(self, start: int) -> Record:
        window, line = self._window, self._window.line
        cells: list[bytes] = []
        repairs: dict[str, None] = {}
        position = start
        try:
            while True:
                cell, position = self._cell(position, repairs)
                cells.append(cell)
                if window.data[position : position + 1] != self._separator:
                    break
                position += 1
        except _UnclosedQuote as unclosed:
            return self._unclosed(start, unclosed.opened_at)
        raw = window.data[start:position]
        window.move_to(self._line_end(position)[1])
        return self._checked(Record(line, raw, cells, tuple(repairs)))

    def _cell(self, position: int, repairs: dict[str, None]) -> tuple[bytes, int]:
        data = self._window.data
        if data.startswith(QUOTE, position):
            return self._quoted_cell(position, repairs)
        spaced = self._spaces_and_quotes.match(data, position)
        if spaced:
            repairs["spaces_around_quotes"] = None
            return spaced[1].replace(b'""', QUOTE), spaced.end()
        plain = self._plain.match(data, position)
        assert plain is not None, "an empty cell matches too"
        return plain[0], plain.end()

    def _quoted_cell(self, opened_at: int, repairs: dict[str, None]) -> tuple[bytes, int]:
        window = self._window
        seen, n_breaks, is_known_long = opened_at + 1, 0, False
        while True:
            close = window.data.find(QUOTE, seen)
            upto = close if close >= 0 else len(window.data)
            n_breaks += count_breaks(window.data[seen:upto])
            if not is_known_long and self._is_suspicious(upto - opened_at, n_breaks):
                if self._rows_follow(opened_at):
                    raise _UnclosedQuote(opened_at)
                is_known_long = True
            if close < 0:
                self._read_on(opened_at, upto)
                seen = upto
                continue
            if n_breaks:
                self._line_end(close)
            end = self._end_of_quoted(close, repairs)
            if end:
                return window.data[opened_at + 1 : close].replace(b'""', QUOTE), end
            is_doubled = window.data.startswith(QUOTE, close + 1)
            if not is_doubled and n_breaks:
                raise _UnclosedQuote(opened_at)
            if not is_doubled:
                repairs["stray_quote"] = None
            seen = close + (2 if is_doubled else 1)

    def _read_on(self, opened_at: int, seen: int) -> None:
        if seen - opened_at > self._limits.row_bytes:
            raise _TooLong(seen - 1, is_quoted=True)
        if not self._window.fill():
            raise _UnclosedQuote(opened_at)

    def _end_of_quoted(self, close: int, repairs: dict[str, None]) -> int | None:
        """Where the cell ends if the quote at ``close`` closes it, else None."""
        data = self._window.data
        if data[close + 1 : close + 2] in self._cell_ends:
            return close + 1
        spaces = self._spaces_to_end.match(data, close + 1)
        if spaces:
            repairs["spaces_around_quotes"] = None
            return spaces.end()
        return None

    def _is_suspicious(self, n_bytes: int, n_breaks: int) -> bool:
        return n_breaks > self._limits.quoted_lines or (n_breaks > 0 and n_bytes > self._limits.cell_bytes)

    def _rows_follow(self, opened_at: int) -> bool:
        """Whether the lines after the opening one look like rows of the table, rather than like running text."""
        lines = LINE_END.split(self._window.data[opened_at : opened_at + self._limits.cell_bytes])
        complete = lines[1 : LINES_LOOKED_AT + 1]
        if self.width is None or not complete:
            return True
        alike = sum(1 for text in complete if text.count(self._separator) + 1 == self.width)
        return 2 * alike > len(complete)

    def _unclosed(self, start: int, opened_at: int) -> Record:
        window, line = self._window, self._window.line
        opened_on = line + count_breaks(window.data[start:opened_at])
        end, following = self._line_end(opened_at)
        raw = window.data[start:end]
        window.move_to(following)
        sentence = (
            f"A quote opens on line {opened_on} and is not closed where a cell can end. "
            "That row was left out; reading goes on with the next line."
        )
        return Record(line, raw, [], fault=Fault("unclosed_quote", sentence))

    def _skipped(self, start: int, too_long: _TooLong) -> Record:
        """Pass over a row that is larger than memory should hold, without holding it."""
        window, line = self._window, self._window.line
        excerpt = window.data[start : start + 1000]
        window.move_to(too_long.seen)
        if too_long.is_quoted:
            self._skip_quoted()
        self._skip_line()
        largest = in_words(self._limits.row_bytes)
        sentence = f"The row that begins on line {line} is larger than {largest}, the most that is read as one row."
        return Record(line, excerpt, [], fault=Fault("row_too_large", sentence))

    def _skip_quoted(self) -> None:
        window = self._window
        while window.load(2):
            close = window.data.find(QUOTE, window.position)
            if close < 0 or (close + 1 == len(window.data) and not window.is_complete):
                # One byte stays behind, so that a CRLF shared by two chunks is seen as one.
                window.move_to(close if close >= 0 else len(window.data) - (not window.is_complete))
                continue
            is_doubled = window.data.startswith(QUOTE, close + 1)
            is_end = window.data[close + 1 : close + 2] in self._cell_ends
            window.move_to(close + (2 if is_doubled else 1))
            if is_end:
                return

    def _skip_line(self) -> None:
        window = self._window
        while window.load(2):
            found = LINE_END.search(window.data, window.position)
            if found and (found.end() < len(window.data) or window.is_complete or found.group() != b"\r"):
                window.move_to(found.end())
                return
            window.position = found.start() if found else len(window.data)

    def _checked(self, record: Record) -> Record:
        most = self._limits.cell_bytes
        if len(record.raw) > most and any(len(cell) > most for cell in record.cells):
            sentence = f"A cell of the row on line {record.line} is larger than {in_words(most)}."
            return record._replace(cells=[], fault=Fault("cell_too_large", sentence))
        return record
