"""How a text file is laid out: its separator, its header, where its rows begin. Guessed from its beginning."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .decoding import utf8_chunks
from .encodings import choose_encoding
from .headers import find_header, most_usual_width
from .limits import Limits
from .records import Record, RecordReader
from .reports import Confidence, Newline, Note, Quoting, Refusal
from .surveys import Survey
from .windows import Window

SEPARATORS = (",", ";", "\t", "|")
SEPARATOR_LINE = re.compile(rb'"?sep=([^"\r\n])"?[,;\t|]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
RECORDS_LOOKED_AT = 200
SAMPLE_BYTES = 4 * 1024**2
REGULAR_SHARE = 0.9


@dataclass(frozen=True)
class Sampled:
    """A record of the sample, and where in the stream and on which line the next one begins."""

    record: Record
    line_end: bytes
    next_offset: int
    next_line: int

    @property
    def texts(self) -> list[str]:
        """The cells as text, for guesses only."""
        return [cell.decode("utf-8", "replace") for cell in self.record.cells]


@dataclass(frozen=True)
class Layout:
    """What was found out: cells of the header, and where the first row below it begins (UTF-8 offset and line)."""

    separator: str
    confidence: Confidence
    header: list[str]
    header_line: int
    data_offset: int
    data_line: int
    quoting: Quoting
    newline: Newline
    notes: tuple[Note, ...]


def looks_like_table(seen: Survey, limits: Limits) -> bool:
    """Whether text whose name does not say so is a table: nearly all lines have as many cells, two or more."""
    encoding = choose_encoding(seen)
    head = b"".join(utf8_chunks(io.BytesIO(seen.head), encoding.name))
    best = max((_regularity(_sample(head, 0, 1, sep, limits)) for sep in SEPARATORS), key=lambda found: found[0])
    return best[0] >= REGULAR_SHARE and best[1] >= 2


def guess_layout(
    head: bytes, name: str, limits: Limits, *, separator: str | None = None, header_line: int | None = None
) -> Layout:
    """The layout of the text that begins with ``head`` (UTF-8); what the caller forces is not guessed.

    Raises UnreadableFile when there is no header, or when what is forced cannot be.
    """
    said = SEPARATOR_LINE.match(head)
    offset, line = (said.end(), 2) if said else (0, 1)
    chosen, confidence, notes = _separator(head, said, separator, name, limits)
    sample = _sample(head, offset, line, chosen, limits)
    place = _header_place(sample, header_line, name)
    header = sample[place]
    if place:
        above = f"The header was found on line {header.record.line}; what stands above it was taken as titles."
        notes = (*notes, Note("title_lines", above))
    quoting, newline = _quoting(sample[place:]), _newline(sample)
    return Layout(
        separator=chosen,
        confidence=confidence,
        header=header.texts,
        header_line=header.record.line,
        data_offset=header.next_offset,
        data_line=header.next_line,
        quoting=quoting,
        newline=newline,
        notes=notes,
    )


def _separator(
    head: bytes, said: re.Match[bytes] | None, forced: str | None, name: str, limits: Limits
) -> tuple[str, Confidence, tuple[Note, ...]]:
    if forced is not None:
        return _checked_separator(forced, name), "certain", ()
    if said:
        chosen = _checked_separator(said[1].decode("ascii", "replace"), name)
        return chosen, "certain", (Note("separator_line", f'The first line says that the separator is "{chosen}".'),)
    return (*_best_separator(head, limits), ())


def _checked_separator(separator: str, name: str) -> str:
    if len(separator) == 1 and separator.isascii() and separator not in '"\r\n\0':
        return separator
    sentence = f"{separator!r} cannot separate the cells of {name}."
    raise Refusal("bad_separator", sentence, "Use one character, such as , ; | or a tab.").error(name)


def _best_separator(head: bytes, limits: Limits) -> tuple[str, Confidence]:
    """The separator under which most records have the same two or more cells; the comma when there is none."""
    ranked = {separator: _regularity(_sample(head, 0, 1, separator, limits)) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: ranked[separator])
    if ranked[best][1] < 2:
        return ",", "likely"
    close = [other for other in SEPARATORS if other != best and ranked[best][0] - ranked[other][0] < 0.2]
    if close:
        return best, "guess"
    return best, "certain" if ranked[best][0] > REGULAR_SHARE else "likely"


def _regularity(sample: list[Sampled]) -> tuple[float, int]:
    """The share of records of the usual width, less a little for each one above the first of them, and that width."""
    widths = [len(found.record.cells) for found in sample if found.record.raw.strip()]
    width = most_usual_width([width for width in widths if width >= 2])
    if width < 2:
        return 0.0, 1
    return widths.count(width) / len(widths) - 0.02 * min(widths.index(width), 20), width


def _header_place(sample: list[Sampled], header_line: int | None, name: str) -> int:
    if header_line is not None:
        place = next((at for at, found in enumerate(sample) if found.record.line == header_line), None)
    else:
        place = find_header([found.texts for found in sample])
    if place is not None:
        return place
    where = f"on line {header_line} of {name}" if header_line is not None else f"in {name}"
    raise Refusal("no_header", f"There is no row of column names {where}.", "Export it with its header.").error(name)


def _sample(head: bytes, offset: int, line: int, separator: str, limits: Limits) -> list[Sampled]:
    return list(_sampled(head, offset, line, separator, limits))


def _sampled(head: bytes, offset: int, line: int, separator: str, limits: Limits) -> Iterator[Sampled]:
    window = Window(iter([head]))
    window.load(1)
    window.position, window.line = offset, line
    records = RecordReader(window, separator.encode(), limits)
    for _ in range(RECORDS_LOOKED_AT):
        start = window.offset
        record = records.read()
        if record is None:
            return
        line_end = head[start + len(record.raw) : window.offset]
        is_cut = not line_end and len(head) >= SAMPLE_BYTES
        if is_cut:
            return
        yield Sampled(record, line_end, window.offset, window.line)


def _quoting(sample: list[Sampled]) -> Quoting:
    rows = [found.record.raw for found in sample if found.record.raw]
    if all(b'"' not in raw for raw in rows):
        return "none"
    return "all" if all(raw[:1] == b'"' and raw[-1:] == b'"' for raw in rows) else "some"


def _newline(sample: list[Sampled]) -> Newline:
    names: dict[bytes, Newline] = {b"\n": "LF", b"\r\n": "CRLF", b"\r": "CR"}
    used = {names[found.line_end] for found in sample if found.line_end in names}
    if len(used) > 1:
        return "mixed"
    return used.pop() if used else "none"
