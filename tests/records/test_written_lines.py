"""A mistake in a text of TOML is told with the line on which it stands."""

import pytest

from punte.errors import UnknownMapping
from punte.records.channel_rules import rules_from_toml
from punte.records.loop_settings import loop_settings_from_toml

TWO_RULES = """\
[[rules]]
channel = "A"
[[rules.when]]
source = "a"

[[rules]]
channel = "B"
[[rules.when]]
source = "b"
[[rules.when]]
{line}

[lists]
search = ["google"]
"""


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('sauce = "b"', "Line 11: The rule for 'B' may not say sauce."),
        ('medium = "x"\nsource = 3', "Line 12: The rule for 'B': 3 is not a text with something in it."),
        ('source = { in_list = "serch" }', "Line 11: The rule for 'B': there is no list 'serch'. Did you mean"),
        ('[rules.when.source]\nlike = "x"', "Line 12: The rule for 'B', field 'source', may not say like."),
        ("source =", "Line 11: The channel rules are not TOML"),
        ('source = "b"\n[[rules]]\nwhen = 3\nchannel = "C"', "Line 12: The rule for 'C' says nothing"),
    ],
)
def test_a_mistake_in_the_second_rule_is_told_with_its_line(line: str, says: str) -> None:
    with pytest.raises(UnknownMapping) as raised:
        rules_from_toml(TWO_RULES.replace("{line}", line))
    assert says in str(raised.value)
    assert raised.value.facts["line"] == int(says.split(":")[0].removeprefix("Line "))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("lists = 3", "Line 1: The lists are no table of TOML."),
        ('\n[lists]\nx = ["a"]\na = "b"', "Line 4: List 'a': 'b' is no list."),
        ("rules = 3", "Line 1: The channel rules are no list of rules."),
    ],
)
def test_another_shape_than_rules_have_is_refused(text: str, says: str) -> None:
    with pytest.raises(UnknownMapping) as raised:
        rules_from_toml(text)
    assert says in str(raised.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "half_life_days = 7\nown_domains = []",
            "Line 2: own_domains stands in the wrong place. Move it below",
        ),
        ("[build]\nhalf_life_days = 7", "Line 2: half_life_days stands in the wrong place. Move it above [build]."),
        ('\n\ndirect_channels = "Direct"', "Line 3: direct_channels is no list of names."),
        ("direct_channels = [3]", "Line 1: direct_channels is no list of names."),
        ('[build]\noldest_rate_days = 3\nown_domains = ["a@b.ro"]', "Line 3: 'a@b.ro' is no domain."),
        ("[build]\noldest_rate_days = -1", "Line 2: oldest_rate_days = -1 is not a number of days."),
        ("half_life_days = 7\nbuild = 3", "Line 2: build is a heading and no setting."),
    ],
)
def test_a_mistake_in_the_settings_is_told_with_its_line(text: str, says: str) -> None:
    with pytest.raises(UnknownMapping) as raised:
        loop_settings_from_toml(text)
    assert says in str(raised.value)
