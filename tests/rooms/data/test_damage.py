"""A damaged file is found beside the pages, said on each of them, and gone from them once it is mended."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from punte.core import clock
from punte.core.jobs.soundness import check_files
from punte.core.jobs.worker import work_until_idle
from punte.home.build import build
from punte.home.folder import Home
from tests.actors import Actors
from tests.home.small import SETTINGS, mapping

SAID = {
    "en": "A file of these data is damaged, so that figures may be wrong.",
    "ro": "Un fișier al acestor date este deteriorat, așa că cifrele pot fi greșite.",
}
PAGES = ("loop:home", "loop:funnel", "data:home", "data:missing")


def looked_through() -> None:
    check_files.using(at=clock.now()).enqueue()
    work_until_idle()


def deals(home: Home) -> Path:
    snapshot = home.lake.current()
    assert snapshot is not None
    return snapshot.paths("deal")[0]


def pages_that_say_so(client: Client, language: str = "en") -> list[str]:
    return [name for name in PAGES if SAID[language] in client.get(reverse(name)).content.decode()]


@pytest.mark.parametrize("language", ["en", "ro"])
def test_every_page_says_that_a_file_is_damaged_until_it_is_mended(
    filled: Home, client: Client, actors: Actors, language: str
) -> None:
    actors.lea.language = language
    actors.lea.save()
    client.force_login(actors.lea)
    looked_through()
    assert pages_that_say_so(client, language) == []

    content = bytearray(deals(filled).read_bytes())
    content[len(content) // 2] ^= 1
    whole = deals(filled).read_bytes()
    assert pages_that_say_so(client, language) == []
    deals(filled).write_bytes(content)
    looked_through()
    assert pages_that_say_so(client, language) == [*PAGES]

    build(filled, [mapping()], at=clock.now(), settings=SETTINGS)
    assert deals(filled).read_bytes() == whole
    assert pages_that_say_so(client, language) == []
    looked_through()
    assert pages_that_say_so(client, language) == []


def test_a_page_whose_data_cannot_be_read_says_what_mends_them(filled: Home, lea: Client) -> None:
    deals(filled).write_bytes(b"PAR1 and nothing else")
    page = lea.get(reverse("loop:home"))
    assert page.status_code == 503
    assert "A file of the data is damaged and cannot be read." in page.content.decode()
    assert "“punte build”, which makes it again" in page.content.decode()


def test_files_are_looked_through_each_hour_and_an_empty_home_is_sound(home: Home, lea: Client) -> None:
    assert check_files.every == timedelta(hours=1)
    looked_through()
    assert "damaged" not in lea.get(reverse("data:home")).content.decode()
