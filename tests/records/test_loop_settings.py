"""The loop's settings come in as TOML and refuse what they do not know."""

import pytest

from punte.errors import UnknownMapping
from punte.records.loop_settings import (
    DEFAULT_TEXT,
    LoopSettings,
    TableSettings,
    loop_settings_from_toml,
    table_settings_from_toml,
)


def test_the_text_that_ships_says_what_the_defaults_are():
    assert loop_settings_from_toml(DEFAULT_TEXT) == LoopSettings()


def test_what_is_said_is_read():
    text = 'look_back_days = 90\ncounts_every_touch = true\nhalf_life_days = 14\ndirect_channels = ["Direct", "None"]'
    assert loop_settings_from_toml(text) == LoopSettings(90, True, 14, ("Direct", "None"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("look_back_days = 0", "look_back_days = 0 is not a number of days."),
        ("half_life_days = true", "half_life_days = True is not a number of days."),
        ("lookback = 3", "Line 1: There is no setting lookback. Did you mean look_back_days?"),
        ("half_life_days", "Line 1: The settings are not TOML"),
        ("counts_every_touch = 1", "counts_every_touch is neither true nor false."),
    ],
)
def test_a_mistake_is_named_with_its_remedy(text, words):
    with pytest.raises(UnknownMapping) as raised:
        loop_settings_from_toml(text)
    assert words in str(raised.value)
    assert raised.value.remedy


def test_what_tables_are_built_by_stands_below_its_heading():
    text = 'half_life_days = 3\n[build]\nown_domains = ["www.Acme.ro", "acme.com "]\noldest_rate_days = 0\n'
    assert table_settings_from_toml(text) == TableSettings(frozenset({"acme.ro", "acme.com"}), 0)
    assert table_settings_from_toml(DEFAULT_TEXT) == TableSettings()
