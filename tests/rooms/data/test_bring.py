"""Bringing files in, as a browser does it and the worker finishes it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from punte.core.audit.models import AuditRow
from punte.core.jobs.models import Job
from punte.core.jobs.worker import work_until_idle
from punte.home.folder import Home
from punte.rooms.data.models import Upload
from tests.actors import Actors
from tests.home.small import CONTACTS, DEALS
from tests.rooms.data.visits import FOUR, MAPPING, bring, look, outcome, upload


def without_tokens(page: Any) -> str:
    """A page's text without what differs each time it is sent."""
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", page.content.decode())


def uploads_in(home: Home) -> list[str]:
    folder = home.path / "uploads"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_files_are_kept_in_the_home_and_looked_at_before_anything_comes_in(home: Home, lea: Client) -> None:
    page = look(lea, FOUR, MAPPING)

    key = Upload.objects.get().key
    kept = ["columns.json", *(f"files/{name}" for name in sorted(FOUR)), "mapping.toml", "proposal.toml"]
    assert uploads_in(home) == [f"{key}/{name}" for name in kept]
    assert [(file.name, file.rule, file.rows_in, file.good, file.quarantined) for file in outcome(page).files] == [
        ("contacts.csv", "contacts", 3, 6, 0),
        ("deals.csv", "deals", 3, 3, 0),
        ("rates.csv", "rates", 1, 1, 0),
        ("touches.csv", "touches", 4, 3, 1),
    ]
    assert home.lake.current() is None
    assert home.raw.loads() == []


def test_the_preview_shows_what_each_column_becomes_with_its_first_values(home: Home, lea: Client) -> None:
    page = look(lea, {"contacts.csv": CONTACTS}, MAPPING)

    (file,) = page.context["page"].columns
    told = {one.header: (one.meanings, one.is_personal, one.samples) for one in file.columns}
    assert told == {
        "id": (("person.id", "lead.id", "lead.person"), False, ("1", "2", "3")),
        "email": (("person.email",), True, ("ana@acme.ro", "bob@beta.de")),
        "country": (("person.country",), False, ("RO", "DE")),
        "status": (("lead.status",), False, ("new", "mql")),
        "created": (("lead.opened",), False, ("2026-01-05 10:00:00", "2026-01-06 11:30:00", "2026-01-07")),
    }


def test_what_the_preview_tells_is_what_the_import_does(home: Home, lea: Client) -> None:
    seen = outcome(look(lea, FOUR, MAPPING))
    done = outcome(bring(lea, FOUR, MAPPING))

    assert [vars(file) for file in done.files] == [vars(file) for file in seen.files]
    assert (done.tables, done.falls, done.unusable) == (seen.tables, seen.falls, seen.unusable)
    assert (seen.is_published, done.is_published) == (False, True)


def test_what_was_imported_stands_under_its_persons_name_and_its_files_are_gone(
    home: Home, lea: Client, actors: Actors
) -> None:
    page = bring(lea, FOUR, MAPPING)

    loads = [load.id for load in home.raw.loads()]
    done = Upload.objects.get()
    assert (done.load_ids, done.imported_by, uploads_in(home)) == (loads, actors.lea, [])
    assert "The figures on all pages count them from now on." in page.content.decode()
    listed = lea.get("/data/").context["page"]
    assert [(one.file_name, one.by, one.state) for one in listed.imports] == [
        (name, "Lea", "counts") for name in sorted(FOUR, reverse=True)
    ]


def test_every_step_leaves_its_row_in_the_audit_trail(home: Home, lea: Client) -> None:
    bring(lea, FOUR, MAPPING)
    load = home.raw.loads()[0].id
    lea.post(f"/data/imports/{load}/take-back")
    work_until_idle()

    rows = AuditRow.objects.order_by("position").values_list("action", "by_user__name")
    assert [row for row in rows if row[0].startswith("data.")] == [
        ("data.upload", "Lea"),
        ("data.ask_import", "Lea"),
        ("data.import", "Lea"),
        ("data.ask_taken_back", "Lea"),
        ("data.take_back", "Lea"),
    ]


def test_next_week_the_mapping_is_remembered_and_the_change_is_told(home: Home, lea: Client) -> None:
    bring(lea, FOUR, MAPPING)

    grown = DEALS + "d4,1,open,Offer,2026-03-01 09:00:00,,50,RON\n"
    page = bring(lea, {"deals.csv": grown.replace("d2,2,open", "d2,2,lost")})

    assert [(one.name, one.new, one.changed, one.gone) for one in outcome(page).changes] == [
        ("opportunity", 1, 1, 0),
        ("opportunity_event", 1, 0, 0),
    ]


def test_the_same_files_twice_publish_nothing(home: Home, lea: Client) -> None:
    bring(lea, FOUR, MAPPING)
    before = home.lake.pointed()

    page = look(lea, FOUR)
    assert "Everything in these files is here already; nothing would change." in page.content.decode()
    again = bring(lea, FOUR, MAPPING)

    assert (home.lake.pointed(), outcome(again).is_published, len(home.raw.loads())) == (before, False, 4)
    assert "Everything in these files was here already; nothing has changed." in again.content.decode()


def test_many_deletions_come_in_only_on_somebodys_word(home: Home, lea: Client) -> None:
    rows = "".join(f"d{n},1,open,Offer,2026-02-01 09:00:00,,10,RON\n" for n in range(40))
    header = DEALS.splitlines()[0] + "\n"
    bring(lea, {"deals.csv": header + rows}, MAPPING)
    short = {"deals.csv": header + "".join(rows.splitlines(keepends=True)[:20])}

    address = upload(lea, short).url
    work_until_idle()
    seen = outcome(lea.get(address))
    assert [(one.name, one.gone) for one in seen.changes if one.gone] == [("opportunity", 20)]
    assert "lacks 20 of 40 rows of opportunity" in seen.deletions.what

    refused = lea.post(f"{address}/import")
    assert (refused.status_code, Job.objects.filter(kind="data.import_files").count()) == (422, 1)
    lea.post(f"{address}/import", {"confirms": "yes"})
    work_until_idle()
    assert outcome(lea.get(address)).is_published
    assert home.lake.current().rows("opportunity") == 20


def test_a_file_that_nothing_reads_comes_with_a_proposal_that_can_be_corrected(home: Home, lea: Client) -> None:
    page = look(lea, {"oferte.csv": "nr;client;valoare;data\n1;Elmet SRL;100;2026-01-05\n2;Rota SA;250;2026-01-09\n"})
    proposal = page.context["page"].proposal
    assert proposal.startswith("# A proposal.")
    assert 'source = "oferte"' in proposal
    assert lea.get(f"{page.request['PATH_INFO']}/mapping.toml").content.decode() == proposal

    corrected = """
version = 1
source = "oferte"
zone = "Europe/Bucharest"
currency = "RON"
[[file]]
name = "oferte"
match = ["oferte*"]
key = ["nr"]
[[file.table]]
table = "opportunity"
id = "nr"
name = "client"
status = "'open'"
amount = "valoare"
created = "data"
"""
    address = page.request["PATH_INFO"]
    lea.post(f"{address}/mapping", {"text": corrected})
    work_until_idle()
    seen = outcome(lea.get(address))
    assert [(file.rule, file.good) for file in seen.used] == [("oferte", 2)]
    lea.post(f"{address}/import")
    work_until_idle()
    assert home.lake.current().rows("opportunity") == 2


def test_a_mapping_with_a_mistake_is_told_in_its_own_words(home: Home, lea: Client) -> None:
    page = look(lea, {"contacts.csv": CONTACTS}, MAPPING.replace('table = "person"', 'table = "persons"'))
    assert "persons" in outcome(page).refusal.what
    assert "persons" in page.content.decode()


def test_a_running_preview_is_told_again_each_second_and_without_script_too(home: Home, lea: Client) -> None:
    address = upload(lea, FOUR, MAPPING).url
    whole = without_tokens(lea.get(address))
    part = without_tokens(lea.get(address, headers={"hx-request": "true"}))

    assert f'hx-get="{address}" hx-trigger="every 1s"' in part
    assert part.strip() in whole
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in whole
    work_until_idle()
    assert "hx-get" not in lea.get(address, headers={"hx-request": "true"}).content.decode()


def test_a_stopped_import_leaves_everything_as_it_was(home: Home, lea: Client) -> None:
    address = upload(lea, FOUR, MAPPING).url
    work_until_idle()
    lea.post(f"{address}/import")
    lea.post(f"{address}/stop")
    work_until_idle()

    page = lea.get(address)
    assert "The import was stopped; nothing has changed." in page.content.decode()
    assert (home.raw.loads(), home.lake.current()) == ([], None)
    lea.post(f"{address}/import")
    work_until_idle()
    assert outcome(lea.get(address)).is_published


def test_who_may_not_import_sees_why_and_can_send_nothing(home: Home, client: Client, actors: Actors) -> None:
    client.force_login(actors.marta)
    page = client.get("/data/bring").content.decode()
    assert "Only an admin or the lead of a side brings data in." in page
    assert 'type="file"' not in page

    answer = upload(client, FOUR)
    assert (answer.status_code, uploads_in(home), Upload.objects.count()) == (403, [], 0)


def test_a_file_sent_to_any_other_page_is_not_kept(home: Home, lea: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    lea.post("/theme", {"theme": "dark", "file": SimpleUploadedFile("x.csv", b"a,b\n")})
    assert uploads_in(home) == []


def test_more_than_the_installation_takes_is_refused_and_not_kept(
    home: Home, lea: Client, settings: LazySettings
) -> None:
    settings.PUNTE_UPLOAD_MAX_BYTES = 1000
    answer = upload(lea, {"a.csv": "x" * 600, "b.csv": "y" * 600})
    assert (answer.status_code, uploads_in(home)) == (413, [])
    assert "These files are more than 1,000 bytes together." in answer.content.decode()


def test_an_upload_without_files_is_told_so(home: Home, lea: Client) -> None:
    answer = lea.post("/data/bring")
    assert (answer.status_code, "No file was chosen." in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("verb", ["", "/mapping.toml"])
def test_an_upload_that_there_is_not_is_not_found(home: Home, lea: Client, verb: str) -> None:
    assert lea.get(f"/data/bring/0123{verb}").status_code == 404
