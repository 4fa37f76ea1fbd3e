"""The page that says what is missing, and the rows behind it."""

from __future__ import annotations

import csv
import io

from django.test import Client

from punte.home.folder import Home
from tests.actors import Actors
from tests.home.small import TOUCHES
from tests.rooms.data.visits import bring


def lines(page: object) -> dict[str, list[str]]:
    return {group.name: [line.text for line in group.lines] for group in page.context["groups"]}


def test_every_gap_is_a_sentence_with_its_exact_counts_under_what_can_be_done(filled: Home, lea: Client) -> None:
    assert lines(lea.get("/data/missing")) == {
        "aside": ["2 rows of 5 in “Touches” were put aside."],
        "unmatched": [
            "1 row of 4 in “Opportunities” names a record of “Contacts” that no file brought.",
            "1 opportunity of 4 has no exchange rate for its day: its value is not known.",
        ],
        "deals": [
            "1 opportunity of 4 has no contact.",
            "1 opportunity of 4 has no known touch: its value stays unattributed.",
        ],
        "history": ["1 row of 1 in “Leads” stands at a stage that no event tells: since when is not known."],
    }


def test_the_counts_are_those_of_the_command_line(filled: Home, lea: Client) -> None:
    told = {
        (gap.table, gap.subject, gap.reason): (gap.n, gap.n_of)
        for group in vars(lea.get("/data/missing").context["page"].gaps).values()
        for gap in group
        if gap.n_before is None
    }
    coverage = filled.lake.current().manifest["coverage"]
    kept = {(one["table"], one["subject"], one["reason"]): (one["n"], one["n_of"]) for one in coverage}
    assert told == {key: kept[key] for key in told}
    assert len(told) > 5


def test_the_rows_behind_a_count_are_as_many_as_it_says(filled: Home, lea: Client) -> None:
    group = lea.get("/data/missing").context["groups"][0]
    page = lea.get(group.lines[0].rows_url).context["page"]
    assert [(row.file, row.row_number, row.column, row.reason) for row in page.rows] == [
        ("touches.csv", 5, "at", "bad_moment"),
        ("touches.csv", 6, "at", "bad_moment"),
    ]
    assert (page.n_rows, page.first, page.last, page.n_pages) == (2, 1, 2, 1)


def test_rows_can_be_taken_away_and_no_formula_leaves(filled: Home, lea: Client) -> None:
    answer = lea.get("/data/problems.csv?table=touchpoint")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [(row["row_number"], row["column"], row["outcome"]) for row in rows] == [
        ("5", "at", "quarantined"),
        ("6", "at", "quarantined"),
    ]
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row.values() if cell)


def test_a_page_of_rows_that_there_is_not_gives_the_nearest(filled: Home, lea: Client) -> None:
    for said in ("0", "99", "x", "9" * 30, "-1"):
        assert lea.get(f"/data/problems?page={said}").context["page"].page == 1


def test_a_filter_can_be_taken_off(filled: Home, lea: Client) -> None:
    chips = lea.get("/data/problems?table=touchpoint&reason=bad_moment").context["chips"]
    assert [(chip["label"], chip["value"], chip["remove_url"]) for chip in chips] == [
        ("Table", "Touches", "?reason=bad_moment"),
        ("Reason", "not a date or time", "?table=touchpoint"),
    ]


def test_a_viewer_sees_counts_and_no_rows(filled: Home, client: Client, actors: Actors) -> None:
    client.force_login(actors.vera)
    page = client.get("/data/missing")
    assert "2 rows of 5 in “Touches” were put aside." in page.content.decode()
    assert "/data/problems" not in page.content.decode()
    answers = [client.get(f"/data/{name}") for name in ("problems", "problems.csv")]
    assert [answer.status_code for answer in answers] == [403, 403]


def test_what_has_got_worse_is_warned_of(filled: Home, lea: Client) -> None:
    worse = TOUCHES.splitlines()[0] + "\nt6,1,x,email\nt7,1,y,email\nt8,1,z,email\nt9,1,2026-01-09,email\n"
    page = bring(lea, {"touches.csv": worse})
    said = "5 rows of 9 in “Touches” were put aside. Before it was 2 of 5."
    assert said in [line.text for line in page.context["told"].falls]
    assert said in [line.text for line in lea.get("/data/missing").context["falls"]]


def test_before_anything_came_in_the_page_says_so(home: Home, lea: Client) -> None:
    answers = [lea.get(address) for address in ("/data/", "/data/missing", "/data/problems")]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    first = answers[0].content.decode()
    assert [name in first for name in ("HubSpot", "Pipedrive", "Salesforce", "Zoho CRM")] == [True] * 4
    assert 'type="file"' in first
    assert lea.get("/data/problems.csv").status_code == 404
