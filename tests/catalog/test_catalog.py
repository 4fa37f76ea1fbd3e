"""Every figure is declared once, can be found, and is documented as it is computed."""

from importlib import import_module
from pathlib import Path

import pytest

from punte.catalog import METRICS, find_metric, metric_of_column, metrics_table
from punte.catalog.documents import measures_page
from punte.catalog.metric import UNITS
from punte.errors import UnknownName
from punte.measures.credit import MODELS
from punte.measures.loop import loop_columns
from punte.measures.loop.columns import FLAGS

PAGE = Path(__file__).parents[2] / "docs" / "measures.md"


def test_every_column_of_the_loop_is_a_metric_a_flag_or_the_currency():
    undeclared = [
        column for column in loop_columns((), MODELS) if metric_of_column("punte.measures.loop.loop", column) is None
    ]
    assert undeclared == [*FLAGS, "currency"]


def test_every_metric_of_the_loop_is_a_column_of_it():
    columns = loop_columns((), ("linear",))
    metrics = [metric for metric in METRICS.values() if metric.measure == "punte.measures.loop.loop"]
    assert [metric.name for metric in metrics if not any(metric.is_in(column) for column in columns)] == []


def test_the_credit_of_any_model_is_one_metric():
    found = {metric_of_column("punte.measures.loop.loop", f"credit_{model}") for model in MODELS}
    assert found == {find_metric("deals_won_credit")}


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_a_metric_has_a_unit_a_direction_one_sentence_and_a_measure_that_exists(metric):
    module, _, function = metric.measure.rpartition(".")
    assert metric.name.rpartition("_")[2] in UNITS
    assert metric.better in ("up", "down", "")
    assert metric.definition.endswith(".")
    assert callable(getattr(import_module(module), function))


def test_an_unknown_metric_is_refused_with_those_that_there_are():
    with pytest.raises(UnknownName, match="Use one of: touches_recorded_count, .*rows_quarantined_share"):
        find_metric("happiness_total_count")


def test_the_table_of_metrics_holds_each_of_them():
    table = metrics_table()
    assert table.column("name").to_pylist() == list(METRICS)
    assert table.column_names == ["name", "title", "definition", "unit", "better", "grain", "expression", "source"]


def test_the_page_about_the_measures_is_made_from_them():
    assert PAGE.read_text(encoding="utf-8") == measures_page(), "run: make docs"
