"""Jobs and their outcomes as pages tell them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from punte.rooms.data.queries import ColumnTold, FileColumns, Work
from punte.rooms.data.rules import FileTold, Outcome, ProblemTold, falls_from
from punte.rooms.data.views.gaps import Line, fall_line
from punte.rooms.data.views.said import Said, notes_said, refusal_said, row_said, unusable_said, unused_said
from punte.rooms.data.views.words import count, reason_label, table_label


@dataclass(frozen=True)
class MeaningTold:
    """What a column becomes: the table's label and the field's name in mappings."""

    table: str
    field: str


@dataclass(frozen=True)
class ProblemLine:
    """A reason for which records were put aside or mended: how many, what it is, and the first of them."""

    text: str
    example: Said


@dataclass(frozen=True)
class FileLine:
    """One file with what it is understood as, and its reasons and notes in words."""

    file: FileTold
    about: str
    columns_said: str
    state: str
    reasons: tuple[tuple[str, str], ...]
    notes: tuple[Said, ...]
    problems: tuple[ProblemLine, ...]


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
    refusal: Said | None
    deletions: Said | None
    unusable: tuple[tuple[str, Said], ...]
    unused: tuple[tuple[str, Said], ...]
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
        refusal=refusal_said(outcome.refusal) if outcome and outcome.refusal else None,
        deletions=refusal_said(outcome.deletions) if outcome and outcome.deletions else None,
        unusable=tuple((one.name, unusable_said(one)) for one in outcome.unusable) if outcome else (),
        unused=tuple((one.name, unused_said(one)) for one in outcome.files if not one.is_used) if outcome else (),
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
    said = [ngettext("%(n)s row was read.", "%(n)s rows were read.", n_rows) % {"n": count(n_rows)}]
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
        about=_understood_as(columns) or f"{file.source}: {file.rule}",
        columns_said=_columns_said(columns) if columns else "",
        state="" if file.is_new else gettext("here already"),
        reasons=tuple((count(n), reason_label(code)) for code, n in file.reasons),
        notes=notes_said(file),
        problems=tuple(_problem(one) for one in file.problems),
    )


def _problem(one: ProblemTold) -> ProblemLine:
    words = {"n": count(one.n), "reason": reason_label(one.reason), "row": count(one.row_number or 0)}
    if one.row_number is None or not one.sentence:
        text = (
            gettext("mended: %(n)s × %(reason)s.")
            if one.outcome == "repaired"
            else gettext("put aside: %(n)s × %(reason)s.")
        )
        return ProblemLine(text % words, Said(""))
    text = (
        gettext("mended: %(n)s × %(reason)s. The first is row %(row)s:")
        if one.outcome == "repaired"
        else gettext("put aside: %(n)s × %(reason)s. The first is row %(row)s:")
    )
    return ProblemLine(text % words, row_said(one.reason, one.sentence))


def _understood_as(columns: FileColumns | None) -> str:
    """The tables that the file fills, its own first: "Opportunities (hubspot)"."""
    meanings = [meaning for column in columns.columns for meaning in column.meanings] if columns else []
    tables = dict.fromkeys(meaning.partition(".")[0] for meaning in meanings)
    names = [table_label(table) for table in tables if table != "traffic"]
    return f"{', '.join(names)} ({columns.source})" if names and columns else ""


def _columns_said(columns: FileColumns) -> str:
    words = {"n": count(columns.n_read), "of": count(len(columns.columns))}
    return ngettext("%(n)s of %(of)s column", "%(n)s of %(of)s columns", len(columns.columns)) % words


def _columns(file: FileColumns) -> ColumnsTold:
    rows = tuple((one, [_meaning(meaning) for meaning in one.meanings]) for one in file.columns)
    return ColumnsTold(file, rows)


def _meaning(meaning: str) -> MeaningTold:
    table, _, field = meaning.partition(".")
    return MeaningTold(table_label(table), field)
