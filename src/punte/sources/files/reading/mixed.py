"""A text of which some lines are UTF-8 and others in an older encoding, as when exports were pasted together.

Each line is read in the encoding that it is written in; a line in which both stand, cell by cell. Of what could be
either, the one counts in which the letters are those of a language. What fits neither stays as it is, so that its row
is found and named.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .alphabets import CANDIDATES, CENTRAL, WESTERN, fit_of
from .decoding import CHUNK_BYTES, Readable, is_utf8
from .windows import count_breaks

BETWEEN_CELLS = re.compile(rb"([,;\t|\r\n])")
PLAUSIBLE = 0.5
SEQUENCE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
SURELY = 3
AMBIGUOUS = re.compile(rb"[A-Z][\xc2-\xdf][\x80-\xbf]")
"""A character of UTF-8 behind a capital: two capitals of an older encoding look like it, as in RĂŞINARI."""

CUT_CHARACTER = re.compile(rb"(?:[\xe0-\xef][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{1,2}|[\xc2-\xdf])\Z")
_EVERY_LANGUAGE = WESTERN | CENTRAL


@dataclass
class Otherwise:
    """How many lines were not read in the encoding of most, and the first of them, counted from 1."""

    n_lines: int = 0
    first: int = 0

    def count(self, line: int) -> None:
        """One more such line."""
        self.n_lines += 1
        self.first = self.first or line


def mixed_chunks(stream: Readable, main: str, other: str, told: Otherwise) -> Iterator[bytes]:
    """The text of a stream in UTF-8, without its byte order mark; ``told`` counts the lines in ``other``.

    One of the two encodings is UTF-8, the other one has one byte for each character.
    """
    lines, rest, is_first = _Lines(main, other, told), b"", True
    while chunk := stream.read(CHUNK_BYTES):
        chunk = rest + (chunk.removeprefix(codecs.BOM_UTF8) if is_first else chunk)
        end = _end_of_lines(chunk)
        is_first, rest = False, chunk[end:]
        if end:
            yield lines.read(chunk[:end])
    if rest:
        yield lines.read(rest, is_cut=CUT_CHARACTER.search(rest) is not None)


def _end_of_lines(chunk: bytes) -> int:
    """Behind the last line end; behind the last plain character where a line is longer than the chunk."""
    end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r", 0, -1)) + 1
    if end or len(chunk) < CHUNK_BYTES:
        return end
    return next((at for at in range(len(chunk), 0, -1) if chunk[at - 1] < 0x80), len(chunk))


class _Lines:
    def __init__(self, main: str, other: str, told: Otherwise) -> None:
        self._is_utf8 = main == "utf-8"
        self._page = other if self._is_utf8 else main
        self._told = told
        self._line = 1

    def read(self, text: bytes, *, is_cut: bool = False) -> bytes:
        """Some whole lines, in UTF-8. The end of a file that is cut inside a character of UTF-8 is nothing else."""
        if text.isascii() or (self._is_utf8 and is_utf8(text) and not AMBIGUOUS.search(text)):
            read = text
        elif not self._is_utf8 and not SEQUENCE.search(text):
            read = self._in_page(text)
        else:
            lines = text.splitlines(keepends=True)
            cut = len(lines) - 1 if is_cut and self._is_utf8 else -1
            read = b"".join(
                line if line.isascii() or place == cut else self._accented(line, place)
                for place, line in enumerate(lines)
            )
        self._line += count_breaks(text)
        return read

    def _accented(self, line: bytes, place: int) -> bytes:
        n_sequences = len(SEQUENCE.findall(line))
        if not self._is_utf8 and not n_sequences:
            return self._in_page(line)
        is_clear = (self._is_utf8 or n_sequences >= SURELY) and not AMBIGUOUS.search(line) and is_utf8(line)
        parts = [(line, True)] if is_clear else [(cell, self._is_utf8_here(cell)) for cell in BETWEEN_CELLS.split(line)]
        read = [part if part.isascii() or here else self._in_page(part) for part, here in parts]
        if any(self._is_otherwise(part, here, text) for (part, here), text in zip(parts, read, strict=True)):
            self._told.count(self._line + place)
        return b"".join(read)

    def _is_otherwise(self, part: bytes, is_utf8_here: bool, read: bytes) -> bool:
        return not part.isascii() and (read != part if self._is_utf8 else is_utf8_here)

    def _is_utf8_here(self, text: bytes) -> bool:
        return not text.isascii() and is_utf8(text) and _reads_better_as_utf8(text, self._page)

    def _in_page(self, text: bytes) -> bytes:
        if self._is_utf8 and not is_plausible(text, self._page):
            return text
        return text.decode(self._page, "punte-mark").encode("utf-8", "surrogatepass")


@lru_cache(maxsize=65_536)
def _reads_better_as_utf8(text: bytes, page: str) -> bool:
    if page not in CANDIDATES:
        return True
    as_page = fit_of(text.decode(page, "replace"), CANDIDATES[page])
    return fit_of(text.decode("utf-8"), _EVERY_LANGUAGE).score >= as_page.score


@lru_cache(maxsize=65_536)
def is_plausible(text: bytes, page: str) -> bool:
    """Whether a text in this one-byte encoding has the letters of a language, each where it may stand."""
    return fit_of(text.decode(page, "replace"), CANDIDATES[page]).score >= PLAUSIBLE
