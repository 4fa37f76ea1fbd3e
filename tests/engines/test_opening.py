"""Which engine is opened, and what is said when it cannot be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from punte.engines import open_engine
from punte.errors import NoEngine, UnknownName


def test_duckdb_is_opened_when_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUNTE_ENGINE", raising=False)
    with open_engine() as engine:
        assert engine.name == "duckdb"


def test_the_environment_names_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUNTE_ENGINE", "abacus")
    with pytest.raises(UnknownName) as refusal:
        open_engine()
    assert str(refusal.value) == "There is no engine named 'abacus'. Use one of: duckdb, spark."


def test_spark_without_java_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(NoEngine) as refusal:
        open_engine("spark")
    assert refusal.value.remedy.startswith("Install Java 17")


def test_spark_without_its_package_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(NoEngine) as refusal:
        open_engine("spark")
    assert refusal.value.remedy.startswith("Install it with: pip install 'punte[spark]'.")


@pytest.mark.slow
def test_nothing_heavy_is_imported_before_an_engine_is_opened() -> None:
    heavy = {"duckdb", "ibis", "pyspark", "pyarrow", "pandas"}
    code = f"import sys, punte.engines; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
