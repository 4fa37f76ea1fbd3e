"""Channel rules come in and go out as TOML, and a mistake in them is named with its remedy."""

from __future__ import annotations

import pytest

from punte.errors import UnknownMapping, UnknownName
from punte.records.channel_presets import PRESETS, preset
from punte.records.channel_rules import rules_from_toml, rules_to_toml
from punte.records.choices import CHANNEL_RULES, SOURCE_LISTS

TEXT = r"""
[[rules]]
channel = "Partners"
[[rules.when]]
source = "ACME "
medium = { in_list = "paid words", is_not = "CPM" }
[[rules.when]]
campaign = { matches = '^\d+ "Partner"' }

[[rules]]
channel = "Rest"
[[rules.when]]
referrer = { is_filled = true }

[lists]
"paid words" = ["CPC", "ppc"]
"""


def test_rules_and_lists_become_two_small_tables() -> None:
    rules, lists = rules_from_toml(TEXT)
    assert (rules.schema, lists.schema) == (CHANNEL_RULES, SOURCE_LISTS)
    assert [tuple(row.values()) for row in rules.to_pylist()] == [
        (1, "Partners", 1, "source", "is", "acme"),
        (1, "Partners", 1, "medium", "in_list", "paid words"),
        (1, "Partners", 1, "medium", "is_not", "cpm"),
        (1, "Partners", 2, "campaign", "matches", r'^\d+ "Partner"'),
        (2, "Rest", 1, "referrer", "is_filled", ""),
    ]
    assert [tuple(row.values()) for row in lists.to_pylist()] == [("paid words", "cpc"), ("paid words", "ppc")]


@pytest.mark.parametrize("text", [TEXT, *map(preset, PRESETS)], ids=["drawn", *PRESETS])
def test_what_goes_out_reads_back_as_it_came_in(text: str) -> None:
    rules, lists = rules_from_toml(text)
    again, lists_again = rules_from_toml(rules_to_toml(rules, lists))
    assert again == rules
    assert lists_again.sort_by([("list", "ascending"), ("value", "ascending")]) == lists.sort_by(
        [("list", "ascending"), ("value", "ascending")]
    )


def test_the_shipped_rules_hold_every_source_that_google_lists() -> None:
    _, lists = rules_from_toml(preset("ga4"))
    names = lists["list"].to_pylist()
    assert {name: names.count(name) for name in ("search", "social", "shopping", "video")} == {
        "search": 129,
        "social": 592,
        "shopping": 52,
        "video": 46,
    }


RULE = '[[rules]]\nchannel = "A"\n[[rules.when]]\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rules = [", "The channel rules are not TOML"),
        ("rule = []", "The channel rules may not say rule. Use one of: rules, lists."),
        ('[[rules]]\nwhen = [{source = "x"}]', "Rule 1 names no channel."),
        ('[[rules]]\nchannel = "A"', "The rule for 'A' says nothing about when it holds."),
        (RULE, "The rule for 'A' says nothing about when it holds."),
        (RULE + 'sauce = "x"', "The rule for 'A' may not say sauce. Use one of: channel, source, medium,"),
        (RULE + 'source = { like = "x" }', "field 'source', may not say like. Use one of: is, is_not, contains,"),
        (RULE + "source = 3", "3 is not a text with something in it."),
        (RULE + 'source = ""', "'' is not a text with something in it."),
        (RULE + "source = { is_empty = false }", "is_empty takes nothing but true. Write is_empty = true."),
        (RULE + 'source = { in_list = "x" }', "there is no list 'x'. Add it under [lists]."),
        (RULE + "source = { matches = '(' }", "'(' is not a pattern"),
        (RULE + "source = { matches = '(?=a)' }", "'(?' in '(?=a)' means different things on different engines."),
        (RULE + r"source = { matches = '(a)\1' }", r"'\\1' in '(a)\\1' means different things on different engines."),
        (RULE + "source = { matches = 'a++' }", "'++' in 'a++' means different things on different engines."),
        ("[lists]\na = [3]", "List 'a': 3 is not a text with something in it."),
    ],
)
def test_a_mistake_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(UnknownMapping) as refusal:
        rules_from_toml(text)
    assert says in str(refusal.value)


def test_an_unknown_preset_is_refused_by_name() -> None:
    with pytest.raises(UnknownName, match="punte ships no channel rules named 'ua'. Use one of: ga4."):
        preset("ua")
