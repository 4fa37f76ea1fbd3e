"""A worker whose jobs the tests kill: ``python jobs_that_may_die.py work|prepare|ask|tell``, with a home in PUNTE_HOME.

Each job leaves a mark in ``<home>/marks`` when it begins and its effect, one audit row, when it ends.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from threading import Event

from punte.core import clock
from punte.core.start import prepare, set_up

HOME = Path(os.environ["PUNTE_HOME"])
MARKS = HOME / "marks"
using = prepare(HOME) if sys.argv[1] == "prepare" else set_up(HOME)

from punte.core.audit.models import AuditRow  # noqa: E402
from punte.core.audit.trail import one_action, verify_audit, write_audit  # noqa: E402
from punte.core.jobs.kinds import job  # noqa: E402
from punte.core.jobs.models import Job  # noqa: E402
from punte.core.jobs.worker import Pace, work  # noqa: E402


@job("tests.leave_effect", max_attempts=10, backoff=timedelta(milliseconds=50))
def leave_effect(context, *, number: int, hangs: str) -> None:
    """``hangs``: "before" its effect, "while" it is being written, or not at all; only at the first attempt."""
    is_first = context.attempt == 1
    if hangs == "before" and is_first:
        hang(number)
    with context.finishing():
        with one_action():
            write_audit(action="tests.effect", subject=f"effect/{number}", by="job", at=clock.now())
        if hangs == "while" and is_first:
            hang(number)


def hang(number: int) -> None:
    """Say by whom the job is held, and go on only when the test says so (which it does to those that it froze)."""
    mark = MARKS / str(number)
    mark.with_suffix(".new").write_text(str(os.getpid()), encoding="ascii")
    mark.with_suffix(".new").rename(mark)
    while not (MARKS / f"{number}.go").exists():
        Event().wait(0.02)


def ask(wishes: list[list]) -> None:
    for number, hangs in wishes:
        leave_effect.enqueue(number=number, hangs=hangs)


def tell() -> None:
    """One line of JSON: how the jobs stand, and how often each effect is there."""
    jobs = Job.objects.filter(kind="tests.leave_effect")
    n_unended = jobs.filter(ended_at__isnull=True).count()  # first: jobs go on ending while the rest is read
    effects = Counter(AuditRow.objects.filter(action="tests.effect").values_list("subject", flat=True))
    told = {
        "n_unended": n_unended,
        "n_finished": jobs.filter(finished_at__isnull=False).count(),
        "n_second_attempts": jobs.filter(attempts__gt=1).count(),
        "effects": dict(sorted(effects.items())),
        "audit_faults": verify_audit().faults,
    }
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if sys.argv[1] == "work":
    beats = float(sys.argv[2])
    pace = Pace(lease=timedelta(seconds=1), heartbeat=timedelta(seconds=beats), poll=timedelta(milliseconds=50))
    work(Event(), pace)
elif sys.argv[1] == "ask":
    ask(json.loads(sys.argv[2]))
elif sys.argv[1] == "tell":
    for _ in sys.stdin:
        tell()
