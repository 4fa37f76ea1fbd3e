"""One demo company, brought in once as anybody's exports would be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from punte.demo.company import Company, make_company
from punte.demo.install import install_demo
from punte.demo.ledger import Ledger
from punte.rooms.numbers import Numbers, open_home

LAST_DAY = date(2026, 10, 31)
AT = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
N_PERSONS = 3_000


@dataclass(frozen=True)
class Demo:
    """The demo's home, the company that was drawn, and the right answers about it."""

    path: Path
    company: Company
    ledger: Ledger


def silent(step: str, done: int, total: int | None) -> None:
    """Tells nobody."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A demo home of 3,000 visitors."""
    path = tmp_path_factory.mktemp("demo") / "home"
    _, _, ledger = install_demo(path, n_persons=N_PERSONS, seed=7, until=LAST_DAY, at=AT, progress=silent)
    return Demo(path, make_company(seed=7, n_persons=N_PERSONS, until=LAST_DAY), ledger)


@pytest.fixture
def numbers(demo: Demo, further_homes: None) -> Iterator[Numbers]:
    """The demo's figures."""
    with open_home(demo.path) as opened:
        yield opened
