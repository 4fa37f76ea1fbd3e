"""The part of a byte stream that is in memory, and the line at which it begins."""

from __future__ import annotations

from collections.abc import Iterator


def count_breaks(text: bytes) -> int:
    """Line breaks in a text: CRLF, LF and CR count one each; U+2028 and its like are no line breaks."""
    return text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")


class Window:
    """A stream of bytes read forward only; ``data[position:]`` is what is still to be read.

    ``line`` is the 1-based line on which ``position`` stands, ``offset`` its place in the whole stream.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._dropped = 0
        self.data = b""
        self.position = 0
        self.line = 1
        self.is_complete = False

    @property
    def offset(self) -> int:
        """How many bytes of the stream lie before ``position``."""
        return self._dropped + self.position

    def fill(self) -> bool:
        """Append the next chunk; False when the stream has ended. Positions stay valid."""
        chunk = next(self._chunks, None)
        if chunk is None:
            self.is_complete = True
            return False
        self.data += chunk
        return True

    def load(self, n_bytes: int) -> bool:
        """Have at least ``n_bytes`` at hand, fewer only at the end; False when nothing is left."""
        if len(self.data) - self.position < n_bytes:
            self.compact()
        while len(self.data) - self.position < n_bytes and self.fill():
            continue
        return self.position < len(self.data)

    def compact(self) -> None:
        """Let go of what has been read; positions held elsewhere become invalid."""
        self._dropped += self.position
        self.data = self.data[self.position :]
        self.position = 0

    def move_to(self, position: int) -> None:
        """Go forward to a position, counting the lines on the way; a CRLF cut in two counts with its second half."""
        passed = self.data[self.position : position]
        is_cut = passed.endswith(b"\r") and self.data.startswith(b"\n", position)
        self.line += count_breaks(passed) - is_cut
        self.position = position
