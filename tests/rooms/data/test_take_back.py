"""Taking imports back and bringing them again."""

from __future__ import annotations

from django.test import Client

from punte.core.audit.models import AuditRow
from punte.core.jobs.worker import work_until_idle
from punte.home.folder import Home
from tests.actors import Actors
from tests.home.small import CONTACTS, DEALS
from tests.rooms.data.visits import MAPPING, bring


def load_of(home: Home, file_name: str) -> str:
    (load,) = [one.id for one in home.raw.loads() if one.file_name == file_name]
    return load


def decide(client: Client, load_id: str, verb: str) -> str:
    """Press a button of the list and let the work be done; gives the page that tells what came of it."""
    answer = client.post(f"/data/imports/{load_id}/{verb}")
    assert answer.url.startswith("/data/work/")
    work_until_idle()
    return client.get(answer.url).content.decode()


def test_taking_back_returns_to_the_state_before_and_bringing_again_to_the_one_after(home: Home, lea: Client) -> None:
    bring(lea, {"contacts.csv": CONTACTS}, MAPPING)
    before = home.lake.current().state
    bring(lea, {"deals.csv": DEALS})
    after = home.lake.current().state
    deals = home.raw.loads()[-1].id

    taken = decide(lea, deals, "take-back")
    assert home.lake.current().state == before
    assert "Taken back. Its rows count no more; they are kept, and can be brought again." in taken
    assert [(one.file_name, one.state) for one in lea.get("/data/").context["page"].imports] == [
        ("deals.csv", "taken_back"),
        ("contacts.csv", "counts"),
    ]

    brought = decide(lea, deals, "bring-again")
    assert home.lake.current().state == after
    assert "Brought again. Its rows count." in brought


def test_while_it_is_worked_on_the_list_says_so(filled: Home, lea: Client) -> None:
    load = load_of(filled, "touches.csv")
    first = lea.post(f"/data/imports/{load}/take-back").url
    again = lea.post(f"/data/imports/{load}/take-back").url

    assert first == again
    assert "being changed" in lea.get("/data/").content.decode()
    assert "<progress" in lea.get(first).content.decode()
    work_until_idle()
    assert "being changed" not in lea.get("/data/").content.decode()


def test_who_may_not_import_may_not_take_back(filled: Home, client: Client, actors: Actors) -> None:
    load, state, n_rows = load_of(filled, "touches.csv"), filled.lake.pointed(), AuditRow.objects.count()
    client.force_login(actors.sandro)
    answers = [client.post(f"/data/imports/{load}/{verb}") for verb in ("take-back", "bring-again")]
    work_until_idle()

    assert [answer.status_code for answer in answers] == [403, 403]
    assert (filled.lake.pointed(), AuditRow.objects.count()) == (state, n_rows)
    page = client.get("/data/").content.decode()
    assert ("contacts.csv" in page, "Take back" in page) == (True, False)


def test_an_import_that_there_is_not_is_not_found(home: Home, lea: Client) -> None:
    assert lea.post("/data/imports/nothing/take-back").status_code == 404
    assert lea.get("/data/work/1").status_code == 404


def test_taking_back_everything_leaves_a_home_without_records(filled: Home, lea: Client) -> None:
    for load in filled.raw.loads():
        lea.post(f"/data/imports/{load.id}/take-back")
    work_until_idle()
    assert filled.lake.current().rows("person") == 0
    assert lea.get("/data/").status_code == 200
    assert lea.get("/data/missing").status_code == 200
