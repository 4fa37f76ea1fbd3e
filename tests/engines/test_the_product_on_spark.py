"""The whole product on Spark: what ``punte`` prints is, byte for byte, what it prints on DuckDB."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.engines.spark_cluster import need_spark, start_cluster

ROOT = Path(__file__).parents[2]
LAST_DAY = date(2026, 10, 31)
N_PERSONS = "300"
QUESTIONS = {
    "loop": ("loop", "--by", "channel,campaign", "--model", "last,w_shaped"),
    "funnel": ("funnel", "--by", "channel"),
}
pytestmark = [pytest.mark.spark, pytest.mark.slow]


def printed(home: Path, *words: str, **environment: str) -> str:
    """What the command prints on standard output."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PUNTE_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "punte.cli.main", "--home", str(home), *words],
        capture_output=True,
        env={**kept, **environment},
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def cluster() -> dict[str, str]:
    """What a process is told so that it asks a cluster of its own: the tests' other session keeps all cores of its."""
    need_spark()
    return {"PUNTE_ENGINE": "spark", "PUNTE_SPARK_MASTER": start_cluster(), "SPARK_LOCAL_IP": "127.0.0.1"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo home."""
    folder = tmp_path_factory.mktemp("spark") / "demo"
    printed(folder, "demo", "--persons", N_PERSONS, "--until", str(LAST_DAY))
    return folder


@pytest.mark.parametrize("words", QUESTIONS.values(), ids=QUESTIONS)
def test_what_spark_answers_is_what_duckdb_answers(home: Path, cluster: dict[str, str], words: tuple[str, ...]) -> None:
    asked = (*words, "--format", "csv")
    on_duckdb = printed(home, *asked)
    assert printed(home, *asked, **cluster) == on_duckdb
    assert on_duckdb.count("\n") > 2
