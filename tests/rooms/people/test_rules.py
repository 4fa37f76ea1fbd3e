"""Rules about people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from punte.core import access
from punte.rooms.people import rules

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LIMIT = rules.Limit(n_failures=3, window=timedelta(minutes=5))


def ago(*seconds: int) -> list[datetime]:
    return [AT - timedelta(seconds=count) for count in seconds]


@pytest.mark.parametrize(
    ("attempts", "minutes"),
    [
        (ago(), 0),
        (ago(60, 30, 0), 0),  # the third, which is being made
        (ago(90, 60, 30, 0), 4),  # the fourth: 90 s ago leaves the window in 3 min 30 s
        (ago(0, 30, 60, 90), 4),
        (ago(299, 60, 30, 0), 1),
        (ago(300, 60, 30, 0), 0),  # five minutes ago is outside the window
        (ago(120, 90, 60, 30, 0), 4),  # two must leave it: the second in 3 min 30 s
    ],
)
def test_after_three_failures_in_five_minutes_the_next_attempt_waits(attempts: list[datetime], minutes: int) -> None:
    assert rules.minutes_to_wait(attempts, LIMIT, AT) == minutes


@pytest.mark.parametrize(
    ("remote", "forwarded_for", "is_behind_proxy", "address"),
    [
        ("203.0.113.9", "", False, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", False, "203.0.113.9"),  # whoever asks can write this header
        ("127.0.0.1", "198.51.100.1", True, "198.51.100.1"),
        ("127.0.0.1", "10.0.0.1, 198.51.100.1", True, "198.51.100.1"),  # the first is what the client claims
        ("127.0.0.1", "", True, "127.0.0.1"),
    ],
)
def test_the_address_is_the_one_that_our_proxy_saw(
    remote: str, forwarded_for: str, is_behind_proxy: bool, address: str
) -> None:
    assert rules.client_address(remote, forwarded_for, is_behind_proxy) == address


GOOD = {
    "email": "ana@firma.ro",
    "name": "Ana",
    "role": "member",
    "side": "sales",
    "language": "ro",
    "time_zone": "Europe/Bucharest",
}


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("email", "ana", "email"),
        ("email", "ana@firma", "email"),
        ("email", "@firma.ro", "email"),
        ("email", "ana ana@firma.ro", "email"),
        ("name", "  ", "name"),
        ("role", "boss", "role"),
        ("side", "both sides", "side"),
        ("language", "de", "language"),
        ("time_zone", "Europe/Cluj", "time zone"),
    ],
)
def test_what_no_account_can_have_is_refused_by_field(field: str, value: str, told: str) -> None:
    with pytest.raises(rules.CannotAddPerson) as refusal:
        rules.must_be_a_person(**{**GOOD, field: value})
    assert refusal.value.facts == {"field": told, "value": value}


def test_the_accounts_of_the_demo_company_are_persons_with_a_role_on_a_side() -> None:
    for account in rules.DEMO_ACCOUNTS:
        rules.must_be_a_person(
            **{**GOOD, "email": account.email, "name": account.name, "role": account.role, "side": account.side}
        )
    assert [(account.email, account.side, account.role) for account in rules.DEMO_ACCOUNTS] == [
        ("marta@demo.punte", access.MARKETING, access.SIDE_LEAD),
        ("sandro@demo.punte", access.SALES, access.SIDE_LEAD),
        ("admin@demo.punte", access.BOTH, access.ADMIN),
    ]


def test_an_address_is_compared_in_lower_case_and_without_spaces_around() -> None:
    assert rules.normal_email("  Ana.Pop@Firma.RO ") == "ana.pop@firma.ro"
