"""Sales: opportunities, their history, their persons, their lines, and the rates of the day."""

from __future__ import annotations

from punte.records.columns import Field, Kind, Table
from punte.records.tables.leads import BASES
from punte.records.tables.people import SIDES

STATUSES = ("open", "won", "lost")
DEAL_KINDS = ("new", "renewal", "upsell")
EVENT_SUBJECTS = ("stage", "status", "amount", "close_date", "owner")

OPPORTUNITY = Table(
    "opportunity",
    "one deal in one source, as it stands now",
    (
        Field("name", Kind.TEXT, "Name of the deal"),
        Field("account", Kind.REF, "The company", references="account"),
        Field("lead", Kind.REF, "The lead that it came from", references="lead"),
        Field("person", Kind.REF, "Main contact", references="person"),
        Field("owner", Kind.REF, "Who is responsible", "nobody", references="owner"),
        Field("pipeline", Kind.TEXT, "Pipeline, in the source's own word"),
        Field("stage", Kind.TEXT, "Stage now, in the source's own word"),
        Field("status", Kind.ONE_OF, "Open, won or lost", "never", required=True, values=STATUSES),
        Field("created", Kind.MOMENT, "When it was opened"),
        Field("closed", Kind.MOMENT, "When it was won or lost", "still open, or the source does not say"),
        Field("expected_close", Kind.DAY, "Day on which sales expects to close"),
        Field("amount", Kind.MONEY, "Value (minor units)", "value not known; never taken for 0"),
        Field("recurring_amount", Kind.MONEY, "Part of the value that recurs every year (minor units)"),
        Field("currency", Kind.CURRENCY, "ISO 4217 currency of the amounts", "no amount"),
        Field("is_vat_included", Kind.FLAG, "Whether the value holds VAT"),
        Field("kind", Kind.ONE_OF, "New business, renewal or upsell", values=DEAL_KINDS),
        Field("sourced_by", Kind.ONE_OF, "Which side found it", values=SIDES),
        Field("segment", Kind.TEXT, "Segment", "in no segment"),
        Field("probability", Kind.NUMBER, "Chance to win as the source says (0 to 1)"),
        Field("forecast_category", Kind.TEXT, "Forecast category, in the source's own word"),
        Field("lost_reason", Kind.TEXT, "Why it was lost"),
        Field("campaign", Kind.REF, "Campaign that the source names as its origin", references="campaign"),
        Field("traffic", Kind.TRAFFIC, "Origin declared by the source", "the source declares none"),
    ),
)

OPPORTUNITY_EVENT = Table(
    "opportunity_event",
    "one change of one deal: its stage, status, amount, close date or owner",
    (
        Field("opportunity", Kind.REF, "The deal", "never", required=True, references="opportunity"),
        Field("subject", Kind.ONE_OF, "What changed", "never", required=True, values=EVENT_SUBJECTS),
        Field("value", Kind.TEXT, "New value, in the source's own word", "emptied"),
        Field("amount", Kind.MONEY, "New amount (minor units)", "subject is not amount"),
        Field("currency", Kind.CURRENCY, "ISO 4217 currency of the amount", "subject is not amount"),
        Field("occurred", Kind.MOMENT, "When", "never", required=True),
        Field("basis", Kind.ONE_OF, "How it is known", "observed", values=BASES),
        Field("not_before", Kind.MOMENT, "Earliest possible moment", "as occurred"),
        Field("not_after", Kind.MOMENT, "Latest possible moment", "as occurred"),
    ),
)

OPPORTUNITY_PERSON = Table(
    "opportunity_person",
    "one person with a part in one deal",
    (
        Field("opportunity", Kind.REF, "The deal", "never", required=True, references="opportunity"),
        Field("person", Kind.REF, "The person", "never", required=True, references="person"),
        Field("role", Kind.TEXT, "Role in the deal, in the source's own word"),
        Field("is_primary", Kind.FLAG, "Whether it is the main contact"),
    ),
)

OPPORTUNITY_LINE = Table(
    "opportunity_line",
    "one product on one deal",
    (
        Field("opportunity", Kind.REF, "The deal", "never", required=True, references="opportunity"),
        Field("product", Kind.TEXT, "Product"),
        Field("quantity", Kind.NUMBER, "Quantity (pieces)"),
        Field("amount", Kind.MONEY, "Value of the line (minor units)"),
        Field("currency", Kind.CURRENCY, "ISO 4217 currency", "no amount"),
    ),
)

FX_RATE = Table(
    "fx_rate",
    "one rate of one currency pair on one day",
    (
        Field("day", Kind.DAY, "From which day on it holds", "never", required=True),
        Field("base", Kind.CURRENCY, "One unit of this ...", "never", required=True),
        Field("quote", Kind.CURRENCY, "... costs so much of this", "never", required=True),
        Field("rate", Kind.RATE, "Rate in billionths (1.2345 is 1234500000)", "never", required=True),
    ),
)

DEAL_TABLES = (OPPORTUNITY, OPPORTUNITY_EVENT, OPPORTUNITY_PERSON, OPPORTUNITY_LINE, FX_RATE)
