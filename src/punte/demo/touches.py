"""Draws every touch of the demo company: first visits, returns, letters, forms, the breakfast, and the last search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from punte.demo import story
from punte.demo.draw import DAY, NEVER, Accounts, Deals, Leads, Period, Visitors

KINDS = ("session", "email_click", "form", "event", "ad_click")
SESSION, LETTER, FORM, EVENT, AD = range(5)
BREAKFAST = story.TRAFFICS.index(story.BREAKFAST)
NURTURE = story.TRAFFICS.index(story.NURTURE)
RETURN = story.TRAFFICS.index(story.RETURN)


@dataclass(frozen=True)
class Touches:
    """One entry per touch; ``person`` counts visitors first and then executives (visitor count + account)."""

    person: np.ndarray
    at: np.ndarray
    traffic: np.ndarray
    kind: np.ndarray
    offer: np.ndarray  # index in ORIGINS whose offer was asked for, else -1

    @classmethod
    def joined(cls, parts: list[Touches]) -> Touches:
        """All parts as one, ordered by moment and person."""
        columns = [np.concatenate([getattr(part, name) for part in parts]) for name in cls.__dataclass_fields__]
        order = np.lexsort((columns[0], columns[1]))
        return cls(*(column[order] for column in columns))


def _plain(person: np.ndarray, at: np.ndarray, traffic: np.ndarray, kind: np.ndarray) -> Touches:
    return Touches(person, at, traffic, kind, np.full(len(person), -1, dtype=np.int64))


def _firsts(visitors: Visitors) -> Touches:
    paid = np.array([entry.medium in ("cpc", "paid-social") for entry in story.ORIGINS])[visitors.origin]
    event = np.array([entry.medium == "event" for entry in story.ORIGINS])[visitors.origin]
    kind = np.where(event, EVENT, np.where(paid, AD, SESSION))
    return _plain(np.arange(len(visitors.origin)), visitors.first_at, visitors.origin, kind)


def _forms(leads: Leads, visitors: Visitors) -> Touches:
    """The form itself: in the first session it has the origin's traffic, later the visitor comes by typing the name."""
    at = leads.opened_at
    same = at - visitors.first_at[leads.visitor] < 1800
    origin = visitors.origin[leads.visitor]
    kind = np.full(len(at), FORM, dtype=np.int64)
    return Touches(leads.visitor, at, np.where(same, origin, RETURN), kind, origin)


def _returns(rng: np.random.Generator, visitors: Visitors, stop_at: np.ndarray) -> Touches:
    """Later visits and letters, between the first visit and ``stop_at`` of each visitor."""
    known = visitors.opened_at != NEVER
    n = rng.poisson(np.where(known, 5.2, 3.2))
    person = np.repeat(np.arange(len(n)), n)
    span = np.maximum(stop_at - visitors.first_at, 2 * 3600)[person]
    at = visitors.first_at[person] + 1800 + (rng.random(len(person)) * span).astype(np.int64)
    letter = known[person] & (at > visitors.opened_at[person]) & (rng.random(len(person)) < 0.55)
    own = rng.random(len(person)) < 0.2
    traffic = np.where(letter, NURTURE, np.where(own, visitors.origin[person], RETURN))
    kept = at < stop_at[person]
    return _plain(person[kept], at[kept], traffic[kept], np.where(letter, LETTER, SESSION)[kept])


def _last_searches(rng: np.random.Generator, deals: Deals, leads: Leads) -> Touches:
    """Before a decision people type the company's name into a search engine and click the advertisement on top."""
    searches = (deals.closed_at != NEVER) & (rng.random(len(deals.lead)) < np.where(deals.is_won, 0.72, 0.35))
    at = deals.closed_at - rng.integers(1800, 30 * 3600, len(searches))
    searches &= at > deals.created_at
    person = leads.visitor[deals.lead[searches]]
    traffic = np.full(len(person), story.BRAND, dtype=np.int64)
    return _plain(person, at[searches], traffic, np.full(len(person), AD, dtype=np.int64))


def _breakfasts(accounts: Accounts, n_visitors: int) -> Touches:
    account = np.flatnonzero(accounts.breakfast_at != NEVER)
    at = accounts.breakfast_at[account]
    constant = np.ones(len(account), dtype=np.int64)
    return _plain(n_visitors + account, at, constant * BREAKFAST, constant * EVENT)


def draw_touches(
    rng: np.random.Generator, accounts: Accounts, visitors: Visitors, leads: Leads, deals: Deals, period: Period
) -> Touches:
    """Every touch in the period, in the order in which they happened."""
    stop_at = np.full(len(visitors.origin), period.end, dtype=np.int64)
    stop_at = np.minimum(stop_at, visitors.first_at + 60 * DAY)
    stop_at[leads.visitor] = np.minimum(period.end, leads.opened_at + 45 * DAY)
    decided = deals.closed_at != NEVER
    stop_at[leads.visitor[deals.lead[decided]]] = deals.closed_at[decided] - 30 * 3600
    parts = [
        _firsts(visitors),
        _forms(leads, visitors),
        _returns(rng, visitors, stop_at),
        _last_searches(rng, deals, leads),
        _breakfasts(accounts, len(visitors.origin)),
    ]
    return Touches.joined(parts)
