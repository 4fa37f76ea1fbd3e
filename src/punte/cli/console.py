"""What the command line prints: tables for people, CSV, JSON and Parquet for programs, and errors with their remedy."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

if TYPE_CHECKING:
    import pyarrow as pa

MISSING = "–"
"""Not known; never written as 0."""

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


@dataclass(frozen=True)
class View:
    """How people see a table: its title, words for headers, which columns are shares, which they never see.

    ``gives_way`` names columns in the order in which they are left out where the screen is too narrow.
    """

    title: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    shares: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    gives_way: tuple[str, ...] = ()


def show(table: pa.Table, form: Format, view: View = View()) -> None:
    """Prints a table: for people as fits their screen, for programs whole and exact."""
    from punte.records import handout

    if form is Format.csv:
        handout.write_csv(table, sys.stdout)
    elif form is Format.json:
        handout.write_json(table, sys.stdout)
    elif form is Format.parquet:
        if sys.stdout.isatty():
            raise_usage("Parquet is not for a screen. Send it to a file: punte … --format parquet > figures.parquet")
        handout.write_parquet(table, sys.stdout.buffer)
    else:
        _show_to_people(table, view)


def raise_usage(message: str) -> None:
    """Ends the command with exit code 2 and the message."""
    err.print(f"[red]{message}[/red]")
    raise SystemExit(2)


def _show_to_people(table: pa.Table, view: View) -> None:
    if table.num_rows == 0:
        out.print(f"{view.title}: no rows." if view.title else "No rows.")
        return
    unknown = [name for name in table.column_names if table[name].null_count == table.num_rows]
    names = [name for name in table.column_names if name not in unknown and name not in view.hidden]
    cells = {name: [_word(value, name in view.shares) for value in table[name].to_pylist()] for name in names}
    fitting = _fitting(cells, view)
    screen = Table(title=view.title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for name in fitting:
        numeric = str(table.schema.field(name).type).startswith(("int", "double", "decimal"))
        screen.add_column(_header(name, view), justify="right" if numeric else "left", no_wrap=numeric, overflow="fold")
    for row in zip(*(cells[name] for name in fitting), strict=True):
        screen.add_row(*row)
    out.print(screen)
    _say_left_out("Not known for any row", [name for name in unknown if name not in view.hidden], view)
    _say_left_out("More in a wider window or with --format csv", [name for name in names if name not in fitting], view)


def _fitting(cells: Mapping[str, Sequence[str]], view: View) -> list[str]:
    """The columns that fit side by side, after those that give way have done so."""
    names = list(cells)
    widths = {name: max(map(len, [_header(name, view), *words])) + 2 for name, words in cells.items()}
    for name in view.gives_way:
        if sum(widths[kept] for kept in names) <= out.width:
            break
        names = [kept for kept in names if kept != name]
    return names


def _header(name: str, view: View) -> str:
    return view.headers.get(name, name.replace("_", " "))


def _say_left_out(why: str, names: Sequence[str], view: View) -> None:
    if names:
        out.print(f"[dim]{why}: {', '.join(_header(name, view) for name in names)}.[/dim]")


def _word(value: Any, is_share: bool) -> str:
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if is_share:
        return f"{value:.1%}"
    if isinstance(value, (Decimal, int)):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("[", r"\[")


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Any]:
    """A bar on standard error; yields ``report(step, done, total)``. Silent where nobody looks."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=quiet or not err.is_terminal) as progress:
        task = progress.add_task("Starting", total=None)

        def report(step: str, done: int, total: int | None) -> None:
            progress.update(task, description=step, completed=done, total=total)

        yield report
