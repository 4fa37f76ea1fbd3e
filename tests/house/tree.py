"""The checkout as the house tests see it: its files, and its Python parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE_BY_TOOLS = {"build", "dist", "home-demo", "punte-home", "site", "node_modules", "__pycache__"}
HIDDEN_BUT_OURS = {".ci", ".gitignore"}


@cache
def all_files() -> tuple[Path, ...]:
    """Every file that belongs to the project, as a path relative to its root; what tools leave behind is not one."""
    return tuple(sorted(path.relative_to(ROOT) for path in walk(ROOT)))


def walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if is_left_behind(path):
            continue
        if path.is_dir():
            yield from walk(path)
        else:
            yield path


def is_left_behind(path: Path) -> bool:
    hidden = path.name.startswith(".") and path.name not in HIDDEN_BUT_OURS
    return hidden or path.name in MADE_BY_TOOLS or path.name.endswith((".egg-info", ".pyc"))


def files(*folders: str, ending: str = "") -> list[Path]:
    """The project's files in these folders (all of them when none is named) whose name has this ending."""
    return [path for path in all_files() if path.name.endswith(ending) and (not folders or path.parts[0] in folders)]


def python(*folders: str) -> list[Path]:
    return files(*folders, ending=".py")


def source(package: str = "") -> list[Path]:
    """The Python of punte itself, migrations left out: Django writes those."""
    start = Path("src/punte") / package
    return [path for path in python("src") if path.is_relative_to(start) and "migrations" not in path.parts]


def read(path: Path | str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def text_of_all() -> Iterator[tuple[Path, str]]:
    """Every file that is text, with its text."""
    for path in all_files():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content[:8192]:
            yield path, content.decode("utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(read(path), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, methods and inner ones too."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported(path: Path) -> set[str]:
    """The full names of the modules that a file imports at any place in it."""
    names: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def at(path: Path, node: ast.AST) -> str:
    """Where a thing stands, the way an editor opens it."""
    return f"{path}:{getattr(node, 'lineno', 1)}"


def tests() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every test function with the file that it stands in."""
    for path in python("tests"):
        if path.name.startswith("test_"):
            yield from ((path, node) for node in functions(path) if node.name.startswith("test_"))


def annotated_fields(path: Path) -> Iterator[tuple[ast.AnnAssign, str]]:
    """The fields that the classes of a file declare, with their names."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                    yield line, line.target.id
