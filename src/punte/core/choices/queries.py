"""Which version of a choice was in force, as anyone may ask it: for which moment, and known at which moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from punte.core.choices.kinds import must_be_known
from punte.core.choices.models import Choice
from punte.core.databases import DEFAULT


@dataclass(frozen=True)
class ChoiceVersion:
    """One version of one choice, as it was recorded. ``recorded_by`` is a user's id, or None and words beside it."""

    kind: str
    name: str
    version: int
    body: str
    body_sha256: str
    effective_from: datetime
    recorded_at: datetime
    recorded_by: int | None
    recorded_by_words: str
    note: str

    @property
    def label(self) -> str:
        """How a result cites it: ``channel_rules/default 3``."""
        return f"{self.kind}/{self.name} {self.version}"


def choice_in_force(
    kind: str, name: str, effective_at: datetime, recorded_at: datetime, using: str = DEFAULT
) -> ChoiceVersion | None:
    """The version in force at ``effective_at`` as it was known at ``recorded_at``; None where there was none.

    Of the versions recorded by then and effective by then, the one recorded last: a later version has the last word on
    every moment from its own ``effective_from`` on.

    Raises: UnknownName for an unknown kind.
    """
    for version in choices_in_force(kind, effective_at, recorded_at, using, names=(name,)):
        return version
    return None


def choices_in_force(
    kind: str,
    effective_at: datetime,
    recorded_at: datetime,
    using: str = DEFAULT,
    names: Iterable[str] | None = None,
) -> tuple[ChoiceVersion, ...]:
    """Of each choice of a kind, the version in force; ordered by name. Terms as in ``choice_in_force``.

    Raises: UnknownName for an unknown kind.
    """
    must_be_known(kind)
    rows = Choice.objects.using(using).filter(kind=kind, effective_from__lte=effective_at, recorded_at__lte=recorded_at)
    if names is not None:
        rows = rows.filter(name__in=list(names))
    last_of_each = {row.name: row for row in rows.order_by("name", "version")}
    return tuple(as_version(row) for row in last_of_each.values())


def history(kind: str, name: str, using: str = DEFAULT) -> tuple[ChoiceVersion, ...]:
    """Every version of one choice, the first recorded first.

    Raises: UnknownName for an unknown kind.
    """
    must_be_known(kind)
    rows = Choice.objects.using(using).filter(kind=kind, name=name).order_by("version")
    return tuple(as_version(row) for row in rows)


def as_version(row: Choice) -> ChoiceVersion:
    """A row as it is handed out."""
    return ChoiceVersion(
        kind=row.kind,
        name=row.name,
        version=row.version,
        body=row.body,
        body_sha256=row.body_sha256,
        effective_from=row.effective_from,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by_id,
        recorded_by_words=row.recorded_by_words,
        note=row.note,
    )
