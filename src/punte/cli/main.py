"""Entry of the ``punte`` command."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from punte import __version__
from punte.cli import console
from punte.errors import PunteError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="One closed loop from the first touch to the closed deal, one set of numbers for marketing and sales.",
    epilog="Start with [b]punte demo[/b] to see a company, or [b]punte import FILE…[/b] to bring your own exports.",
)
HOME = Path("punte-home")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"punte {__version__}")
        raise typer.Exit


@app.callback()
def choose_home(
    context: typer.Context,
    home: Annotated[
        Path, typer.Option("--home", envvar="PUNTE_HOME", help="Folder that holds the data and the settings.")
    ] = HOME,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars, no remarks.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of every command."""
    os.environ["PUNTE_HOME"] = str(home)
    context.obj = {"home": home, "quiet": quiet}


def _register() -> None:
    from punte.cli import ask, bring, decide, run_site, stages

    for module in (bring, ask, stages, decide, run_site):
        module.register(app)


_register()


def run() -> None:
    """Runs the command; an error of punte ends with its sentence and its remedy, never with a traceback."""
    try:
        app()
    except PunteError as error:
        console.err.print(f"[red]{error.what}[/red]", markup=True)
        if error.remedy:
            console.err.print(error.remedy, markup=False)
        sys.exit(1)
    except BrokenPipeError:
        # The reader (head, less) has gone; closing quietly is what it expects.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except KeyboardInterrupt:
        console.err.print("Stopped. Nothing half-done was kept.")
        sys.exit(130)


if __name__ == "__main__":
    run()
