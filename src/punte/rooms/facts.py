"""The one door through which rooms and the command line write facts: bring files in, take them back, build again.

Readers go through ``punte.rooms.numbers``. A mapping that comes with files is remembered as a choice of people, so that
next week's files need none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from punte.core.start import prepare
from punte.errors import UnknownMapping
from punte.home.build import build, silent
from punte.home.choosing import ReadingOptions
from punte.home.folder import SETTINGS, Home, create_home, open_home_folder
from punte.home.imports import import_files
from punte.home.reports import BuildReport, ImportReport
from punte.home.staging import Progress
from punte.rooms.choices import remember_mapping, remembered_mappings
from punte.sources.files.mapping import Mapping, dump_mapping, load_mapping
from punte.sources.files.reading import FoundFile, TableReader, find_files, open_table


def make_home(path: Path, *, name: str, zone: str, currency: str, at: datetime) -> Home:
    """A new home, ready to be used. Raises NoHome where there is one already, UnknownName for an unknown zone."""
    home = create_home(path, name=name or path.resolve().name, zone=zone, reporting_currency=currency, at=at)
    prepare(home.path)
    return home


def existing_home(path: Path) -> Home:
    """The home in that folder. Raises NoHome where there is none."""
    home = open_home_folder(path)
    prepare(home.path)
    return home


def home_for(path: Path, mappings: Sequence[Mapping], at: datetime) -> Home:
    """The home in that folder; where there is none, a new one that takes zone and currency from the first mapping."""
    if (path / SETTINGS).is_file():
        return existing_home(path)
    first = mappings[0] if mappings else None
    zone, currency = (first.zone, first.currency) if first else ("UTC", None)
    return make_home(path, name="", zone=zone, currency=currency or "EUR", at=at)


def read_mapping(path: Path) -> Mapping:
    """The mapping in a file. Raises UnknownMapping where it cannot be read or understood."""
    try:
        return load_mapping(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnknownMapping(
            f"The mapping {path} cannot be read: {error}.", remedy="Give the path of a TOML file in UTF-8."
        ) from error


def known_mappings(home: Home, at: datetime) -> list[Mapping]:
    """The remembered mapping of every source, in force at ``at`` (aware)."""
    return [load_mapping(text) for text in remembered_mappings(home.path, at)]


def bring_in(
    home: Home,
    files: Sequence[Path],
    *,
    given: Sequence[Mapping],
    by: object,
    at: datetime,
    dry_run: bool = False,
    confirm_deletions: bool = False,
    options: ReadingOptions = ReadingOptions(),
    progress: Progress = silent,
) -> ImportReport:
    """Imports files, publishes what they bring, and remembers what they meant.

    ``given`` mappings come first, then the remembered ones; without any given, files that no remembered mapping reads
    are recognised by the presets. ``by`` is a user, or words such as ``command line``. A dry run keeps nothing.

    Raises what ``punte.home.imports.import_files`` raises.
    """
    proposed: list[Mapping] = []

    def recognise(unmatched: Sequence[tuple[FoundFile, TableReader]]) -> Sequence[Mapping]:
        from punte.sources.files.presets import recognised_mappings

        proposed.extend(recognised_mappings(unmatched))
        return proposed

    report = import_files(
        home,
        files,
        mappings=[*given, *known_mappings(home, at)],
        at=at,
        by=str(by),
        propose=None if given else recognise,
        options=options,
        confirm_deletions=confirm_deletions,
        dry_run=dry_run,
        progress=progress,
    )
    if not dry_run:
        remember([*given, *proposed], home, by=by, at=at)
    return report


def remember(mappings: Sequence[Mapping], home: Home, *, by: object, at: datetime) -> None:
    """Records each mapping as the one in force for its source."""
    for mapping in mappings:
        remember_mapping(home.path, mapping.source, dump_mapping(mapping), by=by, at=at)


def take_back(
    home: Home, load_ids: Sequence[str], *, by: object, at: datetime, progress: Progress = silent
) -> BuildReport:
    """Takes imports back and publishes what is left; their rows stay in raw. Raises UnknownLoad."""
    for load_id in load_ids:
        home.raw.take_back(load_id, by=str(by), at=at)
    return build(home, known_mappings(home, at), at=at, progress=progress)


def rebuild(home: Home, *, at: datetime, progress: Progress = silent) -> BuildReport:
    """Makes everything again from raw, by the mappings in force."""
    return build(home, known_mappings(home, at), at=at, progress=progress)


def proposed_text(files: Sequence[Path], *, source: str = "") -> str:
    """A mapping for the files as TOML, with a remark beside each guess, to be read and corrected."""
    from punte.sources.files.presets import propose

    opened = [(found, open_table(found)) for found in find_files(files) if found.is_table]
    return dump_mapping(propose(opened, source=source))
