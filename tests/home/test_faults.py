"""The disk fails, fills up, or the power goes, at every sync, rename and removal of an import and of a build.

After each, a reader finds a whole snapshot, and the same run once more ends as if nothing had happened.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.home.small import AT, bring, mapping, new_home, write

PERSONS = """
version = 1
source = "crm"
[[file]]
name = "contacts"
match = ["contacts*"]
mode = "full"
key = ["id"]
[[file.table]]
table = "person"
id = "id"
email = "email"
country = "country"
"""
ROOT = Path(__file__).parents[2]
N_WORKERS = 2
MODES = ("kill", "eio", "enospc")


def contacts(*rows: str) -> str:
    return "\n".join(["id,email,country", *rows]) + "\n"


class Workers:
    """Processes that run jobs of ``tests.home.faults``, each one after the other."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.home.faults"]
        self._free = [
            subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(N_WORKERS)
        ]

    def run(self, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        with ThreadPoolExecutor(N_WORKERS) as pool:
            return list(pool.map(self._run, jobs))

    def close(self) -> None:
        for process in self._free:
            process.communicate()

    def _run(self, job: dict[str, Any]) -> dict[str, Any]:
        process = self._free.pop()
        try:
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())
        finally:
            self._free.append(process)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    workers = Workers()
    yield workers
    workers.close()


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A home with two snapshots, and a third import that replaces rows, deletes one and collects the first snapshot."""
    folder = tmp_path_factory.mktemp("grown")
    home = new_home(folder / "template")
    many = [f"{n},p{n}@x.ro,RO" for n in range(30)]
    for day, rows in enumerate([many, [*many, "30,new@x.ro,DE"]]):
        bring(
            home,
            write(folder / str(day), contacts=contacts(*rows)),
            at=AT + timedelta(days=day),
            mappings=[mapping(PERSONS)],
        )
    third = write(folder / "exports", contacts=contacts(*many[1:], "30,other@x.ro,DE", "31,c@x.ro,FR"))
    return job(folder, third, AT + timedelta(days=3))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A new home, and its first import."""
    folder = tmp_path_factory.mktemp("fresh")
    new_home(folder / "template")
    return job(folder, write(folder / "exports", contacts=contacts("1,a@x.ro,RO", "2,b@x.ro,DE")), AT)


@pytest.fixture(scope="module")
def rethought(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A home of three snapshots, and a build under a mapping that reads one column less and one table more."""
    folder = tmp_path_factory.mktemp("rethought")
    home = new_home(folder / "template")
    for day in range(3):
        rows = [f"{n},p{n}@x.ro,RO" for n in range(30 + day)]
        bring(
            home,
            write(folder / str(day), contacts=contacts(*rows)),
            at=AT + timedelta(days=day),
            mappings=[mapping(PERSONS)],
        )
    more = PERSONS.replace('country = "country"\n', '[[file.table]]\ntable = "lead"\nid = "id"\nperson = "id"\n')
    return {**job(folder, None, AT + timedelta(days=3)), "mapping": more}


def job(folder: Path, exports: Path | None, at: object) -> dict[str, Any]:
    """An import of the exports, or without any a build."""
    return {
        "template": str(folder / "template"),
        "home": str(folder / "home"),
        "exports": None if exports is None else str(exports),
        "mapping": PERSONS,
        "at": str(at),
        "point": 0,
        "mode": "eio",
    }


def at_points(one: dict[str, Any], points: list[tuple[int, str]]) -> list[dict[str, Any]]:
    return [{**one, "point": point, "mode": mode, "home": f"{one['home']}-{point}-{mode}"} for point, mode in points]


def broken(found: dict[str, Any], states: set[str | None], undisturbed: dict[str, Any], mode: str) -> list[str]:
    """What is wrong after a fault; nothing, if a reader found a whole snapshot and the second run ended as if first."""
    wrong = []
    if found["ended"] not in ({"killed"} if mode == "kill" else {"DiskFailed"}):
        wrong.append(f"ended {found['ended']}")
    if found["left"]["state"] not in states:
        wrong.append("a reader found a state that never was")
    if found["after"] != undisturbed:
        wrong.append(f"after the second run {found['after']}")
    return wrong


@pytest.mark.slow
def test_after_any_fault_at_any_point_a_reader_finds_a_whole_snapshot_and_a_rerun_ends_as_if_undisturbed(
    workers: Workers, grown: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    n_points, undisturbed, before = measure(workers, grown)
    points = [(point, MODES[point % 3]) for point in range(1, n_points + 1)]
    assert_unbroken(workers, grown, points, {before, undisturbed["state"]}, undisturbed)
    with capsys.disabled():
        sys.stdout.write(f"\nan import syncs, renames and removes {n_points} times; a fault at each\n")
    assert n_points > 50


@pytest.mark.slow
def test_a_build_may_break_off_anywhere_and_built_again_ends_as_if_undisturbed(
    workers: Workers, rethought: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    n_points, undisturbed, before = measure(workers, rethought)
    assert before != undisturbed["state"]
    points = [(point, MODES[point % 3]) for point in range(1, n_points + 1)]
    assert_unbroken(workers, rethought, points, {before, undisturbed["state"]}, undisturbed)
    with capsys.disabled():
        sys.stdout.write(f"\na build syncs, renames and removes {n_points} times; a fault at each\n")
    assert n_points > 50


@pytest.mark.slow
def test_the_first_import_of_a_home_may_break_off_anywhere(workers: Workers, fresh: dict[str, Any]) -> None:
    n_points, undisturbed, before = measure(workers, fresh)
    points = [(point, MODES[point % 3]) for point in range(1, n_points + 1, 5)]
    assert before is None
    assert_unbroken(workers, fresh, points, {None, undisturbed["state"]}, undisturbed)


def measure(workers: Workers, one: dict[str, Any]) -> tuple[int, dict[str, Any], str | None]:
    """How many points the import has, what is there after it, and which state counted before it."""
    whole = workers.run([one])[0]
    early = workers.run(at_points(one, [(1, "kill")]))[0]
    return whole["n_calls"], whole["after"], early["left"]["state"]


def assert_unbroken(
    workers: Workers,
    one: dict[str, Any],
    points: list[tuple[int, str]],
    states: set[str | None],
    undisturbed: dict[str, Any],
) -> None:
    found = workers.run(at_points(one, points))
    wrong = {
        (point, mode): told
        for (point, mode), result in zip(points, found, strict=True)
        if (told := broken(result, states, undisturbed, mode))
    }
    assert wrong == {}
