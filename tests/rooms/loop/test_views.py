"""The pages of the loop as a browser meets them."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polib
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from punte.rooms.loop import queries
from punte.rooms.loop.rules import LoopQuestion
from punte.rooms.loop.views import sentences
from punte.rooms.loop.views.behind import path_words
from punte.rooms.numbers import open_home
from punte.web import formats
from tests.actors import Actors
from tests.house import tree
from tests.rooms.loop.drawn import BRACES, IMAGE, SCRIPT, make_home

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LISTS = ("loop:home", "loop:models", "loop:funnel", "loop:behind")


class Page(HTMLParser):
    """The texts of a page, its tags, and the attributes that run or style something."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.odd: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.odd += [f"{name}={value}" for name, value in attrs if name.startswith("on") or name == "style"]

    def handle_data(self, data: str) -> None:
        self.texts += [" ".join(data.split())] if data.strip() else []


def look(client: Client, address: str, status: int = 200, **headers: Any) -> Page:
    answer = client.get(address, **headers)
    assert answer.status_code == status
    return Page(answer.content.decode())


@pytest.fixture
def marta(client: Client, actors: Actors) -> Client:
    client.force_login(actors.marta)
    return client


def addresses(actors: Actors) -> list[str]:
    """Pages of every kind that shows data, filled, with the names that want to be code on them."""
    lines = queries.get_behind_page_for(user=actors.lea, question=LoopQuestion()).deals
    hostile, by_phone = [[line for line in lines if line.name == name][0] for name in ("Line two", "By phone")]
    leads = queries.get_behind_page_for(user=actors.lea, question=LoopQuestion()).leads or ()
    (bob,) = [line for line in leads if line.person == BRACES]
    return [
        *(f"{reverse(name)}?by=campaign&period=this-quarter" for name in LISTS),
        *(reverse("loop:deal", kwargs={"deal_id": line.deal_id}) for line in (hostile, by_phone)),
        reverse("loop:account", kwargs={"account_id": hostile.account_id}),
        reverse("loop:person", kwargs={"person_id": bob.person_id}),
    ]


def test_the_total_on_the_page_is_that_of_the_figures_and_says_so(marta: Client, at_small_home: Path) -> None:
    page = look(marta, reverse("loop:home"))
    with open_home(at_small_home) as numbers:
        (whole,) = numbers.engine.to_arrow(numbers.loop(by=())).to_pylist()
    assert formats.money_number(int(whole["revenue"] * 100), "EUR", cents=True) == "1,350.60"
    assert "1,350.60" in page.texts
    assert "The rows sum to 1,350.60 EUR.".replace(" EUR", "\u00a0EUR") in [
        text.replace(" EUR", "\u00a0EUR") for text in page.texts
    ]
    assert "This is the won value of the CRM, to the cent." in page.texts


def test_the_sentence_says_what_was_won_and_what_cost_more_than_it_brought(marta: Client, at_small_home: Path) -> None:
    page = look(marta, f"{reverse('loop:home')}?by=campaign")
    (story,) = [text for text in page.texts if " until now, " in text]
    assert story.replace(formats.NBSP, " ") == (
        "From 5 Jun 2026 until now, 3 opportunities were won (1,351 EUR). "
        "brand has so far cost more than it brought: 2,000 EUR against 0 EUR."
    )


def test_a_share_of_few_cases_is_counted_out(marta: Client, at_small_home: Path) -> None:
    assert {"1 of 2", "1 of 1", "0 of 1"} <= set(look(marta, reverse("loop:home")).texts)


def test_a_deal_is_two_clicks_from_the_table(marta: Client, at_small_home: Path) -> None:
    table = look(marta, reverse("loop:home"))
    (row,) = {link for link in table.links if link.startswith(f"{reverse('loop:behind')}?channel=Webinars")}
    (deal,) = {link for link in look(marta, row).links if link.startswith("/loop/deal/")}
    assert "Line one" in look(marta, deal).texts


def test_an_unknown_word_is_said_and_the_page_is_shown_all_the_same(marta: Client, at_small_home: Path) -> None:
    page = look(marta, f"{reverse('loop:home')}?model=zodiac&by=campaign")
    assert "The address asks for model = “zodiac”, and there is no such thing." in page.texts
    assert "spring" in page.texts


def test_a_column_that_no_source_has_shows_no_rows_but_does_not_fail(marta: Client, at_small_home: Path) -> None:
    assert "From campaign to sale" in look(marta, f"{reverse('loop:home')}?by=attribute:Shoe size").texts


def test_a_filter_that_deals_cannot_be_listed_by_is_said(marta: Client, at_small_home: Path) -> None:
    page = look(marta, f"{reverse('loop:behind')}?attribute:Shoe+size=44", 404)
    assert any("Shoe size" in text for text in page.texts)


def test_marketing_asking_by_colleague_is_told_why_not_and_sees_channels(marta: Client, at_small_home: Path) -> None:
    page = look(marta, f"{reverse('loop:home')}?by=owner&owner=Radu+Stan")
    assert "Figures of single colleagues are seen by the lead of sales only." in page.texts
    assert "Radu Stan" not in page.texts
    assert "Webinars" in page.texts


def test_a_list_of_deals_names_owners_within_sales_only(client: Client, actors: Actors, at_small_home: Path) -> None:
    seen = {}
    for name in ("marta", "sandro", "lea", "vera", "ada"):
        client.force_login(getattr(actors, name))
        seen[name] = "Radu Stan" in look(client, reverse("loop:behind")).texts
    assert seen == {"marta": False, "sandro": True, "lea": True, "vera": True, "ada": True}


def test_a_viewer_meets_no_name_of_a_contact_anywhere(client: Client, actors: Actors, at_small_home: Path) -> None:
    client.force_login(actors.vera)
    answers = [client.get(address) for address in addresses(actors)]
    assert {answer.status_code for answer in answers} == {200, 403}
    shown = " ".join(answer.content.decode() for answer in answers if answer.status_code == 200)
    assert [name for name in ("Ana Pop", "Dan Ilie", "Eva Rusu", "7|add", "@two") if name in shown] == []
    assert "/loop/person/" not in shown


@pytest.mark.parametrize("lang", ["en", "ro"])
def test_names_that_want_to_be_code_stay_text_on_every_page(
    lang: str, client: Client, actors: Actors, at_small_home: Path
) -> None:
    actors.lea.language = lang
    actors.lea.save()
    client.force_login(actors.lea)
    seen = set()
    for address in addresses(actors):
        page = look(client, address)
        assert (page.odd, page.tags.count("script"), "img" in page.tags) == ([], 2, False)
        seen |= {name for name in (SCRIPT, IMAGE, BRACES) if any(name in text for text in page.texts)}
    assert seen == {SCRIPT, IMAGE, BRACES}


def test_the_romanian_pages_hold_no_english_word_of_ours(client: Client, actors: Actors, at_small_home: Path) -> None:
    actors.lea.language = "ro"
    actors.lea.save()
    client.force_login(actors.lea)
    catalogue = polib.pofile(str(tree.ROOT / "src/punte/web/locale/ro/LC_MESSAGES/django.po"))
    english = {entry.msgid for entry in catalogue if entry.msgstr and entry.msgstr != entry.msgid}
    also_romanian = {entry.msgstr for entry in catalogue} | {"English"}  # a language is called by its own name
    for address in addresses(actors):
        texts = set(look(client, address).texts)
        assert texts & (english - also_romanian) == set(), address


def test_htmx_gets_the_same_page_without_its_frame(marta: Client, at_small_home: Path) -> None:
    asked = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "content"}
    part, whole = look(marta, reverse("loop:home"), **asked), look(marta, reverse("loop:home"))
    assert ("header" in part.tags, "header" in whole.tags) == (False, True)
    assert [text for text in part.texts if text not in whole.texts] == []
    assert "Webinars" in part.texts


def test_htmx_going_back_gets_the_whole_page(marta: Client, at_small_home: Path) -> None:
    asked = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "content", "HTTP_HX_HISTORY_RESTORE_REQUEST": "true"}
    assert "header" in look(marta, reverse("loop:home"), **asked).tags


def test_the_table_is_taken_away_as_csv_with_formulas_made_harmless(marta: Client, at_small_home: Path) -> None:
    answer = marta.get(f"{reverse('loop:table_csv')}?by=channel&channel=Webinars")
    header, row, *others = answer.content.decode().splitlines()
    assert (answer["Content-Type"], others) == ("text/csv; charset=utf-8", [])
    assert header.startswith("channel,n_touches,n_persons,n_leads")
    assert row.startswith("Webinars,2,2,2,2,1,1,2,1,0.5,40.0,1000.00,EUR,100.00,9.0,")
    assert answer["Content-Disposition"] == 'attachment; filename="punte-loop-2026-09-30.csv"'


def test_the_flow_is_taken_away_as_a_picture_of_its_own(marta: Client, at_small_home: Path) -> None:
    answer = marta.get(reverse("loop:flow_svg"))
    text = answer.content.decode()
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert text.startswith("<svg")
    assert re.findall(r"<a |href|class=", text) == []


def test_the_number_of_queries_does_not_grow_with_the_rows(
    marta: Client, at_small_home: Path, django_assert_num_queries: Any
) -> None:
    look(marta, reverse("loop:home"))
    for address in ("?channel=Direct", "?by=campaign", "?by=account&rows=all"):
        with django_assert_num_queries(5):
            look(marta, reverse("loop:home") + address)
    for address in ("?channel=Webinars", "", "?outcome=open"):
        with django_assert_num_queries(5):
            look(marta, reverse("loop:behind") + address)


def test_nothing_imported_says_what_to_bring_and_where_each_system_hands_it_out(
    marta: Client, settings: Any, tmp_path: Path
) -> None:
    settings.PUNTE_HOME = tmp_path
    page = look(marta, reverse("loop:home"))
    assert {"Which campaigns ended in deals?", "HubSpot", "Pipedrive", "Salesforce", "Bring the files"} <= set(
        page.texts
    )
    for name in ("loop:table_csv", "loop:flow_svg"):
        look(marta, reverse(name), 404)


def test_without_marketing_the_sales_half_stands_and_the_other_is_not_known(
    marta: Client, settings: Any, tmp_path: Path
) -> None:
    settings.PUNTE_HOME = make_home(tmp_path / "crm", without=("touches.csv", "spend.csv"))
    page = look(marta, reverse("loop:home"))
    assert "The marketing half is not known: there is no export of touches yet." in page.texts
    assert "What campaigns cost is not known yet." in page.texts
    assert {"Unattributed", "1,350.60", "no spend was brought in"} <= set(page.texts)
    context = marta.get(reverse("loop:home")).context
    assert [cell.text for cell in context["total"][:3]] == ["", "", "4"]
    assert context["credit"] is None


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((), "no known touch"),
        ((("Email", 1),), "Email"),
        ((("Webinars", 2), (None, 1), ("Email", 3)), "Webinars_×2 → Not known → Email_×3"),
        (tuple((name, 1) for name in "abcdef"), "a → b → c → d → e → f"),
        (tuple((name, 1) for name in "abcdefg"), "a → b → c → … → e → f → g"),
    ],
)
def test_a_way_reads_from_the_first_touch_to_the_last(steps: tuple[tuple[str | None, int], ...], said: str) -> None:
    assert path_words([queries.Step(*step) for step in steps]).replace(formats.NBSP, "_") == said


def test_the_kind_of_business_is_chosen_beside_the_period(marta: Client, at_small_home: Path) -> None:
    context = marta.get(reverse("loop:home"), {"kind": "renewal", "by": "campaign"}).context
    assert context["kind_of_business"] == "Renewal"
    assert [(link["label"], link["url"]) for link in context["kinds"]] == [
        ("All business", "?by=campaign"),
        ("New business", "?by=campaign&kind=new"),
        ("Renewal", "?by=campaign&kind=renewal"),
        ("Upsell", "?by=campaign&kind=upsell"),
    ]


@pytest.mark.parametrize(
    ("n_with", "n_without", "n_unsaid", "word"),
    [(3, 0, 0, "with VAT"), (0, 3, 0, "without VAT"), (1, 2, 0, ""), (3, 0, 1, ""), (0, 0, 0, "")],
)
def test_the_head_of_the_won_value_says_whether_it_holds_vat_where_all_of_it_is_told(
    n_with: int, n_without: int, n_unsaid: int, word: str, actors: Actors, at_small_home: Path
) -> None:
    page = queries.get_loop_page_for(user=actors.lea, question=LoopQuestion())
    told = replace(page, in_crm=queries.WonInCrm(0, n_with, n_without, n_unsaid))
    assert sentences.vat_word(told) == word


def test_a_campaign_has_an_address_by_its_name(marta: Client, at_small_home: Path) -> None:
    answer = marta.get(reverse("loop:campaign"), {"name": IMAGE})
    assert answer.status_code == 302
    assert IMAGE in look(marta, answer["Location"]).texts


def test_dates_and_numbers_are_written_as_people_there_write_them(
    client: Client, actors: Actors, at_small_home: Path
) -> None:
    actors.lea.language = "ro"
    actors.lea.save()
    client.force_login(actors.lea)
    texts = look(client, reverse("loop:home")).texts
    assert "1.350,60" in texts
    assert any(text.startswith("Din 5 iun. 2026 până acum, 3 oportunități câștigate (1.351") for text in texts)
    with translation.override("ro"):
        assert str(translation.gettext("Unattributed")) in texts
