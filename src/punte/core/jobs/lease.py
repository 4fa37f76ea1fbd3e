"""Every write to the table of jobs: each is one statement that holds only if the row is still as it was seen.

A worker *claims* a job by writing a lease and a higher fence; it may write to the job only while the fence is its own.
So of two workers that want one job, one gets it, and a worker that was frozen beyond its lease can change nothing when
it wakes up.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from punte.core.audit.trail import Actor, one_action, split_actor, write_audit
from punte.core.jobs.models import Job
from punte.errors import PunteError, UnknownName


class LeaseLost(PunteError):
    """The job is no longer this worker's: its lease ran out and another took it, or it has ended."""


class JobCancelled(PunteError):
    """The one who asked for the job wants it no more."""


@dataclass(frozen=True)
class Claim:
    """A job that this worker holds, for as long as its fence is the highest."""

    job_id: int
    fence: int
    kind: str
    arguments: dict[str, Any]
    attempt: int
    max_attempts: int
    requested_by: int | None


def enqueue(
    *,
    kind: str,
    arguments: dict[str, Any],
    by: Actor,
    at: datetime,
    max_attempts: int,
    not_before: datetime,
    unique_key: str | None,
) -> int:
    """Write down a job and give its id; where an unended job has the same unique key, that one's id.

    Raises: TypeError or ValueError for arguments that are not JSON values.
    """
    _must_be_json(arguments)
    user, words = split_actor(by)
    new = Job(
        kind=kind,
        arguments=arguments,
        unique_key=unique_key,
        requested_at=at,
        requested_by=user,
        requested_by_words=words,
        not_before=not_before,
        max_attempts=max_attempts,
    )
    if unique_key is None:
        new.save()
        return new.pk
    return _unended_with_key(unique_key) or _save_or_find(new, unique_key)


def _unended_with_key(unique_key: str) -> int | None:
    return _unended().filter(unique_key=unique_key).values_list("pk", flat=True).first()


def _save_or_find(new: Job, unique_key: str) -> int:
    try:
        with transaction.atomic():
            new.save()
    except IntegrityError:  # another process was a moment faster
        found = _unended_with_key(unique_key)
        if found is None:
            raise
        return found
    return new.pk


def claim_next(at: datetime, lease: timedelta) -> Claim | None:
    """Take the job that has waited longest, until ``at + lease``; None when no job waits."""
    end_the_hopeless(at)
    while waiting := list(_claimable(at).order_by("not_before", "pk")[:10]):
        for job in waiting:
            taken = (
                _claimable(at)
                .filter(pk=job.pk, fence=job.fence)
                .update(fence=F("fence") + 1, attempts=F("attempts") + 1, lease_until=at + lease)
            )
            if taken:
                return Claim(
                    job_id=job.pk,
                    fence=job.fence + 1,
                    kind=job.kind,
                    arguments=job.arguments,
                    attempt=job.attempts + 1,
                    max_attempts=job.max_attempts,
                    requested_by=job.requested_by_id,
                )
    return None


def end_the_hopeless(at: datetime) -> None:
    """End the jobs that nobody holds and nobody may take: cancelled ones, and those whose last attempt died."""
    unheld = _unended().filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at))
    cancelled = unheld.filter(cancel_requested_at__isnull=False)
    if cancelled.exists():
        cancelled.update(ended_at=at, cancelled_at=at, lease_until=None)
    worn_out = unheld.filter(attempts__gte=F("max_attempts"))
    if worn_out.exists():
        error = "The worker stopped in the middle, each time it was tried. See the server's log, then ask for it again."
        worn_out.update(ended_at=at, failed_at=at, lease_until=None, error=error)


def extend(claim: Claim, at: datetime, lease: timedelta) -> None:
    """Keep the job for longer.

    Raises: LeaseLost when it is no longer ours. JobCancelled when it is to stop.
    """
    _write(claim, lease_until=at + lease)
    refuse_when_cancelled(claim)


def refuse_when_cancelled(claim: Claim) -> None:
    """Raises JobCancelled when someone asked for the job to stop."""
    if Job.objects.filter(pk=claim.job_id, cancel_requested_at__isnull=False).exists():
        raise JobCancelled("The job was cancelled.", remedy="Ask for it again if it is still wanted.", job=claim.job_id)


def hold(claim: Claim) -> None:
    """Inside a transaction: keep others off the job until the transaction ends.

    Raises: LeaseLost.
    """
    _write(claim, fence=F("fence"))


def report_progress(claim: Claim, done: int | None, total: int | None, words: str) -> None:
    """Say how far the job is.

    Raises: LeaseLost.
    """
    _write(claim, progress_done=done, progress_total=total, progress_words=words)


def finish(claim: Claim, at: datetime, result: Any) -> None:
    """The job is done.

    Raises: LeaseLost when it is no longer ours, TypeError or ValueError when the result is not a JSON value; then
    nothing was written.
    """
    _must_be_json(result)
    _write(claim, ended_at=at, finished_at=at, lease_until=None, result=result, error="")


def fail(claim: Claim, at: datetime, error: str) -> None:
    """The job has failed for good.

    Raises: LeaseLost.
    """
    _write(claim, ended_at=at, failed_at=at, lease_until=None, error=error)


def put_back(claim: Claim, error: str, not_before: datetime) -> None:
    """This attempt failed; the job waits for the next one.

    Raises: LeaseLost.
    """
    _write(claim, lease_until=None, error=error, not_before=not_before)


def end_as_cancelled(claim: Claim, at: datetime) -> None:
    """The job has stopped because it was asked to.

    Raises: LeaseLost.
    """
    _write(claim, ended_at=at, cancelled_at=at, lease_until=None)


def cancel(*, job_id: int, by: Actor, at: datetime) -> None:
    """Ask for a job to stop. One that waits ends at once, one that runs at its next report; one that has ended stays.

    Raises: UnknownName when there is no such job.
    """
    with one_action():
        job = Job.objects.filter(pk=job_id).first()
        if job is None:
            raise UnknownName(f"There is no job {job_id}.", remedy="It may have been cleared away.", job=job_id)
        asked = _unended().filter(pk=job_id, cancel_requested_at__isnull=True).update(cancel_requested_at=at)
        if asked:
            write_audit(action="jobs.cancel", subject=f"job/{job_id}", by=by, at=at, after={"kind": job.kind})
        end_the_hopeless(at)


def clear_ended(before: datetime) -> int:
    """Remove the jobs that ended before this moment; what they did stays. Gives their number."""
    n_rows, _ = Job.objects.filter(ended_at__lt=before).delete()
    return n_rows


def _unended() -> QuerySet[Job]:
    return Job.objects.filter(ended_at__isnull=True)


def _claimable(at: datetime) -> QuerySet[Job]:
    return _unended().filter(
        Q(lease_until__isnull=True) | Q(lease_until__lt=at),
        cancel_requested_at__isnull=True,
        not_before__lte=at,
        attempts__lt=F("max_attempts"),
    )


def _must_be_json(value: Any) -> None:
    """Before the database is asked: SQLite takes what PostgreSQL refuses, and a refusal breaks the transaction."""
    json.dumps(value, allow_nan=False)


def _write(claim: Claim, **fields: Any) -> None:
    held = _unended().filter(pk=claim.job_id, fence=claim.fence)
    if not held.update(**fields):
        raise LeaseLost(
            f"Job {claim.job_id} is no longer this worker's.",
            remedy="Nothing to do: another worker has it, or it has ended.",
            job=claim.job_id,
        )
