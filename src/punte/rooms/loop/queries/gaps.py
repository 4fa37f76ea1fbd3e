"""What is missing in the data."""

from __future__ import annotations

from dataclasses import dataclass

from punte.rooms.loop.queries.opened import current_figures
from punte.rooms.loop.queries.pages import Basis, basis_of
from punte.rooms.loop.queries.table import records_of
from punte.rooms.loop.rules import LoopQuestion


@dataclass(frozen=True)
class GapLine:
    """One count of what is there or missing: ``n`` of ``n_of``; names as the data floor calls them."""

    source: str
    table: str
    subject: str
    reason: str
    n: int
    n_of: int | None
    share: float | None


def get_gaps() -> tuple[Basis, tuple[GapLine, ...]]:
    """Every count of completeness of the current snapshot; the same for everyone, for it holds nobody's data.

    Raises: NothingImported.
    """
    with current_figures() as lent:
        basis = basis_of(lent, LoopQuestion())
        records = lent.once("coverage", lambda numbers: records_of(numbers, numbers.coverage()))
    lines = [
        GapLine(**{**record, "source": record["source"] or "", "table": record["table"] or ""}) for record in records
    ]
    return basis, tuple(lines)
