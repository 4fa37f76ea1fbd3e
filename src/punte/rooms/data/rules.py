"""Rules of the data room: plain values in, an answer or a refusal out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from punte.core.access import Person, may_import
from punte.errors import PunteError

PREVIEW, IMPORT, REBUILD = "data.preview_files", "data.import_files", "data.rebuild"
"""Kinds of jobs of this room."""


class CannotImport(PunteError):
    """Only an admin or the lead of a side brings data in and takes them back."""


class NothingBrought(PunteError):
    """No file was chosen."""


class TooMuchBrought(PunteError):
    """The files are larger than this installation takes at a time."""


class CannotReadMapping(PunteError):
    """What was given as a mapping is too long, or not text."""


class FilesAreGone(PunteError):
    """The files of an upload were imported already, or removed because nobody imported them in time."""


class NotLookedAtYet(PunteError):
    """Files can be imported when punte has looked at them and found something that can come in."""


class MustConfirmDeletions(PunteError):
    """An import after which many records would be gone needs somebody's word."""


class CannotSeeRows(PunteError):
    """Rows are for those who work with leads."""


KEPT = timedelta(days=1)
"""How long files wait to be imported."""

MAPPING_BYTES = 1_000_000
"""No mapping is longer than this."""

ROWS_PER_PAGE = 50

_LONGEST_NAME = 180
_UNSAFE = frozenset('/\\:*?"<>|')


def must_import(person: Person) -> None:
    """Raises CannotImport for those who may not."""
    if not may_import(person):
        raise CannotImport(
            "Only an admin or the lead of a side brings data in.", remedy="Ask one of them.", by=person.pk
        )


def safe_name(name: str) -> str:
    """A name under which a file may lie in our folder: no path, no control signs, not hidden, not too long.

    What is left reads as before, because mappings know files by their names.

    >>> safe_name("../../etc/Oferte 2026.csv"), safe_name(".htaccess"), safe_name("")
    ('Oferte 2026.csv', 'htaccess', 'file')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join("_" if sign in _UNSAFE else sign for sign in unicodedata.normalize("NFC", last) if _is_sign(sign))
    plain = plain.strip(" .~$") or "file"
    stem, dot, ending = plain.rpartition(".")
    while len(plain.encode()) > _LONGEST_NAME:
        stem, plain = (stem[:-1], f"{stem[:-1]}{dot}{ending}") if len(stem) > 1 else ("", plain[:-1])
    return plain


def distinct_names(names: Iterable[str]) -> list[str]:
    """The names, made safe, each different from the others also where letters' case does not count.

    >>> distinct_names(["deals.csv", "Deals.csv", "people.csv"])
    ['deals.csv', 'Deals (2).csv', 'people.csv']
    """
    taken: set[str] = set()
    chosen = []
    for name in map(safe_name, names):
        stem, dot, ending = name.rpartition(".")
        number, free = 1, name
        while free.lower() in taken:
            number += 1
            free = f"{stem} ({number}){dot}{ending}" if dot else f"{name} ({number})"
        taken.add(free.lower())
        chosen.append(free)
    return chosen


def _is_sign(sign: str) -> bool:
    return unicodedata.category(sign)[0] != "C"


@dataclass(frozen=True)
class FileTold:
    """What became of one file, or would: see ``punte.home.reports.FileReport``."""

    name: str
    is_used: bool
    is_new: bool
    why: str
    source: str
    rule: str
    rows_in: int
    skipped: int
    unread: int
    good: int
    repaired: int
    quarantined: int
    reasons: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]

    @property
    def n_aside(self) -> int:
        """Rows that could not be used."""
        return self.quarantined + self.unread


@dataclass(frozen=True)
class TableTold:
    """How one table differs from the snapshot before."""

    name: str
    rows: int
    new: int
    changed: int
    unchanged: int
    gone: int

    @property
    def differs(self) -> bool:
        """Whether anything in it is not as it was."""
        return bool(self.new or self.changed or self.gone)


@dataclass(frozen=True)
class RefusalTold:
    """Why nothing came in: what happened, and what to do."""

    what: str
    remedy: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a job of this room did or would do, as its page tells it.

    ``refusal`` is None where something came in; ``deletions`` is what only somebody's word lets in.
    """

    refusal: RefusalTold | None = None
    deletions: RefusalTold | None = None
    files: tuple[FileTold, ...] = ()
    unusable: tuple[tuple[str, str], ...] = ()
    tables: tuple[TableTold, ...] = ()
    falls: tuple[Mapping[str, Any], ...] = ()
    is_published: bool = False
    load_ids: tuple[str, ...] = ()

    @property
    def used(self) -> tuple[FileTold, ...]:
        """The files that a rule reads."""
        return tuple(file for file in self.files if file.is_used)

    @property
    def brings_anything(self) -> bool:
        """Whether any file holds what is not here already."""
        return any(file.is_new for file in self.used)

    @property
    def changes(self) -> tuple[TableTold, ...]:
        """The tables that differ."""
        return tuple(table for table in self.tables if table.differs)


def outcome_from(told: Mapping[str, Any]) -> Outcome:
    """An outcome from the JSON that a job leaves behind."""
    report = told.get("report") or {}
    build = report.get("build") or told.get("build") or {}
    return Outcome(
        refusal=_refusal(told.get("refusal")),
        deletions=_refusal(told.get("deletions")),
        files=tuple(_file(one) for one in report.get("files", ())),
        unusable=tuple((one["name"], one["sentence"]) for one in told.get("refused", ())),
        tables=tuple(TableTold(**one) for one in build.get("tables", ())),
        falls=tuple(build.get("falls", ())),
        is_published=build.get("published", False),
        load_ids=tuple(report.get("load_ids", ())),
    )


def _refusal(told: Mapping[str, str] | None) -> RefusalTold | None:
    return RefusalTold(told["what"], told["remedy"]) if told else None


def _file(told: Mapping[str, Any]) -> FileTold:
    reasons = sorted(((code, n) for code, n in told["reasons"].items() if n), key=lambda pair: (-pair[1], pair[0]))
    fields = {name: told[name] for name in FileTold.__dataclass_fields__ if name not in ("reasons", "notes")}
    fields |= {"source": told["source"] or "", "rule": told["rule"] or ""}
    return FileTold(**fields, reasons=tuple(reasons), notes=tuple(told["notes"]))


@dataclass(frozen=True)
class ProblemFilter:
    """Which row problems are asked for; an empty word asks for all."""

    source: str = ""
    table: str = ""
    outcome: str = ""
    reason: str = ""
    file: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """What is asked for, without what is not."""
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Gap:
    """One count of what is missing: ``n`` of ``n_of``, by source and table, subject and reason."""

    source: str
    table: str
    subject: str
    reason: str
    n: int
    n_of: int | None
    n_before: int | None = None
    n_of_before: int | None = None


@dataclass(frozen=True)
class Gaps:
    """All that is missing, by what a person can do about it."""

    aside: tuple[Gap, ...] = ()
    aside_reasons: tuple[Gap, ...] = ()
    repaired: tuple[Gap, ...] = ()
    unmatched: tuple[Gap, ...] = ()
    rates: tuple[Gap, ...] = ()
    deals: tuple[Gap, ...] = ()
    origins: tuple[Gap, ...] = ()
    identity: tuple[Gap, ...] = ()
    history: tuple[Gap, ...] = ()
    freshness: tuple[Gap, ...] = ()
    falls: tuple[Gap, ...] = field(default=())


_RATES = "rate_missing"


def gaps_from(coverage: Iterable[Mapping[str, Any]], falls: Iterable[Mapping[str, Any]]) -> Gaps:
    """The counts of a snapshot, sorted by what can be done; counts of nothing missing are left out."""
    counts = [gap_from(row) for row in coverage]
    missing = [gap for gap in counts if gap.n]
    return Gaps(
        aside=_of(missing, lambda gap: gap.subject == "rows" and gap.reason == "quarantined"),
        aside_reasons=_of(missing, lambda gap: gap.subject in ("quarantined", "unread")),
        repaired=_of(missing, lambda gap: gap.subject == "repaired"),
        unmatched=_of(missing, lambda gap: gap.reason == "unmatched"),
        rates=_of(missing, lambda gap: gap.reason == _RATES),
        deals=_of(missing, lambda gap: gap.subject == "deal" and gap.reason != _RATES),
        origins=_of(missing, lambda gap: gap.subject == "origin"),
        identity=_of(missing, lambda gap: gap.subject == "identity"),
        history=_of(missing, lambda gap: gap.subject == "history"),
        freshness=_of(counts, lambda gap: gap.subject == "freshness"),
        falls=tuple(gap_from(row) for row in falls),
    )


def _of(gaps: Iterable[Gap], holds: Any) -> tuple[Gap, ...]:
    return tuple(sorted(filter(holds, gaps), key=lambda gap: (-gap.n, gap.table, gap.reason, gap.source)))


def gap_from(row: Mapping[str, Any]) -> Gap:
    """A count of the manifest, or one of its falls."""
    before = (row.get("n_before"), row.get("n_of_before"))
    n_of = row["n_of"] if row["subject"] == "freshness" else (row["n_of"] or None)
    return Gap(row["source"] or "", row["table"] or "", row["subject"], row["reason"], row["n"], n_of, *before)


def is_late(gap: Gap) -> bool:
    """Whether a source's newest row is older than twice its usual gap, and older than two days."""
    return gap.n > max(2, 2 * (gap.n_of or 0))
