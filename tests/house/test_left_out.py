"""A test that did not run is named with its reason; in CI it may not be missing for want of a server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import tree

ON_SPARK = """
import pytest

@pytest.mark.spark
def test_on_spark():
    pytest.skip("no Java on this machine")

def test_on_anything():
    assert True
"""
ON_REAL_DATA = """
import pytest

@pytest.mark.shared_data
def test_on_real_data():
    pytest.skip("the real data is not beside the checkout")
"""
WITHOUT_A_PACKAGE = """
import pytest

pytest.importorskip("a_package_that_nobody_has")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "in_ci", "ends_with"),
    [(ON_SPARK, False, 0), (ON_SPARK, True, 1), (ON_REAL_DATA, True, 0), (WITHOUT_A_PACKAGE, True, 2)],
    ids=["Java on a laptop", "Java in CI", "real data in CI", "a package in CI"],
)
def test_only_in_ci_a_skipped_server_test_fails_the_run(tmp_path: Path, code: str, in_ci: bool, ends_with: int) -> None:
    assert run_pytest(tmp_path, code, in_ci=in_ci).returncode == ends_with


@pytest.mark.slow
def test_a_skipped_test_is_named_with_its_reason_at_the_end(tmp_path: Path) -> None:
    lines = run_pytest(tmp_path, ON_SPARK, in_ci=False).stdout.splitlines()
    assert lines[-2:] == ["1 in test_it.py: no Java on this machine", lines[-1]]
    assert lines[-1].startswith("1 passed, 1 skipped")


@pytest.mark.slow
def test_in_ci_the_failure_says_what_the_test_needed(tmp_path: Path) -> None:
    lines = run_pytest(tmp_path, ON_SPARK, in_ci=True).stdout.splitlines()
    assert "Left out in CI, where it must run. It needs Java: no Java on this machine" in lines


@pytest.mark.slow
def test_what_was_left_out_by_choice_is_counted(tmp_path: Path) -> None:
    lines = run_pytest(tmp_path, ON_SPARK, "-m", "not spark", in_ci=False).stdout.splitlines()
    assert "1 by choice: only 'not spark' was asked for." in lines


def run_pytest(folder: Path, code: str, *options: str, in_ci: bool) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(code, encoding="utf-8")
    markers = "\n".join(["[pytest]", "markers =", "    spark", "    shared_data"])
    (folder / "pytest.ini").write_text(markers, encoding="utf-8")
    environment = {**os.environ, "CI": "true" if in_ci else "", "PYTHONPATH": str(tree.ROOT)}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    plugins = ["-p", "tests.left_out", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-q", *plugins, *options, str(folder)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
