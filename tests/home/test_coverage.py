"""How complete the data are: counts that can be counted by hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from punte.home.coverage import Count, falls
from punte.home.folder import Home
from tests.home.small import AT, CONTACTS, MAPPING, bring, everything, mapping, new_home, select, write

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path / "home")


def counts(home: Home, subject: str) -> list[tuple[object, ...]]:
    sql = f"""select "table", reason, n, n_of from {{coverage}} where subject = '{subject}' order by 1, 2"""
    return select(home.lake.current(), sql)


def test_rows_that_came_add_up_to_good_repaired_and_quarantined(home: Home, tmp_path: Path) -> None:
    bring(home, everything(tmp_path / "exports"))
    rows = [row for row in counts(home, "rows") if row[0] == "touchpoint"]
    assert rows == [
        ("touchpoint", "good", 3, 4),
        ("touchpoint", "in", 4, 4),
        ("touchpoint", "quarantined", 1, 4),
        ("touchpoint", "repaired", 0, 4),
        ("touchpoint", "standing", 3, None),
    ]
    assert counts(home, "quarantined") == [("touchpoint", "bad_moment", 1, 4)]


def test_lines_in_another_encoding_than_the_rest_of_their_file_are_counted(home: Home, tmp_path: Path) -> None:
    folder = write(tmp_path / "x", touches="id,contact,at,channel\nt1,1,2026-01-04,Știri\nt2,1,2026-01-04,Ziar\n")
    with (folder / "touches.csv").open("ab") as file:
        file.write("t3,1,2026-01-04,Reţea\n".encode("cp1250"))
    bring(home, folder)
    assert counts(home, "repaired") == [(None, "other_encoding", 1, 3)]


def test_references_that_find_no_row_are_counted_by_column(home: Home, tmp_path: Path) -> None:
    touches = "id,contact,at,channel\nt1,1,2026-01-04,ads\nt2,77,2026-01-04,ads\nt3,,2026-01-04,ads\n"
    bring(home, write(tmp_path / "x", contacts=CONTACTS, touches=touches))
    found = [row for row in counts(home, "person_record_id") if row[0] == "touchpoint"]
    assert found == [("touchpoint", "unmatched", 1, 2)]


def test_deals_that_cannot_be_followed_back_or_valued_are_counted(home: Home, tmp_path: Path) -> None:
    deals = """id,contact,status,stage,created,closed,amount,currency
d1,1,won,Closed,2026-01-20,2026-02-10,10,RON
d2,2,won,Closed,2026-01-20,2026-02-10,10,EUR
d3,,lost,Closed,2026-01-20,2026-02-10,10,RON
d4,3,won,Closed,2026-01-01,2026-01-02,10,RON
"""
    touches = "id,contact,at,channel\nt1,1,2026-01-04,ads\n"
    bring(
        home,
        write(
            tmp_path / "x",
            contacts=CONTACTS.replace("ana@acme.ro,RO,new,2026-01-07", "c@x.ro,RO,new,2026-01-07"),
            deals=deals,
            touches=touches,
        ),
    )
    assert counts(home, "deal") == [
        ("opportunity", "rate_missing", 1, 4),
        ("opportunity", "without_person", 1, 4),
        ("opportunity", "without_touch", 3, 4),
        ("opportunity", "won_before_first_contact", 1, 4),
    ]


def test_a_stage_that_no_event_tells_is_a_gap_in_the_history_of_a_source_that_tells_events(
    home: Home, tmp_path: Path
) -> None:
    events = """
[[file]]
name = "history"
match = ["history*"]
key = ["id"]
[[file.table]]
table = "opportunity_event"
id = "id"
opportunity = "deal"
subject = "'stage'"
value = "stage"
occurred = "at"
"""
    told = "id,deal,stage,at\n1,d1,Closed,2026-02-10\n2,d2,Visit,2026-02-01\n"
    bring(home, write(everything(tmp_path / "x"), history=told), mappings=[mapping(MAPPING + events)])
    assert [row for row in counts(home, "history") if row[0] == "opportunity"] == [
        ("opportunity", "stage_missing", 2, 3)
    ]


def test_rows_of_which_nothing_says_where_they_came_from_are_counted(home: Home, tmp_path: Path) -> None:
    touches = "id,contact,at,channel\nt1,1,2026-01-04,ads\nt2,2,2026-01-04,\n"
    bring(home, write(tmp_path / "x", contacts=CONTACTS, touches=touches))
    assert counts(home, "origin") == [("lead", "empty", 1, 3), ("touchpoint", "empty", 1, 2)]


def test_freshness_sets_the_age_of_the_newest_row_beside_the_usual_gap(home: Home, tmp_path: Path) -> None:
    days = ["2026-02-02", "2026-02-04", "2026-02-06", "2026-02-08", "2026-02-20"]
    rows = "".join(f"t{i},1,{day},ads\n" for i, day in enumerate(days))
    bring(home, write(tmp_path / "x", touches="id,contact,at,channel\n" + rows))
    assert counts(home, "freshness") == [("touchpoint", "days_since_newest", 10, 2)]


def test_an_address_shared_by_many_is_counted_among_the_addresses(home: Home, tmp_path: Path) -> None:
    rows = "".join(f"{i},office@x.ro,RO,new,2026-01-05\n" for i in range(11))
    bring(
        home,
        write(tmp_path / "x", contacts="id,email,country,status,created\n" + rows + "12,b@x.ro,RO,new,2026-01-05\n"),
    )
    assert counts(home, "identity") == [("person", "email_shared_by_many", 1, 2)]


def test_what_is_worse_than_before_is_told_with_both_numbers() -> None:
    before = [
        {"source": "crm", "table": "lead", "subject": "rows", "reason": "standing", "n": 1000, "n_of": None},
        {
            "source": "crm",
            "table": "opportunity_event",
            "subject": "rows",
            "reason": "standing",
            "n": 250,
            "n_of": None,
        },
        {"source": "crm", "table": "deal", "subject": "deal", "reason": "without_touch", "n": 10, "n_of": 100},
        {
            "source": "crm",
            "table": "touchpoint",
            "subject": "freshness",
            "reason": "days_since_newest",
            "n": 1,
            "n_of": 1,
        },
    ]
    now = [
        Count("crm", "lead", "rows", "standing", 999, None),
        Count("crm", "deal", "deal", "without_touch", 12, 101),
        Count("crm", "deal", "deal", "without_person", 1, 101),
        Count("crm", "touchpoint", "freshness", "days_since_newest", 30, 1),
    ]
    told = [(f["table"], f["reason"], f["n_before"], f["n"]) for f in falls(before, now)]
    assert told == [
        ("lead", "standing", 1000, 999),
        ("deal", "without_touch", 10, 12),
        ("opportunity_event", "standing", 250, 0),
    ]


def test_a_missing_history_is_told_within_one_import(home: Home, tmp_path: Path) -> None:
    rows = [f"t{i},1,2026-01-0{i % 9 + 1},ads" for i in range(300)]
    full = mapping(MAPPING.replace('name = "touches"', 'name = "touches"\nmode = "full"'))
    head = "id,contact,at,channel\n"
    bring(home, write(tmp_path / "1", touches=head + "\n".join(rows) + "\n"), mappings=[full])
    fewer = write(tmp_path / "2", touches=head + "\n".join(rows[:50]) + "\n")
    report = bring(home, fewer, at=AT + timedelta(days=1), mappings=[full], confirm_deletions=True)
    assert ("touchpoint", "standing", 300, 50) in {
        (f["table"], f["reason"], f["n_before"], f["n"]) for f in report.build.falls
    }
