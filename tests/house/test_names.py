"""Names that say nothing are not used, and tests read as sentences."""

from __future__ import annotations

import re

from tests.house import tree

SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "base_utils"}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [str(path) for path in tree.python() if {path.stem, *path.parts[:-1]} & SAY_NOTHING] == []


def test_every_test_is_named_as_a_sentence() -> None:
    short = [f"{tree.at(path, node)} {node.name}" for path, node in tree.tests() if node.name.count("_") < 3]
    assert short == []


def test_a_moment_is_not_named_as_a_date() -> None:
    """Moments end in ``_at``, days in ``_on``: a field that ends in ``_date`` or ``_time`` leaves open which it is."""
    vague = re.compile(r"^\w+_(date|time|datetime|timestamp)$")
    fields = [
        f"{tree.at(path, node)} {name}"
        for path in [*tree.source("records"), *tree.source("measures")]
        for node, name in tree.annotated_fields(path)
        if vague.match(name)
    ]
    assert fields == []
