"""What lies behind a figure: its deals and its leads, one line each, and how they came month by month."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from punte.core.access import Person, may_see_personal_data
from punte.errors import UnknownName
from punte.rooms.loop.queries.colleagues import refuse_colleagues
from punte.rooms.loop.queries.names import account_names, ids_by_name, owner_names, person_names
from punte.rooms.loop.queries.opened import Lent, current_figures
from punte.rooms.loop.queries.pages import Basis, basis_of
from punte.rooms.loop.queries.paths import Step, paths_of
from punte.rooms.loop.queries.table import LoopRow, records_of, total_of
from punte.rooms.loop.rules import OF_DEALS, OF_TRAFFIC, Days, Filter, LoopQuestion

N_A_PAGE = 50
_COLUMN = {"owner": "owner_id", "account": "account_id"}
_STAGES = ("opportunity", "sql", "sal", "mql")
_LEFT = ("rejected", "recycled", "disqualified", "lost")


@dataclass(frozen=True)
class DealLine:
    """One deal in a list; ``amount`` in minor units of the reporting currency."""

    deal_id: str
    name: str
    account_id: str
    account: str
    owner: str
    status: str
    stage: str
    amount: int | None
    created_on: date | None
    closed_on: date | None
    days_to_won: int | None


@dataclass(frozen=True)
class LeadLine:
    """One lead in a list; ``person`` is empty for those who may not see personal data."""

    person_id: str
    person: str
    account_id: str
    account: str
    opened_on: date | None
    stage: str
    is_won: bool
    is_over: bool


@dataclass(frozen=True)
class MonthLine:
    """One month: leads begun, deals won and what they brought (minor units)."""

    month_on: date
    n_leads: int
    n_won: int
    revenue: int


@dataclass(frozen=True)
class BehindPage:
    """What lies behind a row: its figures, its deals of one outcome, its leads.

    ``leads`` is None where the filters are of a kind that leads do not have. ``n_deals`` and ``n_leads`` count all,
    ``first`` is the place of the first deal shown. ``paths`` are the ways of the deals shown, by their ids.
    """

    question: LoopQuestion
    basis: Basis
    total: LoopRow | None
    deals: tuple[DealLine, ...]
    n_deals: int
    leads: tuple[LeadLine, ...] | None
    n_leads: int
    months: tuple[MonthLine, ...]
    first: int
    may_see_persons: bool
    paths: dict[str, tuple[Step, ...]] = field(default_factory=dict)


def get_behind_page_for(*, user: Person, question: LoopQuestion, page: int = 1) -> BehindPage:
    """The deals and leads that the question's filters let through.

    Raises: NothingImported, CannotSeePersonFigures; UnknownName where records cannot be found by a filter.
    """
    refuse_colleagues(user, question)
    with current_figures() as lent:
        basis = basis_of(lent, question)
        deals = _deals(lent, question)
        in_days = deals.filter(_deal_days(deals, question, basis.days))
        first = (max(1, page) - 1) * N_A_PAGE
        leads = _leads(lent, question, basis.days)
        lines = deal_lines(lent, in_days, N_A_PAGE, first)
        return BehindPage(
            question=question,
            basis=basis,
            total=total_of(lent, question, basis.days),
            deals=lines,
            n_deals=_count(lent, in_days),
            leads=None if leads is None else lead_lines(lent, leads, user),
            n_leads=0 if leads is None else _count(lent, leads),
            months=_months(lent, leads, deals, basis.days),
            first=first,
            may_see_persons=may_see_personal_data(user),
            paths=paths_of(lent, (line.deal_id for line in lines), question.level),
        )


def deal_lines(lent: Lent, deals: Any, n: int, first: int = 0) -> tuple[DealLine, ...]:
    """Deals as lines, the largest first."""
    ordered = deals.order_by([deals.amount.desc(), deals.opportunity_id]).limit(n, offset=first)
    names = ("opportunity_id", "name", "account_id", "owner_id", "status", "stage", "amount")
    records = records_of(lent.numbers, ordered.select(*names, "created_on", "closed_on", "days_to_won"))
    accounts = account_names(lent, (record["account_id"] for record in records))
    owners = owner_names(lent, (record["owner_id"] for record in records))
    return tuple(
        DealLine(
            deal_id=record["opportunity_id"],
            name=record["name"] or "",
            account_id=record["account_id"] or "",
            account=accounts.get(record["account_id"], ""),
            owner=owners.get(record["owner_id"], ""),
            **{name: record[name] for name in ("status", "amount", "created_on", "closed_on", "days_to_won")},
            stage=record["stage"] or "",
        )
        for record in records
    )


def _deals(lent: Lent, question: LoopQuestion) -> Any:
    return _with_filters(lent, lent.numbers.tables["deal"], question.filters)


def _deal_days(deals: Any, question: LoopQuestion, days: Days) -> Any:
    """Won and lost deals by the day of their close, open ones by the day of their opening."""
    day = deals.created_on if question.outcome == "open" else deals.closed_on
    return (deals.status == question.outcome) & _holds(day, days)


def _leads(lent: Lent, question: LoopQuestion, days: Days) -> Any:
    if any(chip.dimension in OF_DEALS for chip in question.filters):
        return None
    cycles = _with_filters(lent, lent.numbers.tables["cycle"], question.filters)
    return cycles.filter(_holds(cycles.opened_on, days))


def _with_filters(lent: Lent, rows: Any, filters: tuple[Filter, ...]) -> Any:
    wanted = [chip for chip in filters if chip.dimension in OF_TRAFFIC]
    if wanted:
        traffic = lent.numbers.traffic
        keys = {f"of_{chip.dimension}": traffic[chip.dimension] for chip in wanted}
        named = traffic.select(of_traffic=traffic.traffic_id, **keys)
        rows = rows.left_join(named, rows.traffic_id == named.of_traffic)
    for chip in filters:
        rows = rows.filter(_is_value(lent, rows, chip))
    return rows


def _is_value(lent: Lent, rows: Any, chip: Filter) -> Any:
    if chip.dimension not in (*OF_TRAFFIC, *OF_DEALS, "sourced_by", "segment", "country", "account", "owner"):
        raise UnknownName(
            f"Deals and leads cannot be listed by {chip.dimension}.",
            remedy="Take this filter off.",
            name=chip.dimension,
        )
    is_traffic = chip.dimension in OF_TRAFFIC
    if is_traffic and chip.value.is_unattributed:
        return rows.origin_basis == "none"
    column = rows[f"of_{chip.dimension}"] if is_traffic else rows[_COLUMN.get(chip.dimension, chip.dimension)]
    if chip.value.text is None:
        return column.isnull() & (rows.origin_basis != "none") if is_traffic else column.isnull()
    if chip.dimension in _COLUMN:
        return column.isin(ids_by_name(lent, chip.dimension, chip.value.text))
    return column == chip.value.text


def _holds(day: Any, days: Days) -> Any:
    if not days.is_bounded:
        return day.notnull() | day.isnull()
    since, until = days.since or date.min, days.until or date.max
    return (day >= since) & (day < until)


def _count(lent: Lent, rows: Any) -> int:
    (record,) = records_of(lent.numbers, rows.aggregate(n=rows.count()))
    return int(record["n"])


def lead_lines(lent: Lent, leads: Any, user: Person) -> tuple[LeadLine, ...]:
    """Leads as lines: those won first, then the newest."""
    ordered = leads.order_by([leads.won_on.desc(), leads.opened_at.desc(), leads.lead_id]).limit(N_A_PAGE)
    moments = [f"{name}_on" for name in (*_STAGES, *_LEFT, "opened", "won")]
    records = records_of(lent.numbers, ordered.select("person_id", "account_id", *moments))
    accounts = account_names(lent, (record["account_id"] for record in records))
    persons = person_names(lent, (record["person_id"] for record in records), user)
    return tuple(
        LeadLine(
            person_id=record["person_id"] or "",
            person=persons.get(record["person_id"], ""),
            account_id=record["account_id"] or "",
            account=accounts.get(record["account_id"], ""),
            opened_on=record["opened_on"],
            stage=next((stage for stage in _STAGES if record[f"{stage}_on"]), "lead"),
            is_won=record["won_on"] is not None,
            is_over=any(record[f"{name}_on"] for name in _LEFT),
        )
        for record in records
    )


def _months(lent: Lent, leads: Any, deals: Any, days: Days) -> tuple[MonthLine, ...]:
    won = deals.filter((deals.status == "won") & deals.closed_on.notnull() & _holds(deals.closed_on, days))
    won = won.mutate(month_on=won.closed_on.truncate("M"))
    wins = records_of(lent.numbers, won.group_by("month_on").agg(n=won.count(), revenue=won.amount.sum()))
    begun: list[dict[str, Any]] = []
    if leads is not None:
        dated = leads.filter(leads.opened_on.notnull())
        dated = dated.mutate(month_on=dated.opened_on.truncate("M"))
        begun = records_of(lent.numbers, dated.group_by("month_on").agg(n=dated.count()))
    n_leads = {record["month_on"]: record["n"] for record in begun}
    n_won = {record["month_on"]: (record["n"], int(record["revenue"] or 0)) for record in wins}
    return tuple(
        MonthLine(month, n_leads.get(month, 0), *n_won.get(month, (0, 0))) for month in _each_month([*n_leads, *n_won])
    )


def _each_month(months: list[date]) -> list[date]:
    if not months:
        return []
    found, last = [min(months)], max(months)
    while found[-1] < last:
        month = found[-1]
        found.append(date(month.year + month.month // 12, month.month % 12 + 1, 1))
    return found
