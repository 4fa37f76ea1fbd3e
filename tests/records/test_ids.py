"""Ids of many rows at once are those of each row alone."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punte.records import ids

KEY = b"a key of thirty-two bytes, or so"


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=30))
def test_the_ids_of_many_rows_are_those_of_each_row_alone(values: list[str | None]) -> None:
    values = [None if value is None else value.encode("utf-8", "ignore").decode() for value in values]
    many = ids.record_ids(KEY, "crm", "lead", pa.array(values, pa.string()))
    assert many.to_pylist() == [None if one is None else ids.record_id(KEY, "crm", "lead", one) for one in values]


def test_the_id_of_a_row_stays_for_ever() -> None:
    assert ids.record_id(KEY, "crm", "lead", "00Q1") == "J5ReiVeuTwRq"
    assert ids.traffic_id(["ads", None]) == "G.vxf4wL.n.a"


def test_source_table_key_and_source_id_each_make_another_id() -> None:
    made = {
        ids.record_id(key, source, table, one)
        for key in (KEY, b"another")
        for source in ("crm", "web")
        for table in ("lead", "person")
        for one in ("1", "2")
    }
    assert len(made) == 16


def test_ids_are_cut_into_parts_of_about_one_size() -> None:
    many = ids.record_ids(KEY, "crm", "lead", pa.array([str(number) for number in range(6000)])).to_pylist()
    cuts = [None, *ids.cuts(6), None]
    parts = zip(cuts, cuts[1:], strict=False)
    sizes = [sum((a is None or a <= one) and (b is None or one < b) for one in many) for a, b in parts]
    assert sum(sizes) == 6000
    assert [round(size / 1000) for size in sizes] == [1, 1, 1, 1, 1, 1]


def test_one_part_has_no_cut_and_no_cut_comes_twice() -> None:
    assert ids.cuts(1) == []
    assert len(set(ids.cuts(4096))) == 4095
    assert ids.cuts(4096) == sorted(ids.cuts(4096))


@pytest.mark.parametrize("n_parts", [0, 4097])
def test_ids_cannot_be_cut_into_other_numbers_of_parts(n_parts: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 4096"):
        ids.cuts(n_parts)
