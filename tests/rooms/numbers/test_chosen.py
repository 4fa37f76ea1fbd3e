"""What people chose counts at once in measures, with the next build in tables, and is known at its moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from punte.core.choices.kinds import CHANNEL_RULES, SETTINGS
from punte.core.start import prepare
from punte.errors import UnknownMapping
from punte.home.folder import Home
from punte.rooms import choices, facts
from punte.rooms.numbers import open_home
from tests.home.small import everything, mapping

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("further_homes")]

FIRST = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = facts.make_home(tmp_path / "home", name="Acme", zone="Europe/Bucharest", currency="RON", at=FIRST)
    facts.bring_in(home, [everything(tmp_path / "all")], given=[mapping()], by="marta", at=FIRST)
    return home


def won(home: Home, **words: Any) -> tuple[int, int, str]:
    """Deals won, those without a known value, and the settings cited."""
    with open_home(home.path, **words) as numbers:
        (row,) = numbers.answer("loop", by=(), models=()).to_pylist()
        return row["n_won"], row["n_amount_unknown"], numbers.cited.choices[1]


def test_the_age_of_rates_counts_with_the_next_build_and_the_older_version_is_known_at_its_moment(home: Home) -> None:
    choices.choose_text(home.path, SETTINGS, "[build]\noldest_rate_days = 1\n", by="marta", at=FIRST + HOUR)
    assert won(home) == (2, 0, "settings/default 1")
    facts.rebuild(home, at=FIRST + 2 * HOUR)
    assert won(home) == (2, 1, "settings/default 1")
    assert won(home, known_at=FIRST) == (2, 0, "settings/shipped")
    assert won(home, known_at=FIRST + HOUR) == (2, 1, "settings/default 1")


def test_own_domains_come_from_the_settings_into_the_tables(home: Home, tmp_path: Path) -> None:
    choices.choose_text(home.path, SETTINGS, '[build]\nown_domains = ["acme.ro"]\n', by="marta", at=FIRST + HOUR)
    more = tmp_path / "more"
    more.mkdir()
    (more / "rates.csv").write_text("day,base,rate\n2026-02-12,EUR,5.00\n")
    facts.bring_in(home, [more], given=[mapping()], by="marta", at=FIRST + 2 * HOUR)
    current = home.lake.current()
    assert current is not None
    assert current.manifest["choices"]["own_domains"] == ["acme.ro"]


def test_settings_of_the_loop_and_channel_rules_are_known_at_their_moments(home: Home) -> None:
    text = "half_life_days = 3\n"
    choices.choose_text(home.path, SETTINGS, text, by="marta", at=FIRST + HOUR)
    rules = '[[rules]]\nchannel = "A"\n[[rules.when]]\nsource = "a"\n'
    choices.choose_text(home.path, CHANNEL_RULES, rules, by="marta", at=FIRST + HOUR)
    with open_home(home.path) as now, open_home(home.path, known_at=FIRST) as before:
        assert (now.settings.half_life_days, before.settings.half_life_days) == (3, 7)
        assert (now.channel_rules == rules, before.channel_rules == rules) == (True, False)
        assert before.cited.choices == ("channel_rules/shipped", "settings/shipped")


def test_recording_leaves_a_row_in_the_audit_trail_and_a_mistake_leaves_none(home: Home) -> None:
    choices.choose_text(home.path, SETTINGS, "half_life_days = 3\n", by="marta", at=FIRST + HOUR, note="tried")
    with pytest.raises(UnknownMapping):
        choices.choose_text(home.path, SETTINGS, "half_life_days = 0\n", by="marta", at=FIRST + 2 * HOUR)
    from punte.core.audit.models import AuditRow

    rows = AuditRow.objects.using(prepare(home.path)).filter(subject="settings/default")
    assert [(row.action, row.by_words, row.at) for row in rows] == [("choices.record", "marta", FIRST + HOUR)]
    (version,) = choices.versions(home.path, SETTINGS)
    assert (version.version, version.recorded_by_words, version.note) == (1, "marta", "tried")
