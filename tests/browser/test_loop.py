"""From campaign to sale, walked through in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Watched]


def violations(page: Any) -> list[tuple[str, list[str]]]:
    """What axe finds against WCAG 2.2 A and AA: the rule, and where."""
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=options).response["violations"]
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"][:3]]) for rule in found]


def filled_pages(watched: Watched) -> list[str]:
    """The address of one page of each kind, found as a person finds them."""
    page = watched.page
    watched.visit("/loop/?by=campaign")
    addresses = ["/loop/?by=campaign", "/loop/models?by=campaign", "/loop/funnel", "/loop/behind?sourced_by=marketing"]
    watched.visit(addresses[-1])
    deal = page.locator("#deals tbody th a").first.get_attribute("href")
    watched.visit(deal)
    company = page.locator("a[href^='/loop/company/']").first.get_attribute("href")
    person = page.locator("a[href^='/loop/person/']").first.get_attribute("href")
    data = ["/data/", "/data/bring", "/data/costs", "/data/missing", "/data/problems"]
    return [*addresses, deal, company, person, *data]


def test_marta_reads_the_sentence_changes_the_model_and_opens_a_deal(open_page: Open) -> None:
    watched = open_page("marta")
    page = watched.page
    watched.visit("/")
    story = page.locator("p.lead").inner_text().replace("\xa0", " ")
    assert re.match(r"From \d+ \w+ \d{4} until now, 6 opportunities were won", story)
    page.locator("#credit summary", has_text="Last touch").click()
    page.get_by_role("link", name="Linear", exact=True).click()
    page.wait_for_url("**model=linear**")
    page.locator("#credit", has_text="The same to every touch.").wait_for()
    page.locator("#table tbody th a", has_text="Webinars").click()
    page.locator("#deals tbody th a").first.click()
    page.locator("#timeline").wait_for()
    assert page.locator("#timeline li").count() > 3
    assert page.locator("#credits tr.is-total td", has_text="✓").count() == 9
    assert watched.complaints == []


def test_the_same_works_without_javascript(open_page: Open) -> None:
    watched = open_page("marta", java_script_enabled=True)
    address = watched.site
    context = watched.page.context.browser.new_context(
        storage_state=watched.page.context.storage_state(), java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"{address}/loop/")
    page.locator("summary", has_text="Channel").click()
    page.get_by_role("link", name="Campaign", exact=True).click()
    page.locator("#table tbody th a", has_text="webinar-calibration").click()
    assert page.locator("h1").inner_text() == "Campaign webinar-calibration"
    context.close()


def test_going_back_after_a_quick_change_shows_the_page_before(open_page: Open) -> None:
    watched = open_page("marta")
    page = watched.page
    watched.visit("/loop/")
    page.locator("summary", has_text="Channel").click()
    page.get_by_role("link", name="Segment", exact=True).click()
    page.wait_for_url("**by=segment**")
    page.go_back()
    page.locator("#table thead th", has_text="Channel").wait_for()
    assert page.locator("header.topbar").count() == 1
    assert watched.complaints == []


@pytest.mark.parametrize("lang", ["en", "ro"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_fits_its_width_and_breaks_no_rule(width: int, lang: str, open_page: Open) -> None:
    watched = open_page("sandro", width=width, lang=lang)
    found = {}
    for address in filled_pages(watched):
        watched.visit(address)
        found[address] = (watched.sideways(), violations(watched.page))
    assert {address: seen for address, seen in found.items() if seen != (0, [])} == {}
    assert watched.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_holds_in_both_themes(scheme: str, open_page: Open) -> None:
    watched = open_page("marta", color_scheme=scheme)
    watched.visit("/loop/?by=campaign&unit=money")
    assert violations(watched.page) == []


def test_on_a_phone_the_table_shows_one_block_at_a_time(open_page: Open) -> None:
    watched = open_page("marta", width=360)
    watched.visit("/loop/?by=channel")
    seen = watched.page.locator("#table thead th.block:visible")
    assert seen.all_inner_texts() == ["Marketing"]
    watched.page.locator("#table .tabs a", has_text="Sales").click()
    watched.page.wait_for_url("**block=sales**")
    watched.page.locator("#table thead th.block:visible", has_text="Sales").wait_for()
    assert seen.all_inner_texts() == ["Sales"]
