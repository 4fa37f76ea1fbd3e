"""The checkout names no folder, address or account of the machine on which it was written."""

from __future__ import annotations

import re

import pytest

from tests.house import tree

# Written in two parts, so that this file does not hold what it looks for.
OF_A_MACHINE = re.compile(
    r"(?<![\w.])/" + r"work/(main|shared|\.library)"
    r"|(?<![\w.])/" + r"root/"
    r"|/tmp/" + r"setup"
    r"|\.py" + r"env/"
    r"|file:" + r"///"
)
OF_A_REGISTRY = re.compile(
    r"--(extra-)?index" + r"-url"
    r"|py" + r"pi\.org/simple"
    r"|files\.python" + r"hosted\.org"
    r"|registry\.npm" + r"js\.org"
    r"|(deb|security|ftp\.\w+)\.deb" + r"ian\.org"
)
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE "
    + r"KEY-----|\bAKIA[0-9A-Z]{16}\b|\bghp_[A-Za-z0-9]{36}\b|\bxox[baprs]-[0-9A-Za-z-]{20,}"
)


def test_no_file_names_a_folder_of_one_machine() -> None:
    assert places(OF_A_MACHINE) == []


def test_no_file_says_where_packages_are_fetched_from() -> None:
    assert places(OF_A_REGISTRY) == []


def test_no_file_holds_a_key() -> None:
    assert places(SECRET) == []


@pytest.mark.parametrize("text", ["/" + "work/main/src", "cd /" + "root/x", "~/.py" + "env/versions"])
def test_a_folder_of_one_machine_is_recognised(text: str) -> None:
    assert OF_A_MACHINE.search(text)


@pytest.mark.parametrize("text", ["/network/main", "the root/stem", "https://example.com/work/main.html"])
def test_an_ordinary_path_is_not_taken_for_a_folder_of_one_machine(text: str) -> None:
    assert not OF_A_MACHINE.search(text)


def places(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:80]}"
        for path, text in tree.text_of_all()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]
