"""What people chose about how figures are made, as texts: what was recorded, else what punte ships."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from punte.core import clock
from punte.core.choices.kinds import CHANNEL_RULES, MAPPING, SETTINGS, register_kind
from punte.core.start import prepare
from punte.records.channel_rules import DEFAULT_TEXT as SHIPPED_RULES
from punte.records.channel_rules import rules_from_toml
from punte.records.loop_settings import DEFAULT_TEXT as SHIPPED_SETTINGS
from punte.records.loop_settings import TableSettings, loop_settings_from_toml, table_settings_from_toml

if TYPE_CHECKING:
    from punte.core.choices.queries import ChoiceVersion

DEFAULT = "default"
"""Name of the one version of each of these choices."""


@dataclass(frozen=True)
class Document:
    """A choice that comes in and goes out as one text of TOML: its kind, what punte ships, and what refuses a text."""

    kind: str
    shipped: str
    check: Callable[[str], Any]


DOCUMENTS = {
    CHANNEL_RULES: Document(CHANNEL_RULES, SHIPPED_RULES, rules_from_toml),
    SETTINGS: Document(SETTINGS, SHIPPED_SETTINGS, loop_settings_from_toml),
}


def chosen_texts(
    home: Path, as_of: datetime | None, known_at: datetime | None = None
) -> tuple[str, str, tuple[str, ...]]:
    """Channel rules, settings, and how a result cites them: in force at ``as_of`` (naive, UTC; None: now).

    Only what was recorded by ``known_at`` counts (naive, UTC; None: now).
    """
    now = clock.now()
    moment = as_of.replace(tzinfo=UTC) if as_of else now
    recorded = known_at.replace(tzinfo=UTC) if known_at else now
    (rules, of_rules), (settings, of_settings) = (
        _text_and_label(home, document, moment, recorded) for document in DOCUMENTS.values()
    )
    return rules, settings, (of_rules, of_settings)


def text_in_force(home: Path, kind: str, at: datetime) -> tuple[str, str]:
    """The text of a document in force at ``at`` (aware), and how a result cites it (``settings/default 2``)."""
    return _text_and_label(home, DOCUMENTS[kind], at, at)


def _text_and_label(home: Path, document: Document, effective_at: datetime, recorded_at: datetime) -> tuple[str, str]:
    using = prepare(home)
    from punte.core.choices.queries import choice_in_force

    version = choice_in_force(document.kind, DEFAULT, effective_at, recorded_at, using)
    return (version.body, version.label) if version else (document.shipped, f"{document.kind}/shipped")


def versions(home: Path, kind: str) -> tuple[ChoiceVersion, ...]:
    """Every recorded version of a document, the first one first; none while what punte ships is in force."""
    using = prepare(home)
    from punte.core.choices.queries import history

    return history(kind, DEFAULT, using)


def choose_text(
    home: Path,
    kind: str,
    text: str,
    *,
    by: object,
    at: datetime,
    effective_from: datetime | None = None,
    note: str = "",
) -> ChoiceVersion:
    """Records a document, in force from ``effective_from`` on (aware; ``at`` where nothing is said).

    The same text again is no new version: then that version is given, whose ``recorded_at`` is not ``at``.

    Raises UnknownMapping for a text with a mistake, with its line.
    """
    document = DOCUMENTS[kind]
    document.check(text)
    register_kind(kind, document.check)
    using = prepare(home)
    from punte.core.choices.actions import record_choice

    return record_choice(
        kind=kind, name=DEFAULT, body=text, by=by, at=at, effective_from=effective_from, note=note, using=using
    )


def table_settings(home: Path, at: datetime) -> TableSettings:
    """What tables are built by, in force at ``at`` (aware)."""
    return table_settings_from_toml(text_in_force(home, SETTINGS, at)[0])


def remembered_mappings(home: Path, at: datetime) -> tuple[str, ...]:
    """The mapping of every source, as TOML, in force at ``at`` (aware)."""
    using = prepare(home)
    from punte.core.choices.queries import choices_in_force

    return tuple(version.body for version in choices_in_force(MAPPING, at, at, using))


def remember_mapping(home: Path, source: str, text: str, *, by: object, at: datetime) -> bool:
    """Records the mapping of a source; whether that made a new version."""
    using = prepare(home)
    from punte.core.choices.actions import record_choice

    version = record_choice(kind=MAPPING, name=source, body=text, by=by, at=at, using=using)
    return version.recorded_at == at
