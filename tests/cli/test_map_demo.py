"""The demo company's exports fit no vendor; guessed from nothing but headers and values, they give its own answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SHAPES = {
    "crm activities": "activities",
    "crm assignments": "assignments",
    "crm companies": "companies",
    "crm contacts": "people",
    "crm deal contacts": "contacts of deals",
    "crm deals": "deals",
    "crm lead history": "history",
    "crm leads": "leads",
    "crm owners": "owners",
    "fx rates": "exchange rates",
    "marketing spend": "spend",
    "marketing touches": "touches",
}


@pytest.fixture(scope="module")
def mapped(punte, demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What `punte map` writes about the demo's exports, and a home into which they came with it."""
    folder = tmp_path_factory.mktemp("mapped")
    said = punte("map", demo_home / "exports", "-o", folder / "m.toml")
    assert said.code == 0, said.err
    said = punte("import", demo_home / "exports", "--map", folder / "m.toml", home=folder / "home")
    assert (said.code, "put aside:" in said.err) == (0, False), said.err
    return (folder / "m.toml").read_text(encoding="utf-8"), folder / "home"


def test_every_export_is_taken_for_what_it_is(mapped: tuple[str, Path]) -> None:
    text, _ = mapped
    guessed = re.findall(r'# Guessed: ([^.]+)\.(?:\n#.*)*\n\[\[file\]\]\nname = "([^"]+)"', text)
    assert {name: shape for shape, name in guessed} == SHAPES


@pytest.mark.parametrize(
    "words",
    [
        ("loop", "--by", "channel", "--model", "all"),
        ("loop", "--by", "campaign", "--model", "all"),
        ("loop", "--by", "segment"),
        ("funnel",),
    ],
    ids=["channel", "campaign", "segment", "funnel"],
)
def test_the_guessed_mapping_gives_the_demos_own_answers(punte, demo_home, mapped, words: tuple[str, ...]) -> None:
    """All but the days between two moments: touches are written in UTC, so days are counted there."""
    _, home = mapped
    own, guessed = (without_days(punte(*words, "--format", "csv", home=one).rows) for one in (demo_home, home))
    assert (len(own) > 3, guessed) == (True, own)


def without_days(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{name: text for name, text in row.items() if "days" not in name} for row in rows]
