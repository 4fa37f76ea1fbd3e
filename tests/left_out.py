"""Say at the end of a run which tests were left out and why; in CI, leaving one out for want of a server fails.

Loaded by the Makefile with ``-p tests.left_out``. A test that needs Java, PostgreSQL or Chromium carries the marker
``spark``, ``postgres`` or ``browser``. On a person's machine such a test may be skipped, and is named with its
reason. With ``CI=true`` in the environment the same skip is a failure: a green build has run everything.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator

import pytest

NEEDS_A_SERVER = {"spark": "Java", "postgres": "PostgreSQL", "browser": "Chromium"}


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(LeftOut(must_run=os.environ.get("CI") == "true"), "left-out")


class LeftOut:
    """Collects what was skipped or deselected during one run."""

    def __init__(self, must_run: bool) -> None:
        self.must_run = must_run
        self.skipped: Counter[tuple[str, str]] = Counter()
        self.n_deselected = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        needs = [NEEDS_A_SERVER[name] for name in NEEDS_A_SERVER if item.get_closest_marker(name)]
        if self.must_run and needs and report.skipped and not hasattr(report, "wasxfail"):
            report.outcome = "failed"
            report.longrepr = f"Left out in CI, where it must run. It needs {needs[0]}: {reason_of(report)}"
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        if self.must_run and report.skipped and lacks_a_module(report):
            report.outcome = "failed"
            report.longrepr = f"A whole file left out in CI, where it must run: {reason_of(report)}"
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped[report.nodeid.split("::")[0], reason_of(report)] += 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.skipped[report.nodeid, reason_of(report)] += 1

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self.n_deselected += len(items)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        terminalreporter.section("left out")
        for line in [*self.deselected_lines(config), *self.skipped_lines()] or ["Nothing: every test was run."]:
            terminalreporter.write_line(line)

    def deselected_lines(self, config: pytest.Config) -> list[str]:
        chosen = config.option.markexpr or config.option.keyword
        if not chosen:
            return []
        # Beside several workers the counting is done in them, and here only the choice is known.
        count = f"{self.n_deselected} by" if self.n_deselected else "By"
        return [f"{count} choice: only '{chosen}' was asked for."]

    def skipped_lines(self) -> list[str]:
        return [f"{n} in {place}: {reason}" for (place, reason), n in sorted(self.skipped.items())]


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The words given to ``pytest.skip``."""
    words = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return words.removeprefix("Skipped: ").strip()


def lacks_a_module(report: pytest.CollectReport) -> bool:
    """Whether a file was left out because a package is not installed, as ``pytest.importorskip`` does."""
    return "could not import" in reason_of(report)
