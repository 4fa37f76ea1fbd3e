"""What recurs: each kind declared with ``every`` has a row that says when it is due next."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from punte.core.jobs.kinds import JobKind, recurring_kinds
from punte.core.jobs.models import Schedule


def keep_schedules(at: datetime) -> None:
    """Have a row for each kind that recurs, with its present rhythm; a new one is due at once."""
    for kind in recurring_kinds():
        Schedule.objects.update_or_create(
            kind=kind.kind,
            defaults={"every_seconds": _seconds(kind)},
            create_defaults={"every_seconds": _seconds(kind), "next_at": at},
        )


def enqueue_due(at: datetime) -> None:
    """Enqueue what is due, once, however many times it was missed and however many workers look."""
    due = {row.kind: row for row in Schedule.objects.filter(next_at__lte=at)}
    for kind in recurring_kinds():
        if kind.kind in due:
            _enqueue(kind, due[kind.kind], at)


def _enqueue(kind: JobKind, row: Schedule, at: datetime) -> None:
    with transaction.atomic():
        seen = Schedule.objects.filter(pk=row.pk, next_at=row.next_at)
        if seen.update(next_at=next_after(row.next_at, row.every_seconds, at)):
            kind.using(at=at, unique_key=f"every/{kind.kind}").enqueue()


def next_after(due_at: datetime, every_seconds: int, at: datetime) -> datetime:
    """The first moment of the rhythm after ``at``: the rhythm is kept, what was missed is not made up for."""
    every = timedelta(seconds=every_seconds)
    n_steps = (at - due_at) // every + 1
    return due_at + n_steps * every


def _seconds(kind: JobKind) -> int:
    return int(kind.every.total_seconds()) if kind.every else 0
