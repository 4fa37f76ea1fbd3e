"""Where the choices are kept: a SQLite file in the home, or a PostgreSQL database named by an address."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from punte.core.sqlite import sqlite_settings

SCHEMES = ("postgresql", "postgres")


def database_settings(home: Path, url: str) -> dict[str, Any]:
    """Django's settings for the database: the home's own file where ``url`` is empty.

    Raises: ImproperlyConfigured for an address that is not PostgreSQL's.
    """
    return postgresql_settings(url) if url else sqlite_settings(home)


def postgresql_settings(url: str) -> dict[str, Any]:
    """``postgresql://user:password@host:port/name?option=value`` as Django's settings.

    A socket's folder comes as ``?host=/run/postgresql``, as in libpq; so do its other options.
    """
    parts = urlsplit(url)
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in SCHEMES or not name:
        raise ImproperlyConfigured(
            "PUNTE_DATABASE_URL is not the address of a PostgreSQL database. "
            "Write it as postgresql://user:password@host:port/name, or leave it out to keep choices in the home."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or (parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
