"""Jobs and their outcomes as pages tell them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from punte.rooms.data.queries import ColumnTold, FileColumns, Work
from punte.rooms.data.rules import FileTold, Outcome, falls_from
from punte.rooms.data.views.gaps import Line, fall_line
from punte.rooms.data.views.words import count, reason_label, table_label


@dataclass(frozen=True)
class MeaningTold:
    """What a column becomes: the table's label and the field's name in mappings."""

    table: str
    field: str


@dataclass(frozen=True)
class FileLine:
    """One file with what it is understood as, and its reasons in words."""

    file: FileTold
    about: str
    state: str
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ColumnsTold:
    """The columns of one file, each with what it becomes."""

    file: FileColumns
    rows: tuple[tuple[ColumnTold, list[MeaningTold]], ...]


@dataclass(frozen=True)
class WorkTold:
    """A job as its page tells it."""

    work: Work
    label: str
    percent: int | None
    said: str
    outcome: Outcome | None
    sentence: str
    came: str
    unused: tuple[tuple[str, str], ...]
    files: tuple[FileLine, ...]
    columns: tuple[ColumnsTold, ...]
    tables: tuple[tuple[str, Any], ...]
    falls: tuple[Line, ...]


def told_work(work: Work, columns: tuple[FileColumns, ...] = ()) -> WorkTold:
    """A job of this room with everything that its page says."""
    outcome = work.outcome
    by_name = {one.name: one for one in columns}
    return WorkTold(
        work=work,
        label=gettext(work.words) if work.words else gettext("Waiting to begin"),
        percent=round(100 * work.done / work.total) if work.done is not None and work.total else None,
        said=_said(work),
        outcome=outcome,
        sentence=_sentence(outcome) if outcome else "",
        came=_came(outcome) if outcome else "",
        unused=tuple((one.name, one.why) for one in outcome.files if not one.is_used) if outcome else (),
        files=tuple(_file(one, by_name.get(one.name)) for one in outcome.used) if outcome else (),
        columns=tuple(_columns(one) for one in columns) if outcome else (),
        tables=tuple((table_label(one.name), one) for one in outcome.changes) if outcome else (),
        falls=tuple(fall_line(gap) for gap in falls_from(outcome.falls)) if outcome else (),
    )


def _said(work: Work) -> str:
    if work.is_waiting_for_others:
        return gettext("Somebody else is writing to these data; this goes on by itself when they have finished.")
    if work.done is not None and work.total:
        return gettext("%(done)s of %(total)s") % {"done": count(work.done), "total": count(work.total)}
    return ngettext("%(n)s row", "%(n)s rows", work.done) % {"n": count(work.done)} if work.done else ""


def _sentence(outcome: Outcome) -> str:
    n_understood = len(outcome.understood) or len(outcome.used)
    n_all = n_understood + len(outcome.unknown) + len(outcome.unusable)
    n_rows, n_aside = (sum(getattr(file, name) for file in outcome.used) for name in ("rows_in", "n_aside"))
    understood = ngettext(
        "%(used)s file of %(n)s is understood.", "%(used)s files of %(n)s are understood.", n_understood
    )
    if n_understood == n_all:
        understood = ngettext("The file is understood.", "All %(n)s files are understood.", n_all)
    parts = [understood % {"used": count(n_understood), "n": count(n_all)}]
    return " ".join(parts + (_rows_said(n_rows, n_aside) if outcome.used else []))


def _rows_said(n_rows: int, n_aside: int) -> list[str]:
    said = [ngettext("There is %(n)s row in it.", "There are %(n)s rows in them.", n_rows) % {"n": count(n_rows)}]
    if n_aside:
        aside = ngettext("%(n)s record is put aside.", "%(n)s records are put aside.", n_aside)
        said.append(aside % {"n": count(n_aside)})
    return said


def _came(outcome: Outcome) -> str:
    n_rows, n_aside = (sum(getattr(file, name) for file in outcome.used) for name in ("rows_in", "n_aside"))
    came = ngettext("%(n)s file came in.", "%(n)s files came in.", len(outcome.used)) % {"n": count(len(outcome.used))}
    return " ".join([came, *_rows_said(n_rows, n_aside)])


def _file(file: FileTold, columns: FileColumns | None) -> FileLine:
    return FileLine(
        file=file,
        about=(columns.about if columns else "") or f"{file.source}: {file.rule}",
        state="" if file.is_new else gettext("here already"),
        reasons=tuple((count(n), reason_label(code)) for code, n in file.reasons),
    )


def _columns(file: FileColumns) -> ColumnsTold:
    rows = tuple((one, [_meaning(meaning) for meaning in one.meanings]) for one in file.columns)
    return ColumnsTold(file, rows)


def _meaning(meaning: str) -> MeaningTold:
    table, _, field = meaning.partition(".")
    return MeaningTold(table_label(table), field)
