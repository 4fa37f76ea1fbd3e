"""The funnel: how far leads got, and how long they stayed in each stage."""

from __future__ import annotations

from dataclasses import dataclass

from punte.core.access import Person
from punte.rooms.loop.queries.colleagues import refuse_colleagues
from punte.rooms.loop.queries.opened import Lent, current_figures
from punte.rooms.loop.queries.pages import Basis, basis_of
from punte.rooms.loop.queries.table import within
from punte.rooms.loop.rules import Days, LoopQuestion


@dataclass(frozen=True)
class StageLine:
    """One stage: who reached it, what became of them, and how long those who went on had stayed (days)."""

    stage: str
    n_reached: int
    n_skipped: int
    n_went_on: int | None
    n_left: int | None
    n_in_stage: int | None
    median_days: float | None
    p90_days: int | None


@dataclass(frozen=True)
class FunnelPage:
    """The funnel of the leads begun in the days; ``stays``: by stage (days, how many) of those who went on."""

    question: LoopQuestion
    basis: Basis
    stages: tuple[StageLine, ...]
    stays: dict[str, tuple[tuple[int, int], ...]]


def get_funnel_page_for(*, user: Person, question: LoopQuestion) -> FunnelPage:
    """The stages and the time in them, within the question's filters.

    Raises: NothingImported, CannotSeePersonFigures; UnknownName for a filter of a kind that leads do not have.
    """
    refuse_colleagues(user, question)
    with current_figures() as lent:
        basis = basis_of(lent, question)
        return FunnelPage(question, basis, _stages(lent, question, basis.days), _stays(lent, question, basis.days))


def _stages(lent: Lent, question: LoopQuestion, days: Days) -> tuple[StageLine, ...]:
    by = tuple(chip.dimension for chip in question.filters)
    records = lent.once(
        ("funnel", by, days),
        lambda numbers: numbers.answer("funnel", by=by, since=days.since, until=days.until).to_pylist(),
    )
    names = StageLine.__dataclass_fields__
    kept = sorted(within(records, question.filters), key=lambda record: record["place"])
    return tuple(StageLine(**{name: record[name] for name in names}) for record in kept)


def _stays(lent: Lent, question: LoopQuestion, days: Days) -> dict[str, tuple[tuple[int, int], ...]]:
    by = tuple(chip.dimension for chip in question.filters)
    records = lent.once(
        ("time in stage", by, days),
        lambda numbers: numbers.answer("time_in_stage", by=by, since=days.since, until=days.until).to_pylist(),
    )
    found: dict[str, list[tuple[int, int]]] = {}
    for record in within(records, question.filters):
        found.setdefault(record["stage"], []).append((record["days"], record["n"]))
    return {stage: tuple(sorted(pairs)) for stage, pairs in found.items()}
