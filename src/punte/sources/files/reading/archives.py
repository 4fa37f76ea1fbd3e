"""Zip archives: what is inside, read as a stream and held to its limits."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from .limits import Limits, in_words
from .reports import Refusal

READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    EOFError,
    ValueError,
    OverflowError,
)

Package = Literal["workbook", "document", "archive"]


@dataclass(frozen=True)
class Member:
    """One file of an archive: its place in the archive's directory, its name there, its unpacked size in bytes."""

    index: int
    name: str
    n_bytes: int
    is_locked: bool
    is_readable: bool


def open_archive(stream: IO[bytes] | Path, name: str) -> zipfile.ZipFile:
    """The archive; raises UnreadableFile when its directory is damaged."""
    try:
        return zipfile.ZipFile(stream)
    except DAMAGED as error:
        raise damaged(name).error(name) from error


def damaged(name: str) -> Refusal:
    """The refusal of an archive that does not unpack."""
    return Refusal("damaged", f"{name} is a damaged zip archive.", "Download or export it again.")


def package_of(archive: zipfile.ZipFile) -> Package:
    """Whether the archive is itself a workbook, another office document, or a plain archive."""
    names = set(archive.namelist())
    if names & {"xl/workbook.xml", "xl/workbook.bin"} or _open_document_type(archive).endswith("spreadsheet"):
        return "workbook"
    if names & {"word/document.xml", "ppt/presentation.xml"} or _open_document_type(archive):
        return "document"
    return "archive"


def _open_document_type(archive: zipfile.ZipFile) -> str:
    try:
        with archive.open("mimetype") as stream:
            kind = stream.read(200).decode("ascii", "replace").strip()
    except (KeyError, RuntimeError, *DAMAGED):
        return ""
    return kind if kind.startswith("application/vnd.oasis.opendocument") else ""


def check_size(archive: zipfile.ZipFile, name: str, most_bytes: int, limits: Limits) -> None:
    """Raise UnreadableFile when the archive declares more entries, more bytes or a higher ratio than allowed."""
    entries = archive.infolist()
    n_bytes = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    split = "Unpack it yourself, check what is inside, and import the files."
    if len(entries) > limits.zip_entries:
        sentence = f"{name} holds {len(entries)} files, more than the {limits.zip_entries} that are read from one zip."
        raise Refusal("too_many_entries", sentence, split).error(name)
    if n_bytes > most_bytes:
        sentence = f"{name} would unpack to {in_words(n_bytes)}, more than the {in_words(most_bytes)} allowed."
        raise Refusal("too_large", sentence, split).error(name)
    if n_bytes > limits.zip_ratio_from_bytes and n_bytes > packed * limits.zip_ratio:
        sentence = f"{name} would grow {n_bytes // packed} times when unpacked, as a zip bomb does."
        raise Refusal("zip_bomb", sentence, split).error(name)


def members_of(archive: zipfile.ZipFile) -> list[Member]:
    """The files of an archive by name; folders, hidden files and the system's own entries are left out."""
    members = [
        Member(
            index,
            display_name(entry.filename),
            entry.file_size,
            bool(entry.flag_bits & 0x1),
            entry.compress_type in READABLE,
        )
        for index, entry in enumerate(archive.infolist())
        if entry.filename and not entry.is_dir() and not is_hidden(entry.filename)
    ]
    return sorted(members, key=lambda member: (member.name, member.index))


def is_hidden(path: str) -> bool:
    """Hidden files, lock files of office programs, and what macOS puts beside its files."""
    parts = PurePosixPath(path).parts
    return any((part.startswith(".") and part != "..") or part.startswith("~$") or part == "__MACOSX" for part in parts)


def display_name(path: str) -> str:
    """A name that is safe to show: control characters and undecodable bytes are replaced. Never used as a path."""
    readable = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "\ufffd" for character in readable)
