"""The worker: takes one job after another, keeps its lease alive while it runs, and writes down how it ended."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from threading import Event, Thread
from types import TracebackType

from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.utils.module_loading import autodiscover_modules

from punte.core import clock
from punte.core.jobs import lease
from punte.core.jobs.context import Heard, JobContext
from punte.core.jobs.kinds import kind_named
from punte.core.jobs.lease import Claim, JobCancelled, LeaseLost
from punte.core.jobs.schedule import enqueue_due, keep_schedules
from punte.errors import PunteError

logger = logging.getLogger("punte.jobs")


@dataclass(frozen=True)
class Pace:
    """How long a job is held without a sign of life, how often a sign is given, how often an idle worker looks."""

    lease: timedelta = timedelta(seconds=60)
    heartbeat: timedelta = timedelta(seconds=15)
    poll: timedelta = timedelta(seconds=1)


def work(stop: Event, pace: Pace = Pace()) -> None:
    """Run jobs as they come, until ``stop`` is set; a job that has begun is brought to its end first."""
    register_jobs()
    keep_schedules(clock.now())
    while not stop.is_set():
        if not _turn_or_wait_for_the_database(pace):
            stop.wait(pace.poll.total_seconds())


def work_until_idle(pace: Pace = Pace()) -> int:
    """Run the jobs that wait now, and those that they ask for in turn; gives how many attempts were made."""
    register_jobs()
    n_attempts = 0
    while _turn(pace):
        n_attempts += 1
    return n_attempts


def register_jobs() -> None:
    """Import every app's ``jobs`` module, so that its kinds are known."""
    for name in ("soundness", "tidy"):
        import_module(f"punte.core.jobs.{name}")
    autodiscover_modules("jobs")


def _turn_or_wait_for_the_database(pace: Pace) -> bool:
    close_old_connections()
    try:
        enqueue_due(clock.now())
        return _turn(pace)
    except (OperationalError, InterfaceError):
        logger.exception("The database does not answer; looking again in %s.", pace.poll)
        connections.close_all()
        return False


def _turn(pace: Pace) -> bool:
    claim = lease.claim_next(clock.now(), pace.lease)
    if claim is None:
        return False
    with suppress(LeaseLost):  # whoever holds the job now writes down how it ends
        _run(claim, pace)
    return True


def _run(claim: Claim, pace: Pace) -> None:
    context = JobContext(claim, clock.now())
    verdict = Verdict()
    with _heartbeat(claim, pace, context.heard), verdict:
        result = kind_named(claim.kind).run(context, **claim.arguments)
        if not context.has_finished:
            lease.finish(claim, clock.now(), result)
    if verdict.error is not None:
        _write_down(verdict.error, claim, context)


class Verdict:
    """Keeps the error with which a job ended, so that one job's fault does not end the worker.

    The error is not passed over: it is written to the log here and to the job by the worker. What ends the process
    (KeyboardInterrupt, SystemExit) passes through.
    """

    error: Exception | None = None

    def __enter__(self) -> Verdict:
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> bool:
        if isinstance(error, Exception):
            self.error = error
            return True
        return False


def _write_down(error: Exception, claim: Claim, context: JobContext) -> None:
    name = f"Job {claim.job_id} ({claim.kind}), attempt {claim.attempt}"
    if context.has_finished:
        logger.error("%s had finished when it met an error.", name, exc_info=error)
    elif isinstance(error, LeaseLost):
        logger.warning("%s was taken over by another worker.", name)
    elif isinstance(error, JobCancelled):
        lease.end_as_cancelled(claim, clock.now())
    elif isinstance(error, PunteError) and not isinstance(error, _may_retry(claim)):
        logger.info("%s was refused: %s", name, error)
        lease.fail(claim, clock.now(), str(error))
    else:
        logger.error("%s failed.", name, exc_info=error)
        _try_again(error, claim)


def _may_retry(claim: Claim) -> tuple[type[Exception], ...]:
    with suppress(PunteError):  # a kind that nobody knows has no say
        return kind_named(claim.kind).retry_on
    return ()


def _try_again(error: Exception, claim: Claim) -> None:
    words = str(error) if isinstance(error, PunteError) else f"{type(error).__name__}: {error}"
    at = clock.now()
    if claim.attempt >= claim.max_attempts:
        lease.fail(claim, at, words)
    else:
        lease.put_back(claim, words, at + kind_named(claim.kind).delay_after(claim.attempt))


@contextmanager
def _heartbeat(claim: Claim, pace: Pace, heard: Heard) -> Iterator[None]:
    done = Event()
    thread = Thread(target=_beat, args=(claim, pace, heard, done), name=f"heartbeat of job {claim.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(claim: Claim, pace: Pace, heard: Heard, done: Event) -> None:
    """Runs in a thread of its own, with a connection of its own."""
    try:
        while not done.wait(pace.heartbeat.total_seconds()):
            try:
                lease.extend(claim, clock.now(), pace.lease)
            except LeaseLost:
                heard.is_lost.set()
                return
            except JobCancelled:
                heard.is_cancelled.set()
            except (OperationalError, InterfaceError):
                logger.warning("No sign of life could be given for job %s.", claim.job_id, exc_info=True)
    finally:
        connections.close_all()
