"""What recurs for people: what nobody needs any more is removed."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session

from punte.core.jobs.context import JobContext
from punte.core.jobs.kinds import job
from punte.rooms.people.actions import forget_attempts


@job("people.tidy", every=timedelta(days=1))
def tidy(context: JobContext) -> dict[str, int]:
    """Remove sessions that have ended, and sign-in attempts older than a day."""
    n_sessions, _ = Session.objects.filter(expire_date__lt=context.at).delete()
    return {"n_sessions": n_sessions, "n_attempts": forget_attempts(before=context.at - timedelta(days=1))}
