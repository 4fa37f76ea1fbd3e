"""Jobs as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from punte.core.jobs.models import Job
from punte.errors import UnknownName

WAITING, RUNNING, FINISHED, FAILED, CANCELLED = "waiting", "running", "finished", "failed", "cancelled"


@dataclass(frozen=True)
class JobProgress:
    """One job at one moment. ``words`` is a gettext msgid; ``done`` and ``total`` are None where unknown."""

    job_id: int
    kind: str
    arguments: dict[str, Any]
    state: str
    done: int | None
    total: int | None
    words: str
    error: str
    result: Any
    attempts: int
    requested_at: datetime
    requested_by: int | None
    ended_at: datetime | None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come."""
        return self.ended_at is not None


def get_job(job_id: int, at: datetime) -> JobProgress:
    """How one job stands.

    Raises: UnknownName when there is no such job.
    """
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise UnknownName(f"There is no job {job_id}.", remedy="It may have been cleared away.", job=job_id)
    return _progress(job, at)


def latest_jobs(kind: str, limit: int, at: datetime) -> tuple[JobProgress, ...]:
    """The last jobs of a kind, the newest first."""
    return tuple(_progress(job, at) for job in Job.objects.filter(kind=kind).order_by("-pk")[:limit])


def _progress(job: Job, at: datetime) -> JobProgress:
    return JobProgress(
        job_id=job.pk,
        kind=job.kind,
        arguments=job.arguments,
        state=_state(job, at),
        done=job.progress_done,
        total=job.progress_total,
        words=job.progress_words,
        error=job.error,
        result=job.result,
        attempts=job.attempts,
        requested_at=job.requested_at,
        requested_by=job.requested_by_id,
        ended_at=job.ended_at,
    )


def _state(job: Job, at: datetime) -> str:
    if job.finished_at is not None:
        return FINISHED
    if job.failed_at is not None:
        return FAILED
    if job.cancelled_at is not None:
        return CANCELLED
    is_held = job.lease_until is not None and job.lease_until >= at
    return RUNNING if is_held else WAITING
