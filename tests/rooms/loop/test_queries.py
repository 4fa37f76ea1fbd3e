"""What the loop's pages are told, against the drawn company counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from punte.rooms.loop import queries
from punte.rooms.loop.rules import MODELS, OUTCOMES, LoopQuestion, Value
from tests.actors import Actors
from tests.rooms.loop.drawn import IMAGE, SCRIPT

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("at_small_home")]


def by_label(rows: tuple[queries.LoopRow, ...], *names: str) -> dict[str | None, tuple[Any, ...]]:
    return {
        "unattributed" if row.is_unattributed else row.value.text: tuple(getattr(row, name) for name in names)
        for row in rows
    }


def test_rows_hold_what_each_channel_brought_in_minor_units(actors: Actors) -> None:
    page = queries.get_loop_page_for(user=actors.marta, question=LoopQuestion())
    assert by_label(page.rows, "n_leads", "n_won", "revenue", "cost") == {
        "Webinars": (2, 1, 100_000, 10_000),
        "Paid Search": (1, 1, 25_050, 200_000),
        "Direct": (1, 0, 0, None),
        "unattributed": (0, 1, 10_010, None),
    }


def test_rows_total_and_the_deals_themselves_agree_to_the_cent(actors: Actors) -> None:
    page = queries.get_loop_page_for(user=actors.marta, question=LoopQuestion(by="campaign"))
    assert page.total is not None
    assert (sum(row.revenue or 0 for row in page.rows), page.total.revenue) == (135_060, 135_060)
    assert page.in_crm == queries.WonInCrm(revenue=135_060, n_with_vat=0, n_without_vat=0, n_unsaid=3)


def test_a_filter_restricts_rows_total_and_flow_alike(actors: Actors) -> None:
    asked = LoopQuestion(by="campaign").where(channel=Value("Paid Search"))
    page = queries.get_loop_page_for(user=actors.marta, question=asked)
    assert by_label(page.rows, "n_leads", "revenue", "cost") == {IMAGE: (1, 25_050, None), "brand": (0, 0, 200_000)}
    assert page.total is not None
    assert (page.total.n_won, page.total.cost, page.total.median_days_to_won) == (1, 200_000, 35)
    assert {(part.channel.text, part.n_leads, part.revenue) for part in page.flow.parts} == {("Paid Search", 1, 25_050)}


def test_what_has_no_known_touch_is_a_row_that_can_be_asked_for(actors: Actors) -> None:
    asked = LoopQuestion().where(channel=Value(None, True))
    page = queries.get_loop_page_for(user=actors.marta, question=asked)
    assert by_label(page.rows, "n_won", "revenue") == {"unattributed": (1, 10_010)}


def test_the_flow_counts_won_deals_with_a_known_touch_and_leads_behind_each_share(actors: Actors) -> None:
    flow = queries.get_loop_page_for(user=actors.marta, question=LoopQuestion()).flow
    assert (flow.n_won, flow.n_won_known) == (3, 2)
    assert {value.text or "unattributed": counts for value, counts in flow.begun.items()} == {
        "Webinars": (2, 1),
        "Paid Search": (1, 1),
        "Direct": (1, 0),
        "unattributed": (0, 0),
    }


def test_a_filter_by_what_leads_have_of_themselves_restricts_the_flow_too(actors: Actors) -> None:
    page = queries.get_loop_page_for(user=actors.marta, question=LoopQuestion().where(segment=Value("small")))
    assert by_label(page.rows, "n_leads", "n_won") == {"Webinars": (1, 1), "Paid Search": (0, 0)}
    assert (page.flow.unrestricted, page.flow.n_begun, page.flow.n_won) == ((), (1, 1), 1)


def test_a_filter_by_what_only_deals_have_leaves_the_flow_whole_and_says_so(actors: Actors) -> None:
    page = queries.get_loop_page_for(user=actors.marta, question=LoopQuestion().where(kind=Value()))
    assert by_label(page.rows, "n_leads", "n_won")["Webinars"] == (None, 1)
    assert (page.flow.unrestricted, page.flow.n_begun, page.flow.n_won) == (("kind",), (4, 2), 3)


def test_a_period_counts_each_thing_on_its_day_and_knows_the_days_before(actors: Actors) -> None:
    page = queries.get_loop_page_for(user=actors.marta, question=LoopQuestion(period="this-quarter"))
    assert page.total is not None
    assert page.before is not None
    assert (page.basis.days.since, page.basis.days.until) == (date(2026, 7, 1), date(2026, 10, 1))
    assert (page.total.n_won, page.total.n_leads, page.total.cost) == (3, 3, 200_000)
    assert (page.before.n_won, page.before.n_leads, page.before.cost) == (0, 1, 10_000)


def test_every_model_hands_out_exactly_what_was_won(actors: Actors) -> None:
    page = queries.get_models_page_for(user=actors.marta, question=LoopQuestion())
    sums = {model: sum(row.credits[model] or 0 for row in page.rows) for model in MODELS}
    assert sums == dict.fromkeys(MODELS, 135_060)


def test_colleagues_are_told_apart_for_the_lead_of_sales_only(actors: Actors) -> None:
    page = queries.get_loop_page_for(user=actors.lea, question=LoopQuestion(by="owner"))
    assert by_label(page.rows, "n_won", "revenue") == {
        "Radu Stan": (2, 110_010),
        "Ilinca Vlad": (1, 25_050),
        None: (0, 0),
    }
    for person in (actors.marta, actors.sandro, actors.vera, actors.ada):
        with pytest.raises(queries.CannotSeePersonFigures):
            queries.get_loop_page_for(user=person, question=LoopQuestion(by="owner"))


@pytest.mark.parametrize(
    "asked", ["get_models_page_for", "get_table_for", "get_behind_page_for", "get_funnel_page_for"]
)
def test_no_page_lets_a_filter_by_colleague_through(asked: str, actors: Actors) -> None:
    with pytest.raises(queries.CannotSeePersonFigures):
        getattr(queries, asked)(user=actors.marta, question=LoopQuestion().where(owner=Value("Radu Stan")))


@pytest.mark.parametrize(
    ("question", "deals", "n_leads"),
    [
        (LoopQuestion().where(channel=Value("Webinars")), ["Line one"], 2),
        (LoopQuestion(outcome="open").where(channel=Value("Webinars")), ["Line three"], 2),
        (LoopQuestion().where(channel=Value(None, True)), ["By phone"], 0),
        (LoopQuestion().where(account=Value(SCRIPT)), ["Line two"], 1),
        (LoopQuestion().where(segment=Value()), ["By phone"], 2),
        (LoopQuestion(outcome="lost").where(campaign=Value()), ["Line four"], 1),
        (LoopQuestion(since=date(2026, 8, 1), period=""), ["Line two", "By phone"], 1),
    ],
)
def test_behind_a_row_stand_its_deals_and_leads(
    question: LoopQuestion, deals: list[str], n_leads: int, actors: Actors
) -> None:
    page = queries.get_behind_page_for(user=actors.marta, question=question)
    assert ([line.name for line in page.deals], page.n_leads) == (deals, n_leads)


def test_behind_a_row_stands_the_way_of_each_of_its_deals(actors: Actors) -> None:
    page = queries.get_behind_page_for(user=actors.marta, question=LoopQuestion())
    names = {line.deal_id: line.name for line in page.deals}
    assert {names[deal]: [(step.channel, step.n) for step in steps] for deal, steps in page.paths.items()} == {
        "Line one": [("Webinars", 1), ("Direct", 1), ("Paid Search", 1)],
        "Line two": [("Paid Search", 1)],
    }


def test_a_row_says_as_many_deals_as_stand_behind_it(actors: Actors) -> None:
    page = queries.get_loop_page_for(user=actors.marta, question=LoopQuestion(by="campaign"))
    behind = {
        row.value: queries.get_behind_page_for(
            user=actors.marta, question=LoopQuestion().where(campaign=row.value)
        ).n_deals
        for row in page.rows
    }
    assert behind == {row.value: row.n_won for row in page.rows}


def the_deal(actors: Actors, name: str, by: str = "marta") -> queries.DealPage:
    lists = [
        queries.get_behind_page_for(user=actors.marta, question=LoopQuestion(outcome=outcome)).deals
        for outcome in OUTCOMES
    ]
    (deal_id,) = [line.deal_id for lines in lists for line in lines if line.name == name]
    return queries.get_deal_page_for(user=getattr(actors, by), deal_id=deal_id, question=LoopQuestion())


def test_a_deal_tells_what_happened_in_order_with_the_credit_of_each_touch(actors: Actors) -> None:
    page = the_deal(actors, "Line one")
    assert [(event.kind, event.what, event.on.isoformat() if event.on else None) for event in page.events] == [
        ("touch", "webinar", "2026-06-09"),
        ("stage", "mql", "2026-06-11"),
        ("activity", "call", "2026-06-11"),
        ("stage", "sal", "2026-06-12"),
        ("stage", "sql", "2026-06-15"),
        ("deal", "opened", "2026-06-20"),
        ("touch", "session", "2026-06-25"),
        ("touch", "ad_click", "2026-07-19"),
        ("deal", "won", "2026-07-20"),
    ]
    touches = [event.credits for event in page.events if event.kind == "touch"]
    assert [credit["linear"] for credit in touches] == [33_333, 33_333, 33_334]
    assert {model: sum(credit[model] for credit in touches) for model in MODELS} == dict.fromkeys(MODELS, 100_000)


def test_a_deal_without_a_touch_is_unattributed_in_every_model(actors: Actors) -> None:
    page = the_deal(actors, "By phone")
    assert (page.origin, page.unattributed) == ({}, dict.fromkeys(MODELS, 10_010))


def test_a_deal_leads_to_its_row_in_the_file(actors: Actors) -> None:
    (source,) = the_deal(actors, "Line two").sources
    assert (source.source, source.file_name, source.row_number, source.source_id) == ("crm", "deals.csv", 3, "d2")


def test_a_viewer_sees_a_deal_without_the_names_of_its_contacts(actors: Actors) -> None:
    page = the_deal(actors, "Line one", by="vera")
    assert ([person.name for person in page.persons], page.may_see_persons) == ([""], False)
    assert {event.person for event in page.events} == {""}


def test_a_person_is_shown_to_those_who_work_with_leads(actors: Actors) -> None:
    (person,) = the_deal(actors, "Line one").persons
    page = queries.get_person_page_for(user=actors.sandro, person_id=person.person_id)
    assert (page.names, page.emails, page.account) == (("Ana Pop",), ("ana@elmet.example",), "Elmet SRL")
    assert [line.name for line in page.deals] == ["Line one"]
    with pytest.raises(queries.CannotSeePersonalData):
        queries.get_person_page_for(user=actors.vera, person_id=person.person_id)


def test_a_company_gathers_its_leads_deals_and_what_happened(actors: Actors) -> None:
    account_id = the_deal(actors, "Line four").deal.account_id
    page = queries.get_account_page_for(user=actors.marta, account_id=account_id)
    assert page.name == "Optic SA"
    assert {line.name for line in page.deals} == {"Line three", "Line four"}
    assert {line.person for line in page.leads} == {"Dan Ilie", "Eva Rusu"}
    assert ("stage", "rejected", {"reason": "a student", "basis": "observed"}) in [
        (event.kind, event.what, event.words) for event in page.events
    ]


@pytest.mark.parametrize(
    "ask",
    [
        lambda user: queries.get_deal_page_for(user=user, deal_id="none", question=LoopQuestion()),
        lambda user: queries.get_person_page_for(user=user, person_id="none"),
        lambda user: queries.get_account_page_for(user=user, account_id="none"),
    ],
    ids=["deal", "person", "account"],
)
def test_what_is_not_there_is_refused_by_name(ask: Any, actors: Actors) -> None:
    with pytest.raises(queries.NoSuchRecord):
        ask(actors.marta)


def test_the_funnel_counts_those_still_in_a_stage_apart(actors: Actors) -> None:
    page = queries.get_funnel_page_for(user=actors.marta, question=LoopQuestion())
    assert [(line.stage, line.n_reached, line.n_went_on, line.n_left, line.n_in_stage) for line in page.stages] == [
        ("lead", 4, 4, 0, 0),
        ("mql", 4, 4, 0, 0),
        ("sal", 2, 2, 0, 0),
        ("sql", 1, 1, 0, 0),
        ("opportunity", 4, 2, 1, 1),
        ("won", 2, None, None, None),
    ]
    assert page.stays["opportunity"] == ((26, 1), (30, 1))


def test_without_any_import_every_page_says_so(actors: Actors, settings: Any, tmp_path: Path) -> None:
    settings.PUNTE_HOME = tmp_path
    with pytest.raises(queries.NothingImported):
        queries.get_loop_page_for(user=actors.marta, question=LoopQuestion())


def test_figures_are_opened_once_for_many_pages_of_one_snapshot(actors: Actors) -> None:
    from punte.rooms.loop.queries.opened import current_figures

    with current_figures() as first:
        number = id(first.numbers)
    with current_figures() as second:
        assert id(second.numbers) == number


def test_two_requests_at_once_never_share_open_figures(actors: Actors) -> None:
    from punte.rooms.loop.queries.opened import current_figures

    with current_figures() as one, current_figures() as other:
        assert one.numbers is not other.numbers
