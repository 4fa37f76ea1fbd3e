"""What may be written in a mapping, what may not, and that it can be written again."""

from __future__ import annotations

from pathlib import Path

import pytest

from punte.errors import UnknownMapping
from punte.sources.files import mapping as m
from punte.sources.files.mapping.headers import Headers, normal, starred
from tests.sources.files.mapping.drawn import batch

REPOSITORY = Path(__file__).resolve().parents[4]
EVERYTHING = """
version = 1
source = "crm"
zone = "Europe/Bucharest"
currency = "RON"
decimal = ","
thousands = " "
dates = ["%d.%m.%Y", "iso"]
empty = ["", "n/a"]

[[file]]
name = "deals"
about = "every deal"
match = ["deals*.csv"]
headers = ["Id", ["Amount (*)", "Value"]]
without = ["Other"]
source = "sales"
mode = "full"
key = ["Id"]
updated_at = { from = "Changed", format = "epoch_ms" }
skip_when = [{ Day = "Total" }, { Id = { filled = false }, Name = { starts_with = ["a", "b"], is_not = "c" } }]
may_lack = ["Changed"]
personal = ["Contact"]
public = ["Notes"]
dimensions = ["Region"]
keep = "none"
zone = "UTC"
currency = "EUR"
decimal = "."
dates = "iso"
empty = ["-"]

[file.also_called]
"Amount (*)" = "Betrag (*)"
Id = ["Nr", "Number"]

[[file.table]]
table = "opportunity"
id = ["Id", "'x'"]
when = { Status = ["Won", "Lost"], Name = { matches = "^a+$" } }
status = { from = "Status", map = { "Won" = "won", "Lost" = "lost" }, otherwise = "quarantine" }
name = { template = "{Name} ({Id})" }
owner = { from = ["Owner", "Rep"], lower = true, source = "hr" }
person = { from = "Contacts", split = ";" }
closed = { from = "Closed", format = ["%d.%m.%Y", "iso"], zone = "Asia/Kolkata", precision = "day" }
created = { from = "Created", when = { Status = "Won" } }
probability = { from = "P", percent = true, decimal = "," }
currency = { header = "Amount (*)" }
pipeline = { join = ["A", "B"], with = "/" }
stage = { from = "Stage", extract = "^([a-z]+)", empty = ["?"], default = "d" }
segment = { from = "Segment", exact = true, map = { a = "b" }, otherwise = "'c'" }

[file.table.amount.sum]
file = "items"
column = "Price"
on = { Id = "Deal" }
missing = "0"
where = { Kind = "sale" }

[file.table.traffic]
channel = "Channel"
url = "Landing"
declares = true

[[file.table]]
table = "record_deletion"
of = "'opportunity'"
deleted_source_id = "Id"
occurred = "Gone"

[[file.table]]
table = "opportunity_event"
opportunity = "Id"

[file.table.stages]
"Sent offer" = "Sent"
Won = { from = "Won on", format = "excel" }

[[file]]
name = "items"
match = ["items*"]
"""


def test_a_mapping_with_every_word_is_the_same_after_it_is_written_and_read_again() -> None:
    mapping = m.load_mapping(EVERYTHING)
    assert m.load_mapping(m.dump_mapping(mapping)) == mapping


@pytest.mark.parametrize("path", sorted((REPOSITORY / "examples").glob("*/mapping.toml")), ids=lambda p: p.parent.name)
def test_each_example_is_the_same_after_it_is_written_and_read_again(path: Path) -> None:
    mapping = m.load_mapping(path.read_text(encoding="utf-8"))
    assert m.load_mapping(m.dump_mapping(mapping)) == mapping


def test_a_mapping_is_written_in_its_shortest_form_with_its_remarks() -> None:
    mapping = m.load_mapping("""
        version = 1
        source = "crm"
        [[file]]
        name = "deals"
        match = "deals*"
        [[file.table]]
        table = "opportunity"
        id = { from = "Id" }
        status = { value = "won" }
        closed = { from = ["Closed"], format = ["iso"] }
    """)
    remarks = (
        m.Remark("Guessed from 3 rows."),
        m.Remark("all of 3 values are ISO dates", "deals", "opportunity", "closed"),
        m.Remark("One deal each.", "deals", "opportunity"),
    )
    whole = m.Mapping(mapping.source, mapping.writing, mapping.files, remarks)
    assert m.dump_mapping(whole) == (
        "# Guessed from 3 rows.\n"
        "version = 1\n"
        'source = "crm"\n'
        'zone = "UTC"\n'
        'decimal = "."\n'
        'dates = "iso"\n'
        'empty = [""]\n'
        "\n"
        "\n"
        "[[file]]\n"
        'name = "deals"\n'
        'match = ["deals*"]\n'
        "\n"
        "# One deal each.\n"
        "[[file.table]]\n"
        'table = "opportunity"\n'
        'id = "Id"\n'
        "status = \"'won'\"\n"
        'closed = { from = "Closed", format = "iso" }  # all of 3 values are ISO dates\n'
    )


@pytest.mark.parametrize(
    ("head", "file", "table", "said"),
    [
        ("version = 2", "", "", "version 2 is not known"),
        ("sorce = 'x'", "", "", "Did you mean 'source'?"),
        ('zone = "Europe/Bucuresti"', "", "", "Write a name such as 'Europe/Bucharest'"),
        ('currency = "euro"', "", "", "Write its code, such as EUR."),
        ('decimal = ";"', "", "", "is no sign in numbers"),
        ('dates = "d.m.Y"', "", "", "the format 'd.m.Y' is not understood"),
        ("", "skip_wen = {}", "", "file 'f': 'skip_wen' is no word of the mapping. Did you mean 'skip_when'?"),
        ("", 'mode = "whole"', "", "'whole' is no value for 'mode'. Use one of: delta, full."),
        ("", 'skip_when = { Day = { equals = "x" } }', "", "'equals' is no question"),
        ("", "skip_when = { Day = 5 }", "", "a condition compares with texts"),
        ("", 'skip_when = { Day = { matches = "(" } }', "", "the pattern is not understood"),
        ("", "key = [1]", "", "file 'f', field 'key': a list of texts is expected"),
        ("", "", 'table = "oportunity"', "Did you mean 'opportunity'"),
        ("", "", 'table = "traffic"', "'traffic' is no table that a mapping can fill"),
        ("", "", 'table = "lead"\nopned = "x"', "'opned' is no field of lead. Did you mean 'opened'"),
        ("", "", 'table = "lead"\nperson = { frm = "x" }', "field 'person': 'frm' is no word for a cell. Did"),
        ("", "", 'table = "lead"\nstatus = { lower = true }', "nothing says where the value is from"),
        ("", "", 'table = "lead"\nstatus = { from = "a", value = "b" }', "'from' and 'value' exclude each other"),
        ("", "", 'table = "lead"\nstatus = { from = "a", format = "iso" }', "'format' is for dates and times"),
        ("", "", 'table = "lead"\nstatus = ["a", "b"]', "a list alone does not say what to do"),
        ("", "", 'table = "lead"\nstatus = { from = "a", otherwise = "keep" }', "'otherwise' goes with 'map'"),
        ("", "", 'table = "lead"\nstatus = { from = "a", extract = "a+" }', "has 0 groups in brackets"),
        ("", "", 'table = "lead"\nstatus = { template = "a" }', "the template names no header"),
        ("", "", "table = \"lead\"\nid = [\"'a'\"]", "an id of constants only"),
        ("", "", 'table = "lead"\nstages = { mql = "x" }', "lead has no stages"),
        ("", "", 'table = "stage_event"\nlead = "a"\nstages = { mlq = "x" }', "'mlq' is no stage. Did you mean 'mql'"),
        ("", "", 'table = "stage_event"\nlead = "a"\nstage = "b"\nstages = { mql = "x" }', "the stages say this"),
        ("", "", 'table = "person"\ntraffic = { channel = "x" }', "person has no traffic"),
        ("", "", 'table = "opportunity"\nname = "x"', "'status' is not mapped, and no row is usable without it"),
        ("", "", 'table = "lead"\nstatus = { count = { file = "g", on = { a = "b" } } }', "'g' is no file of"),
        ("", "", 'table = "lead"\nstatus = { sum = { file = "f" } }', "'sum' needs file, column and on"),
        ("", "", 'table = "lead"\nperson = { from = ["a", "b"], split = ";" }', "'split' goes with one header"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place_and_a_remedy(head: str, file: str, table: str, said: str) -> None:
    head = head if head.startswith(("version", "sorce")) else f'version = 1\nsource = "crm"\n{head}'
    part = f"[[file.table]]\n{table}" if table else ""
    with pytest.raises(UnknownMapping) as caught:
        m.load_mapping(f'{head}\n[[file]]\nname = "f"\nmatch = "*"\n{file}\n{part}')
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version = ", "The mapping is not valid TOML"),
        ("version = 1", "'source' is missing"),
        ('version = 1\nsource = "a"\n[[file]]\nname = "f"', "nothing says which files are meant"),
        ('version = 1\nsource = "a"\n[[file]]\nmatch = "*"', "file 'number 1', field 'name': 'name' is missing"),
        ('version = 1\nsource = "a"' + '\n[[file]]\nname = "f"\nmatch = "*"' * 2, "two files have this name"),
    ],
)
def test_a_mapping_without_its_bones_is_refused(text: str, said: str) -> None:
    with pytest.raises(UnknownMapping) as caught:
        m.load_mapping(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("wanted", "header"),
    [
        ("First name", "FIRST\u00a0 NAME"),
        ("Țara", "Ţara"),
        ("Oraş", "oras"),
        ("Person - Name", "\ufeffPerson - Name*"),
        ("Amount spent (*)", "Amount Spent (EUR)"),
        ("المبلغ الذي تم إنفاقه (*)", "المبلغ الذي تم إنفاقه (EGP)"),
    ],
)
def test_a_header_is_found_though_it_is_written_a_little_differently(wanted: str, header: str) -> None:
    assert Headers(["x", header]).find(wanted) == header


def test_the_exact_spelling_of_a_header_wins() -> None:
    assert [Headers(["email", "Email"]).find(name) for name in ("Email", "EMAIL", "mail")] == ["Email", "email", None]


def test_what_stands_under_the_star_is_found() -> None:
    assert starred("Amount spent (*)", "amount spent (eur)") == "EUR"
    assert starred("Amount spent (*)", "Amount spent") is None
    assert normal("  A\t b*") == "a b"


RULES = """
version = 1
source = "crm"
[[file]]
name = "march"
match = ["Deals-2026-03*"]
[[file]]
name = "deals"
match = ["deals*.csv"]
headers = ["Id", ["Amount", "Value"]]
[[file]]
name = "by headers"
headers = ["Lead Id"]
without = ["version"]
"""


@pytest.mark.parametrize(
    ("file", "header", "rule"),
    [
        ("DEALS-2026-03-01.csv", ["x"], "march"),
        ("in/deals.csv", ["id", "value"], "deals"),
        ("other.csv", ["LEAD ID"], "by headers"),
        ("other.csv", ["LEAD ID", "Version"], None),
        ("other.csv", ["x"], None),
    ],
)
def test_a_file_falls_under_the_first_rule_that_fits(file: str, header: list[str], rule: str | None) -> None:
    found = m.rule_for(m.load_mapping(RULES), file, header)
    assert (found.name if found else None) == rule


def test_a_file_known_by_name_that_lacks_its_headers_is_refused() -> None:
    with pytest.raises(UnknownMapping) as caught:
        m.rule_for(m.load_mapping(RULES), "deals.csv", ["Id", "Amout"])
    assert "'deals.csv' has no column 'Amount'" in str(caught.value)
    assert "Did you mean 'Amout'?" in str(caught.value)


def test_a_column_that_the_file_lacks_is_named_with_the_nearest_one() -> None:
    mapping = m.load_mapping(
        'version = 1\nsource = "crm"\n[[file]]\nname = "f"\nmatch = "*"\n[[file.table]]\ntable = "lead"\nid = "Lead ID"'
        '\nstatus = "Staus"'
    )
    with pytest.raises(UnknownMapping) as caught:
        m.convert(
            batch("Lead ID,Status\n1,a"),
            rule=mapping.files[0],
            mapping=mapping,
            key=b"k",
            load_id="l",
            recorded_at=None,
        )
    assert str(caught.value) == (
        "The mapping has a mistake in file 'f', table 'lead', field 'status': the file has no column 'Staus'. "
        "Did you mean 'Status'?"
    )
