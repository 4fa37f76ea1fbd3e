"""What people chose about how figures are made, as texts: what was recorded, else what punte ships."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from punte.core import clock
from punte.core.start import prepare
from punte.records.channel_rules import DEFAULT_TEXT as DEFAULT_RULES
from punte.records.loop_settings import DEFAULT_TEXT as DEFAULT_SETTINGS

DEFAULT = "default"
"""Name of the one version of each of these choices."""


def chosen_texts(
    home: Path, as_of: datetime | None, known_at: datetime | None = None
) -> tuple[str, str, tuple[str, ...]]:
    """Channel rules, loop settings, and how a result cites them: in force at ``as_of`` (naive, UTC; None: now).

    Only what was recorded by ``known_at`` counts (naive, UTC; None: now).
    """
    using = prepare(home)
    from punte.core.choices.kinds import CHANNEL_RULES, LOOP_SETTINGS
    from punte.core.choices.queries import choice_in_force

    texts, labels = [], []
    now = clock.now()
    moment = as_of.replace(tzinfo=UTC) if as_of else now
    recorded = known_at.replace(tzinfo=UTC) if known_at else now
    for kind, shipped in ((CHANNEL_RULES, DEFAULT_RULES), (LOOP_SETTINGS, DEFAULT_SETTINGS)):
        version = choice_in_force(kind, DEFAULT, moment, recorded, using)
        texts.append(version.body if version else shipped)
        labels.append(version.label if version else f"{kind}/shipped")
    return texts[0], texts[1], tuple(labels)


def remembered_mappings(home: Path, at: datetime) -> tuple[str, ...]:
    """The mapping of every source, as TOML, in force at ``at`` (aware)."""
    using = prepare(home)
    from punte.core.choices.kinds import MAPPING
    from punte.core.choices.queries import choices_in_force

    return tuple(version.body for version in choices_in_force(MAPPING, at, at, using))


def remember_mapping(home: Path, source: str, text: str, *, by: object, at: datetime) -> bool:
    """Records the mapping of a source; whether that made a new version."""
    using = prepare(home)
    from punte.core.choices.actions import record_choice
    from punte.core.choices.kinds import MAPPING

    version = record_choice(kind=MAPPING, name=source, body=text, by=by, at=at, using=using)
    return version.recorded_at == at
