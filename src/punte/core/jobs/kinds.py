"""Declare a kind of job: a function with ``@job``, used much as a task of Django's Tasks framework is.

    @job("import_files")
    def import_files(context, *, upload):
        context.report(0, 3, "Reading the files")
        ...

    import_files.using(by=user, at=at, unique_key=upload).enqueue(upload=upload)

A job is run at least once: a worker that dies is replaced by another, which begins the job anew. So a job either does
no harm when it is done twice, or ends inside ``context.finishing()``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from punte.core import clock
from punte.core.audit.trail import Actor
from punte.errors import UnknownName

SYSTEM = "punte"
"""Who asks for a job when nobody does: its schedule."""

_KINDS: dict[str, JobKind] = {}


@dataclass(frozen=True)
class JobKind:
    """What a kind of job does, how often it is tried, and how the next one is to be enqueued."""

    kind: str
    run: Callable[..., Any]
    max_attempts: int = 5
    backoff: timedelta = timedelta(seconds=10)
    retry_on: tuple[type[Exception], ...] = ()
    every: timedelta | None = None
    by: Actor = SYSTEM
    at: datetime | None = None
    not_before: datetime | None = None
    unique_key: str | None = None

    def using(
        self,
        *,
        by: Actor | None = None,
        at: datetime | None = None,
        not_before: datetime | None = None,
        unique_key: str | None = None,
    ) -> JobKind:
        """The same kind, enqueued in this way: for whom, at which moment, not before when, once per key."""
        return replace(
            self,
            by=by if by is not None else self.by,
            at=at or self.at,
            not_before=not_before or self.not_before,
            unique_key=unique_key or self.unique_key,
        )

    def enqueue(self, **arguments: Any) -> int:
        """Ask for the job with these arguments (JSON values) and give its id.

        It begins when the surrounding transaction is committed. When an unended job has the same unique key, that one's
        id is given and no second is made.
        """
        from punte.core.jobs.lease import enqueue

        at = self.at or clock.now()
        return enqueue(
            kind=self.kind,
            arguments=arguments,
            by=self.by,
            at=at,
            max_attempts=self.max_attempts,
            not_before=self.not_before or at,
            unique_key=self.unique_key,
        )

    def delay_after(self, attempts: int) -> timedelta:
        """How long to wait before the next attempt: twice as long each time, an hour at most."""
        return min(self.backoff * 2 ** max(attempts - 1, 0), timedelta(hours=1))


def job(
    kind: str,
    *,
    max_attempts: int = 5,
    backoff: timedelta = timedelta(seconds=10),
    retry_on: tuple[type[Exception], ...] = (),
    every: timedelta | None = None,
) -> Callable[[Callable[..., Any]], JobKind]:
    """Declare a function as a kind of job; ``every`` makes it recur.

    The function takes a ``JobContext`` and its arguments by name, and returns a JSON value or None. When it raises, it
    is tried again after ``backoff``, twice as long each time. A PunteError is a refusal, which another attempt would
    meet again: it fails at once, unless its class is in ``retry_on``.
    """

    def declare(run: Callable[..., Any]) -> JobKind:
        known = _KINDS.get(kind)
        if known is not None and known.run.__module__ != run.__module__:
            raise ValueError(f"Two kinds of job are called {kind!r}: in {known.run.__module__} and {run.__module__}.")
        _KINDS[kind] = JobKind(kind, run, max_attempts, backoff, retry_on, every)
        return _KINDS[kind]

    return declare


def kind_named(kind: str) -> JobKind:
    """The kind with this name.

    Raises: UnknownName, as for a job that an older or a newer version of punte left behind.
    """
    if kind not in _KINDS:
        raise UnknownName(
            f"This punte knows no job '{kind}'.",
            remedy="Run the version of punte that asked for it, or cancel the job.",
            kind=kind,
        )
    return _KINDS[kind]


def recurring_kinds() -> tuple[JobKind, ...]:
    """The kinds that recur, by name."""
    return tuple(kind for _, kind in sorted(_KINDS.items()) if kind.every is not None)
