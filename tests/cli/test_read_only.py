"""A home that may not be written into is read as any other; what would write says so in a sentence."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Punte, Said

pytestmark = pytest.mark.slow

ASKING = (
    ("loop", "--format", "csv"),
    ("loop", "--known-at", "2100-01-01", "--format", "csv"),
    ("funnel", "--format", "csv"),
    ("trace", "deal", "deal-0000001", "--format", "csv"),
    ("coverage", "--format", "csv"),
    ("imports", "--format", "csv"),
)
Bound = Callable[..., Said]


@pytest.fixture
def bound(punte: Punte, demo_home: Path, tmp_path: Path) -> Iterator[Bound]:
    """Runs ``punte`` at a copy of the demo home in which nothing can be written."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)

    def run(*words: str | Path) -> Said:
        _allow(home, 0o555, 0o444)
        return punte(*words, home=home, has_no_privileges=True)

    yield run
    _allow(home, 0o755, 0o644)


def _allow(home: Path, folders: int, files: int) -> None:
    for parent, _, names in os.walk(home):
        os.chmod(parent, folders)
        for name in names:
            os.chmod(Path(parent) / name, files)


def _files(home: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in home.rglob("*")}


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
def test_questions_have_the_answers_that_they_have_elsewhere(
    punte: Punte, demo_home: Path, bound: Bound, words: tuple[str, ...]
) -> None:
    said = bound(*words)
    assert (said.code, said.rows, said.err) == (0, punte(*words, home=demo_home).rows, "")


def test_the_doctor_says_that_the_home_is_only_read_and_finds_it_well(bound: Bound, tmp_path: Path) -> None:
    before = _files(tmp_path / "home")
    said = bound("doctor")
    assert (said.code, "✗" in said.out, _files(tmp_path / "home")) == (0, False, before), said.out + said.err
    assert "home can be read here and not written: figures can be asked, nothing brought in." in said.out


@pytest.mark.parametrize("words", [("import", "crm_deals.csv"), ("take-back", "x"), ("build",), ("serve",), ("demo",)])
def test_what_would_write_says_that_it_cannot_and_what_to_do(
    bound: Bound, demo_home: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    before = _files(tmp_path / "home")
    said = bound(*[demo_home / "exports" / word if word.endswith(".csv") else word for word in words])
    assert (said.code, said.out, _files(tmp_path / "home")) == (1, "", before)
    assert " ".join(said.err.split()) == (
        f"The home {tmp_path / 'home'} cannot be written: its disk is read-only, or the folder is another account's. "
        "Let this account write there, or copy the home to where it may, and try again; figures can be read from it "
        "as it is."
    )


def test_a_dry_run_needs_to_write_nothing(bound: Bound, demo_home: Path) -> None:
    said = bound("import", demo_home / "exports" / "crm_deals.csv", "--dry-run")
    assert (said.code, "This was a dry run" in said.out) == (0, True), said.err


def test_a_home_that_was_never_made_ready_says_so(bound: Bound, tmp_path: Path) -> None:
    (tmp_path / "home" / "choices.sqlite3").unlink()
    said = bound("loop")
    assert said.code == 1
    assert "has to be before it can be read: it has no database of choices yet." in " ".join(said.err.split())
