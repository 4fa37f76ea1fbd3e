"""Importing: what becomes of files, rows and tables, and that nothing happens twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from punte.errors import NothingUsable, UnknownMapping, UnreadableFile
from punte.home.build import build
from punte.home.folder import Home
from punte.home.loads import bring_again, history, take_back
from punte.home.reports import ImportReport
from punte.sources.files.mapping import Mapping
from punte.sources.files.reading import FoundFile, TableReader
from tests.home.small import (
    AT,
    CONTACTS,
    MAPPING,
    SETTINGS,
    TOUCHES,
    bring,
    everything,
    mapping,
    new_home,
    select,
    write,
)

pytestmark = pytest.mark.slow

LATER = AT + timedelta(days=7)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path / "home")


def counted(report: ImportReport) -> dict[str, tuple[int, int, int, int, int]]:
    """Rows, new, changed, unchanged and gone of each table."""
    return {t.name: (t.rows, t.new, t.changed, t.unchanged, t.gone) for t in report.build.tables}


def whys(report: ImportReport) -> dict[str, str]:
    return {file.name: file.why for file in report.files}


def test_an_import_tells_what_became_of_each_file_and_table(home: Home, tmp_path: Path) -> None:
    folder = write(everything(tmp_path / "exports"), notes="a,b\n1,2\n")
    report = bring(home, folder)
    told = {f.name: (f.is_used, f.rule, f.rows_in, f.good, f.repaired, f.quarantined, f.reasons) for f in report.files}
    assert told == {
        "contacts.csv": (True, "contacts", 3, 6, 0, 0, {}),
        "deals.csv": (True, "deals", 3, 3, 0, 0, {}),
        "notes.csv": (False, None, 0, 0, 0, 0, {}),
        "rates.csv": (True, "rates", 1, 1, 0, 0, {}),
        "touches.csv": (True, "touches", 4, 3, 0, 1, {"bad_moment": 1}),
    }
    assert whys(report)["notes.csv"] == "No mapping speaks of notes.csv."
    assert counted(report) == {
        "person": (3, 3, 0, 0, 0),
        "person_identifier": (3, 3, 0, 0, 0),
        "lead": (3, 3, 0, 0, 0),
        "touchpoint": (3, 3, 0, 0, 0),
        "opportunity": (3, 3, 0, 0, 0),
        "fx_rate": (1, 1, 0, 0, 0),
    }
    assert report.load_ids == tuple(load.id for load in history(home))
    assert report.snapshot_id == home.lake.current().id


def test_what_is_published_is_derived_up_to_the_deals_in_the_reporting_currency(home: Home, tmp_path: Path) -> None:
    bring(home, everything(tmp_path / "exports"))
    current = home.lake.current()
    deals = """
        select o.source_id, d.status, d.amount, d.original_amount, d.original_currency, d.is_rate_missing, t.channel
        from {deal} d join {opportunity} o on o.record_id = d.opportunity_id
        left join {traffic} t on t.traffic_id = d.traffic_id order by 1
    """
    assert select(current, deals) == [
        ("d1", "won", 100050, 100050, "RON", False, "email"),
        ("d2", "open", None, 20000, "EUR", False, "paid"),
        ("d3", "won", 49700, 10000, "EUR", False, "paid"),
    ]
    assert select(current, "select count(distinct person_id) from {person_of}") == [(2,)]
    assert select(current, "select reason, row_number, outcome from {row_problem}") == [
        ("bad_moment", 5, "quarantined")
    ]
    assert select(current, "select count(*) from {journey} where level = 'person'") == [(4,)]


def test_personal_columns_are_published_only_in_companions(home: Home, tmp_path: Path) -> None:
    bring(home, everything(tmp_path / "exports"))
    current = home.lake.current()
    assert select(current, "select email from {person_private} order by 1") == [
        ("ana@acme.ro",),
        ("ana@acme.ro",),
        ("bob@beta.de",),
    ]
    public = [path for table in current.tables for path in current.paths(table)]
    raw = [path for path in home.raw.path.glob("*/*/*.parquet") if "_private" not in path.name]
    assert [path.name for path in (*public, *raw) if b"acme" in path.read_bytes()] == []


def test_the_same_import_twice_publishes_nothing(home: Home, tmp_path: Path) -> None:
    first = bring(home, everything(tmp_path / "exports"))
    again = bring(home, tmp_path / "exports", at=LATER)
    assert (again.snapshot_id, again.load_ids, again.build.published) == (None, (), False)
    assert set(whys(again).values()) == {"Already here since 2026-03-02 09:00 UTC."}
    assert [snapshot.id for snapshot in home.lake.history()] == [first.snapshot_id]
    assert len(history(home)) == 4


def test_the_same_rows_in_other_bytes_publish_nothing(home: Home, tmp_path: Path) -> None:
    first = bring(home, everything(tmp_path / "exports"))
    head, *rows = CONTACTS.splitlines()
    write(tmp_path / "exports", contacts="\n".join([head, *reversed(rows)]))
    again = bring(home, tmp_path / "exports", at=LATER)
    assert (len(again.load_ids), again.snapshot_id) == (1, None)
    assert home.lake.current().id == first.snapshot_id


def test_equal_input_gives_equal_bytes_in_another_home(home: Home, tmp_path: Path) -> None:
    folder = everything(tmp_path / "exports")
    bring(home, folder)
    other = new_home(tmp_path / "other")
    bring(other, folder)
    assert other.lake.current().state == home.lake.current().state


def test_a_corrected_row_supersedes_the_earlier_one_which_stays_in_raw(home: Home, tmp_path: Path) -> None:
    bring(home, everything(tmp_path / "exports"))
    corrected = TOUCHES.replace("t4,1,someday", "t4,1,2026-01-08 12:00:00").replace(
        "t3,3,2026-01-06", "t3,3,2026-01-09"
    )
    report = bring(home, write(tmp_path / "second", touches=corrected), at=LATER)
    assert counted(report)["touchpoint"] == (4, 1, 1, 2, 0)
    touched = "select source_id, occurred_on::varchar, recorded_at::varchar from {touchpoint} order by 1"
    assert select(home.lake.current(), touched) == [
        ("t1", "2026-01-04", "2026-03-02 09:00:00"),
        ("t2", "2026-01-05", "2026-03-02 09:00:00"),
        ("t3", "2026-01-09", "2026-03-02 09:00:00"),
        ("t4", "2026-01-08", "2026-03-09 09:00:00"),
    ]
    raw = [
        row["at"] for load in history(home) if load.rule == "touches" for b in load.batches() for row in b.to_pylist()
    ]
    assert [at for at in raw if at.startswith(("2026-01-06", "2026-01-09", "some"))] == [
        "2026-01-06 08:00:00",
        "someday",
        "2026-01-09 08:00:00",
    ]


def test_taking_an_import_back_gives_the_state_from_before_and_bringing_it_again_the_one_after(
    home: Home, tmp_path: Path
) -> None:
    bring(home, everything(tmp_path / "exports"))
    before = home.lake.current().state
    load_id = bring(
        home, write(tmp_path / "second", touches="id,contact,at,channel\nt9,2,2026-01-09,ads\n"), at=LATER
    ).load_ids[0]
    after = home.lake.current().state
    taken = take_back(home, load_id, [mapping()], by="sandro", at=LATER + timedelta(hours=1), settings=SETTINGS)
    assert (home.lake.current().state, taken.published) == (before, True)
    brought = bring_again(home, load_id, [mapping()], by="sandro", at=LATER + timedelta(hours=2), settings=SETTINGS)
    assert (home.lake.current().state, brought.published) == (after, True)
    assert before != after
    assert [(d.action, d.by) for d in home.raw.load(load_id).decisions] == [
        ("taken_back", "sandro"),
        ("brought_again", "sandro"),
    ]


def test_importing_a_file_that_was_taken_back_brings_it_again(home: Home, tmp_path: Path) -> None:
    bring(home, everything(tmp_path / "exports"))
    touches = next(load.id for load in history(home) if load.rule == "touches")
    take_back(home, touches, [mapping()], by="sandro", at=LATER, settings=SETTINGS)
    assert select(home.lake.current(), "select count(*) from {touchpoint}") == [(0,)]
    report = bring(home, tmp_path / "exports", at=LATER + timedelta(hours=1))
    assert report.load_ids == (touches,)
    assert whys(report)["touches.csv"] == "Brought again; here since 2026-03-02 09:00 UTC."
    assert select(home.lake.current(), "select count(*) from {touchpoint}") == [(3,)]


def test_a_dry_run_tells_the_same_and_writes_nothing_into_the_home(home: Home, tmp_path: Path) -> None:
    bring(home, write(tmp_path / "first", contacts=CONTACTS))
    before = {path: path.stat().st_mtime_ns for path in home.path.rglob("*")}
    folder = everything(tmp_path / "exports")
    dry = bring(home, folder, at=LATER, dry_run=True)
    assert {path: path.stat().st_mtime_ns for path in home.path.rglob("*")} == before
    real = bring(home, folder, at=LATER)
    assert counted(dry) == counted(real)
    assert [(f.name, f.why, f.good, f.quarantined) for f in dry.files] == [
        (f.name, f.why, f.good, f.quarantined) for f in real.files
    ]
    assert (dry.is_dry_run, dry.snapshot_id, real.is_dry_run) == (True, None, False)


def test_a_build_from_raw_gives_what_was_published(home: Home, tmp_path: Path) -> None:
    bring(home, everything(tmp_path / "exports"))
    current = home.lake.current()
    assert not build(home, [mapping()], at=LATER, settings=SETTINGS).published
    for path in current.paths("deal"):
        path.unlink()
    assert not build(home, [mapping()], at=LATER, settings=SETTINGS).published
    current.verify()


def test_an_import_goes_on_from_a_snapshot_that_lost_a_file(home: Home, tmp_path: Path) -> None:
    bring(home, everything(tmp_path / "exports"))
    for path in home.lake.current().paths("touchpoint"):
        path.unlink()
    report = bring(home, write(tmp_path / "more", touches=TOUCHES + "t5,1,2026-01-09,ads\n"), at=LATER)
    assert counted(report)["touchpoint"] == (4, 4, 0, 0, 0)
    home.lake.current().verify()


def test_a_better_mapping_brings_in_what_was_put_aside(home: Home, tmp_path: Path) -> None:
    bring(home, write(tmp_path / "exports", touches=TOUCHES.replace("someday", "09.01.2026")))
    assert select(home.lake.current(), "select count(*) from {touchpoint}") == [(3,)]
    better = mapping(MAPPING.replace('currency = "RON"', 'currency = "RON"\ndates = ["iso", "%d.%m.%Y"]', 1))
    assert build(home, [better], at=LATER, settings=SETTINGS).published
    assert select(home.lake.current(), "select count(*) from {touchpoint}") == [(4,)]
    assert select(home.lake.current(), "select * from {row_problem}") == []


def test_files_of_which_no_row_can_be_used_are_refused_and_held_back(home: Home, tmp_path: Path) -> None:
    first = bring(home, write(tmp_path / "first", contacts=CONTACTS))
    bad = write(tmp_path / "bad", touches="id,contact,at,channel\nt1,1,never,email\nt2,1,,email\n")
    with pytest.raises(
        NothingUsable, match=r"Not one row of 1 file could be used\. touches.csv: .*nothing was published"
    ):
        bring(home, bad, at=LATER)
    assert home.lake.current().id == first.snapshot_id
    assert [(load.rule, load.counts) for load in history(home)] == [("contacts", True), ("touches", False)]
    assert bring(home, write(tmp_path / "good", touches=TOUCHES), at=LATER).build.published


def test_files_that_no_mapping_reads_are_named_and_nothing_is_written(home: Home, tmp_path: Path) -> None:
    with pytest.raises(NothingUsable, match="No mapping speaks of notes.csv"):
        bring(home, write(tmp_path / "exports", notes="a,b\n1,2\n"))
    assert (history(home), home.lake.current()) == ([], None)


def test_a_path_that_does_not_exist_is_named(home: Home, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="nowhere"):
        bring(home, tmp_path / "nowhere")


def test_a_mapping_that_does_not_fit_its_file_leaves_the_home_as_it_was(home: Home, tmp_path: Path) -> None:
    first = bring(home, write(tmp_path / "first", contacts=CONTACTS))
    wrong = mapping(MAPPING.replace('channel = "channel"', 'channel = "kanal"'))
    with pytest.raises(UnknownMapping, match="kanal"):
        bring(home, write(tmp_path / "second", touches=TOUCHES), mappings=[wrong], at=LATER)
    assert home.lake.current().id == first.snapshot_id
    right = bring(home, tmp_path / "second", at=LATER + timedelta(hours=1))
    assert (whys(right)["touches.csv"], right.build.published) == (
        "Brought again; here since 2026-03-09 09:00 UTC.",
        True,
    )


def test_a_source_whose_mapping_is_not_given_is_named(home: Home, tmp_path: Path) -> None:
    bring(home, write(tmp_path / "first", contacts=CONTACTS))
    other = mapping(MAPPING.replace('source = "crm"', 'source = "site"'))
    with pytest.raises(UnknownMapping, match="No mapping is given for crm"):
        bring(home, write(tmp_path / "second", touches=TOUCHES), mappings=[other], at=LATER)


def test_files_that_no_mapping_knows_are_shown_to_who_may_propose_one(home: Home, tmp_path: Path) -> None:
    asked = []

    def propose(unmatched: list[tuple[FoundFile, TableReader]]) -> list[Mapping]:
        asked.extend((found.name, reader.header) for found, reader in unmatched)
        return [mapping(MAPPING.replace('source = "crm"', 'source = "proposed"'))]

    empty = mapping('version = 1\nsource = "crm"\n[[file]]\nname = "x"\nmatch = ["x*"]\nkey = ["id"]\n')
    report = bring(home, write(tmp_path / "exports", touches=TOUCHES), mappings=[empty], propose=propose)
    assert asked == [("touches.csv", ["id", "contact", "at", "channel"])]
    assert [(file.source, file.rule) for file in report.files] == [("proposed", "touches")]


def test_two_files_with_the_same_rows_are_one_import(home: Home, tmp_path: Path) -> None:
    report = bring(home, write(tmp_path / "exports", touches=TOUCHES, touches_copy=TOUCHES))
    assert whys(report) == {"touches.csv": "", "touches_copy.csv": "The same rows as touches.csv."}
    assert len(history(home)) == 1


def test_progress_is_told_step_by_step(home: Home, tmp_path: Path) -> None:
    told: list[str] = []
    bring(home, everything(tmp_path / "exports"), progress=lambda step, done, total: told.append(step))
    steps = list(dict.fromkeys(told))
    reading = [f"read {name}.csv" for name in ("contacts", "deals", "rates", "touches")]
    assert steps == [*reading, "convert", "tables", "derive", "publish"]


def test_a_snapshot_cites_its_loads_its_mapping_and_what_is_worse_than_before(home: Home, tmp_path: Path) -> None:
    bring(home, everything(tmp_path / "exports"))
    manifest = home.lake.current().manifest
    assert manifest["loads"] == [load.id for load in history(home)]
    assert list(manifest["choices"]["mappings"]) == ["crm"]
    assert manifest["choices"]["reporting_currency"] == "RON"
    touches = next(load.id for load in history(home) if load.rule == "touches")
    report = take_back(home, touches, [mapping()], by="lea", at=LATER, settings=SETTINGS)
    fallen = {(f["table"], f["reason"]): (f["n_before"], f["n"]) for f in report.falls}
    assert fallen[("touchpoint", "standing")] == (3, 0)
    assert fallen[("opportunity", "without_touch")] == (0, 3)
    assert list(home.lake.current().manifest["falls"]) == list(report.falls)


STAGES_NOW = """
version = 1
source = "crm"
zone = "Europe/Bucharest"
currency = "RON"

[[file]]
name = "contacts"
match = ["contacts*"]
key = ["id"]
updated_at = "modified"
[[file.table]]
table = "lead"
id = "id"
opened = "created"
[[file.table]]
table = "stage_event"
id = "id"
lead = "id"
stage = "stage"
"""


def test_a_stage_that_no_moment_is_said_of_was_reached_by_the_import_or_the_last_change(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    rows = "id,created,stage,modified\n1,2026-01-05,mql,\n2,2026-01-06,mql,2026-02-01 23:30:00\n"
    for day, folder in enumerate(("monday", "tuesday")):
        files = write(tmp_path / folder, contacts=rows)
        bring(home, files, at=AT + timedelta(days=day), mappings=[mapping(STAGES_NOW)])
    said = "select source_id, occurred_at, not_after_at, not_after_on::varchar, basis from {stage_event} order by 1"
    assert select(home.lake.current(), said) == [
        ("1", None, AT, "2026-03-02", "from_current"),
        ("2", None, datetime(2026, 2, 1, 21, 30), "2026-02-01", "from_current"),
    ]
    reached = "select source_id, mql_on::varchar from {cycle} join {lead} on lead_id = record_id order by 1"
    assert select(home.lake.current(), reached) == [("1", "2026-03-02"), ("2", "2026-02-01")]
