"""A stream of bytes in any encoding, handed on as UTF-8."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Protocol

CHUNK_BYTES = 2 * 1024**2
MARKER = "\udcff"


class Readable(Protocol):
    """Anything that hands out bytes forward."""

    def read(self, n_bytes: int, /) -> bytes:
        """Up to ``n_bytes``; empty at the end."""
        ...


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return MARKER, error.end


codecs.register_error("punte-mark", _mark)


def utf8_chunks(stream: Readable, encoding: str) -> Iterator[bytes]:
    """The text of a stream in UTF-8, without its byte order mark.

    What cannot be decoded becomes a byte sequence that is not valid UTF-8 either, so that the row that holds it
    can be found and named; every other row is unharmed.
    """
    if codecs.lookup(encoding).name == "utf-8":
        yield from _without_mark(stream)
        return
    decoder = codecs.getincrementaldecoder(encoding)("punte-mark")
    is_first = True
    while True:
        raw = stream.read(CHUNK_BYTES)
        text = decoder.decode(raw, final=not raw)
        if is_first and text:
            text, is_first = text.removeprefix("\ufeff"), False
        if text:
            yield text.encode("utf-8", "surrogatepass")
        if not raw:
            return


def _without_mark(stream: Readable) -> Iterator[bytes]:
    raw = stream.read(CHUNK_BYTES).removeprefix(codecs.BOM_UTF8)
    while raw:
        yield raw
        raw = stream.read(CHUNK_BYTES)


def is_utf8(text: bytes) -> bool:
    """Whether a text is strict UTF-8."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
