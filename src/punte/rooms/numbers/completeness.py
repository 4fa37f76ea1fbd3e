"""How complete a snapshot is, in the sentences that go with every report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from punte.records.lake import Snapshot


@dataclass(frozen=True)
class Part:
    """``n`` of ``n_of``."""

    n: int
    n_of: int


def _sum(counts: Sequence[Mapping[str, Any]], subject: str, reason: str) -> Part:
    mine = [count for count in counts if (count["subject"], count["reason"]) == (subject, reason)]
    return Part(sum(count["n"] for count in mine), sum(count["n_of"] or 0 for count in mine))


def fall_in_words(fall: Mapping[str, Any]) -> str:
    """One fall in completeness as a sentence."""
    where = " ".join(str(fall[name]) for name in ("source", "table") if fall.get(name))
    what = f"{fall['subject']} {fall['reason']}".replace("_", " ")
    now, before = (f"{n:,}" + (f" of {of:,}" if of else "") for n, of in _pairs(fall))
    return f"{where}: {what} is {now} now and was {before} before."


def _pairs(fall: Mapping[str, Any]) -> tuple[tuple[int, int | None], tuple[int, int | None]]:
    return (fall["n"], fall["n_of"]), (fall["n_before"], fall["n_of_before"])


def line_of(snapshot: Snapshot, at: datetime) -> str:
    """The line under a report: as of when, and of its snapshot the deals with a known touch and the rows put aside."""
    counts = snapshot.manifest["coverage"]
    without = _sum(counts, "deal", "without_touch")
    aside = _sum(counts, "rows", "quarantined")
    words = [f"{aside.n:,} rows put aside"]
    if without.n_of:
        words.insert(0, f"{without.n_of - without.n:,} of {without.n_of:,} deals with a known touch")
    about = f"As of {at:%Y-%m-%d %H:%M} UTC, from snapshot {snapshot.id} ({', '.join(words)})"
    return f"{about}. What is missing: punte coverage"
