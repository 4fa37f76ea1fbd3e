"""Which tables lie in the files, folders and zips that somebody names."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

from punte.errors import UnreadableFile

from . import archives
from .contents import AS_TABLE, Content, recognise
from .found import FoundFile, Kind, Place, cannot_open, check_unpacked, open_seekable, open_stream
from .layouts import looks_like_table
from .limits import DEFAULT_LIMITS, Limits, in_words
from .parquet_tables import check_parquet
from .reports import Refusal
from .surveys import HEAD_BYTES, checksum, survey
from .workbooks import list_sheets

TEXT_TABLES = {".csv", ".tsv", ".tab", ".psv"}
TABLES = TEXT_TABLES | {".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".parquet", ".pq", ".zip"}
DOCUMENTS = {
    ".md", ".rst", ".html", ".htm", ".xml", ".json", ".jsonl", ".yml", ".yaml", ".toml", ".ini", ".cfg", ".log",
    ".sql", ".py", ".r", ".js", ".css", ".sh", ".ipynb", ".eml", ".svg",
}  # fmt: skip


def _refused(place: Place, refusal: Refusal) -> FoundFile:
    """Refused where the name promises a table, skipped where it does not."""
    kind: Kind = "refused" if _suffix(place) in TABLES else "skipped"
    return FoundFile(place.name, kind, place.n_bytes, place.path, member=place.member, refusal=refusal)


def _suffix(place: Place) -> str:
    return PurePosixPath(place.name).suffix.lower()


def find_files(paths: Iterable[str | Path], limits: Limits = DEFAULT_LIMITS) -> list[FoundFile]:
    """Every table in some files, folders and zips, and every file among them that is none, with the reason.

    *Grain*: one entry per text or Parquet file, per non-empty visible sheet of a workbook, per skipped or refused file.
    Folders are walked to the bottom in the order of their names, without following links to other folders; hidden
    files and ``~$`` lock files are left out; a file named twice comes once. What a file is, is told by its content.

    Raises UnreadableFile when a path does not exist and when there is not one table.
    """
    found: list[FoundFile] = []
    seen: set[tuple[int, int]] = set()
    asked = [Path(path) for path in paths]
    for path in asked:
        for place in _places(path):
            if isinstance(place, FoundFile):
                found.append(place)
            elif _is_new(place.path, seen):
                found.extend(_examine(place, limits))
    if not any(file.is_table for file in found):
        raise _no_table(asked, found)
    return found


def _is_new(path: Path, seen: set[tuple[int, int]]) -> bool:
    status = path.stat()
    key = (status.st_dev, status.st_ino)
    is_new = key not in seen
    seen.add(key)
    return is_new


def _no_table(asked: list[Path], found: list[FoundFile]) -> UnreadableFile:
    told = [file for file in found if file.refusal]
    if len(told) == 1 and told[0].refusal:
        return told[0].refusal.error(told[0].name)
    where = ", ".join(archives.display_name(str(path)) for path in asked) or "nothing"
    sentence = f"There is no table in {where}: {len(told)} files were looked at and none is one."
    first = [file.refusal.sentence for file in told[:3] if file.refusal]
    refusal = Refusal("no_table", " ".join([sentence, *first]), AS_TABLE)
    return refusal.error(where)


def _places(asked: Path) -> Iterator[Place | FoundFile]:
    """The files at or under a path, in the order of their names; what cannot even be looked at comes as refused."""
    shown = archives.display_name(str(asked))
    try:
        mode = asked.stat().st_mode
    except OSError as error:
        raise cannot_open(shown, error).error(shown) from error
    if not stat.S_ISDIR(mode):
        yield _place(asked, archives.display_name(asked.name))
        return
    for path, refusal in _walk(asked):
        name = archives.display_name(path.relative_to(asked).as_posix() if path != asked else asked.name)
        if refusal:
            yield FoundFile(name, "refused", 0, path, refusal=refusal)
        else:
            yield _place(path, name)


def _walk(folder: Path) -> Iterator[tuple[Path, Refusal | None]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield folder, cannot_open(archives.display_name(folder.name), error)
        return
    for entry in entries:
        if archives.is_hidden(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        else:
            yield Path(entry.path), None


def _place(path: Path, name: str) -> Place | FoundFile:
    try:
        status = path.stat()
    except OSError as error:
        return FoundFile(name, "refused", 0, path, refusal=cannot_open(name, error))
    if stat.S_ISREG(status.st_mode):
        return Place(name, path, status.st_size)
    what = "a link to a folder" if stat.S_ISDIR(status.st_mode) else "a device, pipe or socket"
    refusal = Refusal("not_a_file", f"{name} is {what}, not a file.", "Name the folder or file itself.")
    return FoundFile(name, "skipped", 0, path, refusal=refusal)


def _examine(place: Place, limits: Limits) -> list[FoundFile]:
    try:
        return _tables_at(place, limits)
    except UnreadableFile as error:
        refusal = Refusal(str(error.facts.get("reason", "unreadable")), error.what, error.remedy)
        return [FoundFile(place.name, "refused", place.n_bytes, place.path, member=place.member, refusal=refusal)]


def _tables_at(place: Place, limits: Limits) -> list[FoundFile]:
    if place.n_bytes == 0:
        return [_refused(place, Refusal("empty", f"{place.name} is empty (0 bytes).", "Export the data again."))]
    if place.n_bytes > limits.file_bytes:
        size = f"{in_words(place.n_bytes)}, more than the {in_words(limits.file_bytes)} allowed"
        return [_refused(place, Refusal("too_large", f"{place.name} has {size}.", "Export a part of it at a time."))]
    with open_stream(place) as stream:
        content = recognise(stream.read(HEAD_BYTES))
    if content.form == "zip":
        return _packed(place, limits)
    if content.form == "excel":
        return _workbook(place, limits)
    if content.form == "parquet":
        return [_parquet(place, limits)]
    return [_text(place, limits) if content.form == "text" else _refused(place, content.refusal(place.name))]


def _text(place: Place, limits: Limits) -> FoundFile:
    with open_stream(place) as stream:
        seen = survey(stream, lambda n_bytes: _check_text(n_bytes, place, limits))
    is_table = _suffix(place) in TEXT_TABLES or (_suffix(place) not in DOCUMENTS and looks_like_table(seen, limits))
    if not is_table:
        return _refused(place, Content("other", "a text document", AS_TABLE).refusal(place.name))
    return FoundFile(place.name, "csv", seen.n_bytes, place.path, seen.sha256, place.member, survey=seen)


def _check_text(n_bytes: int, place: Place, limits: Limits) -> None:
    if place.member is not None:
        check_unpacked(n_bytes, place.name, limits)


def _parquet(place: Place, limits: Limits) -> FoundFile:
    with open_seekable(place, limits) as stream:
        check_parquet(stream, place.name)
        stream.seek(0)
        digest = checksum(stream)
    return FoundFile(place.name, "parquet", place.n_bytes, place.path, digest, place.member)


def _packed(place: Place, limits: Limits) -> list[FoundFile]:
    with open_seekable(place, limits) as stream, archives.open_archive(stream, place.name) as archive:
        package = archives.package_of(archive)
        if package == "document":
            what = "a text document or presentation of an office program"
            return [_refused(place, Content("other", what, AS_TABLE).refusal(place.name))]
        if package == "archive" and place.member is not None:
            sentence = f"{place.name} is a zip inside a zip, which is not opened."
            remedy = "Unpack the outer zip and import the inner one."
            return [_refused(place, Refusal("nested_zip", sentence, remedy))]
        most_bytes = limits.excel_bytes if package == "workbook" else limits.zip_bytes
        archives.check_size(archive, place.name, most_bytes, limits)
        if package == "archive":
            members = archives.members_of(archive)
            return [file for member in members for file in _member(place, archive, member, limits)]
    return _workbook(place, limits)


def _member(place: Place, archive: ZipFile, member: archives.Member, limits: Limits) -> list[FoundFile]:
    inner = Place(f"{place.name}/{member.name}", place.path, member.n_bytes, member.index, archive)
    if member.is_locked:
        sentence = f"{inner.name} is locked with a password."
        remedy = "Unpack the zip with its password and import the files."
        return [_refused(inner, Refusal("locked", sentence, remedy))]
    if not member.is_readable:
        sentence = f"{inner.name} is packed by a method that is not known here."
        return [_refused(inner, Refusal("unknown_packing", sentence, "Unpack the zip and import the files."))]
    return _examine(inner, limits)


def _workbook(place: Place, limits: Limits) -> list[FoundFile]:
    with open_seekable(place, limits) as stream:
        digest = checksum(stream)
        stream.seek(0)
        sheets = list_sheets(stream, place.name, limits)
    found = []
    for sheet in sheets:
        name = f"{place.name}#{archives.display_name(sheet.name)}"
        kind: Kind = "skipped" if sheet.reason else "excel"
        refusal = Refusal("no_rows", f"{name} is {sheet.reason}.", "Nothing is to be done.") if sheet.reason else None
        found.append(FoundFile(name, kind, place.n_bytes, place.path, digest, place.member, sheet.name, refusal))
    return found
