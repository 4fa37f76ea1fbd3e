"""What the home and the readers say in English is said in the reader's own language too, whole, by its code."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from punte.home.folder import Home
from punte.records.checks import REASONS
from punte.rooms.data.rules import RefusalTold, UnusableTold
from punte.rooms.data.views.said import NOTES, ROWS, UNREADABLE, Said, refusal_said, row_said, unusable_said
from punte.rooms.data.views.words import MENDED_WHILE_READ
from punte.rooms.data.views.words import REASONS as WORDS
from tests.actors import Actors
from tests.home.small import CONTACTS, DEALS
from tests.house import tree
from tests.rooms.data.visits import FOUR, MAPPING, bring, look

GIVEN_BY_HAND = {"bad_separator", "missing", "not_a_file", "unknown_encoding"}
"""Reasons that only the command line can meet: they have a sentence all the same."""


def codes(pattern: str) -> set[str]:
    """Every code that the readers of files give, read from their source."""
    texts = [tree.read(path) for path in tree.source("sources/files/reading")]
    return {code for text in texts for code in re.findall(pattern, text)}


def test_every_reason_why_a_file_is_no_table_has_a_sentence() -> None:
    given = codes(r'Refusal\(\s*"([a-z_]+)"')
    assert given >= GIVEN_BY_HAND
    assert set(UNREADABLE) == given | {"no_mapping"}


def test_every_note_about_reading_has_a_sentence() -> None:
    assert set(NOTES) == codes(r'(?:Note|\.note)\(\s*"([a-z_]+)"')


def test_every_reason_for_which_a_row_is_put_aside_has_a_sentence() -> None:
    unread = codes(r'Fault\(\s*"([a-z_]+)"') | codes(r'return "([a-z_]+)", (?:sentence|f")')
    assert set(ROWS) == set(WORDS) == set(REASONS) | unread | {"no_rule"}


def test_everything_that_is_mended_while_a_file_is_read_has_words() -> None:
    assert set(MENDED_WHILE_READ) | {"stray_quote"} == codes(r'repair(?:ed|s)\["([a-z_]+)"\]')


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (
            RefusalTold(
                "Much is gone.",
                "Confirm it.",
                "TooManyDeletions",
                {"source": "crm", "table": "lead", "n_gone": 21, "n_before": 40},
            ),
            Said(
                "Din cel mai nou export complet din „crm” lipsesc 21 de înregistrări "
                "din cele 40 pe care le avea „Leaduri”."
            ),
        ),
        (
            RefusalTold("The mapping has a mistake in the head: x.", "Write y.", "UnknownMapping", {}),
            Said(
                "Corespondența coloanelor nu poate fi înțeleasă. Corectați-o unde se spune aici:",
                "The mapping has a mistake in the head: x. Write y.",
            ),
        ),
        (RefusalTold("A new one.", "", "NeverHeardOf", {}), Said("", "A new one.")),
    ],
)
def test_a_refusal_is_said_in_romanian_and_in_its_own_words_where_there_are_none(
    refusal: RefusalTold, said: Said
) -> None:
    with translation.override("ro"):
        assert refusal_said(refusal) == said
    with translation.override("en"):
        assert refusal_said(refusal) == Said(f"{refusal.what} {refusal.remedy}".strip())


def test_a_row_quotes_its_cell_beside_the_sentence_only_where_the_sentence_does_not() -> None:
    with translation.override("ro"):
        told = [row_said(reason, "Own words.") for reason in ("bad_number", "id_empty", "never_heard_of")]
    assert told == [
        Said("Celula nu este un număr scris în felul stabilit.", "Own words."),
        Said("Rândul nu are id în sursă, așa că nu ar mai putea fi regăsit."),
        Said("", "Own words."),
    ]


def test_a_file_is_named_in_the_sentence() -> None:
    with translation.override("ro"):
        said = unusable_said(UnusableTold("a.csv", "a.csv is empty (0 bytes).", "empty"))
    assert said == Said("„a.csv” este gol. Exportați datele din nou.")


@pytest.mark.slow
def test_a_romanian_reads_no_english_sentence_about_files_and_rows(home: Home, client: Client, actors: Actors) -> None:
    actors.lea.language = "ro"
    actors.lea.save()
    client.force_login(actors.lea)
    page = look(client, {"deals.csv": DEALS, "empty.csv": ""}, MAPPING).content.decode()
    assert ("„empty.csv” este gol. Exportați datele din nou." in page, "is empty" in page) == (True, False)
    refused = look(client, {"contacts.csv": CONTACTS}, "version = 9").content.decode()
    assert "Corespondența coloanelor nu poate fi înțeleasă." in refused
    bring(client, FOUR, MAPPING)
    rows = client.get("/data/problems").content.decode()
    assert "Celula nu este o dată sau o oră în formatul stabilit." in rows


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "mended: 1 × a date of zeros. The first is row 3:"),
        ("ro", "reparate: 1 × o dată din zerouri. Primul este rândul 3:"),
    ],
)
def test_a_preview_says_why_rows_would_be_mended(
    home: Home, client: Client, actors: Actors, language: str, expected: str
) -> None:
    actors.lea.language = language
    actors.lea.save()
    client.force_login(actors.lea)
    head, first, second = DEALS.splitlines()[:3]
    told = head.split(",").index("closed")
    mended = ",".join("00/00/0000" if at == told else cell for at, cell in enumerate(second.split(",")))
    page = look(client, {"deals.csv": "\n".join((head, first, mended))}, MAPPING).content.decode()
    assert expected in " ".join(page.split()), page
