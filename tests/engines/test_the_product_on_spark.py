"""The whole product on Spark: what ``punte`` prints is, byte for byte, what it prints on DuckDB."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from punte.cli.main import app
from punte.engines.spark_engine import SparkEngine
from tests.core.processes import environment

LAST_DAY = date(2026, 10, 31)
N_PERSONS = "300"
QUESTIONS = {
    "loop": ("loop", "--by", "channel,campaign", "--model", "last,w_shaped"),
    "funnel": ("funnel", "--by", "channel"),
    "coverage": ("coverage",),
}
CAMPAIGN = "free-guide"
pytestmark = [pytest.mark.spark, pytest.mark.slow, pytest.mark.usefixtures("further_homes")]


def printed(home: Path, *words: str, **names: str) -> str:
    """What the command prints on standard output, with these names in its environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"PUNTE_HOME": str(home), **names}.items():
            patch.setenv(name, value)
        said = CliRunner().invoke(app, ["--quiet", "--home", str(home), *words], catch_exceptions=False)
    assert said.exit_code == 0, said.stderr
    return said.stdout


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo home."""
    folder = tmp_path_factory.mktemp("spark") / "demo"
    words = ["--quiet", "--home", str(folder), "demo", "--persons", N_PERSONS, "--until", str(LAST_DAY)]
    subprocess.run([sys.executable, "-m", "punte.cli.main", *words], env=environment(folder), check=True)
    return folder


def on_both(home: Path, spark: SparkEngine, *words: str) -> list[dict[str, str]]:
    """The rows that DuckDB answers, after Spark has printed the same."""
    on_duckdb = printed(home, *words, "--format", "csv")
    tracker = spark.session.sparkContext.statusTracker()
    before = set(tracker.getJobIdsForGroup(None))
    assert printed(home, *words, "--format", "csv", PUNTE_ENGINE="spark") == on_duckdb
    assert set(tracker.getJobIdsForGroup(None)) > before
    return list(csv.DictReader(io.StringIO(on_duckdb)))


@pytest.mark.parametrize("words", QUESTIONS.values(), ids=QUESTIONS)
def test_what_spark_answers_is_what_duckdb_answers(home: Path, spark: SparkEngine, words: tuple[str, ...]) -> None:
    assert len(on_both(home, spark, *words)) > 1


def test_what_spark_traces_is_what_duckdb_traces(home: Path, spark: SparkEngine) -> None:
    deals = on_both(home, spark, "trace", "campaign", CAMPAIGN)
    assert len(on_both(home, spark, "trace", "deal", deals[0]["opportunity_id"])) > 5
