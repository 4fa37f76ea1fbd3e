"""The papers around the code: commands that exist, links that lead somewhere, decisions that can be found."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.house import tree

DECISIONS = Path("docs/decisions")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("name", ["README.md", "README.ro.md"])
def test_the_readme_starts_with_two_commands_that_the_makefile_has(name: str) -> None:
    commands = re.findall(r"^make ([a-z]+)", tree.read(name), flags=re.MULTILINE)
    assert commands[:2] == ["demo", "test"]
    assert set(commands) - targets() == set()


@pytest.mark.slow
def test_every_punte_command_in_the_readme_is_understood_with_its_options() -> None:
    lines = [line for line in lines_to_type("README.md") if "/punte " in line]
    unknown = {line for line in lines if not is_understood(line)}
    assert (len(lines) >= 8, unknown) == (True, set())


def test_every_make_command_named_in_a_document_exists() -> None:
    named = {
        (str(path), target)
        for path in tree.files(ending=".md")
        for target in re.findall(r"`make ([a-z]+)`", tree.read(path))
    }
    assert {(path, target) for path, target in named if target not in targets()} == set()


def test_every_make_target_is_explained_by_make_help() -> None:
    explained = set(re.findall(r"^([a-z]+):.*## \S", tree.read("Makefile"), flags=re.MULTILINE))
    assert targets() - explained == set()


def test_every_link_between_documents_leads_to_a_file() -> None:
    broken = [
        (str(path), target)
        for path in tree.files(ending=".md")
        for target in LINK.findall(tree.read(path))
        if "://" not in target and not target.startswith("mailto:") and not leads_somewhere(path, target)
    ]
    assert broken == []


def test_a_decision_has_the_same_number_in_its_name_and_its_title() -> None:
    wrong = [
        path.name
        for path in decision_records()
        if not tree.read(path).startswith(f"# {path.name[:4]} ") or not re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)
    ]
    assert wrong == []


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in decision_records()] == list(range(1, len(decision_records()) + 1))


def test_every_decision_tells_its_context_the_decision_and_its_cost() -> None:
    parts = ["Context", "Decision", "Cost"]
    incomplete = [
        path.name
        for path in decision_records()
        if re.findall(r"^## (\w+)", tree.read(path), flags=re.MULTILINE)[:3] != parts
    ]
    assert incomplete == []


def test_every_decision_is_listed_with_its_own_title() -> None:
    listed = re.findall(r"^- \[(.+?)\]\((\d{4}-.+?\.md)\)", tree.read(DECISIONS / "README.md"), flags=re.MULTILINE)
    titles = [(tree.read(path).splitlines()[0].removeprefix("# "), path.name) for path in decision_records()]
    assert listed == titles


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    headings = re.findall(r"^## (.+)$", tree.read("CHANGELOG.md"), flags=re.MULTILINE)
    assert headings[0] == "[Unreleased]"


def test_the_licence_is_the_one_that_the_package_names() -> None:
    assert "Apache License\n                           Version 2.0" in tree.read("LICENSE")
    assert 'license = { text = "Apache-2.0" }' in tree.read("pyproject.toml")


@pytest.mark.parametrize("english", ["README.md"])
def test_a_translated_document_has_the_same_parts(english: str) -> None:
    romanian = english.replace(".md", ".ro.md")
    assert shape_of(romanian) == shape_of(english)


def targets() -> set[str]:
    phony = re.search(r"^\.PHONY: (.+)$", tree.read("Makefile"), flags=re.MULTILINE)
    assert phony is not None
    return set(phony.group(1).split())


def is_understood(line: str) -> bool:
    from punte.cli.main import app

    words = shlex.split(line)[1:]
    known = CliRunner().invoke(app, [words[0], "--help"])
    options = [word for word in words if word.startswith("--")]
    return known.exit_code == 0 and all(option in known.output for option in options)


def leads_somewhere(document: Path, target: str) -> bool:
    return (tree.ROOT / document.parent / target).exists()


def decision_records() -> list[Path]:
    return [path for path in tree.files("docs", ending=".md") if path.parent == DECISIONS and path.name != "README.md"]


def shape_of(name: str) -> tuple[int, list[str]]:
    """The number of headings, and every line that a reader is told to type."""
    return len(re.findall(r"^## ", tree.read(name), flags=re.MULTILINE)), lines_to_type(name)


def lines_to_type(name: str) -> list[str]:
    """The lines inside the fenced blocks of a document."""
    blocks = re.findall(r"^```\n(.*?)^```", tree.read(name), flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]
