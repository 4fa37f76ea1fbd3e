"""Commands that run punte: demo, add-colleague, serve, doctor."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from punte.cli.console import err, out, progress_bar
from punte.core import clock
from punte.core.access import ADMIN, COMMAND_LINE, MEMBER

if TYPE_CHECKING:
    from punte.home.folder import Home

Role = Annotated[
    str,
    typer.Option("--role", help="admin, side_lead, member or viewer; the first account is an admin's, others members."),
]
Password = Annotated[
    str,
    typer.Option(
        "--password",
        envvar="PUNTE_PASSWORD",
        prompt="Password",
        hide_input=True,
        confirmation_prompt=True,
        help="Asked for where it is not given.",
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.command()(demo)
    app.command("add-colleague")(add_colleague)
    app.command()(serve)
    app.command()(doctor)


def demo(
    context: typer.Context,
    persons: Annotated[int, typer.Option("--persons", min=50, help="Visitors of the invented company.")] = 6_000,
    seed: Annotated[int, typer.Option("--seed", help="Another number gives another company.")] = 7,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Its last day; yesterday if not given.")
    ] = None,
) -> None:
    """Make an invented company with a story, and print the right answers that it was built with."""
    from punte.cli import reports, stories
    from punte.demo.install import install_demo

    home_path = context.obj["home"]
    now = clock.now()
    last_day = until.date() if until else stories.last_day_of(home_path) or (now - timedelta(days=1)).date()
    with progress_bar(context.obj["quiet"]) as progress:
        home, report, ledger = install_demo(
            home_path, n_persons=persons, seed=seed, until=last_day, at=now, progress=progress
        )
    _ready(home)
    stories.remember_last_day(home.path, last_day)
    if not context.obj["quiet"]:
        reports.show_build(report.build, quiet=False)
        stories.tell(ledger, last_day)


def _ready(home: Home) -> None:
    """Readies a demo home for use: its database, its accounts, and its mapping remembered."""
    from punte.rooms import facts

    facts.existing_home(home.path)
    from punte.demo.install import demo_mapping
    from punte.rooms.people.actions import ensure_demo_accounts

    ensure_demo_accounts(at=clock.now())
    facts.remember([demo_mapping()], home, by=COMMAND_LINE, at=clock.now())


def add_colleague(
    context: typer.Context,
    email: Annotated[str, typer.Argument(metavar="E-MAIL", help="Address with which they sign in.")],
    name: Annotated[str, typer.Option("--name", help="As others see it; else what stands before the @.")] = "",
    role: Role = "",
    side: Annotated[str, typer.Option("--side", help="marketing, sales or both.")] = "both",
    language: Annotated[str, typer.Option("--language", help="en or ro.")] = "en",
    password: Password = "",
) -> None:
    """Give a colleague an account, so that they can sign in to the site."""
    from punte.rooms import facts

    home = facts.existing_home(context.obj["home"])
    from punte.rooms.people import actions, queries

    user = actions.add_person(
        by=COMMAND_LINE,
        at=clock.now(),
        email=email,
        name=name or email.partition("@")[0],
        role=role or (MEMBER if queries.has_people() else ADMIN),
        side=side,
        password=password,
        language=language,
        time_zone=home.zone,
    )
    out.print(f"{user.name} can sign in as {user.email} ({user.role.replace('_', ' ')}, {user.side}).", soft_wrap=True)
    out.print("Next: punte serve --open")


def serve(
    context: typer.Context,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; 0.0.0.0 for the whole network.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; the next free one is taken when it is busy.")] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Web processes.")] = 2,
    opens: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
) -> None:
    """Serve the site: web pages and background jobs, in one command, until Ctrl-C."""
    from punte.cli import serving
    from punte.rooms import facts

    home = facts.existing_home(context.obj["home"])
    home.refuse_read_only()
    serving.serve(home, host=host, port=port, workers=workers, opens=opens)


def doctor(context: typer.Context) -> None:
    """Check the installation and the home; each finding names its remedy. Exit code 1 when something is wrong."""
    from punte.cli.checkup import findings

    found = findings(context.obj["home"])
    for finding in found:
        mark = "[green]✓[/green]" if finding.is_good else "[red]✗[/red]"
        out.print(f"{mark} {finding.what}", soft_wrap=True)
        if not finding.is_good and finding.remedy:
            err.print(f"  {finding.remedy}", soft_wrap=True)
    if not all(finding.is_good for finding in found):
        raise typer.Exit(1)
