"""Choices: which version is in force for which moment, and as known at which."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from punte.core.audit.trail import verify_audit
from punte.core.choices.actions import NaiveMoment, record_choice
from punte.core.choices.kinds import UnreadableChoice, kinds, register_kind
from punte.core.choices.models import Choice
from punte.core.choices.queries import ChoiceVersion, choice_in_force, choices_in_force, history
from punte.errors import PunteError, UnknownName
from tests.actors import Actors

pytestmark = pytest.mark.django_db


def day(number: int) -> datetime:
    return datetime(2026, 11, number, tzinfo=UTC)


def record(body: str, at: int, effective_from: int | None = None, name: str = "default") -> ChoiceVersion:
    moment = day(effective_from) if effective_from else None
    return record_choice(
        kind="channel_rules", name=name, body=body, by="command line", at=day(at), effective_from=moment
    )


def in_force(effective_at: int, recorded_at: int) -> int | None:
    found = choice_in_force("channel_rules", "default", day(effective_at), day(recorded_at))
    return found and found.version


def test_a_version_keeps_its_text_who_when_and_what_it_supersedes(actors: Actors) -> None:
    record("first = 1", at=1)
    version = record_choice(
        kind="channel_rules",
        name="default",
        body="# ours\nsecond = 2\n",
        by=actors.lea,
        at=day(2),
        effective_from=day(5),
        note="after the review",
    )

    assert version == ChoiceVersion(
        kind="channel_rules",
        name="default",
        version=2,
        body="# ours\nsecond = 2\n",
        body_sha256=sha256(b"# ours\nsecond = 2\n").hexdigest(),
        effective_from=day(5),
        recorded_at=day(2),
        recorded_by=actors.lea.pk,
        recorded_by_words="",
        note="after the review",
    )
    assert version.label == "channel_rules/default 2"
    assert Choice.objects.get(version=2).supersedes.version == 1
    assert verify_audit().n_rows == 2


def test_a_version_is_in_force_from_its_moment_on_and_known_from_when_it_was_recorded() -> None:
    record("a = 1", at=3, effective_from=10)
    assert {(effective, known): in_force(effective, known) for effective in (9, 10, 11) for known in (2, 3)} == {
        (9, 2): None,
        (9, 3): None,
        (10, 2): None,
        (10, 3): 1,
        (11, 2): None,
        (11, 3): 1,
    }


def test_a_change_leaves_the_past_as_it_was() -> None:
    record("a = 1", at=1)
    record("a = 2", at=10)
    assert [in_force(5, 20), in_force(10, 20), in_force(15, 20), in_force(15, 9)] == [1, 2, 2, 1]


def test_a_later_version_may_reach_back_and_has_the_last_word_from_there_on() -> None:
    record("a = 1", at=1)
    record("a = 2", at=5)
    record("a = 3", at=10, effective_from=3)
    assert [in_force(2, 20), in_force(4, 20), in_force(6, 20), in_force(6, 9)] == [1, 3, 3, 2]


def test_a_version_that_is_to_come_waits_for_its_day() -> None:
    record("a = 1", at=1)
    record("a = 2", at=2, effective_from=20)
    assert [in_force(19, 30), in_force(20, 30)] == [1, 2]


def test_the_same_text_again_makes_no_new_version() -> None:
    first = record("a = 1", at=1)
    assert record("a = 1", at=5) == first
    assert (Choice.objects.count(), verify_audit().n_rows) == (1, 1)


def test_the_old_text_again_is_a_new_version_once_there_was_another() -> None:
    record("a = 1", at=1)
    record("a = 2", at=2)
    assert record("a = 1", at=3).version == 3
    assert [version.body for version in history("channel_rules", "default")] == ["a = 1", "a = 2", "a = 1"]


def test_the_same_text_from_an_earlier_day_is_a_new_version() -> None:
    record("a = 1", at=5)
    assert record("a = 1", at=6, effective_from=2).version == 2


def test_of_each_name_the_version_in_force_is_given_in_order_of_names() -> None:
    record("a = 1", at=1, name="west")
    record("a = 2", at=2, name="west")
    record("a = 3", at=2, name="east")
    record("a = 4", at=9, name="north")
    found = choices_in_force("channel_rules", day(5), day(30))
    assert [(version.name, version.version, version.body) for version in found] == [
        ("east", 1, "a = 3"),
        ("west", 2, "a = 2"),
    ]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    moments=st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=6),
    at=st.tuples(*[st.integers(0, 7)] * 2),
)
def test_the_version_in_force_is_the_last_one_that_a_plain_reading_of_the_history_gives(moments, at) -> None:
    written = [(n + 1, effective, recorded) for n, (recorded, effective) in enumerate(sorted(moments))]
    with transaction.atomic():
        for version, effective, recorded in written:
            record(f"a = {version}", at=recorded, effective_from=effective)
        found = in_force(at[0] + 1, at[1] + 1)
        transaction.set_rollback(True)  # the next example begins with an empty table

    expected = None
    for version, effective, recorded in written:
        if effective <= at[0] + 1 and recorded <= at[1] + 1:
            expected = version
    assert found == expected


def test_an_unknown_kind_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(UnknownName) as refusal:
        record_choice(kind="chanel_rules", name="default", body="", by="command line", at=day(1))
    assert refusal.value.remedy == "Take one of: calendar, channel_rules, mapping, settings."
    with pytest.raises(UnknownName):
        choice_in_force("chanel_rules", "default", day(1), day(1))


def test_a_text_that_is_not_toml_is_refused_with_the_place() -> None:
    with pytest.raises(UnreadableChoice, match=r"This channel rules is not readable as TOML: .*line 2"):
        record("a = 1\nb =\n", at=1)
    assert Choice.objects.count() == 0


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(NaiveMoment):
        record_choice(kind="calendar", name="office", body="", by="command line", at=datetime(2026, 11, 1))


class TooLong(PunteError):
    """A body of the test's own kind."""


@pytest.fixture
def own_kind() -> Iterator[str]:
    from punte.core.choices import kinds as registry

    def at_most_ten(body: str) -> None:
        if len(body) > 10:
            raise TooLong("The body is too long.", remedy="Shorten it.")

    register_kind("tests_kind", at_most_ten)
    yield "tests_kind"
    del registry._CHECKS["tests_kind"]


def test_a_kind_has_the_check_that_its_own_layer_registered(own_kind: str) -> None:
    assert own_kind in kinds()
    assert record_choice(kind=own_kind, name="x", body="a = 1", by="command line", at=day(1)).version == 1
    with pytest.raises(TooLong):
        record_choice(kind=own_kind, name="x", body="a = 1234567", by="command line", at=day(2))
