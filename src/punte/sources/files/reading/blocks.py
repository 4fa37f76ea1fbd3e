"""The fast way through a CSV file: whole blocks of regular records, parsed by Arrow.

A block is taken only if it provably means the same to Arrow and to ``records``: it consists of RFC 4180 records, has
no blank line, no NUL byte and no undecodable text, and each record has as many cells as the header.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from .limits import Limits
from .windows import count_breaks

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LINES_TRIED = 50


def end_of_records(data: bytes, start: int, stop: int) -> int:
    """The last line end before ``stop`` with an even number of quotes before it, or ``start`` when none is near."""
    end = _after_line_end(data, start, stop)
    is_odd = data.count(b'"', start, end) % 2
    for _ in range(LINES_TRIED):
        if not is_odd or end <= start:
            return end
        earlier = _after_line_end(data, start, end - 1)
        is_odd ^= data.count(b'"', earlier, end) % 2
        end = earlier
    return start


def _after_line_end(data: bytes, start: int, stop: int) -> int:
    end = data.rfind(b"\n", start, stop)
    if end < 0:
        # A CR that ends the text at hand may be half of a CRLF.
        end = data.rfind(b"\r", start, stop - 1)
    return end + 1 if end >= 0 else start


class BlockParser:
    """Parses blocks of whole records into a batch of text columns, or refuses them.

    ``names`` are the columns, the first of which takes the line numbers.
    """

    def __init__(self, names: list[str], separator: bytes, limits: Limits) -> None:
        self._names = names
        self._limits = limits
        self._parse = pacsv.ParseOptions(delimiter=separator.decode(), newlines_in_values=True)
        self._convert = pacsv.ConvertOptions(
            column_types=dict.fromkeys(names[1:], pa.string()),
            strings_can_be_null=True,
            null_values=[""],
            quoted_strings_can_be_null=True,
        )
        self._regular = _regular_records(separator.decode(), is_one_column=len(names) == 2)

    def parse(self, block: bytes, line: int) -> pa.RecordBatch | None:
        """The records of a block that begins on ``line``; None where the careful reader has to look."""
        if not block.endswith((b"\n", b"\r")):
            block += b"\n"
        if b"\0" in block or block.startswith(BYTE_ORDER_MARK) or not self._is_regular(block):
            return None
        reading = pacsv.ReadOptions(column_names=self._names[1:], block_size=len(block) + 1, use_threads=False)
        try:
            table = pacsv.read_csv(pa.BufferReader(block), reading, self._parse, self._convert)
        except pa.ArrowInvalid:
            return None
        columns = [_one_chunk(column) for column in table.columns]
        if len(block) > self._limits.cell_bytes and any(self._is_too_large(column) for column in columns):
            return None
        lines = _first_lines(columns, line, count_breaks(block))
        return pa.RecordBatch.from_arrays([lines, *columns], names=self._names)

    def _is_regular(self, block: bytes) -> bool:
        return bool(pc.match_substring_regex(pa.array([block], pa.binary()), pattern=self._regular)[0].as_py())

    def _is_too_large(self, column: pa.Array) -> bool:
        largest = pc.max(pc.binary_length(column)).as_py()
        return largest is not None and largest > self._limits.cell_bytes


def _regular_records(separator: str, *, is_one_column: bool) -> str:
    """A regular expression that matches a block of RFC 4180 records without blank lines, as a whole.

    It has no repetition inside a repetition over the same text, and RE2 runs it in linear time anyhow.
    """
    ends = re.escape(separator)
    cell = rf'(?:"(?:[^"]|"")*"| *[^" {ends}\r\n][^{ends}\r\n]*| +)'
    row = cell if is_one_column else rf"{cell}?(?:{ends}{cell}?)+"
    return rf"\A(?:{row}(?:\r\n|\r|\n))*\z"


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _first_lines(columns: list[pa.Array], line: int, n_breaks: int) -> pa.Array:
    """The line on which each record begins; cells may hold line breaks of their own."""
    n_rows = len(columns[0])
    if n_breaks == n_rows:
        return pa.array(range(line, line + n_rows), pa.int64())
    inside = pa.array([0] * n_rows, pa.int64())
    for column in columns:
        inside = pc.add(inside, pc.fill_null(_breaks_inside(column), 0))
    after = pc.cumulative_sum(pc.add(inside, 1))
    starts = pc.subtract(after, pc.add(inside, 1))
    return pc.add(starts, line)


def _breaks_inside(column: pa.Array) -> pa.Array:
    counts = [pc.count_substring(column, pattern) for pattern in ("\n", "\r", "\r\n")]
    return pc.cast(pc.subtract(pc.add(counts[0], counts[1]), counts[2]), pa.int64())
