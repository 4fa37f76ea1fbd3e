"""The pages of people, as a browser meets them."""

from __future__ import annotations

import re

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from punte.core import clock
from punte.rooms.people import actions, rules
from punte.rooms.people.models import User
from tests.actors import Actors

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-walk-home"
SIGN_IN, PROFILE, NEW_PASSWORD = "/people/sign-in", "/people/profile", "/people/password"


@pytest.fixture(autouse=True)
def quick_hashing(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ana(db: None) -> User:
    return actions.add_person(
        by="command line",
        at=clock.now(),
        email="ana@firma.ro",
        name="Ana",
        role="member",
        side="sales",
        password=PASSWORD,
        language="ro",
    )


def sign_in(
    client: Client,
    password: str = PASSWORD,
    email: str = "ana@firma.ro",
    *,
    next: str = "",
    headers: dict[str, str] | None = None,
):
    return client.post(SIGN_IN, {"email": email, "password": password, "next": next}, headers=headers)


def is_signed_in(client: Client) -> bool:
    return client.get(PROFILE).status_code == 200


def test_who_is_not_signed_in_is_led_to_the_sign_in_page_and_back(client: Client, ana: User) -> None:
    answer = client.get(PROFILE)
    assert (answer.status_code, answer.url) == (302, f"{SIGN_IN}?next={PROFILE}")
    assert sign_in(client, next=PROFILE).url == PROFILE
    assert is_signed_in(client)


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_after_sign_in_nobody_is_led_to_another_site(client: Client, ana: User, target: str) -> None:
    assert sign_in(client, next=target).url == "/"
    answer = client.post(reverse("people:language"), {"language": "ro", "next": target})
    assert answer.url == "/"


def test_a_session_has_a_new_key_after_sign_in_and_none_after_sign_out(client: Client, ana: User) -> None:
    sign_in(client)
    first = client.session.session_key
    client.post("/people/sign-out")
    assert not Session.objects.filter(session_key=first).exists()
    assert not is_signed_in(client)
    sign_in(client)
    assert client.session.session_key != first


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(client: Client, ana: User) -> None:
    client.get(SIGN_IN)
    sign_in(client)
    told = {name: (cookie["httponly"], cookie["samesite"], cookie["secure"]) for name, cookie in client.cookies.items()}
    closed = (True, "Lax", "")  # over http on one's own machine; under https each is "secure" and bound to the host
    assert told == dict.fromkeys(["punte-csrf", "punte-session", "punte-device", "punte-language"], closed)


def test_the_refusal_reads_the_same_whether_there_is_an_account_or_not(client: Client, ana: User) -> None:
    answers = [sign_in(client, "wrong", email) for email in ("ana@firma.ro", "nobody@firma.ro")]
    errors = [answer.context["form"].non_field_errors() for answer in answers]
    assert errors == [["E-mail and password do not belong together. Check both and try again."]] * 2
    assert [answer.status_code for answer in answers] == [200, 200]


def test_too_many_failures_are_told_with_the_minutes_to_wait(client: Client, ana: User) -> None:
    for _ in range(5):
        sign_in(client, "wrong")
    errors = sign_in(client).context["form"].non_field_errors()
    assert errors == ["Too many sign-ins have failed. Wait 5 minutes, then try again."]
    assert not is_signed_in(client)


def test_a_browser_that_signed_in_before_is_let_in_while_a_stranger_guesses(client: Client, ana: User) -> None:
    sign_in(client)
    client.post("/people/sign-out")
    stranger = Client(REMOTE_ADDR="198.51.100.7")
    for _ in range(6):
        sign_in(stranger, "wrong")

    sign_in(client)
    sign_in(stranger)
    assert (is_signed_in(client), is_signed_in(stranger)) == (True, False)


def test_behind_the_proxy_each_visitor_counts_for_themselves(client: Client, ana: User, settings: LazySettings) -> None:
    settings.PUNTE_HTTPS = True
    for n in range(20):
        sign_in(client, "wrong", f"person{n}@firma.ro", headers={"x-forwarded-for": "198.51.100.7"})
    blocked = sign_in(client, headers={"x-forwarded-for": "1.1.1.1, 198.51.100.7"})
    passed = sign_in(client, headers={"x-forwarded-for": "198.51.100.7, 203.0.113.5"})
    assert (blocked.status_code, passed.status_code) == (200, 302)


def test_the_sign_in_page_shows_the_accounts_of_a_demo_home_and_of_no_other(client: Client) -> None:
    before = client.get(SIGN_IN).content.decode()
    actions.ensure_demo_accounts(at=clock.now())
    after = client.get(SIGN_IN).content.decode()

    shown = [*(account.email for account in rules.DEMO_ACCOUNTS), rules.DEMO_PASSWORD]
    assert [text in before for text in shown] == [False] * 4
    assert [text in after for text in shown] == [True] * 4
    assert sign_in(client, rules.DEMO_PASSWORD, "marta@demo.punte").status_code == 302


def test_one_press_lets_in_as_a_person_of_the_demo_company(client: Client) -> None:
    actions.ensure_demo_accounts(at=clock.now())
    page = client.get(f"{SIGN_IN}?next=/people/profile").content.decode()
    form = re.search(r"<form method=\"post\">(?:(?!</form>).)*sandro@demo\.punte.*?</form>", page, re.DOTALL)
    assert form is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.group()))
    answer = client.post(SIGN_IN, fields)
    assert (answer.status_code, answer.url) == (302, "/people/profile")


def test_before_the_first_account_the_page_says_how_it_is_made(client: Client, db: None) -> None:
    locked = client.get(SIGN_IN).content.decode()
    actions.create_admin(email="ops@firma.ro", password=PASSWORD, at=clock.now())
    assert ["punte add-colleague" in page for page in (locked, client.get(SIGN_IN).content.decode())] == [True, False]


@pytest.mark.parametrize(("language", "title"), [("en", "<h1>Sign in</h1>"), ("ro", "<h1>Intră în cont</h1>")])
def test_the_sign_in_page_reads_in_the_browsers_language(client: Client, language: str, title: str) -> None:
    assert title in client.get(SIGN_IN, headers={"accept-language": language}).content.decode()


def test_pages_speak_the_language_of_the_person_on_every_device(client: Client, ana: User) -> None:
    client.force_login(ana)
    answer = client.get(PROFILE, headers={"accept-language": "en"})
    assert (answer.headers["Content-Language"], answer.wsgi_request.LANGUAGE_CODE) == ("ro", "ro")


def test_a_language_is_chosen_before_and_after_sign_in(client: Client, ana: User) -> None:
    client.post(reverse("people:language"), {"language": "ro"})
    assert client.get(SIGN_IN).headers["Content-Language"] == "ro"

    client.force_login(ana)
    client.post(reverse("people:language"), {"language": "en", "next": PROFILE})
    ana.refresh_from_db()
    assert (ana.language, client.get(PROFILE).headers["Content-Language"]) == ("en", "en")
    assert client.post(reverse("people:language"), {"language": "de"}).status_code == 400


def test_a_profile_is_changed_by_its_own_person(client: Client, ana: User) -> None:
    client.force_login(ana)
    answer = client.post(PROFILE, {"name": "Ana Pop", "language": "en", "time_zone": "Europe/London"})
    ana.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, PROFILE)
    assert (ana.name, ana.language, ana.time_zone) == ("Ana Pop", "en", "Europe/London")


def test_a_profile_takes_nothing_but_its_own_fields(client: Client, ana: User) -> None:
    client.force_login(ana)
    client.post(
        PROFILE,
        {"name": "Ana", "language": "ro", "time_zone": "UTC", "role": "admin", "side": "both", "email": "x@firma.ro"},
    )
    ana.refresh_from_db()
    assert (ana.role, ana.side, ana.email, ana.time_zone) == ("member", "sales", "ana@firma.ro", "UTC")


def test_a_profile_with_a_mistake_comes_back_with_it_marked(client: Client, ana: User) -> None:
    client.force_login(ana)
    answer = client.post(PROFILE, {"name": "", "language": "ro", "time_zone": "Europe/Cluj"})
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["name", "time_zone"])


def test_a_new_password_ends_the_sessions_on_other_devices(client: Client, ana: User) -> None:
    other = Client()
    sign_in(client)
    sign_in(other)
    wrong = {"old_password": "wrong", "new_password1": "another-long-walk", "new_password2": "another-long-walk"}
    assert client.post(NEW_PASSWORD, wrong).status_code == 422

    assert client.post(NEW_PASSWORD, {**wrong, "old_password": PASSWORD}).url == PROFILE
    assert (is_signed_in(client), is_signed_in(other)) == (True, False)
    ana.refresh_from_db()
    assert ana.check_password("another-long-walk")


def test_who_is_deactivated_is_out_at_the_next_request(client: Client, actors: Actors) -> None:
    client.force_login(actors.sandro)
    assert is_signed_in(client)
    actions.deactivate_person(person=actors.sandro, by=actors.ada, at=clock.now())
    answer = client.get(PROFILE)
    assert (answer.status_code, answer.wsgi_request.user) == (302, AnonymousUser())


def test_who_is_signed_in_already_passes_the_sign_in_page(client: Client, actors: Actors) -> None:
    client.force_login(actors.marta)
    assert client.get(SIGN_IN).url == "/"
    assert client.get("/").status_code == 302
