"""From rows to records: conditions, lookups, traffic, identifiers, privacy, problems."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from punte.errors import UnknownMapping
from punte.records import ids
from punte.records.tables import TABLES
from punte.sources.files import mapping as m
from tests.sources.files.mapping.drawn import AT, KEY, batch, convert, problems, ref, traffic, whole

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


TOUCHES = (
    HEAD
    + FILE
    + """
[[file.table]]
table = "touchpoint"
id = "Id"
occurred = "At"
[file.table.traffic]
channel = "Channel"
landing_page = "Page"
referrer = "From"
[[file.table]]
table = "lead"
id = "Id"
[file.table.traffic]
channel = "Channel"
DECLARES
"""
)
THREE = "Id,At,Channel,Page,From\n1,2026-01-01,,,\n2,2026-01-01,Ads,https://A.ro/X?e=1#f,https://b.ro/?q=1\n3,2026-01-01,,p1,\n4,2026-01-01,Ads,p1,"


@pytest.mark.parametrize("declares", [False, True])
def test_a_touch_always_has_traffic_and_a_lead_only_where_something_is_declared(declares: bool) -> None:
    result = convert(TOUCHES.replace("DECLARES", "declares = true" if declares else ""), THREE)
    ads, nothing = traffic(channel="Ads"), traffic()
    full = traffic(channel="Ads", landing_page="https://a.ro/X", referrer="https://b.ro/")
    page, both = traffic(landing_page="p1"), traffic(channel="Ads", landing_page="p1")
    of_touches = [row["traffic_id"] for row in (nothing, full, page, both)]
    empty = nothing["traffic_id"] if declares else None
    assert result.tables["touchpoint"].column("traffic_id").to_pylist() == of_touches
    assert result.tables["lead"].column("traffic_id").to_pylist() == [
        empty,
        ads["traffic_id"],
        empty,
        ads["traffic_id"],
    ]
    assert whole(result)["traffic"] == [nothing, full, page, both, ads]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://A.ro/g?utm_source=News&utm_medium=email&utm_campaign=May%20sale&gclid=1",
         {"landing_page": "https://a.ro/g", "source": "News", "medium": "email", "campaign": "May sale"}),
        ("/trial?gclid=1", {"landing_page": "/trial", "source": "google", "medium": "cpc"}),
        ("https://a.ro/?fbclid=1", {"landing_page": "https://a.ro/", "source": "facebook", "medium": "social"}),
        ("https://a.ro/?MSCLKID=1", {"landing_page": "https://a.ro/", "source": "bing", "medium": "cpc"}),
        ("/?li_fat_id=1&utm_term=x", {"landing_page": "/", "source": "linkedin", "medium": "cpc", "term": "x"}),
        ("https://a.ro/?utm_medium=cpc&gclid=1", {"landing_page": "https://a.ro/", "medium": "cpc"}),
        ("https://a.ro/#utm_source=x", {"landing_page": "https://a.ro/"}),
        ("http://[broken/?utm_source=x", {"landing_page": "http://[broken/", "source": "x"}),
        ("", {}),
    ],
)  # fmt: skip
def test_an_address_tells_page_campaign_and_click(address: str, expected: dict[str, str]) -> None:
    fields = 'table = "touchpoint"\nid = "Id"\noccurred = "At"\n[file.table.traffic]\nurl = "Url"'
    toml = f"{HEAD}{FILE}[[file.table]]\n{fields}"
    result = convert(toml, f'Id,At,Url\n1,2026-01-01,"{address}"')
    assert whole(result)["traffic"] == [traffic(**expected)]


def test_what_a_column_says_of_the_campaign_wins_over_the_address() -> None:
    toml = (
        f'{HEAD}{FILE}[[file.table]]\ntable = "touchpoint"\nid = "Id"\noccurred = "At"\n'
        '[file.table.traffic]\nurl = "Url"\nsource = "Source"'
    )
    text = "Id,At,Url,Source\n1,2026-01-01,/p?utm_source=a&utm_medium=b,own\n2,2026-01-01,/p?utm_source=a,"
    assert whole(convert(toml, text))["traffic"] == [
        traffic(source="own", medium="b", landing_page="/p"),
        traffic(source="a", landing_page="/p"),
    ]


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


def test_rows_without_an_id_are_told_apart_by_what_they_say() -> None:
    toml = f'{HEAD}{FILE}[[file.table]]\ntable = "touchpoint"\noccurred = "At"'
    result = convert(toml, "At,What\n2026-01-01,a\n2026-01-01,b\n2026-01-01,a")
    first, second, third = result.tables["touchpoint"].column("record_id").to_pylist()
    assert (first == third, first == second) == (True, False)


def test_the_files_key_is_the_id_where_a_table_names_none() -> None:
    toml = f'{HEAD}{FILE}key = ["A", "B"]\n[[file.table]]\ntable = "lead"'
    assert convert(toml, "A,B\n1,2").tables["lead"].column("source_id").to_pylist() == ["1|2"]


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


def test_an_empty_batch_makes_empty_tables() -> None:
    result = convert(PERSONS, "E-mail,Phone,Cookie,At")
    assert {name: rows.num_rows for name, rows in result.tables.items()} == {
        "person": 0,
        "person_identifier": 0,
        "attribute": 0,
        "touchpoint": 0,
    }
