"""The story of the demo company, as numbers: where its visitors come from, what its colleagues do, what goes wrong.

Meridian Instruments sells measuring equipment and its software to factories in seven countries. Six things are true
of it, and a reader of its figures should find each of them without being told:

1. Brand search shines on last touch and loses money on the closed loop: people type the name before they buy.
2. Leads that arrive on a week-end wait for Monday to be routed.
3. One rep calls days later than the others.
4. The definition of a qualified lead admits students; sales turns them away.
5. The executive breakfast moves companies, not the persons who sign: only the account level shows it.
6. Some leads are recycled and come back as qualified a second time.
"""

from __future__ import annotations

from dataclasses import dataclass

MONTHS = 18
ZONE = "Europe/Bucharest"
CURRENCY = "EUR"
BASE_PERSONS = 6_000
"""Size for which the daily costs are given; other sizes spend in proportion."""


@dataclass(frozen=True)
class Origin:
    """One way into the company.

    ``share`` of visitors whose first touch it is; ``converts`` share of them who fill in a form; ``students`` share of
    those who are students; ``daily_cost`` in EUR for a company of ``BASE_PERSONS`` visitors.
    """

    channel: str
    declared: str | None
    source: str | None
    medium: str | None
    campaign: str | None
    page: str
    offer: str | None
    share: float
    converts: float
    students: float
    daily_cost: float


ORIGINS = (
    Origin("Organic Search", None, "google", "organic", None, "/guides", "calibration-guide", 0.26, 0.30, 0.06, 0.0),
    Origin("Direct", None, "(direct)", "(none)", None, "/", "demo-request", 0.13, 0.26, 0.04, 0.0),
    Origin("Paid Search", None, "google", "cpc", "generic-search", "/products", "price-list", 0.11, 0.30, 0.05, 46.0),
    Origin("Paid Search", None, "google", "cpc", "brand-search", "/", "demo-request", 0.02, 0.25, 0.05, 88.0),
    Origin("Paid Social", None, "linkedin", "paid-social", "linkedin-abm", "/roi", "roi-sheet", 0.10, 0.34, 0.01, 52.0),
    Origin(
        "Paid Social", None, "facebook", "paid-social", "free-guide", "/guides", "lab-guide", 0.13, 0.48, 0.62, 24.0
    ),
    Origin(
        "Webinars",
        "Webinars",
        "livestorm",
        "webinar",
        "webinar-calibration",
        "/webinar",
        "webinar",
        0.09,
        0.52,
        0.02,
        18.0,
    ),
    Origin("Events", "Events", "fair", "event", "automation-fair", "/fair", "fair-meeting", 0.04, 0.58, 0.01, 40.0),
    Origin("Email", None, "newsletter", "email", "monthly-letter", "/news", "calibration-guide", 0.04, 0.34, 0.03, 4.0),
    Origin("Organic Social", None, "linkedin.com", "social", None, "/stories", "roi-sheet", 0.05, 0.22, 0.05, 0.0),
    Origin(
        "Partners",
        "Partners",
        "partner",
        "referral",
        "partner-program",
        "/partners",
        "demo-request",
        0.03,
        0.62,
        0.0,
        9.0,
    ),
)
BRAND = 3
"""Index in ORIGINS of the campaign that takes the last touch before a purchase."""

BREAKFAST = Origin("Events", "Events", "breakfast", "event", "executive-breakfast", "/breakfast", None, 0, 0, 0, 30.0)
NURTURE = Origin("Email", None, "newsletter", "email", "nurture-series", "/news", None, 0, 0, 0, 3.0)
RETURN = Origin("Direct", None, "(direct)", "(none)", None, "/products", None, 0, 0, 0, 0.0)
TRAFFICS = (*ORIGINS, BREAKFAST, NURTURE, RETURN)
"""Every kind of traffic that a touch can have; a touch holds its index here."""


@dataclass(frozen=True)
class Rep:
    """One colleague in sales; ``response_hours`` is the median from assignment to the first call."""

    owner_id: str
    name: str
    team: str
    response_hours: float


REPS = (
    Rep("own-01", "Ilinca Vlad", "North", 1.6),
    Rep("own-02", "Matei Oprea", "North", 2.1),
    Rep("own-03", "Sorina Pavel", "South", 1.8),
    Rep("own-04", "Radu Stan", "South", 52.0),
    Rep("own-05", "Daria Neagu", "West", 2.4),
    Rep("own-06", "Tudor Ene", "West", 1.9),
)
SLOW_REP = 3
MANAGERS = (("own-90", "Sandro Ionescu", "sales"), ("own-91", "Marta Dumitru", "marketing"))

SEGMENTS = ("small", "middle", "enterprise")
SEGMENT_SHARES = (0.55, 0.32, 0.13)
SEGMENT_AMOUNTS = (4_200.0, 14_500.0, 52_000.0)
"""Median deal in EUR."""
SEGMENT_WIN = (0.30, 0.27, 0.22)
EMPLOYEES = ((5, 49), (50, 249), (250, 4000))

COUNTRIES = ("Romania", "Germany", "Bulgaria", "Hungary", "Poland", "Italy", "Austria")
COUNTRY_SHARES = (0.54, 0.14, 0.08, 0.08, 0.07, 0.05, 0.04)
INDUSTRIES = ("automotive", "food", "pharma", "energy", "machinery", "chemicals", "packaging")
LOST_REASONS = ("price", "no budget", "competitor", "no answer", "bad timing")

ACCEPTED_SHARE = 0.86
STUDENT_ACCEPTED_SHARE = 0.07
RECYCLED_SHARE = 0.22
"""Of accepted leads that do not become SQL: sent back to nurturing; half of these return as MQL."""
SQL_SHARE = 0.62
OPPORTUNITY_SHARE = 0.68
SLOW_PENALTY = 0.55
"""What a late first call leaves of the chance to become SQL."""
BREAKFAST_LIFT = 1.9
RON_SHARE = 0.18
"""Of deals in Romania: written in lei."""
