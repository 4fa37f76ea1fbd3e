"""Commands about the way of leads: time-in-stage, flow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import typer

from punte.cli.ask import (
    FUNNEL_VIEW,
    AllBy,
    AsOf,
    Begins,
    By,
    Cohort,
    Form,
    KnownAt,
    Since,
    Until,
    day_of,
    numbers_of,
    say_beside,
    words_of,
)
from punte.cli.console import Format, View, out, show

STAY = "Days in each stage, of those who went on; those still in it are not in these days"
NOT_OF_STAY = ("n_skipped", "n_left", "share", "to_next_share")
STAY_VIEW = replace(
    FUNNEL_VIEW, title=STAY, hidden=(*FUNNEL_VIEW.hidden, *NOT_OF_STAY), gives_way=("in_stage_share", "n_reached")
)


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.command("time-in-stage")(time_in_stage)
    app.command()(flow)


def time_in_stage(
    context: typer.Context,
    by: AllBy = "",
    since: Since = None,
    until: Until = None,
    begins: Begins = "lead",
    cohort: Cohort = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Form = Format.table,
) -> None:
    """How long leads stay in each stage before they go on.

    On the screen the median and the day by which nine in ten had gone on, with how many are still there; with --format
    csv, json or parquet one row for each number of days: n went on after exactly so many, n_so_far after at most so
    many, share_so_far of all who went on.
    """
    numbers = numbers_of(context, as_of, known_at)
    words: dict[str, Any] = {"by": words_of(by), "since": day_of(since), "until": day_of(until)}
    words |= {"begins": begins, "cohort": cohort}
    if form is Format.table:
        show(numbers.engine.to_arrow(numbers.funnel(**words)), form, STAY_VIEW)
        out.print("[dim]Every number of days, with how many went on after it: --format csv[/dim]")
    else:
        show(numbers.engine.to_arrow(numbers.time_in_stage(**words)), form)
    say_beside(context, numbers, form)


def flow(
    context: typer.Context,
    by: By = "channel",
    since: Since = None,
    until: Until = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Form = Format.table,
) -> None:
    """From where leads came, over the furthest stage that they reached, to how they ended.

    One row for each origin, furthest stage and outcome (won, left or open): n_leads opened within the days, n_deals won
    within them and their revenue.
    """
    numbers = numbers_of(context, as_of, known_at)
    table = numbers.flow(by=words_of(by), since=day_of(since), until=day_of(until))
    view = View(
        f"From origin to outcome by {by or 'all together'} (money in {numbers.currency})",
        headers={"n_leads": "leads", "n_deals": "won deals", "stage": "furthest stage"},
        hidden=("is_unattributed",),
    )
    show(numbers.engine.to_arrow(table), form, view)
    say_beside(context, numbers, form)
