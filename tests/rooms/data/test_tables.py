"""Tables to be taken away."""

from __future__ import annotations

import csv
import io
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client

from punte.home.folder import Home
from tests.actors import Actors

PERSONAL = {"email", "first_name", "last_name", "full_name", "phone"}


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def rows_of(client: Client, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(client.get(f"/data/tables/{name}.csv")).decode())))


def test_those_who_work_with_leads_get_personal_columns(filled: Home, client: Client, actors: Actors) -> None:
    client.force_login(actors.marta)
    rows = sorted((row["source_id"], row["email"], row["country"]) for row in rows_of(client, "person"))
    assert rows == [("1", "ana@acme.ro", "RO"), ("2", "bob@beta.de", "DE"), ("3", "ana@acme.ro", "RO")]


def test_a_viewer_gets_the_same_rows_without_them(filled: Home, client: Client, actors: Actors) -> None:
    client.force_login(actors.vera)
    rows = rows_of(client, "person")
    assert sorted((row["source_id"], row["country"]) for row in rows) == [("1", "RO"), ("2", "DE"), ("3", "RO")]
    assert PERSONAL & set(rows[0]) == set()
    parquet = content(client.get("/data/tables/person.parquet"))
    assert PERSONAL & set(pq.read_schema(io.BytesIO(parquet)).names) == set()
    assert b"acme" not in parquet


def test_parquet_holds_what_the_csv_holds(filled: Home, lea: Client) -> None:
    table = pq.read_table(io.BytesIO(content(lea.get("/data/tables/opportunity.parquet"))))
    rows = rows_of(lea, "opportunity")
    assert [row["source_id"] for row in rows] == table.column("source_id").to_pylist()
    assert table.column("amount").to_pylist() == [int(row["amount"]) for row in rows]
    assert len(rows) == 4


def test_every_table_that_is_listed_can_be_taken_away(filled: Home, lea: Client) -> None:
    listed = lea.get("/data/").context["page"].standing.tables
    counts = {table.name: table.n_rows for table in listed}
    assert {name: len(rows_of(lea, name)) for name in counts} == counts
    assert len(counts) > 15


@pytest.mark.parametrize("name", ["person_private", "nothing", "traffic2"])
def test_no_other_table_can_be_asked_for(filled: Home, lea: Client, name: str) -> None:
    assert lea.get(f"/data/tables/{name}.csv").status_code == 404
    assert lea.get(f"/data/tables/{name}.parquet").status_code == 404
