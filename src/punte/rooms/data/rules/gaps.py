"""What is missing, by what a person can do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ProblemFilter:
    """Which row problems are asked for; an empty word asks for all."""

    source: str = ""
    table: str = ""
    outcome: str = ""
    reason: str = ""
    file: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """What is asked for, without what is not."""
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Gap:
    """One count of what is missing: ``n`` of ``n_of``, by source and table, subject and reason."""

    source: str
    table: str
    subject: str
    reason: str
    n: int
    n_of: int | None
    n_before: int | None = None
    n_of_before: int | None = None


@dataclass(frozen=True)
class Gaps:
    """All that is missing, by what a person can do about it."""

    aside: tuple[Gap, ...] = ()
    aside_reasons: tuple[Gap, ...] = ()
    repaired: tuple[Gap, ...] = ()
    unmatched: tuple[Gap, ...] = ()
    rates: tuple[Gap, ...] = ()
    deals: tuple[Gap, ...] = ()
    origins: tuple[Gap, ...] = ()
    identity: tuple[Gap, ...] = ()
    history: tuple[Gap, ...] = ()
    freshness: tuple[Gap, ...] = ()
    falls: tuple[Gap, ...] = field(default=())


_RATES = "rate_missing"


def gaps_from(coverage: Iterable[Mapping[str, Any]], falls: Iterable[Mapping[str, Any]]) -> Gaps:
    """The counts of a snapshot, sorted by what can be done; counts of nothing missing are left out."""
    counts = [gap_from(row) for row in coverage]
    missing = [gap for gap in counts if gap.n]
    return Gaps(
        aside=_of(missing, lambda gap: gap.subject == "rows" and gap.reason == "quarantined"),
        aside_reasons=_of(missing, lambda gap: gap.subject in ("quarantined", "unread")),
        repaired=_of(missing, lambda gap: gap.subject == "repaired"),
        unmatched=_of(missing, lambda gap: gap.reason == "unmatched"),
        rates=_of(missing, lambda gap: gap.reason == _RATES),
        deals=_of(missing, lambda gap: gap.subject == "deal" and gap.reason != _RATES),
        origins=_of(missing, lambda gap: gap.subject == "origin"),
        identity=_of(missing, lambda gap: gap.subject == "identity"),
        history=_of(missing, lambda gap: gap.subject == "history"),
        freshness=_of(counts, lambda gap: gap.subject == "freshness"),
        falls=falls_from(falls),
    )


def falls_from(falls: Iterable[Mapping[str, Any]]) -> tuple[Gap, ...]:
    """The falls of a manifest; a reason is left out where its table's rows as a whole are named already."""
    gaps = [gap_from(row) for row in falls]
    whole = {(gap.source, gap.table) for gap in gaps if (gap.subject, gap.reason) == ("rows", "quarantined")}
    return tuple(gap for gap in gaps if gap.subject != "quarantined" or (gap.source, gap.table) not in whole)


def _of(gaps: Iterable[Gap], holds: Any) -> tuple[Gap, ...]:
    return tuple(sorted(filter(holds, gaps), key=lambda gap: (-gap.n, gap.table, gap.reason, gap.source)))


def gap_from(row: Mapping[str, Any]) -> Gap:
    """A count of the manifest, or one of its falls."""
    before = (row.get("n_before"), row.get("n_of_before"))
    n_of = row["n_of"] if row["subject"] == "freshness" else (row["n_of"] or None)
    return Gap(row["source"] or "", row["table"] or "", row["subject"], row["reason"], row["n"], n_of, *before)


def is_late(gap: Gap) -> bool:
    """Whether a source's newest row is older than twice its usual gap, and older than two days."""
    return gap.n > max(2, 2 * (gap.n_of or 0))
