"""Rows that are written once stay as they were written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from punte.core.append_only import CannotRewrite, protect, trigger_name
from punte.core.choices.actions import record_choice
from punte.core.choices.models import Choice

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture
def choice(db: None) -> Choice:
    record_choice(kind="calendar", name="office", body='zone = "UTC"', by="command line", at=AT)
    return Choice.objects.get()


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda choice: choice.save(),
        lambda choice: choice.delete(),
        lambda choice: Choice.objects.update(note="other"),
        lambda choice: Choice.objects.filter(pk=choice.pk).delete(),
        lambda choice: Choice.objects.bulk_update([choice], ["note"]),
        lambda choice: Choice.objects.bulk_create(
            [choice], update_conflicts=True, update_fields=["note"], unique_fields=["id"]
        ),
        lambda choice: Choice.objects.update_or_create(pk=choice.pk, defaults={"note": "other"}),
    ],
    ids=["save", "delete", "update", "delete of a query", "bulk_update", "bulk_create", "update_or_create"],
)
def test_no_way_of_django_changes_a_recorded_choice(choice: Choice, rewrite) -> None:
    choice.note = "other"
    with pytest.raises(CannotRewrite):
        rewrite(choice)
    assert list(Choice.objects.values_list("note", flat=True)) == [""]


@pytest.mark.parametrize("statement", ["UPDATE core_choice SET note = 'other'", "DELETE FROM core_choice"])
def test_the_database_itself_refuses_as_well(choice: Choice, statement: str) -> None:
    have_all_triggers()
    with pytest.raises(DatabaseError, match="core_choice rows are append-only"), transaction.atomic():
        run(statement)
    assert list(Choice.objects.values_list("note", flat=True)) == [""]


def have_all_triggers() -> None:
    """As after a migration; the test database on SQLite lacks one (tests/conftest.py)."""
    if connection.vendor == "sqlite":
        run(f"DROP TRIGGER {trigger_name('core_choice', 'UPDATE')}")
        protect(connection, "core_choice")


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
