"""What must hold before punte may start; each refusal ends with what to do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.db import connections

from punte.core.sqlite import has_wal_reset_fix
from punte.core.start import CHECKS


@register(CHECKS)
def sqlite_keeps_what_it_is_given(**_: Any) -> list[Error]:
    """punte.E001: a SQLite that can damage a database with several writers is refused."""
    connection = connections["default"]
    if connection.vendor != "sqlite":
        return []
    version = connection.Database.sqlite_version_info
    if has_wal_reset_fix(version):
        return []
    return [
        Error(
            f"SQLite {'.'.join(map(str, version))} can corrupt a database with several writers (the WAL-reset bug).",
            hint="Install the pysqlite3 that punte asks for (`pip install --upgrade punte`), or use PostgreSQL.",
            id="punte.E001",
        )
    ]


@register(CHECKS)
def hosts_are_named(**_: Any) -> list[Error]:
    """punte.E002: answering to any name lets a stranger's page speak as punte."""
    if all("*" not in host for host in settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            "PUNTE_HOSTS holds a star, so punte would answer to any name.",
            hint="Name each host under which people reach it, with commas between them.",
            id="punte.E002",
        )
    ]
