"""The metrics, each declared once: what it is called, what it means, its unit, which way is better, whence it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punte.catalog.loop import LOOP_METRICS
from punte.catalog.metric import Metric
from punte.catalog.stages import COVERAGE_METRICS, FUNNEL_METRICS
from punte.errors import UnknownName

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["METRICS", "Metric", "find_metric", "metric_of_column", "metrics_table"]

METRICS: dict[str, Metric] = {metric.name: metric for metric in (*LOOP_METRICS, *FUNNEL_METRICS, *COVERAGE_METRICS)}
"""Every metric by name, in the order in which pages show them."""

COLUMNS = ("name", "title", "definition", "unit", "better", "grain", "expression", "source")


def find_metric(name: str) -> Metric:
    """The metric of that name; raises UnknownName, which names those that there are."""
    if name not in METRICS:
        raise UnknownName(
            f"There is no metric {name!r}.", remedy=f"Use one of: {', '.join(METRICS)}.", name=name, known=(*METRICS,)
        )
    return METRICS[name]


def metric_of_column(measure: str, column: str) -> Metric | None:
    """The metric that a column of a measure's result holds; None for a key, a flag or a unit."""
    return next((metric for metric in METRICS.values() if metric.measure == measure and metric.is_in(column)), None)


def metrics_table() -> pa.Table:
    """Every metric as a row of text: name, title, definition, unit, better, grain, expression, source."""
    import pyarrow as pa

    rows = [{column: getattr(metric, column) for column in COLUMNS} for metric in METRICS.values()]
    return pa.Table.from_pylist(rows, schema=pa.schema([(column, pa.string()) for column in COLUMNS]))
