"""Workers that are killed or frozen in the middle: no job is lost, and the effect of each is there exactly once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.core.processes import ROOT, environment

SCRIPT = ROOT / "tests" / "core" / "jobs_that_may_die.py"
PATIENCE = 60


@dataclass(frozen=True)
class Place:
    """A home and the environment of the processes that work at it."""

    home: Path
    names: dict[str, str]

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(SCRIPT), *words],
            env=environment(self.home, **self.names),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> None:
        process = self.start(*words)
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, errors

    def holder_of(self, number: int) -> int | None:
        mark = self.home / "marks" / str(number)
        return int(mark.read_text(encoding="ascii")) if mark.exists() else None


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    names = {}
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
        name = f"jobs_{os.getpid()}_{time.monotonic_ns()}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        names["PUNTE_DATABASE_URL"] = url.replace("/postgres?", f"/{name}?")
    (tmp_path / "marks").mkdir()
    place = Place(tmp_path, names)
    place.run("prepare")
    return place


@contextmanager
def workers(place: Place, n_workers: int, heartbeat: float = 0.2) -> Iterator[dict[int, subprocess.Popen[str]]]:
    """Running workers by their process id; whoever is added to them is ended with them."""
    running: dict[int, subprocess.Popen[str]] = {}
    for _ in range(n_workers):
        add_worker(place, running, heartbeat)
    try:
        yield running
    finally:
        for process in running.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.communicate(timeout=PATIENCE)


def add_worker(place: Place, running: dict[int, subprocess.Popen[str]], heartbeat: float = 0.2) -> None:
    process = place.start("work", str(heartbeat))
    running[process.pid] = process


@contextmanager
def teller(place: Place) -> Iterator[subprocess.Popen[str]]:
    process = place.start("tell")
    try:
        yield process
    finally:
        process.communicate(timeout=PATIENCE)


def ask(process: subprocess.Popen[str]) -> dict:
    process.stdin.write("?\n")
    process.stdin.flush()
    line = process.stdout.readline()
    assert line, process.stderr.read()
    return json.loads(line)


def wait_for(what, patience: float = PATIENCE):
    """Ask again and again, and give the first answer that is one."""
    until = time.monotonic() + patience
    while not (answer := what()):
        assert time.monotonic() < until, "nothing came of it"
        time.sleep(0.02)
    return answer


@pytest.mark.slow
def test_workers_killed_in_the_middle_lose_no_job_and_repeat_no_effect(place: Place) -> None:
    deadly = {5: "before", 10: "while", 15: "before", 20: "while"}
    n_jobs = 40
    place.run("ask", json.dumps([[n, deadly.get(n, "")] for n in range(1, n_jobs + 1)]))

    with workers(place, 2) as running, teller(place) as told:
        for number in deadly:
            holder = wait_for(lambda number=number: place.holder_of(number))
            os.kill(holder, signal.SIGKILL)
            running.pop(holder).communicate(timeout=PATIENCE)
            add_worker(place, running)
        end = wait_for(lambda: (now := ask(told))["n_unended"] == 0 and now)

    n_second_attempts = end.pop("n_second_attempts")  # on a busy machine a lease may run out without a kill
    assert n_second_attempts >= len(deadly)
    assert end == {
        "n_unended": 0,
        "n_finished": n_jobs,
        "effects": {f"effect/{n}": 1 for n in sorted(range(1, n_jobs + 1), key=str)},
        "audit_faults": [],
    }


@pytest.mark.slow
def test_a_worker_frozen_beyond_its_lease_has_no_effect_when_it_wakes(place: Place) -> None:
    place.run("ask", json.dumps([[1, "before"]]))

    with workers(place, 1, heartbeat=3600) as running, teller(place) as told:
        frozen = wait_for(lambda: place.holder_of(1))
        os.kill(frozen, signal.SIGSTOP)
        add_worker(place, running)
        wait_for(lambda: ask(told)["n_finished"] == 1)

        (place.home / "marks" / "1.go").touch()
        os.kill(frozen, signal.SIGCONT)
        wait_for(lambda: "was taken over by another worker" in running[frozen].stderr.readline())
        end = ask(told)

    assert end == {
        "n_unended": 0,
        "n_finished": 1,
        "n_second_attempts": 1,
        "effects": {"effect/1": 1},
        "audit_faults": [],
    }
