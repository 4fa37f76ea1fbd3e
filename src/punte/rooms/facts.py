"""The one door through which rooms and the command line write facts: bring files in, take them back, build again.

Readers go through ``punte.rooms.numbers``. A mapping that comes with files is remembered as a choice of people, so that
next week's files need none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from punte.core.start import prepare
from punte.errors import (
    AmountTooLarge,
    IdCollision,
    NothingUsable,
    PunteError,
    TooManyDeletions,
    UnknownMapping,
    UnreadableFile,
)
from punte.home import loads, previews
from punte.home.build import BuildSettings, build, silent
from punte.home.choosing import Chosen, Propose, ReadingOptions, choose
from punte.home.folder import SETTINGS, Home, create_home, naive_utc, open_home_folder
from punte.home.imports import import_files
from punte.home.reports import BuildReport, ImportReport
from punte.home.staging import Progress
from punte.rooms.choices import remember_mapping, remembered_mappings, table_settings
from punte.sources.files.mapping import Mapping, dump_mapping, load_mapping
from punte.sources.files.reading import FoundFile, TableReader, find_files, open_table

REFUSALS = (AmountTooLarge, IdCollision, NothingUsable, UnknownMapping, UnreadableFile)
"""What may be wrong with files or their mapping, so that nothing of them comes in."""


@dataclass(frozen=True)
class Refused:
    """A file that is no table, with the reader's own sentence and the code of its reason."""

    name: str
    sentence: str
    reason: str = ""


@dataclass(frozen=True)
class Preview:
    """What bringing files in would do.

    ``report`` is that of the dry run; None where nothing could come in: because no file is understood, or because of
    what ``refusal`` says. ``deletions`` is the
    refusal that only somebody's word can lift; the report then tells what would come with it. ``files`` are those that
    a rule reads. ``unknown`` names those that no rule reads, ``proposal`` is a mapping (TOML) for them.
    """

    report: ImportReport | None
    refusal: PunteError | None
    deletions: TooManyDeletions | None
    files: tuple[previews.FilePreview, ...]
    unknown: tuple[str, ...]
    refused: tuple[Refused, ...]
    proposal: str


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
    recognises: bool | None = None,
    dry_run: bool = False,
    confirm_deletions: bool = False,
    options: ReadingOptions = ReadingOptions(),
    progress: Progress = silent,
) -> ImportReport:
    """Imports files, publishes what they bring, and remembers what they meant.

    ``given`` mappings come first, then the remembered ones. Files that none of them reads are recognised by the
    presets: where ``recognises`` says so, or says nothing and no mapping is given. ``by`` is a user, or words such as
    ``command line``. A dry run keeps nothing.

    Raises what ``punte.home.imports.import_files`` raises.
    """
    known = known_mappings(home, at)
    new: list[Mapping] = []
    asks = not given if recognises is None else recognises
    report = import_files(
        home,
        files,
        mappings=[*given, *known],
        at=at,
        by=str(by),
        propose=_recognising(home, [*given, *known], new) if asks else None,
        options=options,
        settings=_build_settings(home, at),
        confirm_deletions=confirm_deletions,
        dry_run=dry_run,
        progress=progress,
    )
    if not dry_run:
        remember([*given, *new], home, by=by, at=at)
    return report


def _recognising(home: Home, known: Sequence[Mapping], new: list[Mapping]) -> Propose:
    """Recognises vendors' exports and keeps their mappings in ``new``."""

    def recognise(unmatched: Sequence[tuple[FoundFile, TableReader]]) -> Sequence[Mapping]:
        new.extend(previews.recognised(unmatched, known, zone=home.zone, currency=home.reporting_currency))
        return new

    return recognise


def preview(
    home: Home, files: Sequence[Path], *, given: Sequence[Mapping], at: datetime, progress: Progress = silent
) -> Preview:
    """What ``bring_in`` would do with files and a mapping; keeps nothing.

    Raises HomeIsBusy, DiskFailed and the like; what is wrong with the files is told in the preview.
    """
    known = [*given, *known_mappings(home, at)]
    progress("read", 0, None)
    try:
        chosen, known = choose(files, known, _recognising(home, known, []), ReadingOptions())
    except UnreadableFile:
        return Preview(None, None, None, (), (), tuple(_refused(files)), "")
    refused = tuple(Refused(one.found.name, one.why, one.why_code) for one in chosen if one.reader is None)
    unknown = tuple(one.found.name for one in chosen if one.reader is not None and one.rule is None)
    proposal = _proposal(home, chosen, known)
    understood: tuple[previews.FilePreview, ...] = ()
    report, refusal, deletions = None, None, None
    try:
        understood = tuple(previews.preview_of(one) for one in chosen if one.rule is not None)
        if understood:
            report, deletions = _dry_run(home, files, given=given, at=at, progress=progress)
    except REFUSALS as error:
        refusal = error
    return Preview(report, refusal, deletions, understood, unknown, refused, proposal)


def _dry_run(
    home: Home, files: Sequence[Path], *, given: Sequence[Mapping], at: datetime, progress: Progress
) -> tuple[ImportReport, TooManyDeletions | None]:
    def dry(confirms: bool) -> ImportReport:
        return bring_in(
            home,
            files,
            given=given,
            by="preview",
            at=at,
            recognises=True,
            dry_run=True,
            confirm_deletions=confirms,
            progress=progress,
        )

    try:
        return dry(False), None
    except TooManyDeletions as error:
        return dry(True), error


def _refused(files: Sequence[Path]) -> list[Refused]:
    refused = []
    for file in files:
        try:
            find_files([file])
        except UnreadableFile as error:
            refused.append(Refused(file.name, str(error), error.facts.get("reason", "")))
    return refused


def _proposal(home: Home, chosen: Sequence[Chosen], known: Sequence[Mapping]) -> str:
    unknown = [(one.found, one.reader) for one in chosen if one.reader is not None and one.rule is None]
    if not unknown:
        return ""
    return dump_mapping(previews.proposed(unknown, known, zone=home.zone, currency=home.reporting_currency))


def remember(mappings: Sequence[Mapping], home: Home, *, by: object, at: datetime) -> None:
    """Records each mapping as the one in force for its source."""
    for mapping in mappings:
        remember_mapping(home.path, mapping.source, dump_mapping(mapping), by=by, at=at)


def _build_settings(home: Home, at: datetime) -> BuildSettings:
    return BuildSettings(**vars(table_settings(home.path, at)))


def take_back(
    home: Home, load_ids: Sequence[str], *, by: object, at: datetime, progress: Progress = silent
) -> BuildReport:
    """Takes imports back and publishes what is left; their rows stay in raw. Raises UnknownLoad."""
    mappings, settings = known_mappings(home, at), _build_settings(home, at)
    reports = [
        loads.take_back(home, load_id, mappings, by=str(by), at=at, settings=settings, progress=progress)
        for load_id in load_ids
    ]
    return reports[-1]


def bring_again(
    home: Home, load_ids: Sequence[str], *, by: object, at: datetime, progress: Progress = silent
) -> BuildReport:
    """Lets imports count again that were taken back, and publishes. Raises UnknownLoad, and what a build raises."""
    mappings, settings = known_mappings(home, at), _build_settings(home, at)
    reports = [
        loads.bring_again(home, load_id, mappings, by=str(by), at=at, settings=settings, progress=progress)
        for load_id in load_ids
    ]
    return reports[-1]


def let_go(home: Home, *, by: object, at: datetime) -> list[str]:
    """Undoes what an import that was stopped half-way began at ``at``, so that no later build counts it; gives loads.

    Raises HomeIsBusy.
    """
    moment = naive_utc(at)
    undoing = {"brought_again": "taken_back", "seen": "unseen"}
    undone = []
    with home.writing("stop an import"):
        for load in home.raw.loads():
            begun = {decision.action for decision in load.decisions if decision.at == moment}
            actions = [undoing[action] for action in undoing if action in begun]
            if load.recorded_at == moment:
                actions = ["held"]
            for action in actions:
                home.raw.decide(load.id, action, by=str(by), at=moment, reason="stopped")
                undone.append(load.id)
    return undone


def rebuild(home: Home, *, at: datetime, progress: Progress = silent) -> BuildReport:
    """Makes everything again from raw, by the mappings and settings in force."""
    settings = _build_settings(home, at)
    return build(home, known_mappings(home, at), at=at, settings=settings, progress=progress)


def proposed_text(
    files: Sequence[Path], *, source: str = "", zone: str = "", currency: str = "", home: Path | None = None
) -> str:
    """A mapping for the files as TOML, with a remark beside each guess, to be read and corrected.

    Without ``zone`` and ``currency`` those of the home count, where there is one. Raises UnknownMapping for a zone or a
    currency that is none.
    """
    from punte.sources.files.presets import propose

    if home is not None and (home / SETTINGS).is_file():
        settled = open_home_folder(home)
        zone, currency = zone or settled.zone, currency or settled.reporting_currency

    opened = [(found, open_table(found)) for found in find_files(files) if found.is_table]
    samples = [previews.sample_of(*one) for one in opened]
    text = dump_mapping(propose(samples, source=source or None, zone=zone or "UTC", currency=currency or None))
    load_mapping(text)
    return text
