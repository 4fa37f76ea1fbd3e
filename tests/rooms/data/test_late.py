"""Data that are later than their source's rhythm: the loudest line of every page that rests on them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from punte.core import clock
from punte.home.folder import Home
from punte.web import formats
from tests.actors import Actors
from tests.home import small

pytestmark = pytest.mark.slow
PAGES = ("/loop/", "/loop/models", "/loop/funnel", "/loop/behind", "/data/", "/data/missing")


@pytest.fixture(autouse=True)
def real_company(settings: LazySettings) -> None:
    """The company of these tests is not an invented one."""
    settings.PUNTE_IS_DEMO = False


def bring_touches(home: Home, folder: Path, *, n_days_ago: int) -> date:
    """Twenty days of touches, the newest so many days before today, brought in on that day; gives the newest day."""
    newest_on = timezone.localdate(clock.now()) - timedelta(days=n_days_ago)
    days = [newest_on - timedelta(days=number) for number in range(20)]
    rows = "".join(f"t{number},1,{day.isoformat()},ads\n" for number, day in enumerate(days))
    files = small.write(folder / "late", contacts=small.CONTACTS, touches="id,contact,at,channel\n" + rows)
    small.bring(home, files, at=(clock.now() - timedelta(days=n_days_ago)).replace(tzinfo=None))
    return newest_on


def late_lines(client: Client) -> dict[str, list[str]]:
    """What stands in the loudest line of each page, as HTML."""
    pattern = re.compile(r'<p class="under-title is-late"><span>(.*?)</span></p>')
    return {page: pattern.findall(client.get(page).content.decode()) for page in PAGES}


def test_every_page_says_aloud_since_when_nothing_new_has_come(home: Home, tmp_path: Path, lea: Client) -> None:
    newest_on = bring_touches(home, tmp_path, n_days_ago=30)
    day = f"{formats.weekday(newest_on)}, {formats.day(newest_on)}"
    said = f"Nothing new from crm since {day}. Usually something comes every day."
    assert late_lines(lea) == dict.fromkeys(PAGES, [f'{said} <a href="/data/bring">Bring the new files</a>'])


def test_who_may_not_bring_files_is_told_without_being_sent_for_them(
    home: Home, tmp_path: Path, client: Client, actors: Actors
) -> None:
    bring_touches(home, tmp_path, n_days_ago=30)
    client.force_login(actors.vera)
    assert [line.endswith("Usually something comes every day.") for line in late_lines(client)["/loop/"]] == [True]


def test_no_page_says_it_while_the_data_are_in_time(home: Home, tmp_path: Path, lea: Client) -> None:
    bring_touches(home, tmp_path, n_days_ago=1)
    assert late_lines(lea) == dict.fromkeys(PAGES, [])


def test_an_invented_company_has_no_tomorrow_to_be_late_for(
    home: Home, tmp_path: Path, lea: Client, settings: LazySettings
) -> None:
    bring_touches(home, tmp_path, n_days_ago=30)
    settings.PUNTE_IS_DEMO = True
    assert late_lines(lea) == dict.fromkeys(PAGES, [])
