"""Once a day, jobs that ended long ago are cleared away."""

from __future__ import annotations

from datetime import timedelta

from punte.core.jobs.context import JobContext
from punte.core.jobs.kinds import job
from punte.core.jobs.lease import clear_ended

KEPT_DAYS = 30


@job("core.clear_ended_jobs", every=timedelta(days=1))
def clear_ended_jobs(context: JobContext) -> dict[str, int]:
    """Remove jobs that ended more than 30 days ago."""
    return {"n_jobs": clear_ended(before=context.at - timedelta(days=KEPT_DAYS))}
