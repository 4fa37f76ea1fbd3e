"""Which database holds the choices of which home.

A process works at one home, and Django knows its database as ``default``. A program that opens further homes, as a
notebook that compares two companies does, reaches each by a name of its own.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connections

from punte.core.sqlite import sqlite_settings
from punte.errors import PunteError

DEFAULT = "default"

_PREFIX = "home:"


class OneHomeOnly(PunteError):
    """A second home was to be opened in a process that works on a database server."""


def database_of(home: Path) -> str:
    """The name of the database of a home; a further home's is added when it is first asked for.

    Raises: OneHomeOnly when the process's database is a server's, which holds the choices of one home.
    """
    home = home.resolve()
    if home == settings.PUNTE_HOME:
        return DEFAULT
    if settings.PUNTE_DATABASE_URL:
        raise OneHomeOnly(
            f"This process works at {settings.PUNTE_HOME} with the database in PUNTE_DATABASE_URL, not at {home}.",
            remedy="Open one home per process, each with its own PUNTE_DATABASE_URL.",
            home=str(home),
        )
    name = f"{_PREFIX}{home}"
    if name not in connections.settings:
        added = {DEFAULT: {}, name: sqlite_settings(home)}
        connections.settings[name] = connections.configure_settings(added)[name]
    return name


def home_of(using: str) -> Path:
    """The home whose choices this database holds."""
    return settings.PUNTE_HOME if using == DEFAULT else Path(using.removeprefix(_PREFIX))
