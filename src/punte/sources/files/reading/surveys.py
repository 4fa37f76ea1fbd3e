"""One pass over a file: its checksum, whether it is UTF-8, and a sample of its text from all over it."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from .decoding import Readable, is_utf8

CHUNK_BYTES = 1024**2
HEAD_BYTES = 64 * 1024
ACCENTED_BYTES_PER_CHUNK = 8 * 1024
ACCENTED_BYTES = 256 * 1024
STRAY_PER_CHUNK = 400


@dataclass(frozen=True)
class Survey:
    """What one pass over a file showed.

    ``head`` and ``tail`` are its first and last 64 KB; ``accented`` holds lines with bytes beyond ASCII from the whole
    file, at most 8 KB from each megabyte and 256 KB in all; ``stray`` likewise, of lines that are not UTF-8.
    """

    sha256: str
    n_bytes: int
    is_ascii: bool
    is_utf8: bool
    head: bytes = field(repr=False)
    accented: bytes = field(repr=False)
    tail: bytes = field(repr=False)
    stray: bytes = field(default=b"", repr=False)


class _Utf8Check:
    """Whether all that was fed to it is strict UTF-8; a character cut off at the very end does not speak against it."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self.holds = True

    def feed(self, chunk: bytes) -> None:
        if not self.holds:
            return
        try:
            self._decoder.decode(chunk)
        except UnicodeDecodeError:
            self.holds = False


def survey(stream: Readable, check_size: Callable[[int], None]) -> Survey:
    """Read a stream to its end; ``check_size`` is told the bytes so far and raises when they are too many."""
    digest, utf8 = hashlib.sha256(), _Utf8Check()
    head, tail, accented, stray = b"", b"", bytearray(), bytearray()
    n_bytes, is_ascii = 0, True
    while chunk := stream.read(CHUNK_BYTES):
        n_bytes += len(chunk)
        check_size(n_bytes)
        digest.update(chunk)
        utf8.feed(chunk)
        if not chunk.isascii():
            is_ascii = False
            has_stray = not utf8.holds and len(stray) < ACCENTED_BYTES
            wanted = has_stray or len(accented) < ACCENTED_BYTES
            lines = _accented_lines(chunk, is_first=n_bytes == len(chunk)) if wanted else []
            if len(accented) < ACCENTED_BYTES:
                accented += _some_of(lines)
            if has_stray:
                stray += _some_of(list(islice((line for line in lines if not is_utf8(line)), STRAY_PER_CHUNK)))
        if len(head) < HEAD_BYTES:
            head += chunk[: HEAD_BYTES - len(head)]
        tail = (tail + chunk)[-HEAD_BYTES:]
    return Survey(digest.hexdigest(), n_bytes, is_ascii, utf8.holds, head, bytes(accented), tail, bytes(stray))


def _accented_lines(chunk: bytes, *, is_first: bool) -> list[bytes]:
    """Lines with bytes beyond ASCII, without those that the chunk's ends may have cut."""
    lines = chunk.replace(b"\r", b"\n").split(b"\n")
    whole = lines[0 if is_first else 1 : -1 if len(chunk) == CHUNK_BYTES else None]
    return [line for line in whole if not line.isascii()]


def _some_of(lines: list[bytes]) -> bytes:
    """The beginnings of some of these lines, spread over all of them."""
    kept: list[bytes] = []
    n_bytes = 0
    for line in (line[:1000] for line in lines[:: max(1, len(lines) // 80)]):
        n_bytes += len(line) + 1
        if n_bytes > ACCENTED_BYTES_PER_CHUNK:
            break
        kept.append(line)
    return b"".join(line + b"\n" for line in kept)


def checksum(stream: Readable) -> str:
    """The SHA-256 of a stream, in hexadecimal."""
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()
