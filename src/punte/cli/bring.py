"""Commands that bring data in: init, map, import, imports, take-back, build.

What reads and computes is imported inside the commands, so that ``punte --help`` answers at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from punte.cli.console import Format, View, err, out, progress_bar, show
from punte.core import clock
from punte.core.access import COMMAND_LINE

if TYPE_CHECKING:
    pass

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Files, folders or zips of CSV, Excel or Parquet.")]
Zone = Annotated[str, typer.Option("--zone", help="Time zone in which days are counted, such as Europe/Bucharest.")]
Currency = Annotated[str, typer.Option("--currency", help="Reporting currency (ISO 4217), such as EUR.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.command()(init)
    app.command("map")(map_files)
    app.command("import")(import_files)
    app.command()(imports)
    app.command("take-back")(take_back)
    app.command()(build)


def init(
    context: typer.Context,
    name: Annotated[str, typer.Option("--name", help="Name of the company.")] = "",
    zone: Zone = "UTC",
    currency: Currency = "EUR",
) -> None:
    """Make a home: a folder that holds the data, the keys and the choices of one company."""
    from punte.rooms import facts

    home = facts.make_home(context.obj["home"], name=name, zone=zone, currency=currency, at=clock.now())
    out.print(f"{home.path} is a home now (days in {home.zone}, money in {home.reporting_currency}).", soft_wrap=True)
    out.print("Next: punte import FILE… to bring your exports, or punte map FILE… to see how they would be understood.")


def map_files(
    context: typer.Context,
    files: Files,
    target: Annotated[Path | None, typer.Option("--out", "-o", help="Write the mapping to this file.")] = None,
    source: Annotated[str, typer.Option("--source", help="Name of the source, such as hubspot.")] = "",
    zone: Annotated[str, typer.Option("--zone", help="Time zone of the files; else the home's, else UTC.")] = "",
    currency: Annotated[str, typer.Option("--currency", help="Of amounts that name none; else the home's.")] = "",
) -> None:
    """Look at headers and values and propose what they mean, as a mapping in TOML to read and correct."""
    from punte.rooms import facts

    text = facts.proposed_text(files, source=source, zone=zone, currency=currency, home=context.obj["home"])
    if target is None:
        typer.echo(text, nl=False)
    else:
        target.write_text(text, encoding="utf-8")
        err.print(f"Wrote {target}. Read it, correct it, then: punte import FILE… --map {target}", soft_wrap=True)


def import_files(
    context: typer.Context,
    files: Files,
    mapping: Annotated[
        list[Path] | None, typer.Option("--map", help="Mapping in TOML; it is remembered for the next time.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen and keep nothing.")] = False,
    confirm_deletions: Annotated[
        bool, typer.Option("--confirm-deletions", help="Accept that a full export lacks many of its earlier rows.")
    ] = False,
    encoding: Annotated[str | None, typer.Option("--encoding", help="Of all files, where the guess is wrong.")] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", help="Of all files, where the guess is wrong.")
    ] = None,
) -> None:
    """Bring files in: read, check, match, publish. The same files again change nothing."""
    from punte.cli import reports
    from punte.home.choosing import ReadingOptions
    from punte.rooms import facts

    given = [facts.read_mapping(path) for path in mapping or []]
    home = facts.home_for(context.obj["home"], given, clock.now())
    with progress_bar(context.obj["quiet"]) as progress:
        report = facts.bring_in(
            home,
            files,
            given=given,
            by=COMMAND_LINE,
            at=clock.now(),
            dry_run=dry_run,
            confirm_deletions=confirm_deletions,
            options=ReadingOptions(encoding=encoding, separator=separator),
            progress=progress,
        )
    reports.show_import(report, home.path, quiet=context.obj["quiet"])


def imports(
    context: typer.Context,
    form: Annotated[Format, typer.Option("--format", "-f", help="How the list is printed.")] = Format.table,
) -> None:
    """Every import that came, the newest first, and whether it counts."""
    from punte.cli import reports
    from punte.rooms import facts

    show(reports.loads_table(facts.existing_home(context.obj["home"])), form, View("Imports"))


def take_back(
    context: typer.Context,
    load: Annotated[list[str], typer.Argument(metavar="IMPORT…", help="Ids as `punte imports` shows them.")],
) -> None:
    """Take imports back: their rows no longer count. They stay in raw, and the same file can be brought again."""
    from punte.cli import reports
    from punte.rooms import facts

    home = facts.existing_home(context.obj["home"])
    with progress_bar(context.obj["quiet"]) as progress:
        report = facts.take_back(home, load, by=COMMAND_LINE, at=clock.now(), progress=progress)
    reports.show_build(report, quiet=context.obj["quiet"])


def build(context: typer.Context) -> None:
    """Make everything again from what came in, by the mappings that are in force now."""
    from punte.cli import reports
    from punte.rooms import facts

    home = facts.existing_home(context.obj["home"])
    with progress_bar(context.obj["quiet"]) as progress:
        report = facts.rebuild(home, at=clock.now(), progress=progress)
    reports.show_build(report, quiet=context.obj["quiet"])
