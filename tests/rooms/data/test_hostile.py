"""Files that are not what they claim to be are answered with a sentence, and never with a fault."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client

from punte.home.folder import Home
from punte.rooms.data.views.said import UNREADABLE
from tests.home.small import CONTACTS
from tests.rooms.data.visits import MAPPING, look, outcome

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 20
XSS = '<img src=x onerror=alert(1)>,"{{7*7}}"'


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("contacts.csv", b"0" * (80 * 2**20))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("contacts.csv", JPEG, "JPEG"),
        ("contacts.csv", b"", "is empty (0 bytes)"),
        ("contacts.zip", b"PK\x03\x04" + b"\0" * 40, ""),
        ("contacts.xlsx", b"PK\x03\x04not a workbook", ""),
        ("contacts.parquet", b"PAR1" + b"\0" * 30 + b"PAR1", ""),
        ("contacts.pdf", b"%PDF-1.7\n%\xe2\xe3", ""),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_the_readers_own_words(
    home: Home, lea: Client, name: str, content: bytes, said: str
) -> None:
    page = look(lea, {name: content}, MAPPING)
    (one,) = outcome(page).unusable
    assert (page.status_code, one.name, said in one.sentence, one.reason in UNREADABLE) == (200, name, True, True)
    assert outcome(page).used == ()
    assert "Bring these files in" not in page.content.decode()


def test_a_zip_bomb_is_refused_unopened(home: Home, lea: Client) -> None:
    page = look(lea, {"export.zip": bomb()}, MAPPING)
    (one,) = outcome(page).unusable
    assert ("unpack" in one.sentence.lower(), one.reason) == (True, "zip_bomb")


def test_a_good_file_comes_in_beside_one_that_is_no_table(home: Home, lea: Client) -> None:
    page = look(lea, {"contacts.csv": CONTACTS, "deals.csv": JPEG, "old.csv": b""}, MAPPING)
    assert [(file.name, file.good) for file in outcome(page).used] == [("contacts.csv", 6)]
    assert sorted(one.name for one in outcome(page).unusable) == ["deals.csv", "old.csv"]
    assert "1 file of 3 is understood." in page.content.decode()


def test_rows_that_cannot_be_read_are_counted_and_the_others_come_in(home: Home, lea: Client) -> None:
    torn = CONTACTS + '4,"never closed,RO,new,2026-01-08\n' + "5,eve@acme.ro,RO,new,2026-01-09,too,many,cells\n"
    (file,) = outcome(look(lea, {"contacts.csv": torn}, MAPPING)).used
    assert (file.rows_in, file.unread, file.good) == (5, 2, 6)
    assert sum(n for _, n in file.reasons) == 2


def test_a_table_without_rows_brings_nothing_and_says_so(home: Home, lea: Client) -> None:
    page = look(lea, {"contacts.csv": CONTACTS.splitlines()[0] + "\n"}, MAPPING)
    assert (page.status_code, outcome(page).refusal is not None) == (200, True)


def test_nothing_that_a_file_says_is_taken_for_markup(home: Home, lea: Client) -> None:
    name = '"><script>alert(1)</script>.csv'
    page = look(lea, {name: f"id,email\n1,{XSS}\n", "contacts.csv": CONTACTS.replace("RO", XSS)}, MAPPING)
    text = page.content.decode()
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "49" not in [cell for file in page.context["page"].columns for one in file.columns for cell in one.samples]
