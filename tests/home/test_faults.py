"""The disk fails, or is full, or the process is killed, at every sync, rename and removal of an import and of a build.

After each, a reader finds a whole snapshot, and the same run once more ends as if nothing had happened.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
ENDS = {"kill": "exit code -9", "eio": "DiskFailed", "enospc": "DiskFailed"}
"""How a work ends that meets a fault, by its mode."""


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
    (folder / "faults").mkdir()
    return {
        "template": str(folder / "template"),
        "folder": str(folder),
        "faults": str(folder / "faults"),
        "exports": None if exports is None else str(exports),
        "mapping": PERSONS,
        "at": str(at),
    }


@dataclass(frozen=True)
class Told:
    """What was seen of all faults: how many points there are, how many different homes they left, what was wrong."""

    n_points: int
    n_faults: int
    n_left: int
    wrong: list[str]

    def __str__(self) -> str:
        return f"{self.n_points} points, at each {', '.join(ENDS)}: {self.n_faults} faults leave {self.n_left} homes"


def fail_everywhere(workers: Workers, one: dict[str, Any]) -> Told:
    """Do the work with every fault at every point, then again in every different home that a fault left.

    After a fault a reader must find the state from before or that from after, and the same work again must end as if
    undisturbed: with the same state, loads, rows and files.
    """
    whole = workers.run([{**one, "kind": "walk"}])[0]
    assert whole["ended"] == "done"
    assert whole["before"]["state"] != whole["after"]["state"]
    homes = {met["fingerprint"]: met["left"] for met in whole["met"]}
    seen = workers.run([{**one, "kind": "again", "template": home} for home in homes.values()])
    after = dict(zip(homes, seen, strict=True))
    wrong = [f"{met}: {told}" for met in whole["met"] if (told := broken(met, after[met["fingerprint"]], whole))]
    return Told(whole["n_points"], len(whole["met"]), len(homes), wrong)


def broken(met: dict[str, Any], seen: dict[str, Any] | str, whole: dict[str, Any]) -> str:
    """What is wrong after a fault; nothing, if a reader found a whole snapshot and the second run ended as if first."""
    if met["ended"] != ENDS[met["mode"]]:
        return "it should have ended otherwise"
    if isinstance(seen, str):
        return seen
    if seen["left"]["state"] not in (whole["before"]["state"], whole["after"]["state"]):
        return f"a reader found {seen['left']}"
    return "" if seen["after"] == whole["after"] else f"done again it ended with {seen['after']}"


@pytest.mark.slow
def test_after_any_fault_at_any_point_a_reader_finds_a_whole_snapshot_and_a_rerun_ends_as_if_undisturbed(
    workers: Workers, grown: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    told = fail_everywhere(workers, grown)
    with capsys.disabled():
        sys.stdout.write(f"\nan import syncs, renames and removes at {told}\n")
    assert told.wrong == []
    assert told.n_points > 50


@pytest.mark.slow
def test_a_build_may_break_off_anywhere_and_built_again_ends_as_if_undisturbed(
    workers: Workers, rethought: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    told = fail_everywhere(workers, rethought)
    with capsys.disabled():
        sys.stdout.write(f"\na build syncs, renames and removes at {told}\n")
    assert told.wrong == []
    assert told.n_points > 50


@pytest.mark.slow
def test_the_first_import_of_a_home_may_break_off_anywhere(workers: Workers, fresh: dict[str, Any]) -> None:
    told = fail_everywhere(workers, fresh)
    assert told.wrong == []
    assert told.n_points > 50
