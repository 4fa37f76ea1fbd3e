"""The demo company as a whole, and its exports as tables with the headers that such systems write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.demo import draw, names, story
from punte.demo.draw import DAY, NEVER, Accounts, Deals, Leads, Period, Visitors
from punte.demo.touches import KINDS, Touches, draw_touches

VISITS_PER_ACCOUNT = 8


@dataclass(frozen=True)
class Company:
    """Everything that was drawn; the same seed, size and last day give the same company."""

    seed: int
    n_persons: int
    period: Period
    accounts: Accounts
    visitors: Visitors
    leads: Leads
    deals: Deals
    touches: Touches
    spend: np.ndarray  # cents per day (rows) and per traffic of story.TRAFFICS (columns)
    rates: np.ndarray  # RON per EUR in ten-thousandths, per day
    executives: np.ndarray  # accounts whose executives are known by name


def make_company(*, seed: int = 7, n_persons: int = story.BASE_PERSONS, until: date) -> Company:
    """Draws a company of ``n_persons`` visitors whose last day is ``until``."""
    rng = np.random.default_rng(seed)
    period = Period.until(until)
    accounts = draw.draw_accounts(rng, max(30, n_persons // VISITS_PER_ACCOUNT), period)
    visitors = draw.draw_visitors(rng, n_persons, len(accounts.segment), period)
    leads = draw.draw_leads(rng, visitors, period)
    deals = draw.draw_deals(rng, leads, visitors, accounts, period)
    touches = draw_touches(rng, accounts, visitors, leads, deals, period)
    return Company(
        seed=seed,
        n_persons=n_persons,
        period=period,
        accounts=accounts,
        visitors=visitors,
        leads=leads,
        deals=deals,
        touches=touches,
        spend=_spend(rng, n_persons, period),
        rates=49_700 + np.cumsum(rng.integers(-25, 26, period.n_days)),
        executives=np.flatnonzero(accounts.breakfast_at != NEVER),
    )


def _spend(rng: np.random.Generator, n_persons: int, period: Period) -> np.ndarray:
    daily = np.array([entry.daily_cost for entry in story.TRAFFICS]) * n_persons / story.BASE_PERSONS
    weekday = (period.start // DAY + np.arange(period.n_days) + 3) % 7
    shape = np.where(weekday >= 5, 0.6, 1.16)[:, None] * rng.uniform(0.75, 1.25, (period.n_days, len(daily)))
    return np.rint(shape * daily * 100).astype(np.int64)


def _text(moments: np.ndarray) -> pa.Array:
    """Moments as ISO text in UTC; NEVER as null."""
    at = pa.array(moments, pa.timestamp("s"), mask=np.asarray(moments) == NEVER)
    return pc.strftime(at, "%Y-%m-%dT%H:%M:%SZ")


def _ids(prefix: str, numbers: np.ndarray, mask: np.ndarray | None = None) -> pa.Array:
    text = pc.binary_join_element_wise(prefix, pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 7, "0"), "")
    return text if mask is None else pc.if_else(pa.array(mask), pa.scalar(None, pa.string()), text)


def _pick(words: Sequence[str | None], index: np.ndarray) -> pa.Array:
    return pa.array(list(words), pa.string()).take(pa.array(index))


def _decimal(minor: np.ndarray) -> pa.Array:
    return pa.array([str(Decimal(int(value)) / 100) for value in minor], pa.string())


def contact_of(company: Company, person: np.ndarray) -> pa.Array:
    """The CRM's id of a visitor or executive."""
    return _ids("con-", person)


def _company_words(n: int) -> list[str]:
    """A different made-up word for each of ``n`` companies."""
    n_stems, n_tails = len(names.STEM), len(names.TAIL)
    return [
        f"{names.STEM[i % n_stems]}{names.TAIL[i // n_stems % n_tails]}{i // (n_stems * n_tails) or ''}"
        for i in range(n)
    ]


def companies(company: Company) -> pa.Table:
    """The CRM's companies."""
    accounts, n = company.accounts, len(company.accounts.segment)
    number, word = np.arange(n), _company_words(n)
    city = [
        names.CITIES[story.COUNTRIES[c]][i % len(names.CITIES[story.COUNTRIES[c]])]
        for i, c in enumerate(accounts.country)
    ]
    return pa.table(
        {
            "Company ID": _ids("com-", number),
            "Company name": [
                f"{name} {names.LEGAL[i % 2 if c == 0 else c + 1]}"
                for i, (name, c) in enumerate(zip(word, accounts.country, strict=True))
            ],
            "Domain": [f"{name.lower()}.example" for name in word],
            "Country": _pick(story.COUNTRIES, accounts.country),
            "City": city,
            "Industry": _pick(story.INDUSTRIES, accounts.industry),
            "Employees": accounts.n_employees,
            "Segment": _pick(story.SEGMENTS, accounts.segment),
            "Created": _text(accounts.created_at),
        }
    )


def contacts(company: Company) -> pa.Table:
    """The CRM's contacts: every lead's person, and the executives who came to the breakfast."""
    visitors, leads = company.visitors, company.leads
    person = np.concatenate([leads.visitor, company.n_persons + company.executives])
    account = np.concatenate([visitors.account[leads.visitor], company.executives])
    campus = len(company.accounts.segment)
    is_executive = np.arange(len(person)) >= len(leads.visitor)
    student = np.concatenate([visitors.is_student[leads.visitor], np.zeros(len(company.executives), dtype=bool)])
    first, last = person * 7 % len(names.FIRST), person * 13 // 5 % len(names.LAST)
    created = np.concatenate([leads.opened_at, company.accounts.breakfast_at[company.executives]])
    title = np.where(is_executive, len(names.TITLES) + person % len(names.EXECUTIVE_TITLES), person % len(names.TITLES))
    title = np.where(student, len(names.TITLES) + len(names.EXECUTIVE_TITLES), title)
    first_name, last_name = _pick(names.FIRST, first), _pick(names.LAST, last)
    host = _pick(
        [*(f"{word.lower()}.example" for word in _company_words(len(company.accounts.segment))), "campus.example"],
        np.where(account < 0, campus, account),
    )
    mail = pc.binary_join_element_wise(
        first_name, ".", last_name, ".", pa.array(person).cast(pa.string()), "@", host, ""
    )
    return pa.table(
        {
            "Contact ID": contact_of(company, person),
            "First name": first_name,
            "Last name": last_name,
            "Email": pc.utf8_lower(mail),
            "Job title": _pick([*names.TITLES, *names.EXECUTIVE_TITLES, "Student"], title),
            "Contact type": _pick(("business", "student"), student.astype(np.int64)),
            "Company ID": _ids("com-", account, account < 0),
            "Visitor ID": _ids("vis-", person),
            "Created": _text(created),
        }
    )


def leads_table(company: Company) -> pa.Table:
    """The CRM's leads."""
    leads = company.leads
    number = np.arange(len(leads.visitor))
    account = company.visitors.account[leads.visitor]
    return pa.table(
        {
            "Lead ID": _ids("lead-", number),
            "Contact ID": contact_of(company, leads.visitor),
            "Company ID": _ids("com-", account, account < 0),
            "Opened": _text(leads.opened_at),
            "Owner ID": _pick([rep.owner_id for rep in story.REPS], leads.rep),
            "Sourced by": pa.array(["marketing"] * len(number)),
        }
    )


def lead_history(company: Company) -> pa.Table:
    """Every entry of every lead into a stage."""
    leads, parts = company.leads, []
    steps = (
        ("MQL", leads.mql_at, None),
        ("SAL", leads.sal_at, None),
        ("Rejected", leads.rejected_at, "does not meet the definition"),
        ("Recycled", leads.recycled_at, "not now"),
        ("MQL", leads.mql_again_at, None),
        ("SAL", leads.sal_again_at, None),
        ("SQL", leads.sql_at, None),
        ("Disqualified", leads.disqualified_at, "no need"),
    )
    for order, (stage, at, reason) in enumerate(steps):
        lead = np.flatnonzero(at != NEVER)
        parts.append(
            pa.table(
                {
                    "Event ID": pc.binary_join_element_wise(_ids("lead-", lead), str(order), "/"),
                    "Lead ID": _ids("lead-", lead),
                    "Stage": pa.array([stage] * len(lead), pa.string()),
                    "Date": _text(at[lead]),
                    "Reason": pa.array([reason] * len(lead), pa.string()),
                }
            )
        )
    return pa.concat_tables(parts)


def assignments(company: Company) -> pa.Table:
    """When each lead was given to whom."""
    lead = np.flatnonzero(company.leads.assigned_at != NEVER)
    return pa.table(
        {
            "Lead ID": _ids("lead-", lead),
            "Owner ID": _pick([rep.owner_id for rep in story.REPS], company.leads.rep[lead]),
            "Date": _text(company.leads.assigned_at[lead]),
        }
    )


def activities(company: Company) -> pa.Table:
    """The first call to every lead that was assigned."""
    lead = np.flatnonzero(company.leads.called_at != NEVER)
    return pa.table(
        {
            "Activity ID": _ids("act-", lead),
            "Type": pa.array(["call"] * len(lead)),
            "Lead ID": _ids("lead-", lead),
            "Contact ID": contact_of(company, company.leads.visitor[lead]),
            "Owner ID": _pick([rep.owner_id for rep in story.REPS], company.leads.rep[lead]),
            "Date": _text(company.leads.called_at[lead]),
            "Outcome": _pick(("answered", "no answer", "busy"), lead % 7 // 5 + (lead % 11 == 0)),
        }
    )


def deals_table(company: Company) -> pa.Table:
    """The CRM's deals as they stand on the last day."""
    deals, leads = company.deals, company.leads
    number, visitor = np.arange(len(deals.lead)), company.leads.visitor[company.deals.lead]
    account = company.visitors.account[visitor]
    closed = deals.closed_at != NEVER
    status = np.where(deals.is_won, 1, np.where(closed, 2, 0))
    reason = np.where(status == 2, number % len(story.LOST_REASONS), len(story.LOST_REASONS))
    return pa.table(
        {
            "Deal ID": _ids("deal-", number),
            "Lead ID": _ids("lead-", deals.lead),
            "Deal name": pc.binary_join_element_wise("Offer", pa.array(number + 1).cast(pa.string()), " "),
            "Company ID": _ids("com-", account, account < 0),
            "Owner ID": _pick([rep.owner_id for rep in story.REPS], leads.rep[deals.lead]),
            "Stage": _pick(("Proposal", "Closed won", "Closed lost"), status),
            "Created": _text(deals.created_at),
            "Closed": _text(deals.closed_at),
            "Amount": _decimal(deals.amount),
            "Currency": _pick(("EUR", "RON"), deals.is_ron.astype(np.int64)),
            "Deal type": _pick(("New business", "Existing business"), (number % 9 == 8).astype(np.int64)),
            "Lost reason": _pick((*story.LOST_REASONS, None), reason),
        }
    )


def deal_contacts(company: Company) -> pa.Table:
    """Who has a part in which deal."""
    deals = company.deals
    main = np.arange(len(deals.lead))
    second = np.flatnonzero(deals.partner >= 0)
    person = np.concatenate([company.leads.visitor[deals.lead], deals.partner[second]])
    role = np.concatenate([np.zeros(len(main), dtype=np.int64), np.ones(len(second), dtype=np.int64)])
    return pa.table(
        {
            "Deal ID": _ids("deal-", np.concatenate([main, second])),
            "Contact ID": contact_of(company, person),
            "Role": _pick(("decision maker", "influencer"), role),
        }
    )


def owners(company: Company) -> pa.Table:
    """The colleagues."""
    reps = [(rep.owner_id, rep.name, rep.team, "sales") for rep in story.REPS]
    managers = [(owner_id, name, "Management", side) for owner_id, name, side in story.MANAGERS]
    owner_id, name, team, side = zip(*reps, *managers, strict=True)
    return pa.table({"Owner ID": owner_id, "Name": name, "Team": team, "Side": side})


def touches_table(company: Company, start: int = 0, stop: int | None = None) -> pa.Table:
    """The marketing platform's touches, a slice of them where asked for; moments are timestamps in UTC."""
    rows = slice(start, stop)
    touches, traffic = company.touches, company.touches.traffic[rows]
    number = np.arange(len(touches.at))[rows]
    entries = story.TRAFFICS
    offer = touches.offer[rows]
    offers = [entry.offer for entry in story.ORIGINS]
    return pa.table(
        {
            "Touch ID": _ids("t-", number),
            "Visitor ID": _ids("vis-", touches.person[rows]),
            "Time": pa.array(touches.at[rows], pa.timestamp("s")).cast(pa.timestamp("us")),
            "Kind": _pick(KINDS, touches.kind[rows]),
            "Channel": _pick([entry.declared for entry in entries], traffic),
            "Source": _pick([entry.source for entry in entries], traffic),
            "Medium": _pick([entry.medium for entry in entries], traffic),
            "Campaign": _pick([entry.campaign for entry in entries], traffic),
            "Landing page": _pick([entry.page for entry in entries], traffic),
            "Form": _pick(("contact", None), (offer < 0).astype(np.int64)),
            "Offer": _pick([*offers, None], np.where(offer < 0, len(offers), offer)),
        }
    )


def spend_table(company: Company) -> pa.Table:
    """What was spent per day and campaign."""
    day, traffic = np.nonzero(company.spend)
    entries, start = story.TRAFFICS, company.period.start
    return pa.table(
        {
            "Day": pa.array((start // DAY + day).astype(np.int32)).cast(pa.date32()),
            "Channel": _pick([entry.declared for entry in entries], traffic),
            "Source": _pick([entry.source for entry in entries], traffic),
            "Medium": _pick([entry.medium for entry in entries], traffic),
            "Campaign": _pick([entry.campaign for entry in entries], traffic),
            "Cost": _decimal(company.spend[day, traffic]),
            "Currency": pa.array(["EUR"] * len(day)),
        }
    )


def rates_table(company: Company) -> pa.Table:
    """What one euro cost in lei, day by day."""
    days = (company.period.start // DAY + np.arange(company.period.n_days)).astype(np.int32)
    return pa.table(
        {
            "Day": pa.array(days).cast(pa.date32()),
            "Base": pa.array(["EUR"] * len(days)),
            "Quote": pa.array(["RON"] * len(days)),
            "Rate": [str(Decimal(int(rate)) / 10_000) for rate in company.rates],
        }
    )
