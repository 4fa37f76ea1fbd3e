"""Jobs and their outcomes as pages tell them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from punte.rooms.data.queries import FileColumns, Work
from punte.rooms.data.rules import FileTold, Outcome, gap_from
from punte.rooms.data.views.gaps import Line, fall_line
from punte.rooms.data.views.words import count, reason_label, table_label


@dataclass(frozen=True)
class MeaningTold:
    """What a column becomes: the table's label and the field's name in mappings."""

    table: str
    field: str


@dataclass(frozen=True)
class FileLine:
    """One file with what it is understood as, its reasons in words, and its columns."""

    file: FileTold
    about: str
    state: str
    reasons: tuple[tuple[str, str], ...]
    columns: tuple[dict[str, Any], ...]
    n_columns: int
    n_read: int


@dataclass(frozen=True)
class WorkTold:
    """A job as its page tells it."""

    work: Work
    label: str
    percent: int | None
    said: str
    outcome: Outcome | None
    sentence: str
    files: tuple[FileLine, ...]
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
        files=tuple(_file(one, by_name.get(one.name)) for one in outcome.used) if outcome else (),
        tables=tuple((table_label(one.name), one) for one in outcome.changes) if outcome else (),
        falls=tuple(fall_line(gap_from(fall)) for fall in outcome.falls) if outcome else (),
    )


def _said(work: Work) -> str:
    if work.is_waiting_for_others:
        return gettext("Somebody else is writing to these data; this goes on by itself when they have finished.")
    if work.done is not None and work.total:
        return gettext("%(done)s of %(total)s") % {"done": count(work.done), "total": count(work.total)}
    return ngettext("%(n)s row", "%(n)s rows", work.done) % {"n": count(work.done)} if work.done else ""


def _sentence(outcome: Outcome) -> str:
    used, n_all = outcome.used, len(outcome.used) + len(outcome.unusable) + len(unread_files(outcome))
    n_rows, n_aside = sum(file.rows_in for file in used), sum(file.n_aside for file in used)
    understood = ngettext("%(used)s file of %(n)s is understood.", "%(used)s files of %(n)s are understood.", len(used))
    if used and len(used) == n_all:
        understood = ngettext("The file is understood.", "All %(n)s files are understood.", n_all)
    parts = [understood % {"used": count(len(used)), "n": count(n_all)}]
    if used:
        parts.append(
            ngettext("There is %(n)s row in it.", "There are %(n)s rows in them.", n_rows) % {"n": count(n_rows)}
        )
    if n_aside:
        parts.append(
            ngettext("%(n)s record is put aside.", "%(n)s records are put aside.", n_aside) % {"n": count(n_aside)}
        )
    return " ".join(parts)


def unread_files(outcome: Outcome) -> tuple[FileTold, ...]:
    """Files that are tables, and that no rule reads."""
    refused = {name for name, _ in outcome.unusable}
    return tuple(file for file in outcome.files if not file.is_used and file.name not in refused)


def _file(file: FileTold, columns: FileColumns | None) -> FileLine:
    shown = columns.columns if columns else ()
    return FileLine(
        file=file,
        about=(columns.about if columns else "") or f"{file.source}: {file.rule}",
        state="" if file.is_new else gettext("here already"),
        reasons=tuple((count(n), reason_label(code)) for code, n in file.reasons),
        columns=tuple({"column": one, "meanings": [_meaning(meaning) for meaning in one.meanings]} for one in shown),
        n_columns=len(shown),
        n_read=columns.n_read if columns else 0,
    )


def _meaning(meaning: str) -> MeaningTold:
    table, _, field = meaning.partition(".")
    return MeaningTold(table_label(table), field)
