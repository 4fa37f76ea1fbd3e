"""Draws the demo company's people and what befell them; seeded, so the same call gives the same company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from punte.demo import story

DAY = 86_400
HOUR = 3_600
NEVER = np.int64(-1)
"""A moment that did not come (moments are whole seconds UTC since 1970)."""


@dataclass(frozen=True)
class Period:
    """The span of the company: ``start`` and ``end`` as seconds UTC, end excluded."""

    start: int
    end: int

    @classmethod
    def until(cls, last_day: date) -> Period:
        """The ``story.MONTHS`` months that end with that day."""
        epoch = date(1970, 1, 1)
        end = (last_day - epoch).days + 1
        return cls((end - round(story.MONTHS * 30.4375)) * DAY, end * DAY)

    @property
    def n_days(self) -> int:
        """Days in the period."""
        return (self.end - self.start) // DAY

    def day(self, offset: int) -> date:
        """The date that many days after the start."""
        return date(1970, 1, 1) + timedelta(days=self.start // DAY + offset)


@dataclass(frozen=True)
class Accounts:
    """One entry per company."""

    segment: np.ndarray
    country: np.ndarray
    industry: np.ndarray
    n_employees: np.ndarray
    created_at: np.ndarray
    breakfast_at: np.ndarray  # when its executives came to the breakfast, else NEVER


@dataclass(frozen=True)
class Visitors:
    """One entry per visitor of the website; ``account`` is -1 for students."""

    origin: np.ndarray
    is_student: np.ndarray
    account: np.ndarray
    first_at: np.ndarray
    opened_at: np.ndarray  # when the visitor filled in a form and became a lead, else NEVER


@dataclass(frozen=True)
class Leads:
    """One entry per lead; moments are NEVER where the stage was not reached."""

    visitor: np.ndarray
    rep: np.ndarray
    opened_at: np.ndarray
    mql_at: np.ndarray
    assigned_at: np.ndarray
    called_at: np.ndarray
    sal_at: np.ndarray
    rejected_at: np.ndarray
    recycled_at: np.ndarray
    mql_again_at: np.ndarray
    sal_again_at: np.ndarray
    sql_at: np.ndarray
    disqualified_at: np.ndarray


@dataclass(frozen=True)
class Deals:
    """One entry per opportunity; ``closed_at`` is NEVER while it is open."""

    lead: np.ndarray
    partner: np.ndarray  # second person on the deal: index of a visitor, else -1
    created_at: np.ndarray
    closed_at: np.ndarray
    is_won: np.ndarray
    amount: np.ndarray  # minor units of its currency
    is_ron: np.ndarray


def _weekday(seconds: np.ndarray) -> np.ndarray:
    """0 for Monday; day 0 of 1970 was a Thursday."""
    return (seconds // DAY + 3) % 7


def _lasting(rng: np.random.Generator, median_seconds: float, sigma: float, n: int) -> np.ndarray:
    return (median_seconds * np.exp(rng.normal(0.0, sigma, n))).astype(np.int64)


def _in_daytime(rng: np.random.Generator, day: np.ndarray) -> np.ndarray:
    """A moment of that day (in days since 1970) between 06:00 and 19:00 UTC."""
    return day * DAY + 6 * HOUR + rng.integers(0, 13 * HOUR, len(day))


def _happens(when: np.ndarray, does: np.ndarray, period: Period) -> np.ndarray:
    """``when`` where it does happen before the period's end, else NEVER."""
    return np.where(does & (when < period.end), when, NEVER)


def _at_work(rng: np.random.Generator, at: np.ndarray) -> np.ndarray:
    """The moment itself in working time (Monday to Friday, 06:00 to 15:00 UTC), else early on the next working day."""
    weekday, second = _weekday(at), at % DAY
    late = (weekday < 5) & (second >= 15 * HOUR)
    wait = np.where(weekday >= 5, 7 - weekday, np.where(late, np.where(weekday == 4, 3, 1), 0))
    morning = (at // DAY + wait) * DAY + 6 * HOUR + rng.integers(0, 2 * HOUR, len(at))
    return np.where((wait > 0) | (second < 6 * HOUR), morning, at)


def draw_accounts(rng: np.random.Generator, n: int, period: Period) -> Accounts:
    """``n`` companies; a twelfth of the larger ones send their executives to the breakfast."""
    segment = rng.choice(len(story.SEGMENTS), n, p=story.SEGMENT_SHARES)
    low, high = np.array(story.EMPLOYEES).T
    breakfast_day = period.start // DAY + rng.integers(0, max(1, int(period.n_days * 0.7)), n)
    comes = (segment > 0) & (rng.random(n) < 0.30)
    return Accounts(
        segment=segment,
        country=rng.choice(len(story.COUNTRIES), n, p=story.COUNTRY_SHARES),
        industry=rng.integers(0, len(story.INDUSTRIES), n),
        n_employees=rng.integers(low[segment], high[segment] + 1),
        created_at=np.full(n, period.start, dtype=np.int64) + rng.integers(0, DAY, n),
        breakfast_at=np.where(comes, _in_daytime(rng, breakfast_day), NEVER),
    )


def draw_visitors(rng: np.random.Generator, n: int, n_accounts: int, period: Period) -> Visitors:
    """``n`` visitors, more towards the end, fewer on week-ends."""
    days = np.arange(period.n_days)
    weekday = _weekday(period.start + days * DAY)
    weight = (1 + 0.8 * days / period.n_days) * np.where(weekday >= 5, 0.45, 1.0)
    day = rng.choice(period.n_days, n, p=weight / weight.sum())
    first_at = _in_daytime(rng, period.start // DAY + day)
    shares = np.array([origin.share for origin in story.ORIGINS])
    origin = rng.choice(len(story.ORIGINS), n, p=shares / shares.sum())
    is_student = rng.random(n) < np.array([entry.students for entry in story.ORIGINS])[origin]
    converts = rng.random(n) < np.array([entry.converts for entry in story.ORIGINS])[origin]
    later = np.where(rng.random(n) < 0.45, rng.integers(120, 1500, n), _lasting(rng, 6 * DAY, 0.9, n))
    account = np.where(is_student, -1, rng.integers(0, n_accounts, n))
    return Visitors(origin, is_student, account, first_at, _happens(first_at + later, converts, period))


def _routed(rng: np.random.Generator, mql_at: np.ndarray) -> np.ndarray:
    """Minutes on a working day; on a week-end nobody routes before Monday, 09:00 UTC."""
    weekday = _weekday(mql_at)
    monday = (mql_at // DAY + 7 - weekday) * DAY + 9 * HOUR + rng.integers(0, 2 * HOUR, len(mql_at))
    return np.where(weekday >= 5, monday, mql_at + _lasting(rng, 25 * 60, 0.6, len(mql_at)))


def draw_leads(rng: np.random.Generator, visitors: Visitors, period: Period) -> Leads:
    """What becomes of every visitor who filled in a form, with one return for the recycled."""
    visitor = np.flatnonzero(visitors.opened_at != NEVER)
    n, opened, student = len(visitor), visitors.opened_at[visitor], visitors.is_student[visitor]
    rep = rng.integers(0, len(story.REPS), n)
    mql = _happens(opened + rng.integers(300, 3000, n), rng.random(n) < 0.80, period)
    assigned = _happens(_routed(rng, mql), mql != NEVER, period)
    response = np.array([entry.response_hours for entry in story.REPS])[rep] * HOUR
    waited = assigned + (response * np.exp(rng.normal(0, 0.5, n))).astype(np.int64)
    called = _happens(_at_work(rng, waited), assigned != NEVER, period)
    accepts = rng.random(n) < np.where(student, story.STUDENT_ACCEPTED_SHARE, story.ACCEPTED_SHARE)
    answered = called + rng.integers(600, 3 * HOUR, n)
    sal = _happens(answered, (called != NEVER) & accepts, period)
    rejected = _happens(answered, (called != NEVER) & ~accepts, period)
    chance = story.SQL_SHARE * np.where(rep == story.SLOW_REP, story.SLOW_PENALTY, 1.0)
    qualifies = (sal != NEVER) & (rng.random(n) < chance)
    recycles = (sal != NEVER) & ~qualifies & (rng.random(n) < story.RECYCLED_SHARE)
    recycled = _happens(sal + rng.integers(5 * DAY, 15 * DAY, n), recycles, period)
    again = _happens(
        recycled + rng.integers(30 * DAY, 90 * DAY, n), (recycled != NEVER) & (rng.random(n) < 0.5), period
    )
    sal_again = _happens(again + rng.integers(HOUR, DAY, n), again != NEVER, period)
    qualifies |= (sal_again != NEVER) & (rng.random(n) < 0.6)
    sql = _happens(np.maximum(sal, sal_again) + _lasting(rng, 3 * DAY, 0.6, n), qualifies, period)
    drops = (sal != NEVER) & ~qualifies & ~recycles
    disqualified = _happens(sal + rng.integers(2 * DAY, 20 * DAY, n), drops, period)
    return Leads(
        visitor, rep, opened, mql, assigned, called, sal, rejected, recycled, again, sal_again, sql, disqualified
    )


def draw_deals(rng: np.random.Generator, leads: Leads, visitors: Visitors, accounts: Accounts, period: Period) -> Deals:
    """The opportunities of qualified leads; a breakfast that came before makes a win likelier."""
    created = _at_work(rng, leads.sql_at + rng.integers(DAY, 10 * DAY, len(leads.sql_at)))
    becomes = (leads.sql_at != NEVER) & (rng.random(len(created)) < story.OPPORTUNITY_SHARE) & (created < period.end)
    lead = np.flatnonzero(becomes)
    n, created = len(lead), created[lead]
    account = visitors.account[leads.visitor[lead]]
    segment = np.where(account >= 0, accounts.segment[account], 0)
    breakfast = np.where(account >= 0, accounts.breakfast_at[account], NEVER)
    lift = np.where((breakfast != NEVER) & (breakfast < created), story.BREAKFAST_LIFT, 1.0)
    is_won = rng.random(n) < np.minimum(0.95, np.array(story.SEGMENT_WIN)[segment] * lift)
    decided = _at_work(rng, created + _lasting(rng, 38 * DAY, 0.55, n))
    closed = _happens(decided, np.ones(n, dtype=bool), period)
    euros = np.array(story.SEGMENT_AMOUNTS)[segment] * np.exp(rng.normal(0, 0.45, n))
    home = np.where(account >= 0, accounts.country[account], 0) == 0
    is_ron = home & (rng.random(n) < story.RON_SHARE)
    amount = np.rint(euros * np.where(is_ron, 4.97, 1.0) * 100).astype(np.int64)
    partner = _partners(rng, leads, visitors, lead, account, created)
    return Deals(lead, partner, created, closed, is_won & (closed != NEVER), amount, is_ron)


def _partners(
    rng: np.random.Generator,
    leads: Leads,
    visitors: Visitors,
    lead: np.ndarray,
    account: np.ndarray,
    created: np.ndarray,
) -> np.ndarray:
    """For two deals in five a colleague of the same company who had become a lead before the deal, if there is one."""
    order = np.argsort(visitors.account[leads.visitor], kind="stable")
    sorted_accounts = visitors.account[leads.visitor][order]
    first = np.searchsorted(sorted_accounts, account, "left")
    count = np.searchsorted(sorted_accounts, account, "right") - first
    pick = order[first + (rng.random(len(lead)) * count).astype(np.int64)]
    fits = (account >= 0) & (pick != lead) & (leads.opened_at[pick] < created) & (rng.random(len(lead)) < 0.4)
    return np.where(fits, leads.visitor[pick], -1)
