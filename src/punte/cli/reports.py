"""How imports and builds are told on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
from rich.table import Table

from punte.cli.console import MISSING, err, out
from punte.cli.problems import N_REASONS, REMEDIES_OF_FILES, Problem, problems_in, problems_of
from punte.home.folder import Home
from punte.home.reports import BuildReport, FileReport, ImportReport, TableReport
from punte.rooms.numbers import fall_in_words


def show_import(report: ImportReport, home: Path, *, quiet: bool) -> None:
    """What became of each file, of each table, and of the snapshot of the home in that folder."""
    if quiet:
        return
    used = [file for file in report.files if file.is_used]
    unused = [file for file in report.files if not file.is_used]
    if used:
        out.print(_files_table(used))
    for file in unused:
        told = f"Not used: {file.name}. {file.why} {REMEDIES_OF_FILES.get(file.why_code, '')}".rstrip()
        err.print(f"[dim]{_plain(told)}[/dim]", soft_wrap=True)
    found = _problems(report, used, home)
    for file in used:
        problems = problems_in(file) or found.get(file.load_id or "", [])
        lines = [one.line for one in problems] or _reason_lines(file)
        for line in (*lines, *file.notes):
            err.print(f"[dim]{_plain(file.name)}: {_plain(line)}[/dim]", soft_wrap=True)
    if report.is_dry_run:
        out.print("\nThis was a dry run: nothing was kept.")
    show_build(report.build, quiet=False, is_dry_run=report.is_dry_run)


def _problems(report: ImportReport, used: list[FileReport], home: Path) -> dict[str, list[Problem]]:
    """Examples of what was found wrong in files that were here already: the published snapshot keeps them."""
    untold = [file for file in used if file.quarantined + file.repaired + file.unread and not file.problems]
    wrong = [file.load_id for file in untold if file.load_id]
    return problems_of(home, wrong) if wrong and not report.is_dry_run else {}


def _files_table(files: list[FileReport]) -> Table:
    view = Table(box=None, pad_edge=False, header_style="bold", title="Files", title_justify="left")
    view.add_column("file", overflow="fold")
    view.add_column("understood as", overflow="fold")
    for name in ("rows", "good", "repaired", "put aside"):
        view.add_column(name, justify="right")
    view.add_column("")
    for file in files:
        aside = file.quarantined + file.unread
        counts = [f"{n:,}" for n in (file.rows_in, file.good, file.repaired)]
        view.add_row(_plain(file.name), f"{file.source}: {file.rule}", *counts, f"{aside:,}", _plain(file.why))
    return view


def _reason_lines(file: FileReport) -> list[str]:
    top = sorted(file.reasons.items(), key=lambda pair: -pair[1])[:N_REASONS]
    return [f"{n:,} put aside: {reason.replace('_', ' ')}" for reason, n in top if n]


def show_build(report: BuildReport, *, quiet: bool, is_dry_run: bool = False) -> None:
    """How the tables changed, what got worse, and which snapshot counts."""
    if quiet:
        return
    changed = [table for table in report.tables if table.new or table.changed or table.gone]
    if changed:
        out.print()
        out.print(_changes_table(changed))
    for gap in report.unmatched[:N_REASONS]:
        err.print(f"[dim]{_plain(_unmatched(gap))}[/dim]", soft_wrap=True)
    for fall in report.falls:
        err.print(f"[yellow]Less complete than before. {_plain(fall_in_words(fall))}[/yellow]", soft_wrap=True)
    if is_dry_run:
        return
    if report.published:
        out.print(f"\nPublished snapshot {report.snapshot_id}. Next: punte loop --by channel", soft_wrap=True)
    elif report.snapshot_id:
        out.print(f"\nNothing new; snapshot {report.snapshot_id} still counts.", soft_wrap=True)


def _unmatched(gap: dict[str, Any]) -> str:
    what = gap["subject"].removesuffix("_record_id").replace("_", " ")
    one = "names" if gap["n"] == 1 else "name"
    return (
        f"{gap['source']} {gap['table']}: {gap['n']:,} of {gap['n_of']:,} {one} a record under {what} that no file "
        "brought, or a name that several have. Bring the whole list of these records, or an export with their ids."
    )


def _changes_table(tables: list[TableReport]) -> Table:
    view = Table(box=None, pad_edge=False, header_style="bold", title="Tables", title_justify="left")
    view.add_column("table")
    for name in ("rows", "new", "changed", "gone"):
        view.add_column(name, justify="right")
    for table in tables:
        numbers = (table.rows, table.new, table.changed, table.gone)
        view.add_row(table.name, *(f"{n:,}" if n else MISSING for n in numbers))
    return view


def loads_table(home: Home) -> pa.Table:
    """One row per import, the newest first."""
    loads = sorted(home.raw.loads(), key=lambda load: load.id, reverse=True)
    return pa.table(
        {
            "import": [load.id for load in loads],
            "recorded_at": pa.array([load.recorded_at for load in loads], pa.timestamp("us")),
            "source": [load.source for load in loads],
            "rule": [load.rule for load in loads],
            "file": [load.file_name for load in loads],
            "rows": [load.rows for load in loads],
            "counts": [load.counts for load in loads],
        }
    )


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
