"""Ids of many rows at once are those of each row alone."""

from __future__ import annotations

import pyarrow as pa
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
