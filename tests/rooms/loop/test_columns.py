"""Columns of the sources that nothing maps stand in the chooser of dimensions, where they sort anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from punte.rooms.loop import queries
from punte.rooms.loop.rules import LoopQuestion
from tests.actors import Actors
from tests.rooms.loop import drawn

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LEADS = """Lead,Contact,Company,Opened,Owner,Tier,Caller,Same,Remark
l1,p1,c1,2026-06-10T08:00:00Z,o1,A,Radu Stan,yes,one
l2,p2,c2,2026-07-01T08:00:00Z,o2,B,Ilinca Vlad,yes,two
l3,p3,c3,2026-09-20T08:00:00Z,o1,A,Radu Stan,yes,three
l4,p4,c3,2026-07-02T08:00:00Z,o2,A,Ilinca Vlad,yes,four
"""


@pytest.fixture
def at_home_with_columns(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(drawn.FILES, "leads.csv", LEADS)
    kept = drawn.MAPPING.replace('match = ["leads.csv"]', 'match = ["leads.csv"]\nkeep = "all"')
    monkeypatch.setattr(drawn, "MAPPING", kept)
    settings.PUNTE_HOME = drawn.make_home(tmp_path / "columns")


def test_columns_of_several_values_are_offered_and_those_that_name_colleagues_to_the_lead_of_sales(
    at_home_with_columns: None, actors: Actors
) -> None:
    question = LoopQuestion()
    people = {name: getattr(actors, name) for name in ("marta", "lea")}
    found = {name: queries.get_loop_page_for(user=user, question=question).columns for name, user in people.items()}
    assert found == {
        "marta": ("attribute:Remark", "attribute:Tier"),
        "lea": ("attribute:Caller", "attribute:Remark", "attribute:Tier"),
    }


def test_the_chooser_offers_a_column_and_its_rows_are_those_of_the_column(
    at_home_with_columns: None, client: Client, actors: Actors
) -> None:
    client.force_login(actors.marta)
    page = client.get("/loop/").content.decode()
    assert ("?by=attribute%3ATier" in page, "?by=attribute%3ACaller" in page) == (True, False)
    assert "Columns of your files that nothing maps" in page
    rows = client.get("/loop/?by=attribute:Tier").context["rows"]
    assert [row["label"] for row in rows] == ["A", "B", "Not known"]


def test_figures_by_a_column_that_names_colleagues_are_for_the_lead_of_sales(
    at_home_with_columns: None, client: Client, actors: Actors
) -> None:
    question = LoopQuestion(by="attribute:Caller")
    with pytest.raises(queries.CannotSeePersonFigures):
        queries.get_loop_page_for(user=actors.marta, question=question)
    assert [row.value.text for row in queries.get_loop_page_for(user=actors.lea, question=question).rows] == [
        "Radu Stan",
        "Ilinca Vlad",
        None,
    ]
    client.force_login(actors.marta)
    page = client.get("/loop/?by=attribute:Caller&attribute:Caller=Radu+Stan").content.decode()
    assert ("Figures of single colleagues are seen by the lead of sales only." in page, "Radu Stan" in page) == (
        True,
        False,
    )


def test_a_home_without_such_columns_offers_none(at_small_home: Path, actors: Actors) -> None:
    assert queries.get_models_page_for(user=actors.lea, question=LoopQuestion()).columns == ()
