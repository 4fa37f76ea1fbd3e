"""What is missing in the data: the counts of the snapshot, and the rows behind them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from punte.core.access import Person, may_see_personal_data
from punte.rooms.data.queries.imports import current_snapshot
from punte.rooms.data.rules import ROWS_PER_PAGE, CannotSeeRows, Gaps, ProblemFilter, gaps_from

_ORDER = ("from_source", "file", "row_number", "table", "column", "reason")


@dataclass(frozen=True)
class MissingPage:
    """What is missing in the snapshot that counts. ``may_see_rows``: whether this person may open the rows behind."""

    snapshot_id: str
    published_at: datetime
    gaps: Gaps
    n_problems: int
    may_see_rows: bool
    rhythms: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class ProblemRow:
    """One thing found wrong with one row of one file; ``row_number`` None means the whole file."""

    source: str
    file: str
    row_number: int | None
    table: str
    column: str
    outcome: str
    reason: str
    sentence: str


@dataclass(frozen=True)
class ProblemsPage:
    """A page of the row problems that a filter lets through; ``n_rows`` in all, ``first`` to ``last`` on this page."""

    asked: ProblemFilter
    rows: tuple[ProblemRow, ...]
    n_rows: int
    page: int
    n_pages: int

    @property
    def first(self) -> int:
        """The place of the first row of the page, from 1; 0 where there is none."""
        return (self.page - 1) * ROWS_PER_PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The place of the last row of the page."""
        return (self.page - 1) * ROWS_PER_PAGE + len(self.rows)


def get_missing_for(*, user: Person) -> MissingPage | None:
    """What is missing; None where nothing was imported yet."""
    snapshot = current_snapshot()
    if snapshot is None:
        return None
    manifest = snapshot.manifest
    return MissingPage(
        snapshot_id=snapshot.id,
        published_at=snapshot.at.replace(tzinfo=UTC),
        gaps=gaps_from(manifest["coverage"], manifest["falls"]),
        n_problems=snapshot.rows("row_problem"),
        may_see_rows=may_see_personal_data(user),
        rhythms=tuple(manifest.get("rhythms", ())),
    )


def get_problems_for(*, user: Person, asked: ProblemFilter, page: int) -> ProblemsPage | None:
    """A page of row problems, in the order of files and rows; None where nothing was imported yet.

    A page that there is not gives the nearest. Raises: CannotSeeRows.
    """
    _must_see_rows(user)
    with _opened() as numbers:
        if numbers is None:
            return None
        found = _problems(numbers, asked)
        (count,) = numbers.engine.to_arrow(found.aggregate(n=found.count())).to_pylist()
        n_pages = max(1, -(-count["n"] // ROWS_PER_PAGE))
        page = min(max(page, 1), n_pages)
        shown = found.order_by([*_ORDER]).limit(ROWS_PER_PAGE, offset=(page - 1) * ROWS_PER_PAGE)
        rows = tuple(_row(record) for record in numbers.engine.to_arrow(shown).to_pylist())
    return ProblemsPage(asked, rows, count["n"], page, n_pages)


def get_problem_rows_for(*, user: Person, asked: ProblemFilter) -> Any:
    """All row problems of a filter as an Arrow table; None where nothing was imported yet. Raises: CannotSeeRows."""
    _must_see_rows(user)
    with _opened() as numbers:
        if numbers is None:
            return None
        return numbers.engine.to_arrow(_problems(numbers, asked).order_by([*_ORDER]))


@contextmanager
def _opened() -> Iterator[Any]:
    if current_snapshot() is None:
        yield None
        return
    from punte.rooms.numbers import open_home  # analytics are loaded by the first page that needs them

    with open_home(settings.PUNTE_HOME, verifies=False) as numbers:
        yield numbers


def _problems(numbers: Any, asked: ProblemFilter) -> Any:
    paths = numbers.snapshot.paths("row_problem")
    rows = numbers.engine.tables({"row_problem": paths})["row_problem"]
    for name, value in asked.chosen.items():
        rows = rows.filter(rows["from_source" if name == "source" else name] == value)
    return rows


def _row(record: dict[str, Any]) -> ProblemRow:
    return ProblemRow(
        source=record["from_source"],
        file=record["file"],
        row_number=record["row_number"],
        table=record["table"] or "",
        column=record["column"] or "",
        outcome=record["outcome"],
        reason=record["reason"],
        sentence=record["sentence"],
    )


def _must_see_rows(user: Person) -> None:
    if not may_see_personal_data(user):
        raise CannotSeeRows(
            "Rows are for those who work with leads; a viewer sees counts.", remedy="Ask an admin for another role."
        )
