"""The same tests again on PostgreSQL: a real server, and a run of the tests of its own."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.core.processes import ROOT, environment

SAME_TESTS = ("tests/core", "tests/rooms/people")


@pytest.mark.postgres
@pytest.mark.slow
def test_core_and_people_hold_on_postgresql_as_they_do_on_sqlite(
    postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"PUNTE_DATABASE_URL": postgresql_url}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-m", "not postgres and not slow", *SAME_TESTS]
    done = subprocess.run(
        command,
        env=environment(ROOT, **names),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    n_passed = int(re.search(r"(\d+) passed", done.stdout).group(1))
    with capsys.disabled():
        sys.stdout.write(f"\n  on PostgreSQL: {done.stdout.strip().splitlines()[-1]}\n")
    assert n_passed >= 100
