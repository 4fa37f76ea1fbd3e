"""Each word that a cell rule may use: what is written in the file, and what it becomes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest

from punte.sources.files.mapping.numbers import currencies_beside
from tests.sources.files.mapping.drawn import convert, problems, ref

HEAD = """
version = 1
source = "crm"
zone = "Europe/Bucharest"
currency = "EUR"
empty = ["", "Select", "n/a"]
"""


def rule(table: str, fields: str, head: str = HEAD) -> str:
    return f'{head}\n[[file]]\nname = "f"\nmatch = ["*"]\nkeep = "none"\n[[file.table]]\ntable = "{table}"\n{fields}\n'


def become(table: str, field: str, written: str, cells: list[str], column: str | None = None) -> list[Any]:
    """The column after reading each of the cells, one row each, by one rule."""
    text = "id,cell,other\n" + "\n".join(f'{number},"{cell}",o{number}' for number, cell in enumerate(cells, 1))
    rest = "status = \"'won'\"" if table == "opportunity" else ""
    result = convert(rule(table, f'id = "id"\n{field} = {written}\n{rest}'), text)
    return result.tables[table].column(column or field).to_pylist()


@pytest.mark.parametrize(
    ("written", "cells", "expected"),
    [
        ('"cell"', [" Ana ", "", "SELECT", "N/A", "\u00a0x\u00a0"], ["Ana", None, None, None, "x"]),
        ('"CELL"', ["a"], ["a"]),
        ("\"'won'\"", ["a", ""], ["won", "won"]),
        ('{ value = "b" }', ["a"], ["b"]),
        ('{ from = "cell" }', ["a"], ["a"]),
        ('{ from = ["cell", "other"] }', ["a", "", "n/a"], ["a", "o2", "o3"]),
        ('{ from = ["absent", "other"] }', ["a"], ["o1"]),
        ('{ from = "cell", empty = ["?", "none"] }', ["?", "NONE", "a", ""], [None, None, "a", None]),
        ('{ from = "cell", lower = true }', ["ȘTEFAN", "a"], ["ștefan", "a"]),
        ('{ from = "cell", map = { "Yes" = "y", "no" = "" } }', ["yes", "YES", "no", "x"], ["y", "y", None, "x"]),
        ('{ from = "cell", map = { "Yes" = "y" }, exact = true }', ["yes", "Yes"], ["yes", "y"]),
        ('{ from = "cell", map = { "a" = "b" }, otherwise = "empty" }', ["a", "c"], ["b", None]),
        ('{ from = "cell", map = { a = "b" }, otherwise = "\'c\'" }', ["a", "x", ""], ["b", "c", None]),
        ('{ from = "cell", default = "none" }', ["a", "", "Select"], ["a", "none", "none"]),
        ('{ from = "cell", map = { a = "" }, default = "d" }', ["a", "b", ""], ["d", "b", "d"]),
        ('{ from = "cell", when = { other = ["o1", "o3"] } }', ["a", "b", ""], ["a", None, None]),
        ('{ from = "cell", when = { other = "o1" }, default = "d" }', ["a", "b"], ["a", "d"]),
        ('{ from = "cell", extract = "([0-9]+)" }', ["ab12cd34", "none", ""], ["12", None, None]),
        ('{ from = "cell", extract = "^(?:x|y)-(.*)$" }', ["x-1", "y-2", "z-3"], ["1", "2", None]),
        ('{ from = "cell", extract = "(a.)", map = { "ab" = "c" } }', ["xab"], ["c"]),
        ('{ join = ["cell", "other"] }', ["a", ""], ["a o1", "o2"]),
        ('{ join = ["cell", "other"], with = " / " }', ["a", ""], ["a / o1", "o2"]),
        ('{ join = ["cell", "cell"] }', ["", "a"], [None, "a a"]),
        ('{ template = "{cell} ({other})" }', ["a", ""], ["a (o1)", "(o2)"]),
        ('{ template = "<{cell}>" }', ["a", ""], ["<a>", None]),
    ],
)
def test_a_text_is_taken_from_the_row_as_the_rule_says(written: str, cells: list[str], expected: list[Any]) -> None:
    assert become("account", "name", written, cells) == expected


@pytest.mark.parametrize(
    ("written", "cells", "expected"),
    [
        ('"cell"', ["1200", "1200.5", "$1,200", "1 200 lei", "(120.00)", "-5", "x", ""],
         [120000, 120050, 120000, 120000, -12000, -500, None, None]),
        ('{ from = "cell", decimal = "," }', ["1.234,50", "1234", "12,5", "1.23"], [123450, 123400, 1250, None]),
        ('{ from = "cell", decimal = ",", thousands = " " }', ["1 234,5", "1.234"], [123450, None]),
        ('{ value = "0" }', ["x"], [0]),
        ('{ from = "cell", map = { "free" = "0" } }', ["Free", "2"], [0, 200]),
    ],
)  # fmt: skip
def test_an_amount_is_exact_in_minor_units(written: str, cells: list[str], expected: list[Any]) -> None:
    assert become("opportunity", "amount", written, cells) == expected


@pytest.mark.parametrize(
    ("words", "cell", "at", "on", "precision"),
    [
        ("", "2026-03-09", "2026-03-08 22:00:00", "2026-03-09", "day"),
        ("", "2026-03-09 00:30", "2026-03-08 22:30:00", "2026-03-09", "second"),
        ("", "2026-03-09T23:30:00Z", "2026-03-09 23:30:00", "2026-03-10", "second"),
        ("", "2026-03-09T10:00:00.1234567+05:30", "2026-03-09 04:30:00.123456", "2026-03-09", "second"),
        ("", "2026-03-09 24:00:00", "2026-03-09 22:00:00", "2026-03-10", "second"),
        ('zone = "UTC"', "2026-03-09 23:30", "2026-03-09 23:30:00", "2026-03-10", "second"),
        ('zone = "UTC"', "2026-03-09", "2026-03-08 22:00:00", "2026-03-09", "day"),
        ('precision = "day"', "2026-03-09 17:00", "2026-03-08 22:00:00", "2026-03-09", "day"),
        ('format = "%d.%m.%Y %H:%M"', "1.3.2026 7:05", "2026-03-01 05:05:00", "2026-03-01", "second"),
        ('format = "%m/%d/%y"', "03/01/26", "2026-02-28 22:00:00", "2026-03-01", "day"),
        ('format = ["%d/%m/%Y", "iso"]', "2026-03-01", "2026-02-28 22:00:00", "2026-03-01", "day"),
        ('format = "%d %B %Y"', "1 martie 2026", "2026-02-28 22:00:00", "2026-03-01", "day"),
        ('format = "%m/%d/%Y %I:%M %p"', "3/15/2024 2:30 PM", "2024-03-15 12:30:00", "2024-03-15", "second"),
        ('format = "excel"', "45631", "2024-12-04 22:00:00", "2024-12-05", "day"),
        ('format = "excel"', "45631.5", "2024-12-05 10:00:00", "2024-12-05", "second"),
        ('format = "excel1904"', "44169", "2024-12-04 22:00:00", "2024-12-05", "day"),
        ('format = "epoch_ms"', "1700000000123", "2023-11-14 22:13:20.123000", "2023-11-15", "second"),
        ('format = "epoch_s"', "1700000000", "2023-11-14 22:13:20", "2023-11-15", "second"),
    ],
)
def test_a_moment_becomes_utc_with_its_local_day(words: str, cell: str, at: str, on: str, precision: str) -> None:
    written = f'{{ from = "cell", {words} }}' if words else '"cell"'
    columns = ("closed_at", "closed_on", "closed_precision")
    read = [str(become("opportunity", "closed", written, [cell], column)[0]) for column in columns]
    assert read == [at, on, precision]


@pytest.mark.parametrize(
    ("field", "written", "cells", "expected"),
    [
        ("is_vat_included", '"cell"', ["Da", "nu", "TRUE", "0", "perhaps", ""], [True, False, True, False, None, None]),
        ("probability", '"cell"', ["0.25", "45%", "2", ""], [0.25, 0.45, None, None]),
        ("probability", '{ from = "cell", percent = true }', ["45", "45%", "100"], [0.45, 0.45, 1.0]),
        ("currency", '"cell"', ["eur", "€", "lei", "", "XYZ"], ["EUR", "EUR", "RON", "EUR", None]),
        ("kind", '"cell"', ["New", "RENEWAL", "gift"], ["new", "renewal", None]),
        ("expected_close", '"cell"', ["2026-03-09", "2026-03-09T23:00:00Z"], [date(2026, 3, 9), date(2026, 3, 10)]),
    ],
)
def test_other_fields_are_read_by_what_they_hold(
    field: str, written: str, cells: list[str], expected: list[Any]
) -> None:
    more = f"{field} = {written}\namount = \"'1'\"" if field == "currency" else f"{field} = {written}"
    text = "id,cell\n" + "\n".join(f'{number},"{cell}"' for number, cell in enumerate(cells, 1))
    result = convert(rule("opportunity", f'id = "id"\nstatus = "\'won\'"\n{more}'), text)
    assert result.tables["opportunity"].column(field).to_pylist() == expected


def test_a_count_is_whole_and_what_is_not_is_reported() -> None:
    result = convert(rule("account", 'id = "id"\nn_employees = "n"'), "id,n\n1,12\n2,12.0\n3,12.5\n4,many\n5,-1")
    assert result.tables["account"].column("n_employees").to_pylist() == [12, 12, None, None, None]
    assert problems(result) == [
        (4, "account", "n", "repaired", "bad_number"),
        (3, "account", "n", "repaired", "bad_number"),
        (5, "account", None, "repaired", "negative_count"),
    ]


def test_a_rate_is_kept_in_billionths() -> None:
    written = 'id = ["day", "base"]\nday = "day"\nbase = "base"\nquote = "\'RON\'"\nrate = "rate"'
    result = convert(rule("fx_rate", written), "day,base,rate\n2026-01-02,EUR,4.9765\n2026-01-02,USD,x")
    assert result.tables["fx_rate"].column("rate").to_pylist() == [4_976_500_000]
    assert problems(result) == [(2, "fx_rate", "rate", "quarantined", "bad_number")]


def test_a_reference_is_the_record_id_of_what_it_names() -> None:
    fields = 'id = "id"\nopportunity = "deal"\nperson = { from = "person", source = "web", lower = true }'
    result = convert(rule("opportunity_person", fields), "id,deal,person\n1,d1,P1\n2,d1,")
    assert result.tables["opportunity_person"].select(["opportunity_record_id", "person_record_id"]).to_pylist() == [
        {"opportunity_record_id": ref("opportunity", "d1"), "person_record_id": ref("person", "p1", "web")}
    ]
    assert problems(result) == [(2, "opportunity_person", None, "quarantined", "required_empty")]


def test_an_id_of_several_parts_cannot_be_mistaken_for_another() -> None:
    result = convert(rule("account", 'id = ["a", "\'x\'", "b"]'), "a,b\np|q,r\np,q|r\np\\,r\n,r\n,")
    assert result.tables["account"].column("source_id").to_pylist() == [
        "p\\|q|x|r",
        "p|x|q\\|r",
        "p\\\\|x|r",
        "|x|r",
        "|x|",
    ]


def test_a_row_whose_id_is_empty_goes_to_quarantine() -> None:
    result = convert(rule("account", 'id = ["a", "b"]'), "a,b,c\n1,2,x\n,,y")
    assert result.tables["account"].column("source_id").to_pylist() == ["1|2"]
    assert problems(result) == [(2, "account", None, "quarantined", "id_empty")]


def test_a_value_that_the_map_must_know_sends_its_row_to_quarantine() -> None:
    fields = 'id = "id"\nname = { from = "n", map = { "a" = "b" }, otherwise = "quarantine" }'
    result = convert(rule("account", fields), "id,n\n1,a\n2,z\n3,")
    assert result.tables["account"].column("name").to_pylist() == ["b", None]
    assert problems(result) == [(2, "account", "n", "quarantined", "unknown_value")]


def test_the_currency_may_stand_in_the_header() -> None:
    fields = """
    id = "id"
    spent = "Day"
    amount = "Amount spent (*)"
    currency = { header = "Amount spent (*)" }
    """
    result = convert(rule("spend", fields), "id,Day,Amount spent (RON)\n1,2026-01-01,12.50")
    assert result.tables["spend"].select(["amount", "currency"]).to_pylist() == [{"amount": 1250, "currency": "RON"}]


def test_a_cell_with_several_values_makes_a_row_of_each() -> None:
    fields = """
    id = ["deal", "persons"]
    opportunity = "deal"
    person = { from = "persons", split = ";" }
    """
    result = convert(rule("opportunity_person", fields), "deal,persons\nd1,8001; 8002\nd2,\nd3,;8003;")
    assert result.tables["opportunity_person"].select(["source_id", "person_record_id", "row_number"]).to_pylist() == [
        {"source_id": "d1|8001", "person_record_id": ref("person", "8001"), "row_number": 1},
        {"source_id": "d1|8002", "person_record_id": ref("person", "8002"), "row_number": 1},
        {"source_id": "d3|8003", "person_record_id": ref("person", "8003"), "row_number": 3},
    ]


def test_one_column_for_each_stage_makes_an_event_of_each_filled_cell() -> None:
    fields = 'lead = "id"\n[file.table.stages]\nmql = "Became MQL"\ncustomer = "Became customer"'
    text = "id,Became MQL,Became customer\n1,2026-01-02,2026-02-03\n2,,\n3,soon,"
    result = convert(rule("stage_event", fields), text)
    columns = ["source_id", "stage", "occurred_on", "row_number"]
    assert result.tables["stage_event"].select(columns).to_pylist() == [
        {"source_id": "1|mql", "stage": "mql", "occurred_on": date(2026, 1, 2), "row_number": 1},
        {"source_id": "3|mql", "stage": "mql", "occurred_on": None, "row_number": 3},
        {"source_id": "1|customer", "stage": "customer", "occurred_on": date(2026, 2, 3), "row_number": 1},
    ]
    assert problems(result) == [(3, "stage_event", "Became MQL", "repaired", "bad_moment")]


def test_a_history_file_gives_stages_by_its_own_words() -> None:
    fields = """
    id = ["contact", "at"]
    when = { "property" = "lifecyclestage" }
    lead = "contact"
    occurred = { from = "at", format = "epoch_ms" }
    stage = { from = "value", map = { "marketingqualifiedlead" = "mql", "salesqualifiedlead" = "sql" } }
    """
    text = """
    contact,property,value,at
    7,lifecyclestage,marketingqualifiedlead,1700000000000
    7,email,x,1700000000001
    7,lifecyclestage,salesqualifiedlead,1700086400000
    7,lifecyclestage,evangelist,1700172800000
    """
    result = convert(rule("stage_event", fields), text)
    assert result.tables["stage_event"].select(["stage", "occurred_at"]).to_pylist() == [
        {"stage": "mql", "occurred_at": datetime(2023, 11, 14, 22, 13, 20)},
        {"stage": "sql", "occurred_at": datetime(2023, 11, 15, 22, 13, 20)},
    ]
    assert problems(result) == [(4, "stage_event", None, "quarantined", "not_one_of")]


@pytest.mark.parametrize(
    ("cell", "default", "currency"),
    [
        ("$1,200", "EUR", "USD"),
        ("$1,200", "CAD", "CAD"),
        ("1.200,50 €", "RON", "EUR"),
        ("USD 1,200", "EUR", "USD"),
        ("1 200 lei", "EUR", "RON"),
        ("12 000,50 zł", "EUR", "PLN"),
        ("(1,200.00)", "EUR", None),
        ("1E+05", "EUR", None),
        ("45%", "EUR", None),
        ("1,200 pieces", "EUR", None),
        ("", "EUR", None),
    ],
)
def test_a_currency_beside_an_amount_is_known(cell: str, default: str, currency: str | None) -> None:
    assert currencies_beside(pa.array([cell], pa.string()), default).to_pylist() == [currency]
