"""The declarations of the tables hold together, and the page about them is the one that they make."""

from pathlib import Path

import pytest

from punte.records.columns import SQL, Kind
from punte.records.documents import records_page
from punte.records.tables import CANONICAL, TABLES

PAGE = Path(__file__).parents[2] / "docs" / "records.md"


def test_the_page_about_the_tables_is_made_from_them():
    assert PAGE.read_text(encoding="utf-8") == records_page(), "run: make docs"


def test_every_reference_names_a_table_or_the_browser():
    named = {column.references for table in TABLES.values() for column in table.columns if column.references}
    assert named - set(CANONICAL) == {"anonymous"}


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_columns_have_one_name_a_known_type_and_a_meaning_of_null(table):
    names = [column.name for column in table.columns]
    assert len(names) == len(set(names))
    assert [column for column in table.columns if not column.null or not column.about or column.arrow not in SQL] == []
    assert [name for name in table.key if name not in names] == []


def test_money_stands_beside_a_currency():
    lonely = [
        table.name
        for table in CANONICAL.values()
        if any(field.kind is Kind.MONEY for field in table.fields)
        and not any(field.kind is Kind.CURRENCY for field in table.fields)
    ]
    assert lonely == []


def test_names_mails_and_phones_are_personal_everywhere():
    bare = [
        (table.name, field.name)
        for table in CANONICAL.values()
        for field in table.fields
        if field.name in {"full_name", "first_name", "last_name", "email", "phone", "job_title"} and not field.personal
    ]
    assert bare == []
