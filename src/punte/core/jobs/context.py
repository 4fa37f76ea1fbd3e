"""What a job sees of the outside: how to say how far it is, whether to stop, and how to end exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any

from django.db import transaction

from punte.core import clock
from punte.core.jobs import lease
from punte.core.jobs.lease import Claim, JobCancelled, LeaseLost

SECONDS_BETWEEN_REPORTS = 0.5


@dataclass
class Ending:
    """What a job hands back from ``finishing``: set ``result`` to a JSON value."""

    result: Any = None


class JobContext:
    """Handed to each job as its first argument. ``at`` is the moment when this attempt began."""

    def __init__(self, claim: Claim, at: datetime) -> None:
        self.job_id = claim.job_id
        self.attempt = claim.attempt
        self.requested_by = claim.requested_by
        self.at = at
        self.has_finished = False
        self.heard = Heard()
        self._claim = claim
        self._reported_words: str | None = None
        self._reported_at = 0.0

    def report(self, done: int | None, total: int | None, words: str) -> None:
        """Say how far the job is: ``done`` of ``total`` (None where unknown), and what it does now, as a gettext msgid.

        Cheap enough to be called often: at most two reports a second are written, besides those with new words and the
        last one.

        Raises: JobCancelled when the job is to stop, LeaseLost when it is no longer this worker's. Let both pass.
        """
        self.heard.refuse(self._claim)
        is_news = self._reported_words != words or done == total
        if not is_news and clock.ticks() - self._reported_at < SECONDS_BETWEEN_REPORTS:
            return
        self._reported_words, self._reported_at = words, clock.ticks()
        lease.report_progress(self._claim, done, total, words)
        lease.refuse_when_cancelled(self._claim)

    @contextmanager
    def finishing(self) -> Iterator[Ending]:
        """The job's last step: what is written to the database inside it, and the job's end, hold together or not.

        So its effect is there exactly once, however often workers die. Keep it short: others wait while it lasts.

        Raises: LeaseLost when the job is no longer this worker's; then nothing was written.
        """
        ending = Ending()
        with transaction.atomic():
            lease.hold(self._claim)
            yield ending
            lease.finish(self._claim, clock.now(), ending.result)
        self.has_finished = True


class Heard:
    """What the heartbeat has learnt meanwhile, without a question to the database."""

    def __init__(self) -> None:
        self.is_lost = Event()
        self.is_cancelled = Event()

    def refuse(self, claim: Claim) -> None:
        """Raise what was heard, if anything was."""
        if self.is_lost.is_set():
            raise LeaseLost(
                f"Job {claim.job_id} is no longer this worker's.", remedy="Another has it.", job=claim.job_id
            )
        if self.is_cancelled.is_set():
            raise JobCancelled("The job was cancelled.", remedy="Ask for it again if it is wanted.", job=claim.job_id)
