"""The right answers, taken from how the company was made and never from punte's own measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.demo import story
from punte.demo.company import Company
from punte.demo.draw import DAY, HOUR, NEVER
from punte.demo.touches import BREAKFAST

ZONE = ZoneInfo(story.ZONE)
Word = TypeVar("Word", bound=str | None)


@dataclass(frozen=True)
class Row:
    """One origin in the closed loop; money in euro cents."""

    leads: int
    mql: int
    sal: int
    sql: int
    opportunities: int
    won: int
    revenue: int
    cost: int


@dataclass(frozen=True)
class Ledger:
    """What a right closed loop says about the company.

    ``by_channel`` and ``by_campaign`` count by the lead's first touch (campaign None: no campaign); ``last_touch`` is
    the money of the last touch before each win, by campaign; the breakfast's two figures are the won money of deals
    with one of its touches on their way, among the deal's persons and among everybody of the company. Days to won run
    from the opening of the lead, for one that came back from its second entry as MQL.
    """

    total: Row
    by_channel: dict[str, Row]
    by_campaign: dict[str | None, Row]
    last_touch: dict[str | None, int]
    median_days_to_won: float
    routing_hours_weekend: float
    routing_hours_weekday: float
    response_hours_slow_rep: float
    response_hours_others: float
    student_mql: int
    student_accepted: int
    n_recycled_twice_mql: int
    breakfast_revenue_persons: int
    breakfast_revenue_accounts: int


def local_days(moments: np.ndarray) -> np.ndarray:
    """Days since 1970 on the company's own calendar."""
    at = pa.array(moments, pa.timestamp("s", "UTC")).cast(pa.timestamp("s", story.ZONE))
    return pc.local_timestamp(at).cast(pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)


def won_cents(company: Company) -> np.ndarray:
    """Euro cents of every deal at the rate of its close day (half to even); 0 where it is not won."""
    deals, start = company.deals, company.period.start // DAY
    cents = np.zeros(len(deals.lead), dtype=np.int64)
    day = local_days(deals.closed_at) - start
    for deal in np.flatnonzero(deals.is_won):
        cents[deal] = deals.amount[deal]
        if deals.is_ron[deal]:
            rate = int(company.rates[min(day[deal], company.period.n_days - 1)])
            euros = Decimal(int(deals.amount[deal])) * 10_000 / rate
            cents[deal] = int(euros.quantize(Decimal(1), ROUND_HALF_EVEN))
    return cents


def make_ledger(company: Company) -> Ledger:
    """Every right answer about that company."""
    cents = won_cents(company)
    leads, deals = company.leads, company.deals
    origin_of_lead = company.visitors.origin[leads.visitor]
    began_at = np.where(leads.mql_again_at != NEVER, leads.mql_again_at, leads.opened_at)
    days = local_days(deals.closed_at) - local_days(began_at[deals.lead])
    student = company.visitors.is_student[leads.visitor]
    slow = (leads.rep == story.SLOW_REP) & (leads.called_at != NEVER)
    quick = (leads.rep != story.SLOW_REP) & (leads.called_at != NEVER)
    response, routing = leads.called_at - leads.assigned_at, leads.assigned_at - leads.mql_at
    routed = leads.assigned_at != NEVER
    weekend = (leads.mql_at // DAY + 3) % 7 >= 5
    return Ledger(
        total=_row(company, cents, np.arange(len(story.TRAFFICS))),
        by_channel=_grouped(company, cents, [entry.channel for entry in story.TRAFFICS], origin_of_lead),
        by_campaign=_grouped(company, cents, [entry.campaign for entry in story.TRAFFICS], origin_of_lead),
        last_touch=_last_touch(company, cents),
        median_days_to_won=float(np.median(days[deals.is_won])),
        routing_hours_weekend=float(np.median(routing[routed & weekend]) / HOUR),
        routing_hours_weekday=float(np.median(routing[routed & ~weekend]) / HOUR),
        response_hours_slow_rep=float(np.median(response[slow]) / HOUR),
        response_hours_others=float(np.median(response[quick]) / HOUR),
        student_mql=_entries(student, leads.mql_at, leads.mql_again_at),
        student_accepted=_entries(student, leads.sal_at, leads.sal_again_at),
        n_recycled_twice_mql=int((leads.mql_again_at != NEVER).sum()),
        breakfast_revenue_persons=int(cents[_has_breakfast_person(company)].sum()),
        breakfast_revenue_accounts=int(cents[_has_breakfast_account(company)].sum()),
    )


def _row(company: Company, cents: np.ndarray, traffics: np.ndarray) -> Row:
    leads, deals = company.leads, company.deals
    mine = np.isin(company.visitors.origin[leads.visitor], traffics)
    deal = mine[deals.lead]
    return Row(
        leads=int(mine.sum()),
        mql=_entries(mine, leads.mql_at, leads.mql_again_at),
        sal=_entries(mine, leads.sal_at, leads.sal_again_at),
        sql=int((mine & (leads.sql_at != NEVER)).sum()),
        opportunities=int(deal.sum()),
        won=int((deal & deals.is_won).sum()),
        revenue=int(cents[deal].sum()),
        cost=int(company.spend[:, traffics].sum()),
    )


def _entries(mine: np.ndarray, *moments: np.ndarray) -> int:
    """How often these leads entered a stage: once in each of their cycles."""
    return int(sum((mine & (at != NEVER)).sum() for at in moments))


def _grouped(
    company: Company, cents: np.ndarray, labels: Sequence[Word], origin_of_lead: np.ndarray
) -> dict[Word, Row]:
    found = {labels[index] for index in np.unique(origin_of_lead)} | {
        label for index, label in enumerate(labels) if company.spend[:, index].any()
    }
    same = {label: np.array([i for i, other in enumerate(labels) if other == label]) for label in found}
    return {
        label: _row(company, cents, same[label]) for label in sorted(found, key=lambda word: (word is not None, word))
    }


def _last_touch(company: Company, cents: np.ndarray) -> dict[str | None, int]:
    """For each win, in plain sight: the last touch of its persons up to the close."""
    deals, touches = company.deals, company.touches
    order = np.lexsort((touches.at, touches.person))
    person, at, traffic = touches.person[order], touches.at[order], touches.traffic[order]
    money: dict[str | None, int] = {}
    for deal in np.flatnonzero(deals.is_won):
        best_at, best = -1, None
        for member in {int(company.leads.visitor[deals.lead[deal]]), int(deals.partner[deal])} - {-1}:
            first, last = np.searchsorted(person, [member, member + 1])
            n_before = int(np.searchsorted(at[first:last], deals.closed_at[deal], "right"))
            if n_before and at[first + n_before - 1] > best_at:
                best_at, best = at[first + n_before - 1], story.TRAFFICS[traffic[first + n_before - 1]].campaign
        money[best] = money.get(best, 0) + int(cents[deal])
    return money


def _has_breakfast_person(company: Company) -> np.ndarray:
    """Deals with a touch of the breakfast by one of their own persons: executives sign nothing, so none."""
    guests = company.touches.person[company.touches.traffic == BREAKFAST]
    main = company.leads.visitor[company.deals.lead]
    return np.isin(main, guests) | np.isin(company.deals.partner, guests)


def _has_breakfast_account(company: Company) -> np.ndarray:
    account = company.visitors.account[company.leads.visitor[company.deals.lead]]
    guest_at = np.where(account >= 0, company.accounts.breakfast_at[account], NEVER)
    return (guest_at != NEVER) & (guest_at <= company.deals.closed_at)


def last_day(company: Company) -> date:
    """The company's last day."""
    return company.period.day(company.period.n_days - 1)
