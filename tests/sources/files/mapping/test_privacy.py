"""What tells about a person stays in the private files; identifiers show as hashes."""

from __future__ import annotations

import pytest

from punte.records import ids
from punte.records.tables import TABLES
from punte.sources.files import mapping as m
from tests.sources.files.mapping.drawn import KEY, convert, ref

HEAD = """
version = 1
source = "crm"
zone = "Europe/Bucharest"
currency = "EUR"
"""
FILE = '\n[[file]]\nname = "f"\nmatch = ["*"]\nkeep = "none"\n'


PERSONS = (
    HEAD
    + FILE
    + """
[[file.table]]
table = "person"
id = { from = "E-mail", lower = true }
email = "E-mail"
phone = "Phone"
anonymous_id = "Cookie"
[[file.table]]
table = "touchpoint"
id = ["E-mail", "At"]
person = { from = "E-mail", lower = true }
anonymous = "Cookie"
occurred = "At"
"""
)


def test_a_person_record_gives_an_identifier_row_for_each_thing_that_identifies_it() -> None:
    result = convert(PERSONS, "E-mail,Phone,Cookie,At\nAna@X.ro,0040 (721) 00-11,c1,2026-01-01")
    person = result.tables["person"].column("record_id")[0].as_py()
    rows = result.tables["person_identifier"].select(["person_record_id", "kind", "value_hash"]).to_pylist()
    assert rows == [
        {"person_record_id": person, "kind": kind, "value_hash": ids.identifier_hash(KEY, kind, value)}
        for kind, value in (("email", "ana@x.ro"), ("phone", "407210011"), ("anonymous_id", "c1"))
    ]
    assert result.tables["person_identifier"].schema == TABLES["person_identifier"].whole_schema


def test_a_touch_finds_its_person_and_its_browser_by_their_ids() -> None:
    result = convert(PERSONS, "E-mail,Phone,Cookie,At\nAna@X.ro,,c1,2026-01-01")
    touch = result.tables["touchpoint"].to_pylist()[0]
    assert (
        touch["person_record_id"] == result.tables["person"].column("record_id")[0].as_py() == ref("person", "ana@x.ro")
    )
    assert touch["anonymous_record_id"] == ids.identifier_hash(KEY, "anonymous_id", "c1")


def test_an_id_made_of_something_personal_shows_only_its_hash() -> None:
    result = convert(PERSONS, "E-mail,Phone,Cookie,At\nAna@X.ro,0721,c1,2026-01-01")
    public = [
        str(rows.drop_columns([c.name for c in TABLES[name].columns if c.personal]).to_pylist())
        for name, rows in result.tables.items()
    ]
    assert [word for word in ("ana@x.ro", "Ana@X.ro", "0721") if word in "".join(public)] == []


KEEPING = (
    HEAD
    + """
[[file]]
name = "f"
match = ["*"]
personal = ["Secret"]
public = ["Notes"]
dimensions = ["Status"]
[[file.table]]
table = "lead"
id = "Id"
status = "Status"
sourced_by = "Side"
[[file.table]]
table = "person"
id = "Id"
email = "Mail to"
"""
)


def test_unmapped_columns_become_attributes_and_personal_ones_do_not() -> None:
    header = "Id,Status,Side,Region,Notes,Secret,Phone number,Email opt out,Other,Mail to"
    text = f"{header}\n1,New,sales,East,n,s,0721,yes,at c@d.ro,a@b.ro\n2,,,,,,,,,"
    result = convert(KEEPING, text)
    lead = result.tables["lead"].column("record_id")[0].as_py()
    assert result.tables["attribute"].to_pylist() == [
        {"record_id": lead, "table": "lead", "name": name, "value": value}
        for name, value in (("Status", "New"), ("Region", "East"), ("Notes", "n"), ("Email opt out", "yes"))
    ]
    rule = m.load_mapping(KEEPING).files[0]
    assert m.personal_headers(rule, header.split(",")) == {"Secret", "Phone number", "Mail to"}


PERSONAL = """E-mail,Email Address,MailingStreet,home_phone,Mobile Phone,Phone number,Număr de telefon,IP,OPTIN_IP,Notes
Prenume,Vorname,first_name,First Name,Job title,Deal - Contact person,Deal - Owner,Contact name"""
PUBLIC = """Email Status,Country,Number of emails opened,Company,Campaign name,Deal name,IPO year,HasOptedOutOfEmail
Facebook ads,Lead Source,City,OwnerId,Contact Owner.id,Contact ID"""


@pytest.mark.parametrize("header", PERSONAL.replace("\n", ",").split(","))
def test_an_unmapped_header_that_speaks_of_a_person_is_personal(header: str) -> None:
    assert m.personal_headers(m.FileRule("f"), [header]) == {header}
    assert m.personal_headers(m.FileRule("f", public=(header.upper(),)), [header]) == set()


def test_an_unmapped_header_that_speaks_of_things_is_not_personal() -> None:
    assert m.personal_headers(m.FileRule("f"), PUBLIC.replace("\n", ",").split(",")) == set()
