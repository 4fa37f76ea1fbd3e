"""Write the audit trail and check that nobody has touched it since.

Each row is sealed with HMAC-SHA256 under the home's audit key over its own content and the seal of the row before. Who
can write to the database but has not the key can neither change, insert, remove nor reorder a row unnoticed; the sealed
head tells when the end was cut off. Not noticed: a database put back whole, as from a backup.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from django.db import connections, models, transaction

from punte.core import databases
from punte.core.audit.models import AuditHead, AuditRow
from punte.core.keys import AUDIT, read_key

_PG_LOCK = 0x70756E7465  # any number that no other software in the same database uses

Actor: TypeAlias = models.Model | str
"""Who acts: a user, or words such as ``"command line"`` when nobody is signed in."""


@contextmanager
def one_action(using: str = databases.DEFAULT) -> Iterator[None]:
    """The one transaction of an action. The trail is a chain, so actions follow one another: one is at its end."""
    with transaction.atomic(using=using):
        if connections[using].vendor == "postgresql":  # SQLite's immediate transactions wait for each other anyway
            with connections[using].cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PG_LOCK])
        yield


def write_audit(
    *,
    action: str,
    subject: str,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    using: str = databases.DEFAULT,
) -> AuditRow:
    """Add one row to the trail, inside ``one_action``.

    ``action`` is the verb (``choices.record``), ``subject`` the thing (``mapping/hubspot``). ``before`` and ``after``
    hold JSON values; what did not exist is None.
    """
    if not connections[using].in_atomic_block:
        raise transaction.TransactionManagementError("A row of the audit trail is written inside one_action().")
    key = _key(using)
    last = AuditRow.objects.using(using).order_by("position").last()
    user, words = split_actor(by)
    row = AuditRow(
        position=last.position + 1 if last else 1,
        at=at.astimezone(UTC),
        by_user=user,
        by_words=words,
        action=action,
        subject=subject,
        before=_canonical(before),
        after=_canonical(after),
        previous_seal=last.seal if last else "",
    )
    row.seal = _seal(key, _content(row))
    row.save(using=using)
    head = {"position": row.position, "seal": row.seal, "head_seal": _seal(key, ["head", row.position, row.seal])}
    AuditHead.objects.using(using).update_or_create(pk=1, defaults=head)
    return row


def split_actor(by: Actor) -> tuple[models.Model | None, str]:
    """The user, if there is one, and the words for everyone else."""
    return (None, by) if isinstance(by, str) else (by, "")


@dataclass(frozen=True)
class AuditVerdict:
    """What a check of the trail found: how many rows it read, and each fault in words (none when it is whole)."""

    n_rows: int
    faults: tuple[str, ...]


def verify_audit(using: str = databases.DEFAULT) -> AuditVerdict:
    """Read the whole trail and name every place where it is not what was written."""
    key = _key(using)
    faults: list[str] = []
    position, seal = 0, ""
    for row in AuditRow.objects.using(using).order_by("position").iterator():
        if row.position != position + 1:
            faults.append(f"Before row {row.position}, rows are missing: the last one read is row {position}.")
        if row.previous_seal != seal and row.position == position + 1:
            faults.append(f"Row {row.position} does not follow from the row before it.")
        if not hmac.compare_digest(row.seal, _seal(key, _content(row))):
            faults.append(f"Row {row.position} is not as it was written.")
        position, seal = row.position, row.seal
    return AuditVerdict(
        n_rows=AuditRow.objects.using(using).count(), faults=(*faults, *_faults_of_head(key, position, seal, using))
    )


def _faults_of_head(key: bytes, position: int, seal: str, using: str) -> list[str]:
    head = AuditHead.objects.using(using).first()
    if head is None:
        return ["The end of the trail is not sealed."] if position else []
    if not hmac.compare_digest(head.head_seal, _seal(key, ["head", head.position, head.seal])):
        return ["The seal of the trail's end is not as it was written."]
    if (head.position, head.seal) != (position, seal):
        return [f"The trail ends at row {position}, but row {head.position} was its last."]
    return []


def _content(row: AuditRow) -> list[Any]:
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    who = [row.by_user_id, row.by_words]
    return [row.position, at, *who, row.action, row.subject, row.before, row.after, row.previous_seal]


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _seal(key: bytes, content: list[Any]) -> str:
    return hmac.digest(key, _canonical(content).encode("ascii"), "sha256").hex()


def _key(using: str) -> bytes:
    return read_key(databases.home_of(using), AUDIT).encode("ascii")
