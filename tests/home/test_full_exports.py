"""Full exports: what is absent is gone, with a brake; what changed between two of them is noticed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from punte.errors import TooManyDeletions
from punte.home.build import build
from punte.home.folder import Home
from punte.home.loads import history, take_back
from tests.home.small import AT, MAPPING, SETTINGS, bring, mapping, new_home, select, write

pytestmark = pytest.mark.slow

MONDAY, TUESDAY, WEDNESDAY = (AT + timedelta(days=days) for days in range(3))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path / "home")


def contacts(*numbers: int, status: str = "new") -> str:
    rows = [f"{n},p{n}@acme.ro,RO,{status},2026-01-05 10:00:00" for n in numbers]
    return "\n".join(["id,email,country,status,created", *rows]) + "\n"


def deals(*rows: str) -> str:
    return "\n".join(["id,contact,status,stage,created,closed,amount,currency", *rows]) + "\n"


def persons(home: Home) -> list[int]:
    return sorted(int(i) for (i,) in select(home.lake.current(), "select source_id from {person}"))


def test_a_row_that_a_newer_full_export_lacks_is_gone_and_recorded(home: Home, tmp_path: Path) -> None:
    bring(home, write(tmp_path / "1", contacts=contacts(*range(40))), at=MONDAY)
    report = bring(home, write(tmp_path / "2", contacts=contacts(*range(39))), at=TUESDAY)
    assert persons(home) == list(range(39))
    gone = 'select "table", deleted_source_id, occurred_at, occurred_on::varchar from {record_deletion} order by 1'
    assert select(home.lake.current(), gone) == [
        ("lead", "39", TUESDAY, "2026-03-03"),
        ("person", "39", TUESDAY, "2026-03-03"),
    ]
    assert {table.name: (table.new, table.gone) for table in report.build.tables} == {
        "person": (0, 1),
        "person_identifier": (0, 1),
        "lead": (0, 1),
        "record_deletion": (2, 0),
    }


def test_the_moment_of_a_deletion_stays_that_of_the_first_export_without_the_row(home: Home, tmp_path: Path) -> None:
    for day, n in ((MONDAY, 40), (TUESDAY, 39), (WEDNESDAY, 38)):
        bring(home, write(tmp_path / str(n), contacts=contacts(*range(n))), at=day)
    gone = "select deleted_source_id, occurred_at from {record_deletion} where \"table\" = 'person' order by 1"
    assert select(home.lake.current(), gone) == [("38", WEDNESDAY), ("39", TUESDAY)]


def test_a_row_that_comes_back_stands_again(home: Home, tmp_path: Path) -> None:
    for day, n in ((MONDAY, 40), (TUESDAY, 39), (WEDNESDAY, 40)):
        bring(home, write(tmp_path / day.date().isoformat(), contacts=contacts(*range(n))), at=day)
    assert persons(home) == list(range(40))
    assert select(home.lake.current(), "select count(*) from {record_deletion}") == [(0,)]
    assert [load.recorded_at for load in history(home)] == [MONDAY, TUESDAY, WEDNESDAY]


def test_more_than_a_twentieth_gone_is_refused_until_it_is_confirmed(home: Home, tmp_path: Path) -> None:
    first = bring(home, write(tmp_path / "1", contacts=contacts(*range(40))), at=MONDAY)
    few = write(tmp_path / "2", contacts=contacts(*range(30)))
    refused = r"lacks 10 of 40 rows of \w+ that the export before it had.*confirm the deletions"
    for day in (TUESDAY, WEDNESDAY):
        with pytest.raises(TooManyDeletions, match=refused):
            bring(home, few, at=day)
        assert home.lake.current().id == first.snapshot_id
    assert not build(home, [mapping()], at=WEDNESDAY, settings=SETTINGS).published
    bring(home, few, at=WEDNESDAY + timedelta(days=1), confirm_deletions=True)
    assert persons(home) == list(range(30))
    for path in home.lake.path.rglob("*"):
        if path.is_file():
            path.unlink()
    build(home, [mapping()], at=WEDNESDAY + timedelta(days=2), settings=SETTINGS)
    assert persons(home) == list(range(30))


def test_after_a_refusal_a_whole_export_goes_on_from_the_one_before(home: Home, tmp_path: Path) -> None:
    bring(home, write(tmp_path / "1", contacts=contacts(*range(40))), at=MONDAY)
    with pytest.raises(TooManyDeletions):
        bring(home, write(tmp_path / "2", contacts=contacts(*range(5))), at=TUESDAY)
    report = bring(home, write(tmp_path / "3", contacts=contacts(*range(41))), at=WEDNESDAY)
    assert persons(home) == list(range(41))
    assert {t.name: (t.new, t.gone) for t in report.build.tables}["person"] == (1, 0)


def test_an_export_in_two_files_is_one_set_even_when_one_of_them_did_not_change(home: Home, tmp_path: Path) -> None:
    folder = write(tmp_path / "x", contacts_a=contacts(*range(20)), contacts_b=contacts(*range(20, 40)))
    bring(home, folder, at=MONDAY)
    write(folder, contacts_b=contacts(*range(20, 39)))
    report = bring(home, folder, at=TUESDAY)
    assert persons(home) == list(range(39))
    assert [file.why for file in report.files] == [
        "Already here since 2026-03-02 09:00 UTC; part of this full export.",
        "",
    ]
    assert bring(home, folder, at=WEDNESDAY).load_ids == ()


def test_leaving_out_one_file_of_an_export_is_braked_and_leaves_the_other_as_it_was(home: Home, tmp_path: Path) -> None:
    folder = write(tmp_path / "x", contacts_a=contacts(*range(20)), contacts_b=contacts(*range(20, 40)))
    bring(home, folder, at=MONDAY)
    with pytest.raises(TooManyDeletions, match="lacks 20 of 40"):
        bring(home, folder / "contacts_a.csv", at=TUESDAY)
    assert not build(home, [mapping()], at=WEDNESDAY, settings=SETTINGS).published
    assert persons(home) == list(range(40))


def test_going_back_to_an_earlier_export_is_a_new_state(home: Home, tmp_path: Path) -> None:
    one, two = deals("d1,1,open,Offer,2026-01-20,,10,RON"), deals("d1,1,open,Visit,2026-01-20,,10,RON")
    for day, text in ((MONDAY, one), (TUESDAY, two), (WEDNESDAY, one)):
        bring(home, write(tmp_path / day.date().isoformat(), deals=text), at=day)
    assert select(home.lake.current(), "select stage from {opportunity}") == [("Offer",)]
    events = "select value, not_before_at, not_after_at from {opportunity_event} order by 3"
    assert select(home.lake.current(), events) == [("Visit", MONDAY, TUESDAY), ("Offer", TUESDAY, WEDNESDAY)]


def test_what_changed_of_a_deal_between_two_exports_becomes_events_with_bounds(home: Home, tmp_path: Path) -> None:
    bring(
        home,
        write(tmp_path / "1", deals=deals("d1,1,open,Offer,2026-01-20,,10,RON", "d2,1,open,Offer,2026-01-20,,5,RON")),
        at=MONDAY,
    )
    bring(
        home,
        write(
            tmp_path / "2",
            deals=deals("d1,1,won,Closed,2026-01-20,2026-03-02,12.50,EUR", "d2,1,open,Offer,2026-01-20,,5,RON"),
        ),
        at=TUESDAY,
    )
    events = """
        select o.source_id, subject, value, e.amount, e.currency, basis, e.occurred_at, not_before_at, not_after_at
        from {opportunity_event} e join {opportunity} o on o.record_id = e.opportunity_record_id order by subject
    """
    bounds = ("from_current", TUESDAY, MONDAY, TUESDAY)
    assert select(home.lake.current(), events) == [
        ("d1", "amount", None, 1250, "EUR", *bounds),
        ("d1", "stage", "Closed", None, None, *bounds),
        ("d1", "status", "won", None, None, *bounds),
    ]


def test_a_lead_whose_status_becomes_a_stage_enters_it_between_two_exports(home: Home, tmp_path: Path) -> None:
    for day, status in ((MONDAY, "new"), (TUESDAY, "MQL"), (WEDNESDAY, "sql")):
        bring(home, write(tmp_path / status, contacts=contacts(1, status=status)), at=day)
    bounds = "occurred_at, occurred_on::varchar, not_before_at, not_after_at"
    events = f"select stage, basis, {bounds} from {{stage_event}} order by occurred_at"
    assert select(home.lake.current(), events) == [
        ("mql", "from_current", TUESDAY, "2026-03-03", MONDAY, TUESDAY),
        ("sql", "from_current", WEDNESDAY, "2026-03-04", TUESDAY, WEDNESDAY),
    ]
    assert select(home.lake.current(), "select mql_on::varchar, sql_on::varchar from {cycle}") == [
        ("2026-03-03", "2026-03-04")
    ]


def test_a_stage_told_as_it_is_now_leaves_the_stages_before_it_as_events(home: Home, tmp_path: Path) -> None:
    told = """
[[file.table]]
table = "stage_event"
id = "id"
lead = "id"
stage = "status"
basis = "'from_current'"

[[file]]
name = "deals"
"""
    stages = mapping(MAPPING.replace('\n[[file]]\nname = "deals"\n', told))
    for day, status in ((MONDAY, "lead"), (TUESDAY, "mql"), (WEDNESDAY, "sql")):
        bring(home, write(tmp_path / status, contacts=contacts(1, status=status)), at=day, mappings=[stages])
    events = "select stage, basis, occurred_at, not_before_at, not_after_at from {stage_event} order by stage"
    assert select(home.lake.current(), events) == [
        ("lead", "from_current", None, None, None),
        ("mql", "from_current", TUESDAY, MONDAY, TUESDAY),
        ("sql", "from_current", WEDNESDAY, TUESDAY, WEDNESDAY),
    ]


def test_taking_back_the_newest_export_gives_the_state_of_the_one_before(home: Home, tmp_path: Path) -> None:
    bring(home, write(tmp_path / "1", contacts=contacts(*range(40))), at=MONDAY)
    before = home.lake.current().state
    load_id = bring(home, write(tmp_path / "2", contacts=contacts(*range(39), status="x")), at=TUESDAY).load_ids[0]
    take_back(home, load_id, [mapping()], by="lea", at=WEDNESDAY, settings=SETTINGS)
    assert home.lake.current().state == before


def test_a_source_that_says_what_it_deleted_is_believed_until_the_row_comes_again(home: Home, tmp_path: Path) -> None:
    said = """
[[file]]
name = "deleted"
match = ["deleted*"]
key = ["id"]
[[file.table]]
table = "record_deletion"
id = "id"
of = "'touchpoint'"
deleted_source_id = "id"
occurred = "at"
"""
    telling = mapping(MAPPING + said)
    head = "id,contact,at,channel\n"
    bring(
        home, write(tmp_path / "1", touches=head + "t1,1,2026-01-04,email\nt2,1,2026-01-05,email\n"), mappings=[telling]
    )
    bring(home, write(tmp_path / "2", deleted="id,at\nt1,2026-03-01\n"), at=TUESDAY, mappings=[telling])
    touched = "select source_id from {touchpoint} order by 1"
    assert select(home.lake.current(), touched) == [("t2",)]
    bring(home, write(tmp_path / "3", touches=head + "t1,1,2026-01-04,email\n"), at=WEDNESDAY, mappings=[telling])
    assert select(home.lake.current(), touched) == [("t1",), ("t2",)]


def test_attributes_are_those_of_the_last_export_of_their_record(home: Home, tmp_path: Path) -> None:
    head = "id,email,country,status,created,tier,size\n"
    bring(
        home,
        write(tmp_path / "1", contacts=head + "1,a@x.ro,RO,new,2026-01-05,gold,9\n2,b@x.ro,RO,new,2026-01-05,,7\n"),
        at=MONDAY,
    )
    bring(
        home,
        write(tmp_path / "2", contacts=head + "1,a@x.ro,RO,new,2026-01-05,,8\n2,b@x.ro,RO,new,2026-01-05,,7\n"),
        at=TUESDAY,
    )
    attributes = """
        select p.source_id, a.name, a.value from {attribute} a join {person} p using (record_id) order by 1, 2
    """
    assert select(home.lake.current(), attributes) == [("1", "size", "8"), ("2", "size", "7")]


def test_the_first_import_of_a_record_is_when_it_was_recorded(home: Home, tmp_path: Path) -> None:
    for day, status in ((MONDAY, "new"), (TUESDAY, "warm")):
        bring(home, write(tmp_path / status, contacts=contacts(1, status=status)), at=day)
    rows = "select status, recorded_at, load_id from {lead}"
    assert select(home.lake.current(), rows) == [("warm", MONDAY, history(home)[1].id)]
