"""The rules of the data room, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.rooms.data.rules import Gap, UnusableTold, distinct_names, gaps_from, is_late, outcome_from, safe_name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("deals.csv", "deals.csv"),
        ("Oferte câștigate (T4) 2026.xlsx", "Oferte câștigate (T4) 2026.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\deals.csv", "deals.csv"),
        (".htaccess", "htaccess"),
        ("~$deals.xlsx", "deals.xlsx"),
        ("a\x00b\x1b[31m.csv", "ab[31m.csv"),
        ('con:*?"<>|.csv', "con_______.csv"),
        ("..", "file"),
        ("", "file"),
    ],
)
def test_a_file_keeps_its_name_as_far_as_that_is_safe(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@given(st.text(max_size=400))
def test_no_name_leaves_its_folder_or_is_hidden_or_too_long(name: str) -> None:
    kept = safe_name(name)
    assert kept
    assert kept not in (".", "..")
    assert not kept.startswith(".")
    assert not set("/\\\0") & set(kept)
    assert len(kept.encode()) <= 200


def test_files_of_one_name_stay_apart_and_keep_their_beginning() -> None:
    names = ["deals.csv", "DEALS.csv", "deals.csv", "x/deals.csv", "notes"]
    assert distinct_names(names) == ["deals.csv", "DEALS (2).csv", "deals (3).csv", "deals (4).csv", "notes"]


def test_a_long_name_keeps_its_ending() -> None:
    kept = safe_name("ș" * 300 + ".xlsx")
    assert (kept[-6:], len(kept.encode()) <= 180) == ("ș.xlsx", True)


def test_what_a_job_leaves_behind_is_read_back_whole() -> None:
    file = {
        "name": "deals.csv", "is_used": True, "why": "", "source": "crm", "rule": "deals", "load_id": "1",
        "is_new": True, "rows_in": 5, "skipped": 1, "unread": 1, "good": 2, "repaired": 0, "quarantined": 1,
        "reasons": {"bad_number": 1, "unclosed_quote": 1, "never": 0}, "notes": ["The separator is ';'."],
    }  # fmt: skip
    told = outcome_from(
        {
            "report": {
                "files": [file, file | {"name": "x.csv", "is_used": False, "source": None, "rule": None}],
                "load_ids": ["1"],
                "build": {
                    "tables": [{"name": "deal", "rows": 2, "new": 2, "changed": 0, "unchanged": 0, "gone": 0}],
                    "falls": [],
                    "published": True,
                },
            },
            "refusal": None,
            "deletions": {"what": "Much is gone.", "remedy": "Confirm it."},
            "refused": [{"name": "photo.csv", "sentence": "It is a picture."}],
        }
    )
    assert [(one.name, one.n_aside, one.reasons) for one in told.used] == [
        ("deals.csv", 2, (("bad_number", 1), ("unclosed_quote", 1)))
    ]
    assert (told.deletions.what, told.unusable) == ("Much is gone.", (UnusableTold("photo.csv", "It is a picture."),))
    assert [(one.name, one.new) for one in told.changes] == [("deal", 2)]
    assert (told.brings_anything, told.is_published, told.load_ids) == (True, True, ("1",))


def count(subject: str, reason: str, n: int, n_of: int | None, table: str = "lead") -> dict[str, object]:
    return {"source": "crm", "table": table, "subject": subject, "reason": reason, "n": n, "n_of": n_of}


def test_counts_are_sorted_by_what_a_person_can_do_and_what_is_whole_is_left_out() -> None:
    coverage = [
        count("rows", "in", 10, 10),
        count("rows", "quarantined", 2, 10),
        count("quarantined", "bad_moment", 2, 10),
        count("repaired", "rounded", 1, 10),
        count("person_record_id", "unmatched", 3, 9),
        count("deal", "rate_missing", 1, 4, "opportunity"),
        count("deal", "without_person", 2, 4, "opportunity"),
        count("deal", "without_touch", 0, 4, "opportunity"),
        count("origin", "empty", 5, 9),
        count("identity", "email_shared_by_many", 1, 7, "person"),
        count("history", "stage_missing", 4, 9),
        count("freshness", "days_since_newest", 0, 1),
    ]
    gaps = gaps_from(coverage, [count("origin", "empty", 5, 9) | {"n_before": 1, "n_of_before": 8}])
    told = {name: [(gap.reason, gap.n, gap.n_of) for gap in group] for name, group in vars(gaps).items()}
    assert told == {
        "aside": [("quarantined", 2, 10)],
        "aside_reasons": [("bad_moment", 2, 10)],
        "repaired": [("rounded", 1, 10)],
        "unmatched": [("unmatched", 3, 9)],
        "rates": [("rate_missing", 1, 4)],
        "deals": [("without_person", 2, 4)],
        "origins": [("empty", 5, 9)],
        "identity": [("email_shared_by_many", 1, 7)],
        "history": [("stage_missing", 4, 9)],
        "freshness": [("days_since_newest", 0, 1)],
        "falls": [("empty", 5, 9)],
    }
    assert (gaps.falls[0].n_before, gaps.falls[0].n_of_before) == (1, 8)


@pytest.mark.parametrize(
    ("days", "usual", "late"),
    [(0, 1, False), (2, 1, False), (3, 1, True), (6, 3, False), (7, 3, True), (2, None, False), (3, None, True)],
)
def test_a_source_is_late_beyond_twice_its_rhythm_and_two_days(days: int, usual: int | None, late: bool) -> None:
    assert is_late(Gap("crm", "touchpoint", "freshness", "days_since_newest", days, usual)) is late
