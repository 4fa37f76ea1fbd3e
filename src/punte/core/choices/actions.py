"""Record a choice: the only way in which a version comes to be."""

from __future__ import annotations

import hashlib
from datetime import datetime

from punte.core.audit.trail import Actor, one_action, split_actor, write_audit
from punte.core.choices.kinds import validate_body
from punte.core.choices.models import Choice
from punte.core.choices.queries import ChoiceVersion, as_version
from punte.core.databases import DEFAULT
from punte.errors import PunteError


class NaiveMoment(PunteError):
    """A moment without a time zone, which could mean many moments."""


def record_choice(
    *,
    kind: str,
    name: str,
    body: str,
    by: Actor,
    at: datetime,
    effective_from: datetime | None = None,
    note: str = "",
    using: str = DEFAULT,
) -> ChoiceVersion:
    """Record a version of a choice, in force from ``effective_from`` (from ``at`` where nothing is said).

    The last version recorded has the last word on every moment from its ``effective_from`` on. When it says the same
    already, it is handed back and nothing is written.

    Raises: UnknownName for an unknown kind, UnreadableChoice or the kind's own refusal for a bad body, NaiveMoment for
    a moment without a time zone.
    """
    effective_from = effective_from or at
    _must_be_aware(at, effective_from)
    validate_body(kind, body)
    user, words = split_actor(by)
    new = Choice(
        kind=kind,
        name=name,
        body=body,
        body_sha256=hashlib.sha256(body.encode("utf-8")).hexdigest(),
        effective_from=effective_from,
        recorded_at=at,
        recorded_by=user,
        recorded_by_words=words,
        note=note,
    )
    with one_action(using):
        last = Choice.objects.using(using).filter(kind=kind, name=name).order_by("version").last()
        if last and last.body_sha256 == new.body_sha256 and last.effective_from <= effective_from:
            return as_version(last)
        _append(new, last, by, using)
    return as_version(new)


def _append(new: Choice, last: Choice | None, by: Actor, using: str) -> None:
    new.version = last.version + 1 if last else 1
    new.supersedes = last
    new.save(using=using)
    write_audit(
        action="choices.record",
        subject=f"{new.kind}/{new.name}",
        by=by,
        at=new.recorded_at,
        before=_sealed(last),
        after=_sealed(new),
        using=using,
    )


def _sealed(choice: Choice | None) -> dict[str, str | int] | None:
    return choice and {
        "version": choice.version,
        "body_sha256": choice.body_sha256,
        "effective_from": choice.effective_from.isoformat(),
    }


def _must_be_aware(*moments: datetime) -> None:
    for moment in moments:
        if moment.tzinfo is None:
            raise NaiveMoment(
                f"{moment.isoformat()} has no time zone, so it could be many moments.",
                remedy="Give it one, such as 2026-11-23T10:00+02:00.",
                moment=moment,
            )
