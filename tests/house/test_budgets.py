"""Files and functions stay small enough to be read in one go."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house import tree

FILE_AIM, FILE_STOP = 300, 500
FUNCTION_STOP = 40

# Files above the stop, with the number of lines that each may have. This list may only shrink.
FILES_ALLOWED: dict[str, int] = {}


def test_no_file_grows_beyond_the_stop() -> None:
    sizes = {str(path): len(tree.read(path).splitlines()) for path in budgeted_files()}
    assert {name: n for name, n in sizes.items() if n > FILES_ALLOWED.get(name, FILE_STOP)} == {}


def test_the_list_of_allowed_files_holds_only_files_that_still_need_it() -> None:
    assert {name for name in FILES_ALLOWED if too_few_lines(name)} == set()


def test_nine_files_of_ten_keep_to_the_aim() -> None:
    paths = [path for path in budgeted_files() if path.suffix == ".py"]
    long = [str(path) for path in paths if len(tree.read(path).splitlines()) > FILE_AIM]
    assert len(long) <= len(paths) / 10, long


def test_no_function_grows_beyond_the_stop() -> None:
    long = {
        f"{tree.at(path, node)} {node.name}": length
        for path in tree.python("src", "tools", "tests", "benchmarks", "examples")
        for node in tree.functions(path)
        if (length := lines_of_code(node)) > FUNCTION_STOP
    }
    assert long == {}


def test_a_docstring_does_not_count_as_lines_of_its_function() -> None:
    node = ast.parse('def f(x):\n    """One.\n\n    Three.\n    """\n    return x\n').body[0]
    assert isinstance(node, ast.FunctionDef)
    assert lines_of_code(node) == 2


def budgeted_files() -> list[Path]:
    wanted = {".py", ".html", ".sh"}
    return [path for path in tree.all_files() if path.suffix in wanted and "migrations" not in path.parts]


def too_few_lines(name: str) -> bool:
    path = tree.ROOT / name
    return not path.exists() or len(tree.read(name).splitlines()) <= FILE_STOP


def lines_of_code(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines from ``def`` to the end; a docstring is a promise to the reader and does not count."""
    assert node.end_lineno is not None
    whole = node.end_lineno - node.lineno + 1
    if ast.get_docstring(node) is None:
        return whole
    docstring = node.body[0]
    assert docstring.end_lineno is not None
    return whole - (docstring.end_lineno - docstring.lineno + 1)
