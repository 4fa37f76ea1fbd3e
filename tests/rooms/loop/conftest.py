"""Homes with data for the tests of the loop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.rooms.loop.drawn import make_home


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drawn company, imported once."""
    return make_home(tmp_path_factory.mktemp("loop") / "small")


@pytest.fixture
def at_small_home(db: None, settings: Any, small_home: Path) -> Path:
    """The site works at the drawn company's home."""
    settings.PUNTE_HOME = small_home
    return small_home
