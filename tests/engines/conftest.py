"""Engines for the tests of engines: one of each kind, opened once."""

from __future__ import annotations

import pytest

from punte.engines.spark_engine import SparkEngine
from tests.engines.spark_cluster import spark_engine


@pytest.fixture(scope="session")
def spark() -> SparkEngine:
    """Spark on a cluster of this machine."""
    return spark_engine()
