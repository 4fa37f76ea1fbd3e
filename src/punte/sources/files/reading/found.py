"""A file that was found, and how its bytes are had."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal
from zipfile import ZipFile

from punte.errors import UnreadableFile

from .archives import DAMAGED, damaged, open_archive
from .limits import Limits, in_words
from .reports import Refusal
from .surveys import Survey

Kind = Literal["csv", "excel", "parquet", "skipped", "refused"]
COPY_BYTES = 1024**2


@dataclass(frozen=True)
class FoundFile:
    """One table that was found, or one file that is none.

    ``name`` is for people: relative to the folder that was given, ``archive.zip/member.csv`` inside a zip,
    ``book.xlsx#Sheet1`` for a sheet. ``n_bytes`` and ``sha256`` are those of the file's bytes (of the whole
    workbook for a sheet, unpacked for a member of a zip); ``sha256`` is None where nothing will be read.
    Kind "skipped" is a file that does not claim to be a table, "refused" one that does, or that cannot be read;
    both say why in ``refusal``.
    """

    name: str
    kind: Kind
    n_bytes: int
    path: Path
    sha256: str | None = None
    member: int | None = None
    sheet: str | None = None
    refusal: Refusal | None = None
    survey: Survey | None = field(default=None, repr=False, compare=False)

    @property
    def is_table(self) -> bool:
        """Whether ``open_table`` can open it."""
        return self.kind in ("csv", "excel", "parquet")

    @property
    def place(self) -> Place:
        """Where its bytes lie."""
        return Place(self.name, self.path, self.n_bytes, self.member)


@dataclass(frozen=True)
class Place:
    """Where bytes lie: a file, or a member of a zip, by its number there; ``archive`` is the zip if it is open."""

    name: str
    path: Path
    n_bytes: int
    member: int | None = None
    archive: ZipFile | None = None


class ByteStream:
    """Bytes read forward from a file or a member of a zip; what goes wrong on the way is an UnreadableFile."""

    def __init__(self, source: IO[bytes], place: Place) -> None:
        self._source = source
        self._place = place

    def read(self, n_bytes: int) -> bytes:
        """Up to ``n_bytes``; empty at the end."""
        try:
            return self._source.read(n_bytes)
        except (OSError, *DAMAGED) as error:
            raise _failure(self._place, error) from error


@contextmanager
def open_stream(place: Place) -> Iterator[ByteStream]:
    """The bytes of a file, or of a member of a zip. Raises UnreadableFile when it cannot be opened."""
    with ExitStack() as opened:
        try:
            source = opened.enter_context(_source(place, opened))
        except (OSError, RuntimeError, IndexError, *DAMAGED) as error:
            raise _failure(place, error) from error
        yield ByteStream(source, place)


def _failure(place: Place, error: Exception) -> UnreadableFile:
    """A damaged zip may also ask for places that no file has, which the system answers with an OSError."""
    is_of_system = place.member is None or isinstance(error, FileNotFoundError | PermissionError)
    if isinstance(error, OSError) and is_of_system:
        return cannot_open(place.name, error).error(place.name)
    return damaged(place.name).error(place.name)


def _source(place: Place, opened: ExitStack) -> IO[bytes]:
    if place.member is None:
        return place.path.open("rb")
    archive = place.archive or opened.enter_context(open_archive(place.path, place.name))
    return archive.open(archive.infolist()[place.member])


@contextmanager
def open_seekable(place: Place, limits: Limits) -> Iterator[IO[bytes]]:
    """The same bytes with random access: a member of a zip is unpacked to a temporary file first."""
    if place.member is None:
        try:
            source = place.path.open("rb")
        except OSError as error:
            raise cannot_open(place.name, error).error(place.name) from error
        with source:
            yield source
        return
    with tempfile.TemporaryFile() as copy:
        with open_stream(place) as stream:
            n_bytes = 0
            while chunk := stream.read(COPY_BYTES):
                n_bytes += len(chunk)
                check_unpacked(n_bytes, place.name, limits)
                copy.write(chunk)
        copy.seek(0)
        yield copy


def check_unpacked(n_bytes: int, name: str, limits: Limits) -> None:
    """Raise UnreadableFile when a member of a zip holds more than the zip may hold in all."""
    if n_bytes > limits.zip_bytes:
        sentence = f"{name} unpacks to more than the {in_words(limits.zip_bytes)} allowed."
        raise Refusal("too_large", sentence, "Unpack it yourself and import the file.").error(name)


def cannot_open(name: str, error: OSError) -> Refusal:
    """The refusal of a file that the system does not hand out."""
    if isinstance(error, FileNotFoundError):
        return Refusal("missing", f"There is no file or folder {name}.", "Check the path.")
    if isinstance(error, PermissionError):
        return Refusal("no_permission", f"{name} may not be read by this user.", "Give this user the right to read it.")
    reason = error.strerror or type(error).__name__
    return Refusal("cannot_open", f"{name} cannot be read: {reason}.", "Check the disk, or copy the file elsewhere.")
