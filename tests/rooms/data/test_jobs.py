"""The work behind the pages: waiting for another writer, stopping, clearing away."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from punte.core import clock
from punte.core.jobs.context import JobContext
from punte.core.jobs.lease import Claim
from punte.core.jobs.models import Job
from punte.core.jobs.worker import work_until_idle
from punte.home.folder import Home
from punte.rooms import facts
from punte.rooms.data.jobs import remove_old_uploads
from punte.rooms.data.models import Upload, files_of, folder_of
from punte.rooms.data.rules import IMPORT
from tests.home.small import CONTACTS, DEALS, TOUCHES, write
from tests.rooms.data.visits import MAPPING, outcome, upload


class Stopped(Exception):
    """What a test throws from inside an import."""


def test_while_another_writes_an_import_waits_its_turn_and_is_no_failure(home: Home, lea: Client) -> None:
    address = upload(lea, {"contacts.csv": CONTACTS}, MAPPING).url
    work_until_idle()
    lea.post(f"{address}/import")
    with home.writing("a test"):
        work_until_idle()
        page = lea.get(address)
    assert "Somebody else is writing to these data" in page.content.decode()

    Job.objects.filter(kind=IMPORT).update(not_before=datetime(2026, 1, 1, tzinfo=UTC))
    work_until_idle()
    assert outcome(lea.get(address)).is_published


def test_two_uploads_at_once_both_come_in(home: Home, lea: Client) -> None:
    addresses = [upload(lea, files, MAPPING).url for files in ({"contacts.csv": CONTACTS}, {"deals.csv": DEALS})]
    work_until_idle()
    for address in addresses:
        lea.post(f"{address}/import")
    work_until_idle()
    assert [outcome(lea.get(address)).is_published for address in addresses] == [True, True]
    assert (home.lake.current().rows("person"), home.lake.current().rows("opportunity")) == (3, 3)


@pytest.mark.parametrize("step", ["read", "convert", "derive", "publish"])
def test_an_import_stopped_at_any_step_leaves_nothing_that_a_later_build_would_count(
    filled: Home, tmp_path: Path, step: str
) -> None:
    state, at = filled.lake.current().state, clock.now()
    folder = write(tmp_path / "later", touches=TOUCHES.replace("t1", "t8"))

    def stop(name: str, done: int, total: int | None) -> None:
        if name.startswith(step):
            raise Stopped

    with pytest.raises(Stopped):
        facts.bring_in(filled, [folder / "touches.csv"], given=[], by="ana", at=at, progress=stop)
    facts.let_go(filled, by="ana", at=at)
    facts.rebuild(filled, at=at)
    assert filled.lake.current().state == state


def test_files_that_nobody_imported_are_removed_after_a_day(home: Home, lea: Client) -> None:
    old = upload(lea, {"contacts.csv": CONTACTS}, MAPPING).url.rpartition("/")[2]
    new = upload(lea, {"contacts.csv": CONTACTS}, MAPPING).url.rpartition("/")[2]
    now = Upload.objects.get(key=new).uploaded_at
    Upload.objects.filter(key=old).update(uploaded_at=now - timedelta(hours=25))
    long_ago = (now - timedelta(hours=25)).timestamp()
    os.utime(folder_of(old), (long_ago, long_ago))

    claim = Claim(1, 1, "data.remove_old_uploads", {}, attempt=1, max_attempts=5, requested_by=None)
    assert remove_old_uploads.run(JobContext(claim, now)) == {"n_folders": 1}
    assert (folder_of(old).exists(), len(files_of(new))) == (False, 1)
    assert remove_old_uploads.every == timedelta(hours=1)

    page = lea.post(f"/data/bring/{old}/import")
    assert (page.status_code, "Bring them again." in page.content.decode()) == (410, True)
