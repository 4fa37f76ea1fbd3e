"""Homes of the tests' own for the data room, with the process's database behind them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from punte.core import clock
from punte.core.keys import make_keys
from punte.home.folder import Home
from punte.rooms import facts
from tests.actors import Actors
from tests.home import small


@pytest.fixture
def home(tmp_path: Path, settings: LazySettings, db: None) -> Home:
    """An empty home that is the process's own while the test lasts."""
    made = small.new_home(tmp_path / "home")
    use(made.path, settings)
    return made


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with four files in it, made once: to be copied, not used."""
    folder = tmp_path_factory.mktemp("imported")
    made = small.new_home(folder / "home")
    files = small.write(
        folder / "exports",
        contacts=small.CONTACTS,
        deals=small.DEALS + "d4,77,won,Closed,2026-02-02 09:00:00,2026-02-03 10:00:00,10,USD\n",
        touches=small.TOUCHES + "t5,2,=1+1,email\n",
        rates=small.RATES,
    )
    small.bring(made, files)
    return made


@pytest.fixture
def filled(imported: Home, tmp_path: Path, settings: LazySettings, db: None) -> Home:
    """A home with gaps: touches without a day, a deal whose contact no file brought, a rate that is missing."""
    copied = replace(imported, path=tmp_path / "home")
    shutil.copytree(imported.path, copied.path)
    use(copied.path, settings)
    facts.remember([small.mapping()], copied, by="a test", at=clock.now())
    return copied


@pytest.fixture
def lea(client: Client, actors: Actors) -> Client:
    """A browser in which Lea, who leads both sides, is signed in."""
    client.force_login(actors.lea)
    return client


def use(path: Path, settings: LazySettings) -> None:
    make_keys(path)
    settings.PUNTE_HOME = path
    settings.FILE_UPLOAD_TEMP_DIR = path / "uploads" / "incoming"
