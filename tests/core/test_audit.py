"""The audit trail: what it keeps, and that no tampering stays unnoticed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.transaction import TransactionManagementError

from punte.core.append_only import trigger_name
from punte.core.audit.models import AuditRow
from punte.core.audit.trail import AuditVerdict, one_action, verify_audit, write_audit
from tests.actors import Actors

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)


def write(n_rows: int) -> None:
    for n in range(1, n_rows + 1):
        with one_action():
            write_audit(
                action="tests.act",
                subject=f"thing/{n}",
                by="command line",
                at=AT + timedelta(minutes=n),
                before={"n": n - 1},
                after={"n": n},
            )


def test_a_row_keeps_who_did_what_when_and_how_it_was_before_and_after(actors: Actors) -> None:
    with one_action():
        write_audit(action="things.move", subject="thing/1", by=actors.marta, at=AT, before=None, after={"ț": "b"})

    row = AuditRow.objects.get()
    assert (row.position, row.at, row.by_user, row.by_words) == (1, AT, actors.marta, "")
    assert (row.action, row.subject) == ("things.move", "thing/1")
    assert (json.loads(row.before), json.loads(row.after)) == (None, {"ț": "b"})
    assert verify_audit() == AuditVerdict(n_rows=1, faults=())


def test_an_untouched_trail_is_whole() -> None:
    write(20)
    assert verify_audit() == AuditVerdict(n_rows=20, faults=())


def test_an_empty_trail_is_whole() -> None:
    assert verify_audit() == AuditVerdict(n_rows=0, faults=())


@pytest.mark.django_db(transaction=True)
def test_a_row_is_only_written_inside_the_transaction_of_its_action() -> None:
    with pytest.raises(TransactionManagementError):
        write_audit(action="tests.act", subject="thing/1", by="command line", at=AT)
    assert AuditRow.objects.count() == 0


@pytest.mark.parametrize(
    ("tampering", "faults"),
    [
        ("UPDATE core_audit_row SET after = '{\"n\":9}' WHERE position = 3", ("Row 3 is not as it was written.",)),
        ("UPDATE core_audit_row SET subject = 'thing/9' WHERE position = 3", ("Row 3 is not as it was written.",)),
        ("UPDATE core_audit_row SET by_words = 'someone' WHERE position = 3", ("Row 3 is not as it was written.",)),
        ("UPDATE core_audit_row SET at = '2026-01-01 00:00' WHERE position = 3", ("Row 3 is not as it was written.",)),
        (
            "UPDATE core_audit_row SET seal = previous_seal WHERE position = 3",
            ("Row 3 is not as it was written.", "Row 4 does not follow from the row before it."),
        ),
        (
            "DELETE FROM core_audit_row WHERE position = 3",
            ("Before row 4, rows are missing: the last one read is row 2.",),
        ),
        (
            "DELETE FROM core_audit_row WHERE position = 1",
            ("Before row 2, rows are missing: the last one read is row 0.",),
        ),
        ("DELETE FROM core_audit_row WHERE position > 3", ("The trail ends at row 3, but row 5 was its last.",)),
        ("DELETE FROM core_audit_row", ("The trail ends at row 0, but row 5 was its last.",)),
        ("DELETE FROM core_audit_head", ("The end of the trail is not sealed.",)),
        ("UPDATE core_audit_head SET position = 3", ("The seal of the trail's end is not as it was written.",)),
    ],
)
def test_tampering_by_sql_is_found_and_named(tampering: str, faults: tuple[str, ...]) -> None:
    write(5)
    without_triggers(tampering)
    assert verify_audit().faults == faults


def test_two_rows_that_changed_places_are_found() -> None:
    write(5)
    without_triggers(
        "UPDATE core_audit_row SET position = 99 WHERE position = 2",
        "UPDATE core_audit_row SET position = 2 WHERE position = 3",
        "UPDATE core_audit_row SET position = 3 WHERE position = 99",
    )
    assert verify_audit().faults == (
        "Row 2 does not follow from the row before it.",
        "Row 2 is not as it was written.",
        "Row 3 does not follow from the row before it.",
        "Row 3 is not as it was written.",
        "Row 4 does not follow from the row before it.",
    )


def without_triggers(*statements: str) -> None:
    """As someone with the database's own tools would do it."""
    on_table = " ON core_audit_row" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for verb in ("UPDATE", "DELETE"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger_name('core_audit_row', verb)}{on_table}")
        for statement in statements:
            cursor.execute(statement)
