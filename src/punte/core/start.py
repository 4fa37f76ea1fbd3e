"""Start Django for a home: only when it is needed, and once."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.core import checks
from django.core.management import call_command

from punte.core.keys import DJANGO, FOLDER, make_keys, read_key
from punte.core.sqlite import FILE_NAME, may_write
from punte.errors import HomeIsReadOnly, PunteError

SETTINGS = "punte.web.settings"
LOCK = "choices.lock"
CHECKS = "punte"
"""The tag of the checks that must hold before anything is read or written."""


Identity = tuple[str, int, int]
_PG_LOCK = 0x70756E74  # any number that no other software in the same database uses


class CannotStart(PunteError):
    """A check failed that must hold before punte may work."""


def set_up(home: Path) -> str:
    """Make Django ready to work with the choices of a home, and give the name of its database.

    The first home that is asked for becomes the process's own; asking again costs nothing.

    Raises: NoHome when the folder has no keys. CannotStart when the installation is not sound. OneHomeOnly for a second
    home beside a database server.
    """
    home = Path(home).resolve()
    read_key(home, DJANGO)
    if not apps.ready:
        os.environ["PUNTE_HOME"] = str(home)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        django.setup()
        refuse_to_start_unsound()

    from punte.core.databases import database_of

    return database_of(home)


def prepare(home: Path) -> str:
    """Make a home ready for its first start or for a new version: its keys, and its tables brought up to date.

    Nothing is lost by doing it twice, and a second time in the same process costs nothing. Several processes may do it
    at once: one does the work. A home that this process may not write into is left as it is, if it can be read so.
    Gives the name of the home's database, as ``set_up`` does.

    Raises: HomeIsReadOnly where a home would have to be written before it can be read.
    """
    home = Path(home).resolve()
    if not may_write(home):
        return _as_it_is(home)
    home.mkdir(parents=True, exist_ok=True)
    make_keys(home)
    using = set_up(home)
    if _PREPARED.get(using) != _identity(using):
        with telling(home, using), _one_process_at_a_time(home, using):
            call_command("migrate", database=using, interactive=False, verbosity=0, skip_checks=True)
        _PREPARED[using] = _identity(using)
    return using


_PREPARED: dict[str, Identity] = {}


def _as_it_is(home: Path) -> str:
    """The database of a home that can only be read; nothing takes its lock."""
    if not (home / FOLDER / DJANGO).is_file():
        raise read_only(home, "it was never made ready for use")
    using = set_up(home)
    if using not in _READ:
        from django.db import connections
        from django.db.migrations.executor import MigrationExecutor

        connection = connections[using]
        if connection.vendor == "sqlite" and not (home / FILE_NAME).is_file():
            raise read_only(home, "it has no database of choices yet")
        with telling(home, using):
            executor = MigrationExecutor(connection)
            is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if is_behind:
            raise read_only(home, "its choices are those of another version of punte")
        _READ.add(using)
    return using


_READ: set[str] = set()


@contextmanager
def telling(home: Path, using: str) -> Iterator[None]:
    """Turn refusals of the database of choices inside the block into CannotStart, with what to do."""
    from django.db import DatabaseError, connections

    try:
        yield
    except DatabaseError as error:
        if connections[using].vendor == "sqlite":
            where, remedy = str(home / FILE_NAME), "If it is damaged, put it back from a backup; else try again."
        else:
            where, remedy = "on the database server", "See that the server runs, and that PUNTE_DATABASE_URL is right."
        raise CannotStart(f"The choices of people ({where}) cannot be read: {error}.", remedy=remedy) from error


def _identity(using: str) -> Identity:
    """Tells a database from another one that was put in its place, as when a demo home is made anew."""
    from django.db import connections

    name = connections[using].settings_dict["NAME"]
    if connections[using].vendor == "postgresql":
        return str(name), 0, 0
    try:
        found = Path(name).stat()
    except FileNotFoundError:
        return str(name), 0, -1
    return str(name), found.st_dev, found.st_ino


@contextmanager
def _one_process_at_a_time(home: Path, using: str) -> Iterator[None]:
    from django.db import connections

    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_PG_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_PG_LOCK])
    else:
        with (home / LOCK).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def read_only(home: Path, why: str) -> HomeIsReadOnly:
    """The error of a home that has to be written before it can be read; ``why`` ends the sentence."""
    return HomeIsReadOnly(
        f"The home {home} cannot be written, and has to be before it can be read: {why}.",
        remedy="Run `punte doctor` once where it can be written, or make a copy of it and read that.",
        home=str(home),
    )


def refuse_to_start_unsound() -> None:
    """Run the checks that must hold in every process, whatever started it.

    Raises: CannotStart with the words of those that failed.
    """
    errors = [message for message in checks.run_checks(tags=[CHECKS]) if message.is_serious()]
    if errors:
        raise CannotStart(
            " ".join(str(message.msg) for message in errors),
            remedy=" ".join(str(message.hint) for message in errors),
            checks=[message.id for message in errors],
        )
