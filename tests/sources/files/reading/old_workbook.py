"""Writes the smallest workbook in the format of Excel 97-2003 (.xls), for tests only.

A compound file with one stream, "Workbook", of BIFF8 records; layouts as in Microsoft's [MS-CFB] and [MS-XLS].
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
DATE_FORMAT = 14


def old_workbook(rows: Sequence[Sequence[str | float]], sheet: str = "Sheet1") -> bytes:
    """A workbook with one sheet; a ``datetime`` serial is a float in a column whose first cell ends in "_on"."""
    dated = {place for place, cell in enumerate(rows[0]) if str(cell).endswith("_on")}
    stream = _workbook_stream(rows, dated, sheet)
    stream += b"\0" * (max(4096, -(-len(stream) // SECTOR) * SECTOR) - len(stream))
    return _compound_file(stream)


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _workbook_stream(rows: Sequence[Sequence[str | float]], dated: set[int], sheet: str) -> bytes:
    plain = struct.pack("<HHHBBBBIIH", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    date = struct.pack("<HHHBBBBIIH", 0, DATE_FORMAT, 0, 0, 0, 0, 0, 0, 0, 0)
    formats = _record(0xE0, plain) + _record(0xE0, date)
    name = sheet.encode("latin-1")
    beginning = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6)) + formats
    listing_size = 4 + 8 + len(name)
    start = len(beginning) + listing_size + 4
    listing = _record(0x85, struct.pack("<IBBBB", start, 0, 0, len(name), 0) + name)
    cells = b"".join(_cell(r, c, value, c in dated) for r, row in enumerate(rows) for c, value in enumerate(row))
    return (
        beginning
        + listing
        + _record(0x0A, b"")
        + _record(0x809, struct.pack("<HHHHII", 0x600, 16, 0, 0, 0, 6))
        + cells
        + _record(0x0A, b"")
    )


def _cell(row: int, column: int, value: str | float, is_date: bool) -> bytes:
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x204, struct.pack("<HHHHB", row, column, 0, len(value), 1) + text)
    return _record(0x203, struct.pack("<HHHd", row, column, int(is_date), value))


def _compound_file(stream: bytes) -> bytes:
    n_sectors = len(stream) // SECTOR
    chain = [*range(1, n_sectors), END, END, FAT]
    directory_at, table_at = n_sectors, n_sectors + 1
    table = struct.pack(f"<{SECTOR // 4}I", *chain, *[FREE] * (SECTOR // 4 - len(chain)))
    directory = (
        _entry("Root Entry", 5, child=1, start=END, size=0)
        + _entry("Workbook", 2, child=FREE, start=0, size=len(stream))
        + _entry("", 0, child=FREE, start=0, size=0) * 2
    )
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6xII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1)
    header += struct.pack("<IIIIIII", directory_at, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", table_at, *[FREE] * 108)
    return header + stream + directory + table


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    length = len(text) + 2 if name else 0
    links = struct.pack("<BBIII", kind, 1, FREE, FREE, child)
    return text.ljust(64, b"\0") + struct.pack("<H", length) + links + b"\0" * 36 + struct.pack("<IQ", start, size)
