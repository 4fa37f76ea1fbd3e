"""What recurs for people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from punte.core.jobs.context import JobContext
from punte.core.jobs.lease import Claim
from punte.rooms.people.jobs import tidy
from punte.rooms.people.models import SignInAttempt

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_once_a_day_ended_sessions_and_old_attempts_are_removed() -> None:
    for key, days in (("ended", -1), ("open", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=AT + timedelta(days=days))
    for hours in (1, 25):
        SignInAttempt.objects.create(key="x", at=AT - timedelta(hours=hours))
    claim = Claim(1, 1, "people.tidy", {}, attempt=1, max_attempts=5, requested_by=None)

    assert tidy.run(JobContext(claim, AT)) == {"n_sessions": 1, "n_attempts": 1}

    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    assert SignInAttempt.objects.get().at == AT - timedelta(hours=1)
    assert tidy.every == timedelta(days=1)
