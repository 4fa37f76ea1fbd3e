"""What a person may set is written down, and what is written down can be set."""

from __future__ import annotations

import ast
import re

from tests.house import tree

NAME = re.compile(r"PUNTE_[A-Z_]+")


def test_every_name_read_from_the_environment_is_documented() -> None:
    assert read_from_the_environment() == documented()


def read_from_the_environment() -> set[str]:
    """The names that stand in the code as a text of their own, in ``src``."""
    return {
        node.value
        for path in tree.source()
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value)
    }


def documented() -> set[str]:
    return set(re.findall(r"^\| `(PUNTE_[A-Z_]+)` \|", tree.read("docs/settings.md"), flags=re.MULTILINE))
