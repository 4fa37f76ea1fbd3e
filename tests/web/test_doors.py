"""The addresses that belong to no room, and the files that every page needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.actors import Actors

pytestmark = pytest.mark.django_db


def test_the_health_check_says_ok_to_anyone_while_choices_can_be_read(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_the_health_check_fails_when_the_database_does_not_answer(client: Client) -> None:
    def no_answer(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> None:
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(no_answer):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"The database does not answer.\n")


def test_a_style_sheet_is_served_to_anyone_and_to_this_site_only(client: Client) -> None:
    answer = client.get("/static/punte/tokens.css")
    answer.close()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, 'text/css; charset="utf-8"')
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_name_that_is_not_ours_is_refused(client: Client) -> None:
    assert client.get("/healthz", headers={"host": "elsewhere.example"}).status_code == 400


def test_an_address_that_does_not_exist_is_one_to_everybody(client: Client, actors: Actors) -> None:
    before = client.get("/no-such-page").status_code
    client.force_login(actors.marta)
    assert (before, client.get("/no-such-page").status_code) == (404, 404)
