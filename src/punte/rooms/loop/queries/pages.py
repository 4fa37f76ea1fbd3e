"""What the pages of the loop show, for the person who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from punte.core.access import Person
from punte.rooms.loop.queries.colleagues import columns_for, known_columns, refuse_colleagues
from punte.rooms.loop.queries.flow import LoopFlow, flow_of
from punte.rooms.loop.queries.opened import Lent, NothingImported, current_figures
from punte.rooms.loop.queries.table import LoopRow, records_of, rows_of, total_of
from punte.rooms.loop.rules import ALL, MODELS, Days, LoopQuestion, names_of


@dataclass(frozen=True)
class Basis:
    """What a page rests on: moment of the data (aware, UTC) and its local day, days asked about, currency.

    ``first_on`` is the first local day with a lead, a deal or a cost (None: there is none); ``rhythms`` tell how often
    each source brings something (``punte.web.late``).
    """

    at: datetime
    at_on: date
    days: Days
    currency: str
    snapshot_id: str
    home_name: str
    first_on: date | None = None
    rhythms: tuple[dict[str, Any], ...] = ()

    @property
    def spanned(self) -> Days:
        """The days that the figures span: those asked about, and where none are, from the first to the data's own."""
        if self.days.is_bounded or self.first_on is None or self.first_on > self.at_on:
            return self.days
        return Days(self.first_on, self.at_on + timedelta(days=1))


@dataclass(frozen=True)
class WonInCrm:
    """The won deals of the days, counted without any measure: their value (minor units), and whether it holds VAT."""

    revenue: int
    n_with_vat: int
    n_without_vat: int
    n_unsaid: int


@dataclass(frozen=True)
class LoopPage:
    """The page "From campaign to sale".

    ``before`` is everything in as many days before; ``in_crm`` the won deals themselves, None where the page
    counts by other days than theirs. ``has_spend``, ``has_touches``: whether there is any.
    ``columns`` are the dimensions ``attribute:<header>`` that this person may choose.
    """

    question: LoopQuestion
    basis: Basis
    rows: tuple[LoopRow, ...]
    total: LoopRow | None
    before: LoopRow | None
    flow: LoopFlow
    in_crm: WonInCrm | None
    has_spend: bool
    has_touches: bool
    columns: tuple[str, ...]


@dataclass(frozen=True)
class ModelsPage:
    """All models side by side; ``columns`` as in ``LoopPage``."""

    question: LoopQuestion
    basis: Basis
    rows: tuple[LoopRow, ...]
    total: LoopRow | None
    columns: tuple[str, ...]


def get_loop_page_for(*, user: Person, question: LoopQuestion) -> LoopPage:
    """The figures, the flow and the rows of a question.

    Raises: NothingImported, CannotSeePersonFigures; UnknownName for a column of a source that there is not.
    """
    refuse_colleagues(user, question)
    with current_figures() as lent:
        return _loop_page(lent, question, columns_for(lent, user))


def warm() -> None:
    """Works out what the first pages show, so that nobody waits for it: of everything, and of the newest quarter."""
    try:
        with current_figures() as lent:
            for period in (ALL, "this-quarter"):
                _loop_page(lent, LoopQuestion(period=period), ())
            known_columns(lent)
    except NothingImported:
        return


def _loop_page(lent: Lent, question: LoopQuestion, columns: tuple[str, ...]) -> LoopPage:
    basis = basis_of(lent, question)
    before = basis.days.before()
    return LoopPage(
        question=question,
        basis=basis,
        rows=rows_of(lent, question, basis.days, (question.model,)),
        total=total_of(lent, question, basis.days),
        before=total_of(lent, question, before) if before else None,
        flow=flow_of(lent, question, basis.days),
        in_crm=_in_crm(lent, basis.days) if question.window == "activity" else None,
        has_spend=_has_rows(lent, "spend_day"),
        has_touches=_has_rows(lent, "touch_day"),
        columns=columns,
    )


def get_models_page_for(*, user: Person, question: LoopQuestion) -> ModelsPage:
    """Every model's credit for each row. Raises as ``get_loop_page_for``."""
    refuse_colleagues(user, question)
    with current_figures() as lent:
        basis = basis_of(lent, question)
        rows = rows_of(lent, question, basis.days, MODELS)
        return ModelsPage(question, basis, rows, total_of(lent, question, basis.days), columns_for(lent, user))


def get_table_for(*, user: Person, question: LoopQuestion) -> tuple[Any, Basis]:
    """The table of a question as an Arrow table, as the command line hands it out. Raises as ``get_loop_page_for``."""
    refuse_colleagues(user, question)
    with current_figures() as lent:
        basis = basis_of(lent, question)
        days = basis.days
        found = lent.numbers.loop(
            by=names_of(question),
            models=(question.model,),
            since=days.since,
            until=days.until,
            window=question.window,
            scope=question.scope,
            level=question.level,
        )
        for chip in question.filters:
            found = found.filter(_is_value(found, chip.dimension, chip.value))
        return lent.numbers.engine.to_arrow(found), basis


def basis_of(lent: Lent, question: LoopQuestion) -> Basis:
    """What a page of these figures rests on."""
    numbers = lent.numbers
    return Basis(
        at=numbers.at.replace(tzinfo=UTC),
        at_on=numbers.at_on,
        days=question.days(numbers.at_on),
        currency=numbers.currency,
        snapshot_id=numbers.cited.snapshot_id,
        home_name=numbers.home.name,
        first_on=lent.once("first day", _first_on),
        rhythms=tuple(numbers.snapshot.manifest.get("rhythms", ())),
    )


def _first_on(numbers: Any) -> date | None:
    days = {"cycle": "opened_on", "deal": "created_on", "spend_day": "day"}
    firsts = [
        record["first"]
        for name, day in days.items()
        for record in records_of(numbers, numbers.tables[name].agg(first=numbers.tables[name][day].min()))
    ]
    return min((first for first in firsts if first is not None), default=None)


def _is_value(table: Any, dimension: str, value: Any) -> Any:
    if value.is_unattributed:
        return table.is_unattributed
    column = table[dimension]
    return (column.isnull() if value.text is None else (column == value.text).fill_null(False)) & ~table.is_unattributed


def _in_crm(lent: Lent, days: Days) -> WonInCrm:
    return lent.once(("won in the CRM", days), lambda numbers: _count_won(numbers, days))


def _count_won(numbers: Any, days: Days) -> WonInCrm:
    deal = numbers.tables["deal"]
    won = deal.filter(deal.status == "won")
    if days.since is not None:
        won = won.filter(won.closed_on >= days.since)
    if days.until is not None:
        won = won.filter(won.closed_on < days.until)
    grouped = won.group_by("is_vat_included").agg(n=won.count(), revenue=won.amount.sum())
    records = records_of(numbers, grouped)
    n = {record["is_vat_included"]: record["n"] for record in records}
    return WonInCrm(sum(record["revenue"] or 0 for record in records), n.get(True, 0), n.get(False, 0), n.get(None, 0))


def _has_rows(lent: Lent, table: str) -> bool:
    return table in lent.numbers.snapshot.tables and lent.numbers.snapshot.rows(table) > 0
