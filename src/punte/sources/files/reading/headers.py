"""The row of names above a table: which row it is, and what its columns are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .limits import Limits
from .reports import Note, Refusal

ROW_NUMBER = "row_number"
TITLE_ROWS = 30
INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060"
LINE_BREAKS = re.compile(r"\s*[\r\n]+\s*")
VALUE = re.compile(r"[-+]?[\d.,\s]+%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|[^\s@]+@[^\s@]+\.[^\s@]+")

Cells = Sequence[str | None]


def most_usual_width(widths: Sequence[int]) -> int:
    """The number of cells that most rows have, the larger of two that are as usual.

    Rows of one cell, such as titles and footers, count only where nearly all rows are like them.
    """
    filled = [width for width in widths if width]
    several = [width for width in filled if width > 1]
    counts = Counter(several if 5 * len(several) >= len(filled) else filled)
    return max(counts, key=lambda width: (counts[width], width)) if counts else 0


def find_header(rows: Sequence[Cells]) -> int | None:
    """Which of the first rows of a file holds the names: the first that fills at least half of the usual width.

    Rows above it are titles, as ad platforms put them ("Campaign report", "1 May - 31 May"). A row that is
    shorter than usual and holds values, such as a date, is passed over for a fuller one without values.
    None when there is no row with text.
    """
    width = most_usual_width([_last_filled(row) for row in rows])
    least = min(2, width) if width < 4 else (width + 1) // 2
    candidates = [place for place, row in enumerate(rows[:TITLE_ROWS]) if _n_filled(row) >= max(1, least)]
    if not candidates:
        return next((place for place, row in enumerate(rows) if _n_filled(row)), None)
    first = candidates[0]
    if not (_has_values(rows[first]) and _last_filled(rows[first]) < width):
        return first
    better = (place for place in candidates if _last_filled(rows[place]) >= width and not _has_values(rows[place]))
    return next(better, first)


def _n_filled(row: Cells) -> int:
    return sum(1 for cell in row if cell and cell.strip())


def _last_filled(row: Cells) -> int:
    return max((place for place, cell in enumerate(row, start=1) if cell and cell.strip()), default=0)


def _has_values(row: Cells) -> bool:
    return any(VALUE.fullmatch(cell.strip()) for cell in row if cell)


def column_names(cells: Cells, name: str, limits: Limits) -> tuple[list[str], list[Note]]:
    """Unique, trimmed, non-empty names for the cells of a header, and what had to be done for it.

    Raises UnreadableFile when there are more columns than ``limits.columns``.
    """
    if len(cells) > limits.columns:
        sentence = f"{name} has {len(cells)} columns, more than the {limits.columns} that are read."
        raise Refusal("too_many_columns", sentence, "Export fewer columns, or check the separator.").error(name)
    notes: list[Note] = []
    wanted = [_trimmed(cell) for cell in cells]
    taken = {ROW_NUMBER}
    names: list[str] = []
    for place, text in enumerate(wanted, start=1):
        base = text or f"column {place}"
        unique = _unique(base, taken, wanted)
        if not text:
            notes.append(Note("empty_header", f'Column {place} has no name in the header; it is read as "{unique}".'))
        elif unique != base:
            notes.append(Note("duplicate_header", _why_renamed(base, unique, place)))
        taken.add(unique)
        names.append(unique)
    if 2 * sum(1 for text in wanted if VALUE.fullmatch(text)) > len(wanted):
        sentence = "The row taken as the header looks like data; the file may have no row of names."
        notes.append(Note("header_looks_like_data", sentence))
    return names, notes


def _trimmed(cell: str | None) -> str:
    return LINE_BREAKS.sub(" ", (cell or "").strip(INVISIBLE).strip().strip(INVISIBLE).replace("\0", ""))


def _unique(base: str, taken: set[str], wanted: list[str]) -> str:
    if base not in taken:
        return base
    number = 2
    while f"{base} ({number})" in taken or f"{base} ({number})" in wanted:
        number += 1
    return f"{base} ({number})"


def _why_renamed(base: str, unique: str, place: int) -> str:
    if base == ROW_NUMBER:
        return (
            f'Column {place} is called "{base}", a name that is used for the rows themselves; it is read as "{unique}".'
        )
    return f'Column {place} is called "{base}" like one before it; it is read as "{unique}".'
