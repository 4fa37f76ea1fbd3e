"""What a job of this room did or would do, read from the JSON that it leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_LISTS = ("reasons", "notes", "note_codes", "problems")


@dataclass(frozen=True)
class ProblemTold:
    """Why rows of a file were put aside or mended: see ``punte.home.reports.ProblemReport``."""

    outcome: str
    reason: str
    n: int
    row_number: int | None
    sentence: str


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
    note_codes: tuple[str, ...] = ()
    why_code: str = ""
    problems: tuple[ProblemTold, ...] = ()

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
    """Why nothing came in: what happened and what to do, in its own words, and what kind of refusal it is."""

    what: str
    remedy: str = ""
    kind: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class UnusableTold:
    """A file that is no table: the reader's own sentence, and the code of its reason."""

    name: str
    sentence: str
    reason: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a job of this room did or would do, as its page tells it.

    ``refusal`` is None where something came in; ``deletions`` is what only somebody's word lets in. Of a preview,
    ``understood`` names the files that a rule reads, ``unknown`` those that are tables and no rule reads, ``unusable``
    those that are none, each with why.
    """

    refusal: RefusalTold | None = None
    deletions: RefusalTold | None = None
    files: tuple[FileTold, ...] = ()
    unusable: tuple[UnusableTold, ...] = ()
    unknown: tuple[str, ...] = ()
    understood: tuple[str, ...] = ()
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
        unusable=tuple(UnusableTold(**one) for one in told.get("refused", ())),
        unknown=tuple(told.get("unknown", ())),
        understood=tuple(told.get("understood", ())),
        tables=tuple(TableTold(**one) for one in build.get("tables", ())),
        falls=tuple(build.get("falls", ())),
        is_published=build.get("published", False),
        load_ids=tuple(report.get("load_ids", ())),
    )


def _refusal(told: Mapping[str, Any] | None) -> RefusalTold | None:
    return RefusalTold(**told) if told else None


def _file(told: Mapping[str, Any]) -> FileTold:
    reasons = sorted(((code, n) for code, n in told["reasons"].items() if n), key=lambda pair: (-pair[1], pair[0]))
    fields = {name: told[name] for name in FileTold.__dataclass_fields__ if name in told and name not in _LISTS}
    fields |= {"source": told["source"] or "", "rule": told["rule"] or ""}
    return FileTold(
        **fields,
        reasons=tuple(reasons),
        notes=tuple(told["notes"]),
        note_codes=tuple(told.get("note_codes", ())),
        problems=tuple(ProblemTold(**one) for one in told.get("problems", ())),
    )
