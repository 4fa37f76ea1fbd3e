"""Which tests one process runs, and in which order, where several share the work (``-n 2``).

The tests of a file stay together, because they share what is dear to make. Those on Spark stay together too, whatever
their file, because each process would start a cluster of its own; their names say ``spark``. What takes long begins
first, so that no process is left alone with it at the end.

Loaded by the Makefile with ``-p tests.sharing``.
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

SPARK = "spark"
LONGEST_FIRST = (
    SPARK,
    "tests/browser/test_while_publishing.py",
    "tests/home/test_faults.py",
    "tests/home/test_every_cent.py",
    "tests/cli/",
    "tests/measures/",
)
"""How what takes long begins; everything else follows as it stands."""


def together(nodeid: str) -> str:
    """What the tests have in common that stay together with this one."""
    file, _, name = nodeid.partition("::")
    return SPARK if SPARK in name else file


def turn(nodeid: str) -> int:
    """When a test begins, before or after others."""
    turns = (number for number, begins in enumerate(LONGEST_FIRST) if together(nodeid).startswith(begins))
    return next(turns, len(LONGEST_FIRST))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes long first."""
    unnamed = [item.nodeid for item in items if item.get_closest_marker(SPARK) and together(item.nodeid) != SPARK]
    if unnamed:
        raise pytest.UsageError(f"The names of tests that need Spark say so; these do not: {', '.join(unnamed)}")
    items.sort(key=lambda item: turn(item.nodeid))


class Sharing(LoadScopeScheduling):
    """Hands out files, and all tests on Spark at once, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing:
    """Share by ``Sharing``."""
    config.option.loadscopereorder = False
    return Sharing(config, log)
