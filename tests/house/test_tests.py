"""Every test can fail, and none of them pretends."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house import tree

CALLS_THAT_ASSERT = re.compile(r"^(django_)?(assert|expect|raises|warns|fail|check)(_\w+|[A-Z]\w*)?$")


def test_every_test_asserts_something() -> None:
    idle = [f"{tree.at(path, node)} {node.name}" for path, node in tree.tests() if not asserts(node)]
    assert idle == []


@pytest.mark.parametrize(
    ("code", "can_fail"),
    [
        ("assert f() == 1", True),
        ("with pytest.raises(ValueError):\n        f()", True),
        ("expect(page).to_have_title('punte')", True),
        ("assert_same_rows(f(), rows)", True),
        ("with django_assert_num_queries(4):\n        f()", True),
        ("f()", False),
        ("print(f())", False),
    ],
)
def test_a_test_that_only_calls_is_told_from_one_that_asserts(code: str, can_fail: bool) -> None:
    assert asserts(ast.parse(f"def test_it():\n    {code}\n").body[0]) is can_fail


def test_a_test_that_draws_more_cases_than_usual_is_marked_slow() -> None:
    patient = [
        f"{tree.at(path, node)} {node.name}"
        for path, node in tree.tests()
        if draws_many(node)
        and not any("mark.slow" in ast.unparse(mark) for mark in node.decorator_list)
        and not re.search(r"^pytestmark = .*slow", tree.read(path), flags=re.MULTILINE)
    ]
    assert patient == []


def test_no_test_replaces_our_own_code_with_a_mock() -> None:
    mocking = [str(path) for path in tree.python("tests") if {"unittest.mock", "mock"} & tree.imported(path)]
    assert mocking == []


def test_no_test_waits_for_a_fixed_time() -> None:
    sleeping = [
        tree.at(path, node)
        for path, test in tree.tests()
        for node in ast.walk(test)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"time.sleep", "sleep", "asyncio.sleep"}
    ]
    assert sleeping == []


def draws_many(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Hypothesis draws a hundred cases where nothing is said."""
    marks = " ".join(ast.unparse(mark) for mark in node.decorator_list)
    return any(int(number) > 100 for number in re.findall(r"max_examples=(\d+)", marks))


def asserts(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Assert) or is_asserting_call(part) for part in ast.walk(node))


def is_asserting_call(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return bool(CALLS_THAT_ASSERT.match(name))
