"""The command as a person runs it: a process of its own."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

LAST_DAY = date(2026, 10, 31)
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        """Standard output as CSV."""
        return list(csv.DictReader(io.StringIO(self.out)))


def run_punte(*words: str | Path, home: Path | None = None, columns: int = 120) -> Said:
    """Runs ``punte`` with these words."""
    chosen = ["--home", str(home)] if home else []
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PUNTE_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "punte.cli.main", *chosen, *map(str, words)],
        capture_output=True,
        text=True,
        env={**kept, "COLUMNS": str(columns)},
        cwd=ROOT,
        timeout=300,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def punte() -> Callable[..., Said]:
    """Runs ``punte``."""
    return run_punte


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home made by ``punte demo``."""
    home = tmp_path_factory.mktemp("cli") / "demo"
    said = run_punte("demo", "--persons", "800", "--until", str(LAST_DAY), home=home)
    assert said.code == 0, said.err
    return home
