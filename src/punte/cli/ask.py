"""Commands that ask: loop, funnel, trace, coverage, metrics; ``stages`` has time-in-stage and flow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from punte.cli.console import Format, View, err, out, progress_bar, show
from punte.errors import UnknownName

if TYPE_CHECKING:
    import pyarrow as pa

    from punte.rooms.numbers import Numbers

By = Annotated[str, typer.Option("--by", help="Dimensions, separated by commas: channel, source, campaign, owner …")]
AllBy = Annotated[str, typer.Option("--by", help="Dimensions, separated by commas; empty for all together.")]
Begins = Annotated[str, typer.Option("--begins", help="Who is counted, from when: lead (opened) or mql (entered as).")]
Cohort = Annotated[str | None, typer.Option("--cohort", help="Tell apart the month or quarter in which leads began.")]
Form = Annotated[Format, typer.Option("--format", "-f", help="How the figures are printed.")]
Since = Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="First day that counts.")]
Until = Annotated[
    datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="First day that no longer counts.")
]


def _when(text: str) -> date:
    """A day, which counts to its end where the company is, or a moment in UTC."""
    try:
        return date.fromisoformat(text) if "T" not in text else datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no day such as 2026-06-30, nor a moment such as 2026-06-30T14:00."
        ) from None


WHEN = "DAY|DAYTHH:MM"
AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of", parser=_when, metavar=WHEN, help="Leave out what happened after that day, or that moment (UTC)."
    ),
]
KnownAt = Annotated[
    date | None,
    typer.Option(
        "--known-at",
        parser=_when,
        metavar=WHEN,
        help="Only what had been imported by the end of that day, or by that moment (UTC), and happened by then unless "
        "--as-of says otherwise.",
    ),
]
SHARES = ("won_share", "share", "to_next_share", "in_stage_share", "share_so_far")
FLAGS = ("is_unattributed", "is_overlapping")
ASIDE = ("n_open", "n_too_recent", "n_amount_unknown", "n_cost_unknown")
LOOP_HEADERS = {
    "n_touches": "touches",
    "n_persons": "persons",
    "n_leads": "leads",
    "n_mql": "MQL",
    "n_sal": "SAL",
    "n_sql": "SQL",
    "n_opportunities": "deals",
    "n_won": "won",
    "won_share": "won %",
    "median_days_to_won": "days",
    "roi": "ROI",
    "cac": "CAC",
    "cost_per_lead": "cost/lead",
}
TRACE_GIVES_WAY = (
    *("load_id", "opportunity_id", "lead_id", "owner_id", "person_id", "table", "record_id", "occurred_on"),
    *("from_source", "medium", "source", "detail", "source_id", "row_number", "file_name", "channel"),
    *("owner_id", "created_on", "n_touches", "currency", "is_member", "first_touch_on", "last_touch_on"),
    *("last_touch_at", "has_responded", "n_responses"),
)
GIVES_WAY = ("cost_per_lead", "cac", "n_persons", "n_touches", "roi", "n_sql", "n_sal", "n_opportunities", "n_mql")


FUNNEL_VIEW = View(
    "Funnel",
    headers={
        "cohort_on": "began",
        "n_reached": "reached",
        "n_skipped": "skipped",
        "n_went_on": "went on",
        "n_left": "left",
        "n_in_stage": "still in it",
        "to_next_share": "went on %",
        "in_stage_share": "still in it %",
        "share": "of all",
        "median_days": "days (median)",
        "p90_days": "days (p90)",
    },
    shares=SHARES,
    hidden=(*FLAGS, "place"),
    gives_way=("in_stage_share", "n_skipped", "p90_days", "share", "n_left"),
)
WELL = ("in", "good", "standing", "rows")
"""Counts of coverage that say nothing is missing."""


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.command()(loop)
    app.command()(funnel)
    app.command()(trace)
    app.command()(coverage)
    app.command()(metrics)


def numbers_of(context: typer.Context, as_of: date | None = None, known_at: date | None = None) -> Numbers:
    """The figures of the home, closed with the command."""
    from punte.rooms.numbers import open_home

    with progress_bar(context.obj["quiet"] or known_at is None) as progress:
        numbers = open_home(context.obj["home"], as_of=as_of, known_at=known_at, progress=progress)
    context.call_on_close(numbers.close)
    return numbers


def words_of(text: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def day_of(moment: datetime | None) -> date | None:
    """The day that an option names."""
    return moment.date() if moment else None


def say_beside(context: typer.Context, numbers: Numbers, form: Format) -> None:
    """The line that every report carries: how fresh and how complete the data are."""
    if not context.obj["quiet"] and (form is Format.table or err.is_terminal):
        err.print(numbers.coverage_line(), style="dim")


def loop(
    context: typer.Context,
    by: By = "channel",
    model: Annotated[str, typer.Option("--model", "-m", help="Models of credit, by commas; 'all' for all.")] = "last",
    since: Since = None,
    until: Until = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    window: Annotated[
        str, typer.Option("--window", help="activity: by the day of each; cohort: by the lead's day.")
    ] = "activity",
    scope: Annotated[
        str, typer.Option("--scope", help="origin: each lead once; touched: wherever it was touched.")
    ] = "origin",
    level: Annotated[str, typer.Option("--level", help="Whose touches earn credit: person or account.")] = "person",
    look_back: Annotated[int | None, typer.Option("--look-back", help="Days before the close that count.")] = None,
    form: Form = Format.table,
) -> None:
    """Which channels, sources, campaigns … ended in closed deals, and what they cost."""
    numbers = numbers_of(context, as_of, known_at)
    table = numbers.loop(
        by=words_of(by),
        models=words_of(model),
        since=day_of(since),
        until=day_of(until),
        window=window,
        scope=scope,
        level=level,
        look_back_days=look_back,
    )
    found = numbers.engine.to_arrow(table)
    show(found, form, _loop_view(by, numbers.currency, found.column_names))
    if form is Format.table:
        _say_aside(found)
    say_beside(context, numbers, form)


def _loop_view(by: str, currency: str, columns: Sequence[str]) -> View:
    of_models = [name for name in columns if name.startswith(("cac_", "roi_"))]
    headers = {name: name.replace("_", " ", 1) for name in columns if name.startswith(("credit_", "roi_", "cac_"))}
    gives_way = (*[name for name in of_models if name.startswith("cac_")], *GIVES_WAY[:5], *of_models, *GIVES_WAY[5:])
    return View(
        f"Closed loop by {by} (money in {currency})",
        headers={**headers, **LOOP_HEADERS},
        shares=SHARES,
        hidden=(*FLAGS, *ASIDE, "currency"),
        gives_way=gives_way,
    )


def _say_aside(found: pa.Table) -> None:
    """What has no outcome yet, or none in money: said apart."""
    sums = {name: sum(found[name].drop_null().to_pylist()) for name in ASIDE}
    words = []
    if sums["n_open"]:
        words.append(f"{sums['n_open']:,} deals are still open")
    if sums["n_too_recent"]:
        words.append(f"{sums['n_too_recent']:,} leads are too recent to have closed")
    if sums["n_amount_unknown"]:
        words.append(f"{sums['n_amount_unknown']:,} won deals have no known value")
    if sums["n_cost_unknown"]:
        words.append(f"{sums['n_cost_unknown']:,} costs have no known exchange rate and are missing in the cost")
    if words:
        out.print(f"[dim]{'; '.join(words)}.[/dim]")
    if found.num_rows and found["is_overlapping"][0].as_py():
        out.print("[yellow]Rows overlap: a lead counts wherever it was touched, so they sum to more than all.[/yellow]")


def funnel(
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
    """How many leads reach each stage, how long they stay, and how many are still on their way."""
    numbers = numbers_of(context, as_of, known_at)
    table = numbers.funnel(by=words_of(by), since=day_of(since), until=day_of(until), begins=begins, cohort=cohort)
    show(numbers.engine.to_arrow(table), form, FUNNEL_VIEW)
    say_beside(context, numbers, form)


def trace(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="deal, person, account or campaign")],
    key: Annotated[str, typer.Argument(metavar="ID", help="The id in punte or in its source; a campaign's name.")],
    shows_persons: Annotated[
        bool, typer.Option("--persons", help="Of a campaign: its persons instead of its deals (for --format csv …).")
    ] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Form = Format.table,
) -> None:
    """From a deal to every touch, call and stage with its source row, and from a campaign to its persons and deals."""
    numbers = numbers_of(context, as_of, known_at)
    found = numbers.engine.to_arrow(numbers.trace(kind, key))
    persons = numbers.engine.to_arrow(numbers.campaign_persons(key)) if kind == "campaign" else None
    if not found.num_rows and not (persons and persons.num_rows):
        raise UnknownName(
            f"Nothing is known of a {kind} {key!r}.",
            remedy="Give its id as `punte trace` or the site shows it, its id in the source, or a campaign's name.",
        )
    if persons is None or form is not Format.table:
        show(persons if shows_persons and persons is not None else found, form, _trace_view(kind, key))
        return
    show(found, form, _trace_view("deals of campaign", key))
    out.print()
    show(persons, form, _trace_view("persons of campaign", key))


def _trace_view(kind: str, key: str) -> View:
    return View(f"{kind} {key}", gives_way=TRACE_GIVES_WAY, headers={"row_number": "row", "file_name": "file"})


def coverage(
    context: typer.Context,
    known_at: KnownAt = None,
    form: Form = Format.table,
) -> None:
    """What is missing in the data: rows put aside, keys that match nothing, gaps, and how fresh each source is."""
    numbers = numbers_of(context, known_at=known_at)
    found = numbers.engine.to_arrow(numbers.coverage())
    if form is Format.table:
        found = _what_is_missing(found)
        if not found.num_rows:
            out.print("Nothing is missing that punte knows how to look for.")
            return
    show(found, form, View("What is missing, and how fresh each source is", shares=SHARES))
    for warning in numbers.coverage_warnings():
        err.print(f"[yellow]{warning}[/yellow]")


def _what_is_missing(counts: pa.Table) -> pa.Table:
    """Only counts of what is not as it should be, and how old the newest fact of each source is."""
    import pyarrow as pa

    rows = [row for row in counts.to_pylist() if row["n"] and row["reason"] not in WELL]
    words = [f"{row['subject']}: {row['reason']}".replace("_", " ") for row in rows]
    columns = {name: [row[name] for row in rows] for name in ("source", "table")}
    columns["what"] = words
    columns |= {name: [row[name] for row in rows] for name in ("n", "n_of", "share")}
    return pa.table(columns)


def metrics(
    form: Form = Format.table,
) -> None:
    """Every figure that punte knows: its definition, unit and source."""
    import pyarrow as pa

    from punte.catalog import METRICS

    columns = ("name", "title", "unit", "better", "definition", "source")
    table = pa.table({name: [str(getattr(metric, name)) for metric in METRICS.values()] for name in columns})
    show(table, form, View("Metrics", gives_way=("source", "better", "title")))
