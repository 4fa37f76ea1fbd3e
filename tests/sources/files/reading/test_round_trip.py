"""Whatever the csv module writes, in any dialect and encoding, is read back equal; and both ways of reading agree."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from punte.sources.files.reading import DEFAULT_LIMITS, Limits, find_files, open_table
from punte.sources.files.reading.batching import text_schema
from punte.sources.files.reading.blocks import BlockParser
from punte.sources.files.reading.records import Record, RecordReader
from punte.sources.files.reading.reports import Tally
from punte.sources.files.reading.rows import CarefulRows
from punte.sources.files.reading.windows import Window

from .conftest import Reading, read_only_table

pytestmark = pytest.mark.slow

ENCODINGS = [
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1250",
    "cp1252",
    "iso8859_2",
    "mac_roman",
    "cp932",
]
BEGINNING = b"id,name\n1," + b"x" * 500 + b"\n"
SMALL_BLOCKS = Limits(block_bytes=64)

characters = st.sampled_from(list("abcXYZ 019.-/@;,|\t\"'\n\r=+ăâîșțéüß€“\u2028\U0001f600"))
cells = st.text(characters, max_size=12)
names = st.lists(st.sampled_from(["Record ID", "Email", "Deal, Name", 'The "Best"', "Oras", "x;y", "a|b"]), unique=True)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    header = draw(names.filter(lambda found: len(found) >= 2))
    rows = draw(st.lists(st.lists(cells, min_size=len(header), max_size=len(header)), max_size=12))
    return header, rows


def read_bytes(content: bytes, limits: Limits, **options: str) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_bytes(content)
        return read_only_table(path, limits, **options)


def encoded(text: str, encoding: str) -> tuple[str, bytes]:
    """The text with what the encoding lacks replaced, and its bytes."""
    content = text.encode(encoding, "replace")
    return content.decode(encoding), content


@settings(max_examples=300, deadline=None)
@given(
    table=tables(),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    encoding=st.sampled_from(ENCODINGS),
    limits=st.sampled_from([DEFAULT_LIMITS, SMALL_BLOCKS]),
)
def test_what_the_csv_module_writes_is_read_back_equal(
    table: tuple[list[str], list[list[str]]], separator: str, newline: str, quoting: int, encoding: str, limits: Limits
) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator, lineterminator=newline, quoting=quoting).writerows([table[0], *table[1]])
    text, content = encoded(written.getvalue(), encoding)
    expected = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    # The csv module does not quote a line break other than its own, and so writes what it cannot read itself.
    assume([len(row) for row in expected] == [len(table[0])] * (1 + len(table[1])))
    read = read_bytes(content, limits, encoding=encoding, separator=separator)
    assert read.header == table[0]
    assert read.cells == [tuple(cell or None for cell in row) for row in expected[1:] if any(row)]
    assert (read.report.repaired, read.problems) == ({}, [])


def chunks_of(content: bytes, size: int) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


def carefully(content: bytes, width: int, chunk: int = 1 << 20) -> tuple[list[pa.RecordBatch], Tally]:
    schema, tally = text_schema(["row_number", *(f"c{place}" for place in range(width))]), Tally(100)
    rows = CarefulRows(Window(chunks_of(content, chunk)), b",", schema, DEFAULT_LIMITS, tally)
    pieces = list(rows.read_until(len(content)))
    rows.finish()
    return pieces, tally


messy = st.text(st.sampled_from(list('ab,"\n\r \u2028ă')), max_size=40).map(str.encode)
shattered = st.lists(
    st.sampled_from([b"a", b",", b'"', b'""', b"\n", b"\r\n", b" ", b"\0", "ă".encode(), b"\xff"])
).map(b"".join)


@settings(max_examples=2000, deadline=None)
@given(content=messy | shattered, width=st.integers(1, 4))
@example(content=b'"a\n",b\n', width=2)
@example(content=b' "a"\n', width=1)
@example(content=b"\xef\xbb\xbfa\n", width=1)
def test_a_block_that_takes_the_fast_way_means_the_same_on_the_careful_one(content: bytes, width: int) -> None:
    schema = text_schema(["row_number", *(f"c{place}" for place in range(width))])
    fast = BlockParser(schema.names, b",", DEFAULT_LIMITS).parse(content, 1)
    if fast is None:
        return
    pieces, tally = carefully(content, width)
    assert fast.to_pylist() == [row for piece in pieces for row in piece.to_pylist()]
    assert (dict(tally.repaired), tally.problems, tally.n_footer_rows) == ({}, [], 0)


@settings(max_examples=1000, deadline=None)
@given(content=messy | shattered, chunk=st.integers(1, 7))
def test_records_do_not_depend_on_how_the_bytes_arrive(content: bytes, chunk: int) -> None:
    def records(size: int) -> list[Record]:
        reader = RecordReader(Window(chunks_of(content, size)), b",", DEFAULT_LIMITS, 2)
        return list(iter(reader.read, None))

    assert records(chunk) == records(1 << 20)


@settings(max_examples=500, deadline=None)
@given(content=messy | shattered, limits=st.sampled_from([Limits(block_bytes=size) for size in (1, 16, 64, 300)]))
def test_a_table_does_not_depend_on_the_size_of_its_blocks(content: bytes, limits: Limits) -> None:
    whole = BEGINNING + content * 3
    small, large = read_bytes(whole, limits, encoding="utf-8"), read_bytes(whole, DEFAULT_LIMITS, encoding="utf-8")
    assert (small.rows, small.report) == (large.rows, large.report)


@settings(max_examples=500, deadline=None)
@given(content=messy | shattered)
def test_every_row_of_a_messy_file_is_accounted_for(content: bytes) -> None:
    read = read_bytes(BEGINNING + content, DEFAULT_LIMITS, encoding="utf-8")
    report = read.report
    reader = RecordReader(Window(iter([content])), b",", DEFAULT_LIMITS, 2)
    n_records = 1 + sum(1 for record in iter(reader.read, None) if record.raw.strip(b" ") or record.fault)
    assert report.n_rows + report.n_empty_rows + report.n_footer_rows + report.n_problems == n_records
    assert len(read.rows) == report.n_rows


def test_mixed_blocks_of_a_large_file_come_in_order_and_once() -> None:
    lines = [f'{place},"name, {place}",x' for place in range(20_000)]
    for place in range(0, 20_000, 700):
        lines[place] = f"{place},short"
    for place in range(350, 20_000, 700):
        lines[place] = f'{place},"two\nlines",x'
    content = "id,name,note\n" + "\n".join(lines) + "\n"
    read = read_bytes(content.encode(), Limits(block_bytes=16_384))
    assert [row[1] for row in read.rows] == [str(place) for place in range(20_000)]
    found = {row[1]: row[0] for row in read.rows}
    text_lines = content.split("\n")
    assert [text_lines[found[str(place)] - 1].split(",")[0] for place in range(20_000)] == [
        str(place) for place in range(20_000)
    ]
    assert read.report.repaired == {"short_row": 29}


def test_memory_does_not_grow_with_the_file() -> None:
    row = b"1,Ana Popescu,ana@example.com,2024-01-02,open\n"
    peaks = []
    for n_rows in (200_000, 800_000):
        before = pa.total_allocated_bytes()
        peak = _peak_while_reading(b"id,name,email,day,status\n" + row * n_rows)
        peaks.append(peak - before)
    assert peaks[1] < 1.5 * peaks[0] + 10_000_000


def _peak_while_reading(content: bytes) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_bytes(content)
        table = open_table(find_files([path])[0])
        return max(pa.total_allocated_bytes() for _ in table.batches())
