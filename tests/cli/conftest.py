"""The command as a person runs it: each time a process of its own."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
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


class Punte:
    """The command, each time in a process of its own that is forked from one with the libraries loaded."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.forked"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(
        self, *words: str | Path, home: Path | None = None, columns: int = 120, has_no_privileges: bool = False
    ) -> Said:
        """Runs ``punte`` with these words; without privileges even root may write only where files let their owner."""
        chosen = ["--home", str(home)] if home else []
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PUNTE_", "DJANGO_"))}
        out, err = self._folder / "out", self._folder / "err"
        job = {
            "words": [*chosen, *map(str, words)],
            "environment": {**kept, "COLUMNS": str(columns)},
            "has_no_privileges": has_no_privileges,
            "out": str(out),
            "err": str(err),
        }
        self._server.stdin.write(json.dumps(job) + "\n")
        self._server.stdin.flush()
        code = int(self._server.stdout.readline())
        return Said(code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))

    def close(self) -> None:
        """End the process from which the others are forked."""
        self._server.communicate()


@pytest.fixture(scope="session")
def punte(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Punte]:
    """Runs ``punte``."""
    command = Punte(tmp_path_factory.mktemp("punte"))
    yield command
    command.close()


@pytest.fixture(scope="session")
def demo_home(punte: Punte, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home made by ``punte demo``."""
    home = tmp_path_factory.mktemp("cli") / "demo"
    said = punte("demo", "--persons", "800", "--until", str(LAST_DAY), home=home)
    assert said.code == 0, said.err
    return home
