"""Every address for every role: what each gets, in a table that is read by people (``urls_by_role.csv``).

An address that is not in the table fails the build, so none can be added without someone deciding who may use it. The
columns are the people of ``tests/actors.py``; ``anonymous`` is nobody, and Nino's account is closed.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.actors import Actors

TABLE = Path(__file__).with_name("urls_by_role.csv")
WHO = ("anonymous", "marta", "sandro", "vera", "lea", "ada", "nino")
SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Row:
    """One address and method with the status that each person gets."""

    name: str
    method: str
    arguments: str
    statuses: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        return f"{self.method} {self.name}"

    def path(self) -> str:
        return reverse(self.name, kwargs=json.loads(self.arguments or "{}"))


def rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Row(line["name"], line["method"], line["arguments"], tuple((who, int(line[who])) for who in WHO))
            for line in csv.DictReader(file)
        ]


ROWS = rows()


def all_names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The full name of every address that the resolver knows; one without a name gives its pattern."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from all_names(entry, inner)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}" if entry.name else f"without a name: {entry.pattern}"


def client_of(who: str, actors: Actors, **options: Any) -> Client:
    client = Client(**options)
    if who != "anonymous":
        client.force_login(getattr(actors, who))
    return client


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    assert sorted({row.name for row in ROWS}) == sorted(set(all_names(get_resolver())))


def test_no_address_and_method_stands_in_the_table_twice() -> None:
    keys = [(row.name, row.method, row.arguments) for row in ROWS]
    assert len(keys) == len(set(keys))


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_person_gets_what_the_table_says(row: Row, actors: Actors) -> None:
    got = {who: client_of(who, actors).generic(row.method, row.path()).status_code for who, _ in row.statuses}
    assert got == dict(row.statuses)


@pytest.mark.django_db
@pytest.mark.parametrize("row", [row for row in ROWS if row.method not in SAFE], ids=str)
def test_nothing_is_changed_without_the_forms_own_token(row: Row, actors: Actors) -> None:
    answer = client_of("ada", actors, enforce_csrf_checks=True).generic(row.method, row.path())
    assert answer.status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "GET"], ids=str)
def test_a_look_at_a_page_writes_nothing(row: Row, actors: Actors) -> None:
    client = client_of("ada", actors)
    with CaptureQueriesContext(connection) as queries:
        client.get(row.path())
    writes = [
        query["sql"] for query in queries if query["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert [sql for sql in writes if "DJANGO_SESSION" not in sql] == []


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["anonymous", "ada"])
@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "GET"], ids=str)
def test_every_answer_carries_the_headers_that_protect_it(row: Row, who: str, actors: Actors) -> None:
    client = client_of(who, actors)
    answer = client.get(row.path())
    expected = {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    assert {name: answer.headers.get(name) for name in expected} == expected
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == {
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    }
    if who == "ada":
        assert "no-store" in answer.headers["Cache-Control"]
