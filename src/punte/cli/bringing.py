"""What the commands that bring data in do, between the command line and the home."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from punte.core import clock
from punte.core.access import COMMAND_LINE
from punte.core.start import prepare
from punte.errors import UnknownMapping
from punte.home.build import build
from punte.home.choosing import ReadingOptions
from punte.home.folder import SETTINGS, Home, create_home, open_home_folder
from punte.home.imports import import_files
from punte.home.reports import BuildReport, ImportReport
from punte.home.staging import Progress
from punte.rooms.choices import remember_mapping, remembered_mappings
from punte.sources.files.mapping import Mapping, dump_mapping, load_mapping
from punte.sources.files.reading import find_files, open_table


def make_home(path: Path, *, name: str, zone: str, currency: str) -> Home:
    """A new home, ready to be used; raises NoHome where there is one already."""
    home = create_home(path, name=name or path.resolve().name, zone=zone, reporting_currency=currency, at=clock.now())
    prepare(home.path)
    return home


def existing_home(path: Path) -> Home:
    """The home in that folder; raises NoHome where there is none."""
    home = open_home_folder(path)
    prepare(home.path)
    return home


def home_for(path: Path, mappings: Sequence[Mapping]) -> Home:
    """The home in that folder; where there is none, a new one that takes zone and currency from the first mapping."""
    if (path / SETTINGS).is_file():
        return existing_home(path)
    first = mappings[0] if mappings else None
    zone = first.zone if first else "UTC"
    return make_home(path, name="", zone=zone, currency=(first.currency if first else None) or "EUR")


def read_mapping(path: Path) -> Mapping:
    """The mapping in a file; raises UnknownMapping where it cannot be read."""
    try:
        return load_mapping(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnknownMapping(
            f"The mapping {path} cannot be read: {error}.", remedy="Give the path of a TOML file in UTF-8."
        ) from error


def known_mappings(home: Home) -> list[Mapping]:
    """The remembered mapping of every source."""
    return [load_mapping(text) for text in remembered_mappings(home.path, clock.now())]


def bring_in(
    path: Path,
    files: Sequence[Path],
    *,
    given: Sequence[Mapping],
    dry_run: bool,
    confirm_deletions: bool,
    encoding: str | None,
    separator: str | None,
    progress: Progress,
) -> ImportReport:
    """Imports the files and remembers what they meant, for the next time and for `punte build`."""
    proposed: list[Mapping] = []

    def ask(unmatched: Sequence) -> Sequence[Mapping]:
        from punte.sources.files.presets import proposed_mappings

        proposed.extend(proposed_mappings(unmatched))
        return proposed

    home = home_for(path, given)
    remembered = known_mappings(home)
    report = import_files(
        home,
        files,
        mappings=[*given, *remembered],
        at=clock.now(),
        by=COMMAND_LINE,
        propose=None if given else ask,
        options=ReadingOptions(encoding=encoding, separator=separator),
        confirm_deletions=confirm_deletions,
        dry_run=dry_run,
        progress=progress,
    )
    if not dry_run:
        remember([*given, *proposed], home)
    return report


def remember(mappings: Sequence[Mapping], home: Home) -> None:
    """Records each mapping as the one in force for its source."""
    for mapping in mappings:
        remember_mapping(home.path, mapping.source, dump_mapping(mapping), by=COMMAND_LINE, at=clock.now())


def take_back(path: Path, load_ids: Sequence[str], *, progress: Progress) -> BuildReport:
    """Takes imports back and publishes what is left."""
    home = existing_home(path)
    for load_id in load_ids:
        home.raw.take_back(load_id, by=COMMAND_LINE, at=clock.now())
    return build(home, known_mappings(home), at=clock.now(), progress=progress)


def rebuild(path: Path, *, progress: Progress) -> BuildReport:
    """Makes everything again from raw."""
    home = existing_home(path)
    return build(home, known_mappings(home), at=clock.now(), progress=progress)


def proposed_text(files: Sequence[Path], *, source: str, quiet: bool) -> str:
    """A mapping for the files, in TOML with its remarks."""
    from punte.sources.files.presets import propose

    found = [one for one in find_files(files) if one.is_table]
    opened = [(one, open_table(one)) for one in found]
    return dump_mapping(propose(opened, source=source))


def ready_demo(home: Home) -> None:
    """Readies a demo home for use: its database, its accounts, and its mapping remembered."""
    prepare(home.path)
    from punte.demo.install import demo_mapping
    from punte.rooms.people.actions import ensure_demo_accounts

    ensure_demo_accounts(at=clock.now())
    remember([demo_mapping()], home)
