"""Tables leave punte as CSV and JSON without losing a cent and without a formula."""

import io
import json
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from punte.records.handout import neutral, plain, write_csv, write_json

TABLE = pa.table(
    {
        "channel": ["organic_search", None, "=HYPERLINK(1)", "a, b"],
        "revenue": pa.array([Decimal("207023.45"), Decimal("0.00"), None, Decimal("-1.50")], pa.decimal128(38, 2)),
        "won_share": [0.25, None, 1.0, 0.0],
        "is_open": [True, False, None, True],
        "day": [date(2026, 1, 2), None, None, None],
        "at": [datetime(2026, 1, 2, 3, 4, 5), None, None, None],
    }
)


def test_csv_keeps_cents_and_disarms_formulas():
    out = io.StringIO()
    write_csv(TABLE, out)
    assert out.getvalue() == (
        "channel,revenue,won_share,is_open,day,at\n"
        "organic_search,207023.45,0.25,true,2026-01-02,2026-01-02T03:04:05\n"
        ",0.00,,false,,\n"
        "'=HYPERLINK(1),,1.0,,,\n"
        '"a, b",-1.50,0.0,true,,\n'
    )


def test_json_writes_numbers_and_moments():
    out = io.StringIO()
    write_json(TABLE.slice(0, 1), out)
    assert json.loads(out.getvalue()) == [
        {
            "channel": "organic_search",
            "revenue": 207023.45,
            "won_share": 0.25,
            "is_open": True,
            "day": "2026-01-02",
            "at": "2026-01-02T03:04:05Z",
        }
    ]


def test_json_writes_a_decimal_beyond_floats_as_text():
    out = io.StringIO()
    write_json(pa.table({"a": pa.array([Decimal("92233720368547758.07")], pa.decimal128(38, 2))}), out)
    assert json.loads(out.getvalue()) == [{"a": "92233720368547758.07"}]


def test_full_width_signs_are_disarmed_too():
    assert neutral("＝1+1") == "'＝1+1"
    assert neutral("  @cmd") == "'  @cmd"
    assert neutral("brand") == "brand"


@given(st.text(alphabet=st.one_of(st.sampled_from("'=+-@ |a"), st.characters())))
def test_a_disarmed_cell_comes_back_as_it_was(text):
    assert plain(neutral(text)) == text
