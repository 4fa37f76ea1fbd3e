"""What punte installs is pinned, hashed and fetched from where the machine is told to, never from an address here."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.house import tree

SETS = ("build", "base", "test", "spark")
ADDRESS = re.compile(r"://|^\s*-|--(index-url|extra-index-url|find-links|trusted-host)|\s@\s")


@pytest.mark.parametrize("name", SETS)
def test_no_requirement_names_an_address(name: str) -> None:
    lines = [*lines_of(name, "in"), *lines_of(name, "txt")]
    assert [line for line in lines if ADDRESS.search(line.replace("--hash=", ""))] == []


@pytest.mark.parametrize("name", SETS)
def test_every_pinned_package_carries_a_hash(name: str) -> None:
    unhashed = [
        line for line in lines_of(name, "txt") if not re.search(r"^\S+==\S+( ;.*)? --hash=sha256:[0-9a-f]{64}", line)
    ]
    assert unhashed == []


@pytest.mark.parametrize("name", SETS)
def test_what_is_asked_for_is_pinned_with_the_version_asked_for(name: str) -> None:
    pins = pinned(name)
    assert {line for line in lines_of(name, "in") if not fits(line, pins)} == set()


def test_no_package_is_pinned_to_two_versions() -> None:
    seen: dict[str, set[str]] = {}
    for name in SETS:
        for package, version in pinned(name).items():
            seen.setdefault(package, set()).add(version)
    assert {package: versions for package, versions in seen.items() if len(versions) > 1} == {}


def test_every_dependency_of_the_product_is_explained() -> None:
    """decisions/0012 holds a line for each package asked for, saying what it is for."""
    explained = tree.read("docs/decisions/0012-dependencies.md")
    asked = {package_of(line) for name in SETS for line in lines_of(name, "in")}
    assert {package for package in asked if f"| {package} |" not in explained} == set()


def test_nothing_is_explained_that_is_not_asked_for() -> None:
    explained = re.findall(
        r"^\| ([a-z0-9][a-z0-9-]*) \|", tree.read("docs/decisions/0012-dependencies.md"), flags=re.MULTILINE
    )
    asked = {package_of(line) for name in SETS for line in lines_of(name, "in")}
    assert set(explained) - asked == set()


def test_the_package_metadata_asks_for_the_same_as_the_requirements() -> None:
    project = tomllib.loads(tree.read("pyproject.toml"))
    dynamic = project["tool"]["setuptools"]["dynamic"]
    assert dynamic["dependencies"] == {"file": ["requirements/base.in"]}
    assert dynamic["optional-dependencies"]["spark"] == {"file": ["requirements/spark.in"]}


def lines_of(name: str, kind: str) -> list[str]:
    """The requirement lines of a file, continuations joined, comments left out."""
    text = tree.read(f"requirements/{name}.{kind}").replace("\\\n", " ")
    lines = [re.sub(r"\s+", " ", line.split("#")[0]).strip() for line in text.splitlines()]
    return [line for line in lines if line]


def pinned(name: str) -> dict[str, str]:
    found = (re.match(r"([A-Za-z0-9._-]+)(?:\[.*?\])?==(\S+)", line) for line in lines_of(name, "txt"))
    return {match.group(1).lower(): match.group(2) for match in found if match}


def package_of(line: str) -> str:
    return re.split(r"[\[=<>!~ ;]", line)[0].lower()


def fits(line: str, pins: dict[str, str]) -> bool:
    asked = re.search(r"==([^\s;]+)", line)
    version = pins.get(package_of(line))
    return version is not None and (asked is None or asked.group(1) == version)
