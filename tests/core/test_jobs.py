"""Jobs: how they wait, are taken, end, are tried again, recur and are called off."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from punte.core import clock
from punte.core.audit.models import AuditRow
from punte.core.jobs import kinds, lease
from punte.core.jobs.context import JobContext
from punte.core.jobs.kinds import JobKind, job
from punte.core.jobs.lease import LeaseLost
from punte.core.jobs.models import Job, Schedule
from punte.core.jobs.queries import JobProgress, get_job, latest_jobs
from punte.core.jobs.schedule import enqueue_due, keep_schedules, next_after
from punte.core.jobs.worker import Pace, work_until_idle
from punte.errors import PunteError, UnknownName
from tests.actors import Actors

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)


@pytest.fixture(autouse=True)
def known_kinds() -> Iterator[None]:
    """The kinds that a test declares are gone after it."""
    before = dict(kinds._KINDS)
    yield
    kinds._KINDS.clear()
    kinds._KINDS.update(before)


def adding(max_attempts: int = 5) -> JobKind:
    @job("tests.add", max_attempts=max_attempts)
    def add(context: JobContext, *, a: int, b: int) -> int:
        return a + b

    return add


def state_of(job_id: int, at: datetime | None = None) -> str:
    return get_job(job_id, at or clock.now()).state


def test_a_job_runs_with_its_arguments_and_keeps_its_result(actors: Actors) -> None:
    job_id = adding().using(by=actors.marta, at=AT).enqueue(a=2, b=3)
    waiting = get_job(job_id, AT)

    assert work_until_idle() == 1

    ended = get_job(job_id, clock.now())
    assert waiting == JobProgress(
        job_id=job_id,
        kind="tests.add",
        arguments={"a": 2, "b": 3},
        state="waiting",
        done=None,
        total=None,
        words="",
        error="",
        result=None,
        attempts=0,
        requested_at=AT,
        requested_by=actors.marta.pk,
        ended_at=None,
    )
    assert (ended.state, ended.result, ended.attempts, ended.has_ended) == ("finished", 5, 1, True)


def test_the_job_that_has_waited_longest_is_taken_first() -> None:
    add = adding()
    late = add.using(at=AT, not_before=AT + timedelta(hours=1)).enqueue(a=1, b=1)
    second = add.using(at=AT).enqueue(a=1, b=1)
    first = add.using(at=AT - timedelta(hours=1)).enqueue(a=1, b=1)

    taken = [lease.claim_next(AT, 2 * timedelta(hours=1)) for _ in range(3)]
    assert [claim and claim.job_id for claim in taken] == [first, second, None]
    assert lease.claim_next(AT + timedelta(hours=1), LEASE).job_id == late


def test_a_job_is_held_until_its_lease_has_run_out_and_then_taken_again() -> None:
    job_id = adding().using(at=AT).enqueue(a=1, b=1)
    first = lease.claim_next(AT, LEASE)

    assert state_of(job_id, AT + LEASE) == "running"
    assert lease.claim_next(AT + LEASE, LEASE) is None
    later = AT + LEASE + timedelta(microseconds=1)
    assert state_of(job_id, later) == "waiting"
    second = lease.claim_next(later, LEASE)
    assert (first.fence, second.fence, second.attempt) == (1, 2, 2)


def test_an_extended_lease_keeps_others_away() -> None:
    adding().using(at=AT).enqueue(a=1, b=1)
    claim = lease.claim_next(AT, LEASE)
    lease.extend(claim, AT + LEASE, LEASE)
    assert lease.claim_next(AT + 2 * LEASE, LEASE) is None


@pytest.mark.parametrize(
    "write",
    [
        lambda claim: lease.finish(claim, AT, 1),
        lambda claim: lease.fail(claim, AT, "no"),
        lambda claim: lease.put_back(claim, "no", AT),
        lambda claim: lease.extend(claim, AT, LEASE),
        lambda claim: lease.report_progress(claim, 1, 2, ""),
        lambda claim: lease.end_as_cancelled(claim, AT),
        lambda claim: lease.hold(claim),
    ],
    ids=["finish", "fail", "put_back", "extend", "report_progress", "end_as_cancelled", "hold"],
)
def test_who_lost_the_lease_can_write_nothing(write) -> None:
    adding().using(at=AT).enqueue(a=1, b=1)
    asleep = lease.claim_next(AT, LEASE)
    lease.claim_next(AT + 2 * LEASE, LEASE)
    before = Job.objects.values().get()

    with pytest.raises(LeaseLost):
        write(asleep)

    assert Job.objects.values().get() == before


def test_an_unended_job_with_the_same_key_is_the_same_job() -> None:
    add = adding().using(unique_key="import/7")
    first = add.enqueue(a=1, b=1)
    assert add.enqueue(a=1, b=1) == first
    assert adding().using(unique_key="import/8").enqueue(a=1, b=1) != first

    work_until_idle()
    assert add.enqueue(a=1, b=1) != first
    assert Job.objects.count() == 3


def test_a_job_that_raises_waits_twice_as_long_each_time_and_then_fails(caplog: pytest.LogCaptureFixture) -> None:
    @job("tests.divide", max_attempts=2, backoff=timedelta(seconds=0))
    def divide(context: JobContext, *, by: int) -> float:
        return 1 / by

    job_id = divide.enqueue(by=0)
    with caplog.at_level(logging.CRITICAL, "punte.jobs"):
        assert work_until_idle() == 2

    failed = get_job(job_id, clock.now())
    assert (failed.state, failed.attempts, failed.error) == ("failed", 2, "ZeroDivisionError: division by zero")
    rhythm = JobKind("x", divide.run, backoff=timedelta(seconds=10))
    assert [rhythm.delay_after(n).total_seconds() for n in (1, 2, 3, 8, 9, 10)] == [10, 20, 40, 1280, 2560, 3600]


def test_between_attempts_a_job_waits_with_the_error_told(caplog: pytest.LogCaptureFixture) -> None:
    @job("tests.fragile")
    def fragile(context: JobContext) -> str:
        if context.attempt == 1:
            raise ConnectionError("the CRM does not answer")
        return "done"

    job_id = fragile.enqueue()
    with caplog.at_level(logging.CRITICAL, "punte.jobs"):
        assert work_until_idle() == 1
    waiting = get_job(job_id, clock.now())
    assert (waiting.state, waiting.error) == ("waiting", "ConnectionError: the CRM does not answer")

    Job.objects.update(not_before=AT)
    work_until_idle()
    ended = get_job(job_id, clock.now())
    assert (ended.state, ended.result, ended.error, ended.attempts) == ("finished", "done", "", 2)


def test_a_refusal_is_told_at_once_and_not_tried_again() -> None:
    @job("tests.refuse")
    def refuse(context: JobContext) -> None:
        raise PunteError("The file has no header.", remedy="Export it again.")

    job_id = refuse.enqueue()
    work_until_idle()
    failed = get_job(job_id, clock.now())
    assert (failed.state, failed.attempts, failed.error) == ("failed", 1, "The file has no header. Export it again.")


def test_a_refusal_that_passes_is_tried_again_where_the_kind_says_so(caplog: pytest.LogCaptureFixture) -> None:
    class Busy(PunteError):
        """Somebody else is at it."""

    @job("tests.busy", retry_on=(Busy,), backoff=timedelta(0))
    def busy(context: JobContext) -> int:
        if context.attempt < 3:
            raise Busy("The home is busy.", remedy="Wait.")
        return context.attempt

    job_id = busy.enqueue()
    with caplog.at_level(logging.CRITICAL, "punte.jobs"):
        work_until_idle()
    assert get_job(job_id, clock.now()).result == 3


def test_a_result_that_is_not_json_fails_the_job_and_not_the_worker(caplog: pytest.LogCaptureFixture) -> None:
    @job("tests.odd", max_attempts=1)
    def odd(context: JobContext) -> object:
        return {1, 2}

    job_id = odd.enqueue()
    with caplog.at_level(logging.CRITICAL, "punte.jobs"):
        work_until_idle()
    failed = get_job(job_id, clock.now())
    assert (failed.state, failed.error) == ("failed", "TypeError: Object of type set is not JSON serializable")
    with pytest.raises(ValueError, match="not JSON compliant"):
        adding().enqueue(a=1, b=float("nan"))


def test_a_job_that_no_version_knows_fails_with_what_to_do() -> None:
    job_id = adding().enqueue(a=1, b=1)
    del kinds._KINDS["tests.add"]
    work_until_idle()
    assert get_job(job_id, clock.now()).error == (
        "This punte knows no job 'tests.add'. Run the version of punte that asked for it, or cancel the job."
    )


def test_two_functions_cannot_share_the_name_of_a_kind() -> None:
    adding()

    def other(context: JobContext) -> None:
        """Stands for a function of another module."""

    other.__module__ = "punte.rooms.other.jobs"
    with pytest.raises(ValueError, match=r"Two kinds of job are called 'tests.add'"):
        job("tests.add")(other)


def test_progress_is_seen_while_the_job_runs() -> None:
    seen = []

    @job("tests.steps")
    def steps(context: JobContext) -> None:
        for done in range(4):
            context.report(done, 3, "Reading the files")
            seen.append(get_job(context.job_id, clock.now()))

    steps.enqueue()
    work_until_idle()
    assert [(one.state, one.done, one.total, one.words) for one in seen] == [
        ("running", 0, 3, "Reading the files"),
        ("running", 0, 3, "Reading the files"),  # half a second has not passed
        ("running", 0, 3, "Reading the files"),
        ("running", 3, 3, "Reading the files"),
    ]


def test_what_is_written_while_finishing_holds_together_with_the_end(caplog: pytest.LogCaptureFixture) -> None:
    @job("tests.effect", backoff=timedelta(0))
    def effect(context: JobContext) -> None:
        with context.finishing() as ending:
            Schedule.objects.create(kind=f"effect of attempt {context.attempt}", every_seconds=1, next_at=AT)
            if context.attempt == 1:
                raise RuntimeError("in the middle")
            ending.result = "once"

    job_id = effect.enqueue()
    with caplog.at_level(logging.CRITICAL, "punte.jobs"):
        work_until_idle()
    assert get_job(job_id, clock.now()).result == "once"
    effects = Schedule.objects.filter(kind__startswith="effect").values_list("kind", flat=True)
    assert list(effects) == ["effect of attempt 2"]


def test_who_lost_the_lease_has_no_effect_when_finishing() -> None:
    adding().using(at=AT).enqueue(a=1, b=1)
    asleep = JobContext(lease.claim_next(AT, LEASE), AT)
    lease.claim_next(AT + 2 * LEASE, LEASE)

    with pytest.raises(LeaseLost), asleep.finishing():
        Schedule.objects.create(kind="effect", every_seconds=1, next_at=AT)

    assert not Schedule.objects.filter(kind="effect").exists()
    assert asleep.has_finished is False


def test_a_waiting_job_that_is_cancelled_never_runs(actors: Actors) -> None:
    job_id = adding().enqueue(a=1, b=1)
    lease.cancel(job_id=job_id, by=actors.lea, at=AT)
    lease.cancel(job_id=job_id, by=actors.lea, at=AT)

    assert work_until_idle() == 0
    assert state_of(job_id) == "cancelled"
    rows = AuditRow.objects.values_list("action", "subject", "by_user")
    assert list(rows) == [("jobs.cancel", f"job/{job_id}", actors.lea.pk)]


def test_a_running_job_that_is_cancelled_stops_at_its_next_report() -> None:
    passed = []

    @job("tests.long")
    def long(context: JobContext) -> None:
        context.report(1, 3, "one")
        lease.cancel(job_id=context.job_id, by="command line", at=AT)
        passed.append("cancelled")
        context.report(2, 3, "two")
        passed.append("went on")

    job_id = long.enqueue()
    work_until_idle()
    assert (state_of(job_id), passed) == ("cancelled", ["cancelled"])


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_keeps_the_lease_and_hears_that_the_job_is_cancelled() -> None:
    leases = []

    @job("tests.waiting")
    def waiting(context: JobContext) -> None:
        leases.append(Job.objects.get().lease_until)
        lease.cancel(job_id=context.job_id, by="command line", at=clock.now())
        assert context.heard.is_cancelled.wait(timeout=20)
        leases.append(Job.objects.get().lease_until)
        context.report(None, None, "")

    job_id = waiting.enqueue()
    work_until_idle(Pace(lease=timedelta(seconds=5), heartbeat=timedelta(milliseconds=10)))
    assert state_of(job_id) == "cancelled"
    assert leases[1] > leases[0]


def test_an_ended_job_stays_as_it_ended_when_it_is_cancelled() -> None:
    job_id = adding().enqueue(a=1, b=1)
    work_until_idle()
    lease.cancel(job_id=job_id, by="command line", at=AT)
    assert state_of(job_id) == "finished"
    with pytest.raises(UnknownName):
        lease.cancel(job_id=job_id + 1, by="command line", at=AT)


def test_a_job_whose_worker_died_each_time_has_failed() -> None:
    job_id = adding(max_attempts=2).using(at=AT).enqueue(a=1, b=1)
    for n in range(2):
        assert lease.claim_next(AT + 2 * n * LEASE, LEASE).job_id == job_id

    assert lease.claim_next(AT + 5 * LEASE, LEASE) is None
    failed = get_job(job_id, AT + 5 * LEASE)
    assert (failed.state, failed.attempts) == ("failed", 2)
    assert failed.error.startswith("The worker stopped in the middle, each time it was tried.")


def test_what_recurs_is_due_at_once_and_then_in_its_rhythm() -> None:
    @job("tests.hourly", every=timedelta(hours=1))
    def hourly(context: JobContext) -> None:
        return None

    keep_schedules(AT)
    for minutes in (0, 30, 61, 119, 120):
        at = AT + timedelta(minutes=minutes)
        enqueue_due(at)
        enqueue_due(at)
        while claim := lease.claim_next(at, LEASE):
            lease.finish(claim, at, None)
    requested = Job.objects.filter(kind="tests.hourly").order_by("pk").values_list("requested_at", flat=True)
    assert [(at - AT) // timedelta(minutes=1) for at in requested] == [0, 61, 120]


def test_after_a_night_off_what_recurs_runs_once_and_keeps_its_rhythm() -> None:
    @job("tests.hourly", every=timedelta(hours=1))
    def hourly(context: JobContext) -> None:
        return None

    keep_schedules(AT)
    enqueue_due(AT + timedelta(hours=9, minutes=20))
    assert Job.objects.filter(kind="tests.hourly").count() == 1
    assert Schedule.objects.get(kind="tests.hourly").next_at == AT + timedelta(hours=10)
    assert next_after(AT, 60, AT) == AT + timedelta(seconds=60)


def test_a_new_rhythm_replaces_the_old_one() -> None:
    for hours in (1, 2):
        job("tests.hourly", every=timedelta(hours=hours))(lambda context: None)
        keep_schedules(AT)
    assert list(Schedule.objects.filter(kind="tests.hourly").values_list("every_seconds", "next_at")) == [(7200, AT)]


def test_jobs_that_ended_long_ago_are_cleared_away_and_others_stay() -> None:
    add = adding()
    old, recent = add.using(at=AT).enqueue(a=1, b=1), add.using(at=AT).enqueue(a=2, b=2)
    for at in (AT, AT + timedelta(days=20)):
        lease.finish(lease.claim_next(at, LEASE), at, None)
    waiting = add.using(at=AT).enqueue(a=3, b=3)

    assert lease.clear_ended(before=AT + timedelta(days=10)) == 1
    assert [one.job_id for one in latest_jobs("tests.add", 10, AT)] == [waiting, recent]
    with pytest.raises(UnknownName):
        get_job(old, AT)
