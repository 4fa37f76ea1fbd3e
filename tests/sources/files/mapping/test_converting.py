"""From rows to records: conditions, lookups, traffic, identifiers, privacy, problems."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from punte.errors import UnknownMapping
from punte.records import ids
from punte.records.tables import TABLES
from punte.sources.files import mapping as m
from tests.sources.files.mapping.drawn import AT, KEY, batch, convert, problems, traffic, whole

HEAD = """
version = 1
source = "crm"
zone = "Europe/Bucharest"
currency = "EUR"
"""
FILE = '\n[[file]]\nname = "f"\nmatch = ["*"]\nkeep = "none"\n'


def test_each_table_comes_out_in_its_declared_schema_with_its_lineage() -> None:
    toml = f'{HEAD}{FILE}updated_at = "Changed"\n[[file.table]]\ntable = "lead"\nid = "Id"\nstatus = "Status"'
    result = convert(toml, "Id,Status,Changed\n7,New,2026-01-01T10:00:00Z")
    lead = result.tables["lead"]
    assert lead.schema == TABLES["lead"].whole_schema
    assert {name: lead.column(name)[0].as_py() for name in lead.column_names[:7]} == {
        "record_id": ids.record_id(KEY, "crm", "lead", "7"),
        "from_source": "crm",
        "source_id": "7",
        "load_id": "l1",
        "row_number": 1,
        "recorded_at": AT,
        "updated_at": datetime(2026, 1, 1, 10),
    }


@pytest.mark.parametrize(
    ("when", "rows"),
    [
        ('{ Stage = "won" }', [1, 2]),
        ('{ Stage = ["Won", "lost"] }', [1, 2, 3]),
        ('{ Stage = { is_not = "Won" } }', [3, 4, 5]),
        ('{ Stage = { filled = true } }', [1, 2, 3, 5]),
        ('{ Stage = { filled = false } }', [4]),
        ('{ Stage = { starts_with = "op" } }', [5]),
        ('{ Stage = { contains = "o", is_not = "won" } }', [3, 5]),
        ('{ Stage = { ends_with = ["n", "t"] } }', [1, 2, 3, 5]),
        ('{ Stage = { matches = "^(won|open)$" } }', [1, 2, 5]),
        ('{ Stage = "Won", Team = "b" }', [2]),
        ('[{ Stage = "Lost" }, { Team = "b" }]', [2, 3]),
    ],
)  # fmt: skip
def test_a_row_makes_a_record_only_where_the_condition_holds(when: str, rows: list[int]) -> None:
    toml = f'{HEAD}{FILE}[[file.table]]\ntable = "lead"\nid = "Id"\nwhen = {when}'
    result = convert(toml, "Id,Stage,Team\n1,Won,a\n2, WON ,b\n3,Lost,a\n4,,a\n5,Open,a")
    assert result.tables["lead"].column("row_number").to_pylist() == rows


def test_rows_that_are_skipped_are_counted_and_make_nothing() -> None:
    toml = f'{HEAD}{FILE}skip_when = {{ Day = ["", "Total"] }}\n[[file.table]]\ntable = "lead"\nid = "Day"'
    result = convert(toml, "Day,Cost\n2026-01-01,1\nTotal,1")
    assert (result.n_rows, result.n_skipped, result.counts) == (
        2,
        1,
        {"lead": {"rows": 1, "good": 1, "repaired": 0, "quarantined": 0}},
    )


SUMS = (
    HEAD
    + """
[[file]]
name = "deals"
match = ["deals*"]
keep = "none"
[[file.table]]
table = "opportunity"
id = "Id"
status = "'won'"
name = { lookup = { file = "items", column = "Product", on = { Seller = "seller" } } }
probability = { count = { file = "items", on = { Seller = "seller" }, missing = "0" } }
[file.table.amount.sum]
file = "items"
column = "Price"
on = { Seller = "seller" }
where = { Kind = { is_not = "return" } }
MISSING

[[file]]
name = "items"
match = ["items*"]
skip_when = { Price = "Total" }
"""
)


@pytest.mark.parametrize(("missing", "without"), [("", None), ('missing = "0"', 0)])
def test_a_value_may_be_the_sum_the_count_or_the_first_of_another_file(missing: str, without: int | None) -> None:
    mapping = m.load_mapping(SUMS.replace("MISSING", missing))
    items = [
        batch("seller,Price,Kind,Product\nA,10.10,sale,\nB,5,sale,x\nA,0.2,sale,y\nC,oops,sale,z\nC,1,sale,\n,9,sale,"),
        batch("seller,Price,Kind,Product\nA,100,return,w\nD,0.005,sale,v\n,Total,,"),
    ]
    lookups = [m.build_lookup(need, items) for need in m.lookup_needs(mapping)]
    sellers = "Id,Seller\n1,A\n2,B\n3,C\n4,D\n5,E\n6,"
    result = convert(SUMS.replace("MISSING", missing), sellers, lookups=lookups, file="deals.csv")
    deals = result.tables["opportunity"]
    assert deals.column("amount").to_pylist() == [1030, 500, None, 0, without, without]
    assert deals.column("currency").to_pylist() == [
        "EUR",
        "EUR",
        None,
        "EUR",
        *(2 * [without is not None and "EUR" or None]),
    ]
    assert deals.column("name").to_pylist() == ["y", "x", "z", "v", None, None]
    assert problems(result) == [
        (3, "opportunity", "Seller", "repaired", "incomplete_sum"),
        (4, "opportunity", "Seller", "repaired", "rounded"),
        (1, "opportunity", None, "repaired", "share_out_of_range"),
        (3, "opportunity", None, "repaired", "share_out_of_range"),
    ]
    assert set(result.problems.column("file").to_pylist()) == {"deals.csv"}


def test_a_lookup_into_a_file_that_was_not_read_is_refused() -> None:
    with pytest.raises(UnknownMapping) as caught:
        convert(SUMS.replace("MISSING", ""), "Id,Seller\n1,A")
    assert "nothing was read from file 'items'" in str(caught.value)


def test_rows_without_an_id_are_told_apart_by_what_they_say() -> None:
    toml = f'{HEAD}{FILE}[[file.table]]\ntable = "touchpoint"\noccurred = "At"'
    result = convert(toml, "At,What\n2026-01-01,a\n2026-01-01,b\n2026-01-01,a")
    first, second, third = result.tables["touchpoint"].column("record_id").to_pylist()
    assert (first == third, first == second) == (True, False)


def test_the_files_key_is_the_id_where_a_table_names_none() -> None:
    toml = f'{HEAD}{FILE}key = ["A", "B"]\n[[file.table]]\ntable = "lead"'
    assert convert(toml, "A,B\n1,2").tables["lead"].column("source_id").to_pylist() == ["1|2"]


def test_a_cell_that_cannot_be_read_is_reported_with_its_value_unless_that_is_personal() -> None:
    fields = 'id = "Id"\nstatus = "\'won\'"\nclosed = "Closed"\ncreated = "Created"'
    toml = f'{HEAD}{FILE}personal = ["Closed"]\n[[file.table]]\ntable = "opportunity"\n{fields}'
    result = convert(toml, "Id,Closed,Created\n1,soon,00/00/0000\n2,,31.02.2026")
    assert result.problems.select(["row_number", "reason", "sentence"]).to_pylist() == [
        {"row_number": 1, "reason": "zero_moment",
         "sentence": "'00/00/0000' in column 'Created' is a date of zeros, which stands for none."},
        {"row_number": 2, "reason": "bad_moment",
         "sentence": "'31.02.2026' in column 'Created' is no date or time in the declared format."},
        {"row_number": 1, "reason": "bad_moment",
         "sentence": "The cell in column 'Closed' is no date or time in the declared format."},
    ]  # fmt: skip


def test_hours_that_the_clock_showed_twice_or_never_are_repaired() -> None:
    toml = f'{HEAD}{FILE}[[file.table]]\ntable = "touchpoint"\nid = "Id"\noccurred = "At"'
    result = convert(toml, "Id,At\n1,2026-10-25 03:30\n2,2026-03-29 03:30\n3,2026-03-29")
    assert result.tables["touchpoint"].column("occurred_at").to_pylist() == [
        datetime(2026, 10, 25, 0, 30),
        datetime(2026, 3, 29, 1, 30),
        datetime(2026, 3, 28, 22),
    ]
    assert problems(result) == [
        (1, "touchpoint", "At", "repaired", "ambiguous_hour"),
        (2, "touchpoint", "At", "repaired", "missing_hour"),
    ]


def test_amounts_in_a_currency_that_nothing_names_are_refused() -> None:
    toml = (
        'version = 1\nsource = "crm"'
        + FILE
        + '[[file.table]]\ntable = "opportunity"\nid = "Id"\nstatus = "\'won\'"\namount = "A"'
    )
    with pytest.raises(UnknownMapping, match="nothing says in what currency the amounts are"):
        convert(toml, "Id,A\n1,2")


def test_an_amount_whose_currency_cannot_be_read_is_not_counted() -> None:
    fields = 'id = "Id"\nstatus = "\'won\'"\namount = "A"\ncurrency = "C"'
    toml = f'{HEAD}{FILE}[[file.table]]\ntable = "opportunity"\n{fields}'
    result = convert(toml, "Id,A,C\n1,2,RON\n2,2,gold\n3,2,\n4,,RON")
    assert result.tables["opportunity"].select(["amount", "currency"]).to_pylist() == [
        {"amount": 200, "currency": "RON"},
        {"amount": None, "currency": None},
        {"amount": 200, "currency": "EUR"},
        {"amount": None, "currency": "RON"},
    ]
    assert problems(result) == [(2, "opportunity", "C", "repaired", "bad_currency")]


def test_native_columns_of_a_parquet_file_need_no_format() -> None:
    columns = {
        "row_number": pa.array([1, 2], pa.int64()),
        "Id": pa.array([7.0, 8.0]),
        "At": pa.array([datetime(2026, 1, 1, 10), None], pa.timestamp("ns", "UTC")),
        "Ok": pa.array([True, None]),
        "Where": pa.array(["x", "x"]).dictionary_encode(),
    }
    toml = (
        f'{HEAD}{FILE}[[file.table]]\ntable = "touchpoint"\nid = "Id"\noccurred = "At"\nis_response = "Ok"\n'
        '[file.table.traffic]\nsource = "Where"'
    )
    mapping = m.load_mapping(toml)
    native = pa.RecordBatch.from_pydict(columns)
    result = m.convert(native, rule=mapping.files[0], mapping=mapping, key=KEY, load_id="l1", recorded_at=AT)
    assert result.tables["touchpoint"].select(["source_id", "occurred_at", "is_response"]).to_pylist() == [
        {"source_id": "7", "occurred_at": datetime(2026, 1, 1, 10), "is_response": True}
    ]
    assert problems(result) == [(2, "touchpoint", None, "quarantined", "required_empty")]
    assert whole(result)["traffic"] == [traffic(source="x")]


def test_lists_and_bytes_of_a_parquet_file_are_kept_as_texts() -> None:
    columns = {
        "row_number": pa.array([1], pa.int64()),
        "Id": pa.array(["7"]),
        "Tags": pa.array([["a", "ă"]]),
        "Hash": pa.array([b"\x00\xff"]),
    }
    toml = f'{HEAD}{FILE.replace("none", "all")}[[file.table]]\ntable = "lead"\nid = "Id"'
    mapping = m.load_mapping(toml)
    native = pa.RecordBatch.from_pydict(columns)
    result = m.convert(native, rule=mapping.files[0], mapping=mapping, key=KEY, load_id="l1", recorded_at=AT)
    values = result.tables["attribute"].select(["name", "value"]).to_pylist()
    assert values == [{"name": "Tags", "value": '["a", "ă"]'}, {"name": "Hash", "value": "00ff"}]


PEOPLE = f"""{HEAD}{FILE}
[[file.table]]
table = "person"
id = "E-mail"
email = "E-mail"
[[file.table]]
table = "touchpoint"
occurred = "At"
"""


def test_an_empty_batch_makes_empty_tables() -> None:
    result = convert(PEOPLE, "E-mail,At")
    assert {name: rows.num_rows for name, rows in result.tables.items()} == {
        "person": 0,
        "person_identifier": 0,
        "attribute": 0,
        "touchpoint": 0,
    }
