"""What can be done to people and by them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from punte.core.audit.models import AuditRow
from punte.core.audit.trail import verify_audit
from punte.rooms.people import actions, queries, rules
from punte.rooms.people.models import SignInAttempt, User
from tests.actors import Actors

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PASSWORD = "a-long-walk-home"


@pytest.fixture(autouse=True)
def quick_hashing(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def add_ana(by: User | str = "command line", **other: str | None) -> User:
    fields = {"email": "Ana@Firma.ro", "name": " Ana ", "role": "member", "side": "sales", "password": PASSWORD}
    return actions.add_person(by=by, at=AT, **{**fields, **other})


def trail() -> list[tuple[str, str, dict | None, dict | None]]:
    rows = AuditRow.objects.values_list("action", "subject", "before", "after")
    return [(action, subject, json.loads(before), json.loads(after)) for action, subject, before, after in rows]


def test_an_admin_adds_a_person_and_the_trail_tells_it_without_name_or_address(actors: Actors) -> None:
    ana = add_ana(by=actors.ada)

    assert (ana.email, ana.name, ana.role, ana.side) == ("ana@firma.ro", "Ana", "member", "sales")
    assert (ana.language, ana.time_zone, ana.is_active, ana.is_demo, ana.added_at) == (
        "en",
        "Europe/Bucharest",
        True,
        False,
        AT,
    )
    assert ana.check_password(PASSWORD)
    after = {"role": "member", "side": "sales", "is_demo": False}
    assert trail() == [("people.add", f"person/{ana.pk}", None, after)]
    assert AuditRow.objects.get().by_user == actors.ada


@pytest.mark.parametrize("who", ["marta", "sandro", "lea", "vera"])
def test_only_an_admin_adds_or_removes_people(actors: Actors, who: str) -> None:
    by = getattr(actors, who)
    with pytest.raises(rules.CannotManagePeople):
        add_ana(by=by)
    with pytest.raises(rules.CannotManagePeople):
        actions.deactivate_person(person=actors.marta, by=by, at=AT)
    with pytest.raises(rules.CannotManagePeople):
        queries.get_people_for(user=by)
    assert trail() == []


def test_an_address_has_one_account_however_it_is_written(actors: Actors) -> None:
    add_ana()
    with pytest.raises(rules.CannotAddPerson, match=r"There is an account with the e-mail ana@firma.ro"):
        add_ana(email="ANA@firma.ro")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Ana2@firma.ro", name="A", role="member", side="sales", added_at=AT)


@pytest.mark.parametrize("password", ["short", "1234567890", "password123", "ana@firma.ro"])
def test_a_password_that_is_easy_to_guess_is_refused(password: str) -> None:
    with pytest.raises(rules.WeakPassword):
        add_ana(password=password)
    assert User.objects.count() == 0


def test_without_a_password_nobody_can_sign_in() -> None:
    ana = add_ana(password=None)
    assert ana.has_usable_password() is False


def test_the_first_admin_is_made_on_the_machine_itself() -> None:
    admin = actions.create_admin(email="ops@firma.ro", password=PASSWORD, at=AT)
    assert (admin.name, admin.role, admin.side) == ("ops", "admin", "both")
    assert AuditRow.objects.get().by_words == "command line"


def test_a_profile_changes_and_the_trail_keeps_what_is_personal_to_itself(actors: Actors) -> None:
    marta = actors.marta
    actions.change_profile(person=marta, name="Marta M.", language="ro", time_zone="UTC", by=marta, at=AT)

    marta.refresh_from_db()
    assert (marta.name, marta.language, marta.time_zone) == ("Marta M.", "ro", "UTC")
    before = {"name": "(personal)", "language": "en", "time_zone": "Europe/Bucharest"}
    after = {"name": "(personal)", "language": "ro", "time_zone": "UTC"}
    assert trail() == [("people.change_profile", f"person/{marta.pk}", before, after)]


def test_a_change_that_changes_nothing_writes_nothing(actors: Actors) -> None:
    actions.set_language(person=actors.marta, language="en", by=actors.marta, at=AT)
    assert trail() == []
    actions.set_language(person=actors.marta, language="ro", by=actors.marta, at=AT)
    assert trail() == [("people.set_language", f"person/{actors.marta.pk}", {"language": "en"}, {"language": "ro"})]
    with pytest.raises(rules.CannotAddPerson):
        actions.set_language(person=actors.marta, language="xx", by=actors.marta, at=AT)


def test_the_last_admin_stays(actors: Actors) -> None:
    with pytest.raises(rules.CannotRemoveLastAdmin):
        actions.deactivate_person(person=actors.ada, by=actors.ada, at=AT)
    actions.create_admin(email="ops@firma.ro", password=PASSWORD, at=AT)
    actions.deactivate_person(person=actors.ada, by=actors.ada, at=AT)
    assert User.objects.get(pk=actors.ada.pk).is_active is False


def test_a_demo_home_has_three_accounts_that_one_password_opens() -> None:
    assert queries.get_demo_door() is None
    first = actions.ensure_demo_accounts(at=AT)
    again = actions.ensure_demo_accounts(at=AT)

    door = queries.get_demo_door()
    assert [user.pk for user in first] == [user.pk for user in again]
    assert [account.email for account in door.accounts] == ["marta@demo.punte", "sandro@demo.punte", "admin@demo.punte"]
    assert all(user.check_password(door.password) for user in first)
    assert len(trail()) == 3


def test_no_other_home_has_demo_accounts(settings: LazySettings) -> None:
    settings.PUNTE_IS_DEMO = False
    with pytest.raises(rules.NotADemoHome):
        actions.ensure_demo_accounts(at=AT)
    assert User.objects.count() == 0


def test_everyone_is_listed_for_an_admin_with_one_question_however_many(
    actors: Actors, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        people = queries.get_people_for(user=actors.ada)
    assert [(person.name, person.is_active) for person in people] == [
        ("Ada", True),
        ("Lea", True),
        ("Marta", True),
        ("Nino", False),
        ("Sandro", True),
        ("Vera", True),
    ]
    assert queries.get_people_for(user="command line") == people


class Door:
    """Tries to sign in as Ana, from somewhere, at some second."""

    def __init__(self) -> None:
        add_ana()

    def tries(
        self,
        password: str,
        second: int = 0,
        *,
        email: str = "ana@firma.ro",
        address: str = "192.0.2.1",
        device: str = "",
    ) -> str:
        at = AT + timedelta(seconds=second)
        try:
            actions.sign_in(email=email, password=password, address=address, device=device, at=at)
        except rules.TooManyAttempts as refusal:
            return f"wait {refusal.facts['minutes']} min"
        except rules.CannotSignIn:
            return "no"
        return "in"


def test_the_right_password_opens_and_the_trail_tells_it() -> None:
    door = Door()
    assert door.tries(PASSWORD, email=" ANA@firma.ro") == "in"
    ana = User.objects.get()
    assert trail()[-1] == ("people.sign_in", f"person/{ana.pk}", None, None)
    assert verify_audit().faults == ()
    assert SignInAttempt.objects.count() == 0


def test_after_five_wrong_passwords_even_the_right_one_waits() -> None:
    door = Door()
    assert [door.tries("wrong", n) for n in range(5)] == ["no"] * 5
    assert [door.tries("wrong", 5), door.tries(PASSWORD, 6)] == ["wait 5 min", "wait 5 min"]
    assert door.tries(PASSWORD, 299) == "wait 1 min"
    assert door.tries(PASSWORD, 300) == "in"


def test_refused_attempts_do_not_make_the_wait_longer() -> None:
    door = Door()
    for second in range(5):
        door.tries("wrong", second)
    for second in range(10, 290, 10):
        assert door.tries("wrong", second).startswith("wait")
    assert door.tries(PASSWORD, 300) == "in"


def test_a_success_forgets_the_failures_of_the_account() -> None:
    door = Door()
    assert [door.tries("wrong", n) for n in range(4)] == ["no"] * 4
    assert door.tries(PASSWORD, 4) == "in"
    assert [door.tries("wrong", n) for n in range(5, 10)] == ["no"] * 5


def test_one_address_cannot_try_one_password_on_many_accounts() -> None:
    door = Door()
    tried = [door.tries("wrong", n, email=f"person{n}@firma.ro") for n in range(21)]
    assert tried == ["no"] * 20 + ["wait 5 min"]
    assert door.tries(PASSWORD, 21, address="192.0.2.2") == "in"


def test_a_stranger_who_guesses_cannot_lock_out_a_device_that_is_known() -> None:
    door = Door()
    known = actions.sign_in(
        email="ana@firma.ro", password=PASSWORD, address="192.0.2.1", device="", at=AT - timedelta(days=1)
    ).device
    for n in range(5):
        door.tries("wrong", n, address=f"198.51.100.{n}")

    assert door.tries(PASSWORD, 6, address="198.51.100.99") == "wait 5 min"
    assert door.tries(PASSWORD, 6, device=known) == "in"
    assert door.tries(PASSWORD, 6, device=known[:-1]) == "wait 5 min"


def test_the_device_of_one_account_is_no_key_to_another() -> None:
    door = Door()
    known = actions.sign_in(email="ana@firma.ro", password=PASSWORD, address="192.0.2.1", device="", at=AT).device
    add_ana(email="ion@firma.ro")
    tried = [door.tries("wrong", n, email="ion@firma.ro", device=known) for n in range(6)]
    assert tried == ["no"] * 5 + ["wait 5 min"]


def test_a_known_device_may_not_guess_for_ever_either() -> None:
    door = Door()
    known = actions.sign_in(email="ana@firma.ro", password=PASSWORD, address="192.0.2.1", device="", at=AT).device
    assert [door.tries("wrong", n, device=known) for n in range(6)] == ["no"] * 5 + ["wait 5 min"]


@pytest.mark.parametrize("email", ["ana@firma.ro", "nobody@firma.ro", "closed@firma.ro"])
def test_a_refusal_tells_nothing_about_the_account(email: str) -> None:
    add_ana()
    User.objects.filter(pk=add_ana(email="closed@firma.ro").pk).update(is_active=False)
    with pytest.raises(rules.CannotSignIn) as refusal:
        actions.sign_in(email=email, password="wrong", address="192.0.2.1", device="", at=AT)
    assert str(refusal.value) == "E-mail and password do not belong together. Check both and try again."


def test_a_closed_account_is_not_opened_by_its_password(actors: Actors) -> None:
    ana = add_ana()
    actions.deactivate_person(person=ana, by=actors.ada, at=AT)
    with pytest.raises(rules.CannotSignIn):
        actions.sign_in(email="ana@firma.ro", password=PASSWORD, address="192.0.2.1", device="", at=AT)


def test_attempts_keep_neither_addresses_nor_names_and_are_forgotten() -> None:
    door = Door()
    door.tries("wrong")
    keys = " ".join(SignInAttempt.objects.values_list("key", flat=True))
    assert ("ana" in keys, "192.0.2.1" in keys, len(keys)) == (False, False, 2 * 64 + 1)
    assert actions.forget_attempts(before=AT) == 0
    assert actions.forget_attempts(before=AT + timedelta(seconds=1)) == 2
