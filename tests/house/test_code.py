"""What the code may not do anywhere: read the clock, swallow errors, leave work behind."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house import tree

MAY_READ_THE_CLOCK = ("src/punte/core/clock.py", "src/punte/cli/")
CLOCK = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|timezone\.now|time\.(time|time_ns))\(|^utcnow\("
    r"|(^|\.)(localdate|localtime|gmtime|timezone\.localdate|timezone\.localtime)\(\)"
)


def test_only_the_clock_and_the_command_line_read_the_time() -> None:
    readers = [
        f"{tree.at(path, node)} {ast.unparse(node)}"
        for path in tree.source()
        if not str(path).startswith(MAY_READ_THE_CLOCK)
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Call) and CLOCK.search(ast.unparse(node))
    ]
    assert readers == []


@pytest.mark.parametrize(
    ("call", "reads"),
    [
        ("datetime.now()", True),
        ("datetime.now(UTC)", True),
        ("datetime.datetime.utcnow()", True),
        ("timezone.now()", True),
        ("django.utils.timezone.now()", True),
        ("timezone.localtime()", True),
        ("time.time()", True),
        ("date.today()", True),
        ("timezone.localtime(moment)", False),
        ("clock.now()", False),
        ("time.monotonic()", False),
        ("time.perf_counter()", False),
    ],
)
def test_a_reading_of_the_clock_is_known_by_its_call(call: str, reads: bool) -> None:
    assert bool(CLOCK.search(call)) is reads


def test_no_function_of_the_database_reads_the_clock_for_us() -> None:
    """``auto_now`` and ``Now()`` would make a row's moment something that no test and no replay can set."""
    found = [
        f"{path}: {match.group()}"
        for path in tree.source()
        for match in re.finditer(r"\bauto_now(_add)?\s*=\s*True|\bNow\(\)|default=timezone\.now", tree.read(path))
    ]
    assert found == []


def test_no_error_is_swallowed_by_a_broad_except() -> None:
    assert [tree.at(path, node) for path in all_python() for node in broad_handlers(path)] == []


def test_no_work_is_left_behind_in_a_comment() -> None:
    left = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|HA" + r"CK)\b")
    assert [str(path) for path in all_python() if left.search(tree.read(path))] == []


def test_no_function_is_a_stub() -> None:
    assert [f"{tree.at(path, node)} {node.name}" for path in tree.source() for node in stubs(path)] == []


def test_a_switched_off_check_says_which_one() -> None:
    blanket = re.compile(r"#\s*(noqa(?!:\s*[A-Z]+\d)|type:\s*ignore(?!\[))")
    assert [str(path) for path in all_python() if blanket.search(tree.read(path))] == []


def test_every_public_function_and_class_has_a_docstring() -> None:
    silent = [
        f"{tree.at(path, node)} {node.name}"
        for path in tree.source()
        for node in tree.parsed(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_module_says_what_it_holds() -> None:
    silent = [
        str(path) for path in tree.source() if tree.read(path).strip() and not ast.get_docstring(tree.parsed(path))
    ]
    assert silent == []


def all_python() -> list[Path]:
    return [path for path in tree.python() if path != Path("tests/house/test_code.py")]


def broad_handlers(path: Path) -> list[ast.ExceptHandler]:
    broad = {"Exception", "BaseException"}
    return [
        node
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or broad & {ast.unparse(kind) for kind in caught(node.type)})
        and not raises_again(node)
    ]


def caught(kind: ast.expr) -> list[ast.expr]:
    return kind.elts if isinstance(kind, ast.Tuple) else [kind]


def raises_again(handler: ast.ExceptHandler) -> bool:
    """Cleaning up and passing the same error on swallows nothing."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def stubs(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions that do nothing yet; what a protocol or an abstract class only declares is none."""
    declared = {
        id(node)
        for kind in ast.walk(tree.parsed(path))
        if isinstance(kind, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in kind.bases)
        for node in ast.walk(kind)
    }
    return [node for node in tree.functions(path) if id(node) not in declared and does_nothing(node)]


def does_nothing(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    if any(ast.unparse(mark).endswith(("abstractmethod", "overload")) for mark in node.decorator_list):
        return False
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return bool(body) and all(is_placeholder(line) for line in body)


def is_placeholder(line: ast.stmt) -> bool:
    text = ast.unparse(line)
    return text in {"pass", "..."} or text.startswith("raise NotImplementedError")
