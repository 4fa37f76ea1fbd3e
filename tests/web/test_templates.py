"""The frame and the components: what they show, what they keep out, in both languages."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from punte.web import theme
from punte.web.gallery import gallery
from punte.web.templatetags import formats as filters

TEMPLATES = Path(theme.__file__).parent / "templates"
HOSTILE = '<img src=x onerror="alert(1)" hx-get="/x">'


class Page(HTMLParser):
    """A page read back: its tags with their attributes, its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def words(self) -> str:
        return " ".join(self.text.split())


def page(template: str, request: HttpRequest | None = None, /, **context: Any) -> Page:
    return Page(render_to_string(template, context, request))


def a_request(path: str = "/gallery", **cookies: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_styles_or_scripts_inline(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    found = re.findall(
        r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on|\|safe|autoescape off|<script(?![^>]*\ssrc=)", source
    )
    assert found == []


@pytest.mark.parametrize("path", sorted((TEMPLATES / "components").glob("*.html")), ids=lambda path: path.name)
def test_every_component_says_what_it_takes(path: Path) -> None:
    assert re.match(r"\{#|\{% comment %\}", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["en", "ro"])
def test_the_gallery_shows_every_component(language: str) -> None:
    with translation.override(language):
        shown = Page(gallery(a_request()).content.decode())
    html = shown.all("html")[0]
    roles = [svg["role"] for svg in shown.all("svg") if "role" in svg]
    assert html["lang"] == language
    assert len(roles) == 11 * 3 + 1  # each figure at three widths, and the sparkline
    assert [attributes for _, attributes in shown.tags if "style" in attributes] == []


@pytest.mark.parametrize("language", ["en", "ro"])
def test_ids_on_a_page_are_its_own(language: str) -> None:
    with translation.override(language):
        shown = Page(gallery(a_request()).content.decode())
    ids = [attributes["id"] for _, attributes in shown.tags if "id" in attributes]
    assert sorted(ids) == sorted(set(ids))


def test_a_figure_without_a_value_is_not_known_and_says_why() -> None:
    shown = page("components/stat.html", label="ROI", value="", reason="no spend entered")
    assert shown.words() == "ROI not known no spend entered"


def test_a_figure_says_its_window_change_coverage_and_moment() -> None:
    shown = page(
        "components/stat.html",
        label="SAL",
        value="42",
        unit="of 60",
        side="shared",
        href="?rows=sal",
        change="+4",
        change_against="against 1–30 Sep",
        coverage=0.87,
        coverage_said="27 of 31",
        as_of="20 Nov 2026",
    )
    assert shown.words() == "SAL 42 of 60 +4 against 1–30 Sep 27 of 31 data as of 20 Nov 2026"
    assert shown.all("a") == [{"href": "?rows=sal"}]


@pytest.mark.parametrize(
    ("state", "english", "romanian"),
    [
        ("met", "met", "respectat"),
        ("at-risk", "at risk", "la risc"),
        ("broken", "breached", "depășit"),
        ("unknown", "not known", "necunoscut"),
    ],
)
def test_a_state_is_a_shape_and_a_word(state: str, english: str, romanian: str) -> None:
    said = []
    for language in ("en", "ro"):
        with translation.override(language):
            shown = page("components/state.html", state=state)
        said.append(shown.words())
        assert len(shown.all("svg")) == 1
    assert said == [english, romanian]


def test_a_chip_is_taken_off_by_a_link_that_names_it() -> None:
    shown = page("components/chips.html", chips=[{"label": "Source", "value": HOSTILE, "remove_url": "?"}])
    assert shown.all("a") == [{"href": "?", "aria-label": f"Remove the filter Source: {HOSTILE}"}]
    assert shown.all("img") == []


@pytest.mark.parametrize(
    "name", ["chips", "menu", "empty", "timeline", "message", "stat", "progress", "drop_zone", "tabs"]
)
def test_a_name_chosen_by_a_stranger_stays_text(name: str) -> None:
    thing = dict.fromkeys(("label", "value", "title", "text", "at", "url", "side"), HOSTILE)
    many = dict.fromkeys(("chips", "items", "actions", "events", "tabs"), [thing])
    context = dict.fromkeys(("label", "value", "title", "text", "what", "remedy", "said", "hint", "reason"), HOSTILE)
    shown = page(f"components/{name}.html", **(context | many))
    assert shown.all("img") == []
    assert {key for _, attributes in shown.tags for key in attributes if key.startswith(("on", "hx-"))} == set()


@pytest.mark.parametrize("name", ["404.html", "403.html", "500.html", "403_csrf.html"])
@pytest.mark.parametrize("language", ["en", "ro"])
def test_error_pages_need_neither_a_request_nor_a_database(name: str, language: str) -> None:
    with translation.override(language):
        shown = page(name)
    assert (shown.all("html"), len(shown.all("h1")), shown.all("form")) == ([{"lang": language}], 1, [])


@pytest.mark.parametrize(
    ("cookie", "attributes"),
    [
        ("dark", {"lang": "en", "data-theme": "dark"}),
        ("light", {"lang": "en", "data-theme": "light"}),
        ("", {"lang": "en"}),
        ('x" onload="y', {"lang": "en"}),
    ],
)
def test_the_theme_that_was_chosen_is_on_the_page(cookie: str, attributes: dict[str, str]) -> None:
    with translation.override("en"):
        shown = page("404.html", a_request(**{theme.COOKIE: cookie}))
    assert shown.all("html") == [attributes]


def test_the_filters_write_in_the_language_of_the_page() -> None:
    with translation.override("ro"):
        written = [filters.money(123_450, "RON"), filters.share_of(4, 11), filters.days(20), filters.percent(0.86)]
    assert [text.replace("\u00a0", "_") for text in written] == ["1.234,50_lei", "4 din 11", "20_de_zile", "86_%"]


@pytest.mark.parametrize(
    ("chosen", "status", "kept"), [("dark", 302, "dark"), ("system", 302, ""), ("pink", 400, None)]
)
def test_a_theme_is_kept_in_a_cookie(chosen: str, status: int, kept: str | None) -> None:
    request = RequestFactory().post("/theme", {"theme": chosen, "next": "/loop?side=sales"})
    response = theme.set_theme(request)
    cookie = response.cookies.get(theme.COOKIE)
    assert (response.status_code, cookie.value if cookie else None) == (status, kept)


def test_choosing_a_theme_leads_back_to_our_pages_only() -> None:
    targets = ["/loop?side=sales", "https://evil.example/", "//evil.example"]
    responses = [theme.set_theme(RequestFactory().post("/theme", {"theme": "dark", "next": to})) for to in targets]
    assert [response.headers["Location"] for response in responses] == ["/loop?side=sales", "/", "/"]
