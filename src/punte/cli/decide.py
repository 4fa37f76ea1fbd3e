"""Commands that show and record what people chose about figures: settings, channels."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from punte.cli.console import Format, View, err, out, show
from punte.core import clock
from punte.core.access import COMMAND_LINE
from punte.core.choices.kinds import CHANNEL_RULES, SETTINGS
from punte.errors import UnknownName, UnreadableFile

if TYPE_CHECKING:
    from punte.core.choices.queries import ChoiceVersion
    from punte.home.folder import Home

File = Annotated[Path, typer.Argument(metavar="FILE", help="A file of TOML; `show` prints one to begin with.")]
Note = Annotated[str, typer.Option("--note", help="Why; it is kept with the version.")]
From = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="In force from that day on (home's zone); else from now on."),
]
Number = Annotated[int | None, typer.Option("--version", min=1, help="That version; else the one in force.")]
Form = Annotated[Format, typer.Option("--format", "-f", help="How the list is printed.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    settings = typer.Typer(no_args_is_help=True, help="How figures are counted: see it, change it, see who changed it.")
    settings.command("show")(show_settings)
    settings.command("set")(set_settings)
    settings.command("versions")(versions_of_settings)
    app.add_typer(settings, name="settings")
    channels = typer.Typer(no_args_is_help=True, help="The rules that name the channel of a touch: see, try, change.")
    channels.command("show")(show_channels)
    channels.command("check")(check_channels)
    channels.command("set")(set_channels)
    channels.command("versions")(versions_of_channels)
    app.add_typer(channels, name="channels")


def show_settings(context: typer.Context, version: Number = None) -> None:
    """Print the settings in force as TOML, to be edited and given to `punte settings set`."""
    _show(context, SETTINGS, version)


def show_channels(context: typer.Context, version: Number = None) -> None:
    """Print the channel rules in force as TOML, to be edited and given to `punte channels set`."""
    _show(context, CHANNEL_RULES, version)


def set_settings(context: typer.Context, file: File, since: From = None, note: Note = "") -> None:
    """Put settings in force. Earlier versions are kept; figures count by the new ones at once."""
    from punte.rooms.choices import table_settings

    before = table_settings(_home(context).path, clock.now())
    home, chosen = _set(context, SETTINGS, file, since, note)
    if context.obj["quiet"]:
        return
    _say_unknown_channels(home, chosen.body)
    now = table_settings(home.path, clock.now())
    changed = [name for name in vars(now) if getattr(now, name) != getattr(before, name)]
    if changed:
        out.print(f"{' and '.join(changed)}: counts once the tables are made again. Run: punte build", soft_wrap=True)


def set_channels(context: typer.Context, file: File, since: From = None, note: Note = "") -> None:
    """Put channel rules in force. Earlier versions are kept; figures count by the new ones at once."""
    _set(context, CHANNEL_RULES, file, since, note)


def check_channels(context: typer.Context, file: File, form: Form = Format.table) -> None:
    """Read channel rules and keep nothing: is anything wrong, and which touches would change their channel?"""
    from punte.records.channel_rules import rules_from_toml
    from punte.rooms import numbers

    text = _text_of(file)
    rules, lists = rules_from_toml(text)
    n_rules, n_lists = len(set(rules["position"].to_pylist())), len(set(lists["list"].to_pylist()))
    if form is Format.table:
        out.print(f"{file}: {n_rules} rules and {n_lists} lists, and nothing wrong with them.", soft_wrap=True)
    if (found := numbers.open_if_any(context.obj["home"])) is None:
        return
    with found:
        view = View("Touches by channel: now, and by these rules", headers={"n_touches": "now", "n_then": "then"})
        show(found.engine.to_arrow(numbers.channels_tried(found, text)), form, view)


def versions_of_settings(context: typer.Context, form: Form = Format.table) -> None:
    """List every version of the settings: from when it counts, who recorded it and when."""
    _list(context, SETTINGS, form)


def versions_of_channels(context: typer.Context, form: Form = Format.table) -> None:
    """List every version of the channel rules: from when it counts, who recorded it and when."""
    _list(context, CHANNEL_RULES, form)


def _show(context: typer.Context, kind: str, number: int | None) -> None:
    from punte.rooms import choices

    home = _home(context)
    text, label = choices.text_in_force(home.path, kind, clock.now())
    if number is not None:
        known = {version.version: version for version in choices.versions(home.path, kind)}
        if number not in known:
            raise UnknownName(
                f"There is no version {number} of the {kind.replace('_', ' ')}.",
                remedy=f"There are {', '.join(map(str, known))}." if known else "Nothing was recorded yet.",
            )
        text, label = known[number].body, known[number].label
    typer.echo(text, nl=not text.endswith("\n"))
    if not context.obj["quiet"]:
        err.print(label, style="dim")


def _set(
    context: typer.Context, kind: str, file: Path, since: datetime | None, note: str
) -> tuple[Home, ChoiceVersion]:
    from punte.rooms import choices

    home, at = _home(context), clock.now()
    begins = since.replace(tzinfo=ZoneInfo(home.zone)).astimezone(UTC) if since else None
    chosen = choices.choose_text(
        home.path, kind, _text_of(file), by=COMMAND_LINE, at=at, effective_from=begins, note=note
    )
    if not context.obj["quiet"]:
        when = f"{chosen.effective_from:%Y-%m-%d %H:%M} UTC"
        if chosen.recorded_at == at:
            out.print(f"Recorded as {chosen.label}, in force from {when} on.", soft_wrap=True)
        else:
            out.print(f"Nothing new: {chosen.label} says the same, in force from {when} on.", soft_wrap=True)
    return home, chosen


def _list(context: typer.Context, kind: str, form: Format) -> None:
    import pyarrow as pa

    from punte.rooms import choices

    home = _home(context)
    found = choices.versions(home.path, kind)
    label = choices.text_in_force(home.path, kind, clock.now())[1]
    moment = pa.timestamp("us")
    table = pa.table(
        {
            "version": pa.array([one.version for one in found], pa.int64()),
            "in_force_from": pa.array([_naive(one.effective_from) for one in found], moment),
            "recorded_at": pa.array([_naive(one.recorded_at) for one in found], moment),
            "by": pa.array([_who(one) for one in found], pa.string()),
            "note": pa.array([one.note or None for one in found], pa.string()),
            "is_in_force": pa.array([one.label == label for one in found], pa.bool_()),
        }
    )
    if form is Format.table and not found:
        out.print("Nothing was recorded yet: what punte ships is in force.")
        return
    show(table, form, View(f"Versions of the {kind.replace('_', ' ')} (moments in UTC)", gives_way=("note",)))


def _who(version: ChoiceVersion) -> str:
    return version.recorded_by_words or f"user {version.recorded_by}"


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _home(context: typer.Context) -> Home:
    from punte.rooms import facts

    return facts.existing_home(context.obj["home"])


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(
            f"{file} cannot be read: {error}.", remedy="Give the path of a TOML file in UTF-8."
        ) from error


def _say_unknown_channels(home: Home, text: str) -> None:
    """A direct channel that neither the data nor the rules know is most likely a slip."""
    from punte.records.loop_settings import loop_settings_from_toml
    from punte.rooms import numbers

    found = numbers.open_if_any(home.path)
    if found is None:
        return
    with found:
        known = found.channels()
    for name in loop_settings_from_toml(text).direct_channels:
        if name not in known:
            err.print(f"[yellow]{_no_channel(name, known)}[/yellow]", soft_wrap=True)


def _no_channel(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1) or [one for one in known if name.lower() in one.lower()][:1]
    asks = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(known)}."
    return f"direct_channels: no touch has the channel {name!r}. {asks}".replace("[", r"\[")
