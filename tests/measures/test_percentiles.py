"""A percentile is one of the values, the same on every engine."""

import pyarrow as pa
import pytest

from punte.measures.percentiles import nearest_rank
from tests.measures.cases import in_order


@pytest.mark.parametrize(
    ("values", "percent", "wanted"),
    [
        ([15, 20, 35, 40, 50], 30, 20),
        ([15, 20, 35, 40, 50], 40, 20),
        ([15, 20, 35, 40, 50], 50, 35),
        ([15, 20, 35, 40, 50], 100, 50),
        ([7], 90, 7),
        ([1, 1, 1, 9, None], 75, 1),
        ([None], 90, None),
        ([], 90, None),
    ],
)
def test_the_nearest_rank_is_the_smallest_value_that_enough_do_not_exceed(duckdb, values, percent, wanted):
    """The first four are the worked example of the article on percentiles in Wikipedia."""
    rows = duckdb.from_arrow({"rows": pa.table({"days": pa.array(values, pa.int64())})})["rows"]
    found = duckdb.to_arrow(nearest_rank(rows, [], "days", percent=percent, name="slow"))
    assert found.to_pylist() == [{"slow": wanted}]


def test_each_group_has_its_own_and_one_without_a_name_too(duckdb):
    table = pa.table({"key": ["a"] * 10 + [None] * 2 + ["b"], "days": [*range(1, 11), 4, 5, None]})
    rows = duckdb.from_arrow({"rows": table})["rows"]
    found = duckdb.to_arrow(nearest_rank(rows, ["key"], "days", percent=90, name="slow")).to_pylist()
    assert in_order(found) == in_order([{"key": "a", "slow": 9}, {"key": None, "slow": 5}])
