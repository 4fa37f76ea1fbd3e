"""Engines for the tests of measures, and one call that runs a measure over drawn tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
import pytest

from punte.engines import Engine, open_engine
from punte.engines.spark_engine import SparkEngine
from tests.engines.spark_cluster import spark_engine
from tests.measures.drawing import filled_in


@pytest.fixture(scope="session")
def duckdb() -> Iterator[Engine]:
    """DuckDB in memory, opened once."""
    with open_engine("duckdb") as engine:
        yield engine


@pytest.fixture(scope="session")
def spark() -> SparkEngine:
    """Spark on a cluster of this machine; tests that ask for it carry the marker ``spark``."""
    return spark_engine()


@pytest.fixture
def run(duckdb: Engine) -> Callable[..., pa.Table]:
    """Run a measure over Arrow tables on DuckDB: ``run(touch, touchpoint=drawn("touchpoint", "..."), ...)``.

    Tables of the measure's signature that are not given are empty; everything that is not a table is passed as it is.
    """

    def run_measure(measure: Callable[..., object], **given: object) -> pa.Table:
        tables, settings = filled_in(measure, given)
        return duckdb.to_arrow(measure(**duckdb.from_arrow(tables), **settings))

    return run_measure
