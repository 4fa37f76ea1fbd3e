"""Rows that are written once: refused in Python, and again by the database itself."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from punte.errors import PunteError


class CannotRewrite(PunteError):
    """A row that is kept as it was written was to be changed or removed."""


def _refuse(table: str, verb: str) -> NoReturn:
    raise CannotRewrite(
        f"Rows of {table} are kept as they were written; this one was to be {verb}.",
        remedy="Record a new version instead.",
        table=table,
        verb=verb,
    )


class AppendOnlyQuerySet(models.QuerySet):
    """A query that can read and create, and refuses the rest."""

    def update(self, **_: Any) -> NoReturn:
        """Always refused."""
        _refuse(self.model._meta.db_table, "changed")

    def delete(self) -> NoReturn:
        """Always refused."""
        _refuse(self.model._meta.db_table, "removed")

    def bulk_update(self, *_: Any, **__: Any) -> NoReturn:
        """Always refused."""
        _refuse(self.model._meta.db_table, "changed")

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> Any:
        """Create rows; refused where existing rows would be changed by it."""
        if options.get("update_conflicts"):
            _refuse(self.model._meta.db_table, "changed")
        return super().bulk_create(objs, *args, **options)


class AppendOnly(models.Model):
    """A model whose rows are created and read, never changed or removed."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Create the row.

        Raises: CannotRewrite when it exists already.
        """
        if not self._state.adding:
            _refuse(self._meta.db_table, "changed")
        super().save(*args, **{**options, "force_insert": True})

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Always refused."""
        _refuse(self._meta.db_table, "removed")


def protect(connection: BaseDatabaseWrapper, *tables: str) -> None:
    """Have the database itself refuse to change or remove rows of these tables, whoever asks."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_REFUSING_FUNCTION)
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(
                    _TRIGGER[connection.vendor].format(table=table, name=trigger_name(table, verb), verb=verb)
                )


def unprotect(connection: BaseDatabaseWrapper, *tables: str) -> None:
    """Take the triggers away again, for a migration that goes back."""
    with connection.cursor() as cursor:
        for table in tables:
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger_name(table, verb)}{on_table}")


def trigger_name(table: str, verb: str) -> str:
    """The name of the trigger that refuses ``verb`` on ``table``."""
    return f"{table}_no_{verb.lower()}"


_REFUSING_FUNCTION = """
CREATE OR REPLACE FUNCTION punte_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% rows are append-only', TG_TABLE_NAME; END $$
"""

_TRIGGER = {
    "sqlite": (
        "CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{table} rows are append-only'); END"
    ),
    "postgresql": (
        "CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION punte_refuse_rewrite()"
    ),
}
