"""Who may import whom. The contracts stand in pyproject.toml; here they are run, with the rules they cannot say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import tree

LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
OF_A_ROOM = {
    "__init__", "actions", "api", "apps", "demo", "forms", "jobs", "migrations", "models", "queries", "rules", "today",
    "urls", "views",
}  # fmt: skip
DOORS = {"__init__", "numbers", "facts", "choices"}


@pytest.mark.slow
def test_every_import_contract_is_kept() -> None:
    run = subprocess.run(
        [sys.executable, "-c", LINT_IMPORTS, "--no-cache"], cwd=tree.ROOT, capture_output=True, text=True
    )
    assert (run.returncode, "0 broken" in run.stdout) == (0, True), run.stdout


def test_measures_import_nothing_of_ibis_but_its_expressions() -> None:
    """import-linter sees a foreign package as a whole, so ``ibis.backends`` needs a rule of its own."""
    reaching = [
        (str(path), name)
        for path in tree.source("measures")
        for name in tree.imported(path)
        if name.startswith(("ibis.backends", "ibis.duckdb", "ibis.pyspark", "punte.engines", "duckdb", "pyspark"))
    ]
    assert reaching == []


def test_every_package_of_punte_has_its_floor() -> None:
    """A new folder under src/punte belongs to a floor of the house before it holds code."""
    contracts = tree.read("pyproject.toml")
    homeless = {name for name in parts_of_punte() if f"punte.{name}" not in contracts}
    assert homeless == set()


def test_a_room_holds_only_modules_that_every_room_may_have() -> None:
    odd = [
        str(path)
        for path in tree.source("rooms")
        if len(below_rooms(path)) > 1 and below_rooms(path)[0] not in DOORS and below_rooms(path)[1] not in OF_A_ROOM
    ]
    assert odd == []


def test_beside_the_rooms_stand_only_their_doors() -> None:
    beside = [below_rooms(path)[0] for path in tree.source("rooms") if len(below_rooms(path)) == 1]
    assert set(beside) - DOORS == set()


def parts_of_punte() -> set[str]:
    firsts = (path.relative_to("src/punte").parts[0] for path in tree.source())
    return {first.removesuffix(".py") for first in firsts} - {"__init__", "__main__"}


def below_rooms(path: Path) -> tuple[str, ...]:
    """The parts of a path below ``rooms``, without the ending."""
    return path.relative_to("src/punte/rooms").with_suffix("").parts
