"""What is computed once per snapshot so that every question after it is a small aggregate.

Each is the result of a pure expression in ``punte.measures``; nothing here is a fact, and ``punte build`` makes all
of it again from raw. Ids of people and companies in these tables are *clusters*: ``person_id`` and ``account_id`` are
the smallest record_id of the records found to be one, so that merging and unmerging orphan nothing.
"""

from __future__ import annotations

from punte.records.columns import Field, Kind, Table
from punte.records.tables.deals import DEAL_KINDS, STATUSES
from punte.records.tables.people import SIDES

ORIGIN_BASES = ("declared", "first_touch", "none")
JOURNEY_LEVELS = ("person", "account")
PRECISIONS = ("second", "day")


def _moments(*names: str) -> tuple[Field, ...]:
    """For each name an instant ``<name>_at`` and its local day ``<name>_on``."""
    pairs = [
        (
            Field(f"{name}_at", Kind.INSTANT, f"{name}: when (UTC)", "has not happened, or not known"),
            Field(f"{name}_on", Kind.DAY, f"{name}: local day", "has not happened, or not known"),
        )
        for name in names
    ]
    return tuple(field for pair in pairs for field in pair)


def _moment_or_day(name: str) -> tuple[Field, ...]:
    """A moment of ``_moments`` and how exactly it is known."""
    about = f"{name}: whether its time is known or only its day"
    return (
        *_moments(name),
        Field(f"{name}_precision", Kind.ONE_OF, about, "has not happened, or not known", values=PRECISIONS),
    )


def _origin() -> tuple[Field, ...]:
    return (
        Field(
            "traffic_id",
            Kind.ID,
            "Origin: declared by the source, else the first touch",
            "unattributed: no known touch",
        ),
        Field("origin_basis", Kind.ONE_OF, "How the origin is known", "never", values=ORIGIN_BASES),
    )


_ORIGIN_AT = Field(
    "origin_at", Kind.INSTANT, "When the touch was that is the origin (UTC)", "declared, or unattributed"
)


def _entity() -> tuple[Field, ...]:
    return (
        Field("owner_id", Kind.ID, "Who is responsible (owner record_id)", "nobody"),
        Field("segment", Kind.TEXT, "Segment: its own, else the company's, else the person's", "in none"),
        Field("country", Kind.TEXT, "Country: the company's, else the person's"),
        Field("sourced_by", Kind.ONE_OF, "Which side found it", values=SIDES),
    )


PERSON_OF = Table(
    "person_of",
    "one person record and the person that it belongs to",
    (
        Field("record_id", Kind.ID, "record_id in table person", "never", required=True),
        Field("person_id", Kind.ID, "The person", "never", required=True),
    ),
    has_lineage=False,
)

ACCOUNT_OF = Table(
    "account_of",
    "one account record and the company that it belongs to",
    (
        Field("record_id", Kind.ID, "record_id in table account", "never", required=True),
        Field("account_id", Kind.ID, "The company", "never", required=True),
    ),
    has_lineage=False,
)

TOUCH = Table(
    "touch",
    "one touchpoint with the person that it is known to belong to",
    (
        Field("touch_id", Kind.ID, "record_id in table touchpoint", "never", required=True),
        Field("person_id", Kind.ID, "The person, through its record or its browser's", "anonymous"),
        Field("account_id", Kind.ID, "The company: the touch's, else the person's", "not known"),
        Field("traffic_id", Kind.ID, "Where it came from", "nothing known"),
        Field("kind", Kind.TEXT, "What it was", "never"),
        Field(
            "is_response",
            Kind.FLAG,
            "Whether the person did something; by kind where the source does not say",
            "never",
        ),
        Field("occurred_at", Kind.INSTANT, "When (UTC); local midnight where only the day is known", "never"),
        Field("occurred_on", Kind.DAY, "Local day", "never"),
    ),
    key=("touch_id",),
    has_lineage=False,
)

CYCLE = Table(
    "cycle",
    "one lead in one cycle: every entry as MQL after leaving the way begins a new one",
    (
        Field("lead_id", Kind.ID, "record_id in table lead", "never", required=True),
        Field("cycle", Kind.COUNT, "1 for the first, counted per lead", "never", required=True),
        Field("person_id", Kind.ID, "The person"),
        Field("account_id", Kind.ID, "The company: the lead's, else the person's"),
        *_entity(),
        Field("kind", Kind.TEXT, "Kind of effort, in the source's own word"),
        *_origin(),
        _ORIGIN_AT,
        *_moment_or_day("opened"),
        *_moments("mql", "sal", "sql", "opportunity", "won"),
        *_moments("rejected", "recycled", "disqualified", "lost"),
    ),
    key=("lead_id", "cycle"),
    has_lineage=False,
)

DEAL = Table(
    "deal",
    "one opportunity with its value in the reporting currency and its origin",
    (
        Field("opportunity_id", Kind.ID, "record_id in table opportunity", "never", required=True),
        Field("name", Kind.TEXT, "Name of the deal"),
        Field("account_id", Kind.ID, "The company"),
        Field("lead_id", Kind.ID, "The lead: declared, else its persons' latest lead opened before it", "none known"),
        Field("cycle", Kind.COUNT, "Cycle of that lead", "no lead known"),
        *_entity(),
        Field("kind", Kind.ONE_OF, "New, renewal or upsell", values=DEAL_KINDS),
        Field("pipeline", Kind.TEXT, "Pipeline"),
        Field("stage", Kind.TEXT, "Stage now, in the source's own word"),
        Field("status", Kind.ONE_OF, "Open, won or lost", "never", values=STATUSES),
        *_origin(),
        _ORIGIN_AT,
        *_moment_or_day("created"),
        *_moment_or_day("closed"),
        Field(
            "amount",
            Kind.MONEY,
            "Value in the reporting currency (minor units), at the rate of its close day",
            "value not known, or no rate for its day, or still open in another currency",
        ),
        Field("currency", Kind.CURRENCY, "Reporting currency", "never"),
        Field("recurring_amount", Kind.MONEY, "Recurring part, likewise converted (minor units)", "as amount"),
        Field("original_amount", Kind.MONEY, "Value as the source gives it (minor units of original_currency)"),
        Field("original_currency", Kind.CURRENCY, "Currency of the source"),
        Field("is_rate_missing", Kind.FLAG, "True where a value could not be converted for want of a rate", "never"),
        Field("is_vat_included", Kind.FLAG, "Whether the value holds VAT"),
        Field("lost_reason", Kind.TEXT, "Why it was lost"),
        Field("n_persons", Kind.COUNT, "Persons known to have a part in it", "never"),
        Field(
            "days_to_won",
            Kind.COUNT,
            "Whole local days from the lead's opening, else the deal's",
            "not won, or a day is missing",
        ),
    ),
    key=("opportunity_id",),
    has_lineage=False,
)

JOURNEY = Table(
    "journey",
    "one touch on the way of one deal, at one level: persons of the deal, or everybody of its company",
    (
        Field("opportunity_id", Kind.ID, "The deal", "never", required=True),
        Field("level", Kind.ONE_OF, "Whose touches", "never", required=True, values=JOURNEY_LEVELS),
        Field("ordinal", Kind.COUNT, "1 for the first touch", "never", required=True),
        Field("n_touches", Kind.COUNT, "Touches on this deal's way", "never"),
        Field("touch_id", Kind.ID, "The touch", "never", required=True),
        Field("person_id", Kind.ID, "Who was touched", "anonymous"),
        Field("traffic_id", Kind.ID, "Where it came from", "nothing known"),
        Field("is_response", Kind.FLAG, "Whether the person did something", "never"),
        Field("occurred_at", Kind.INSTANT, "When (UTC)", "never"),
        Field("occurred_on", Kind.DAY, "Local day", "never"),
        Field(
            "age_hours",
            Kind.COUNT,
            "Whole hours from the touch to the close, to the end of its day where only that is known "
            "(or to the snapshot, while open)",
            "never",
        ),
        Field("is_lead_creation", Kind.FLAG, "Last response up to the opening of the lead", "never"),
        Field("is_opportunity_creation", Kind.FLAG, "Last response up to the opening of the deal", "never"),
    ),
    key=("opportunity_id", "level", "ordinal"),
    has_lineage=False,
)

PERSON_ORIGIN = Table(
    "person_origin",
    "one person, and where the person came from",
    (
        Field("person_id", Kind.ID, "The person", "never", required=True),
        Field("account_id", Kind.ID, "The person's main company", "none known"),
        *_entity(),
        *_origin(),
        *_moments("first_touch"),
    ),
    key=("person_id",),
    has_lineage=False,
)

TOUCH_DAY = Table(
    "touch_day",
    "touches of one traffic on one local day",
    (
        Field("traffic_id", Kind.ID, "Where they came from", "nothing known"),
        Field("day", Kind.DAY, "Local day", "never", required=True),
        Field("n_touches", Kind.COUNT, "Touches", "never"),
        Field("n_responses", Kind.COUNT, "Touches in which the person did something", "never"),
    ),
    key=("day", "traffic_id"),
    has_lineage=False,
)

SPEND_DAY = Table(
    "spend_day",
    "spend on one traffic on one day, in the reporting currency",
    (
        Field("traffic_id", Kind.ID, "On what", "not said"),
        Field("day", Kind.DAY, "Local day", "never", required=True),
        Field("amount", Kind.MONEY, "Spent, in the reporting currency (minor units)", "no rate for that day"),
        Field("currency", Kind.CURRENCY, "Reporting currency", "never"),
        Field("n_rows", Kind.COUNT, "Rows of spend", "never"),
        Field("n_rate_missing", Kind.COUNT, "Rows that could not be converted for want of a rate", "never"),
    ),
    key=("day", "traffic_id"),
    has_lineage=False,
)

DERIVED_TABLES = (
    PERSON_OF,
    ACCOUNT_OF,
    TOUCH,
    CYCLE,
    DEAL,
    JOURNEY,
    PERSON_ORIGIN,
    TOUCH_DAY,
    SPEND_DAY,
)
