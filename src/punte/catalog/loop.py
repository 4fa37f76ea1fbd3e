"""The figures of the closed loop."""

from __future__ import annotations

from functools import partial

from punte.catalog.metric import Metric

WATERFALL = "SiriusDecisions demand waterfall (2012): inquiry, MQL, SAL, SQL, won"
CLOSED_LOOP = "Closed-loop reporting as HubSpot describes it; each counted once, by its origin"
OWN = "punte"

_metric = partial(
    Metric, measure="punte.measures.loop.loop", grain="one combination of dimensions, over a window, as of a moment"
)

LOOP_METRICS = (
    _metric(
        name="touches_recorded_count",
        title="Touches",
        definition="Touchpoints on the days of the window, of known persons and anonymous ones.",
        better="",
        column="n_touches",
        source=CLOSED_LOOP,
    ),
    _metric(
        name="persons_first_touched_count",
        title="Persons",
        definition="Persons whose first known touch falls into the window; of a cohort, the persons of its leads.",
        better="up",
        column="n_persons",
        source=CLOSED_LOOP,
    ),
    _metric(
        name="leads_opened_count",
        title="Leads",
        definition="Leads opened in the window; one that comes back is the same lead.",
        better="up",
        column="n_leads",
        source=CLOSED_LOOP,
    ),
    _metric(
        name="mql_reached_count",
        title="MQL",
        definition="Entries of leads as marketing-qualified, one for each cycle.",
        better="up",
        column="n_mql",
        source=WATERFALL,
    ),
    _metric(
        name="sal_reached_count",
        title="SAL",
        definition="Entries of leads as accepted by sales, one for each cycle.",
        better="up",
        column="n_sal",
        source=WATERFALL,
    ),
    _metric(
        name="sql_reached_count",
        title="SQL",
        definition="Entries of leads as qualified by sales, one for each cycle.",
        better="up",
        column="n_sql",
        source=WATERFALL,
    ),
    _metric(
        name="opportunities_opened_count",
        title="Opportunities",
        definition="Deals opened in the window, whatever became of them.",
        better="up",
        column="n_opportunities",
        source=CLOSED_LOOP,
    ),
    _metric(
        name="deals_won_count",
        title="Won",
        definition="Deals won and closed in the window.",
        better="up",
        column="n_won",
        source=CLOSED_LOOP,
    ),
    _metric(
        name="leads_won_share",
        title="Won share",
        definition="Of the leads that began in the window, once for each cycle, the share won since.",
        better="up",
        column="won_share",
        source=CLOSED_LOOP,
    ),
    _metric(
        name="deals_until_won_days",
        title="Median days to won",
        definition="Median of the days from the opening of the lead (without one: of the deal) to the win.",
        better="down",
        column="median_days_to_won",
        source=CLOSED_LOOP,
    ),
    _metric(
        name="deals_won_amount",
        title="Revenue",
        definition="Value of the deals won, each converted at the rate of its close day; all rows sum to closed-won.",
        better="up",
        column="revenue",
        source=CLOSED_LOOP,
    ),
    _metric(
        name="spend_total_amount",
        title="Cost",
        definition="Spend on the days of the window, each converted at the rate of its day.",
        better="",
        column="cost",
        source=CLOSED_LOOP,
    ),
    _metric(
        name="spend_returned_ratio",
        title="ROI",
        definition="Revenue less cost, divided by cost.",
        better="up",
        column="roi",
        source="Return on investment, usual form",
    ),
    _metric(
        name="customers_acquired_amount",
        title="CAC",
        definition="Cost divided by the customers won; a deal without a company is a customer of its own.",
        better="down",
        column="cac",
        source="Customer acquisition cost, usual form",
    ),
    _metric(
        name="leads_opened_amount",
        title="Cost per lead",
        definition="Cost divided by the leads opened.",
        better="down",
        column="cost_per_lead",
        source="Cost per lead, usual form",
    ),
    _metric(
        name="deals_won_credit",
        title="Credit",
        definition="What an attribution model gives of the deals won; the credits of a deal sum to its value.",
        better="up",
        column="credit_<model>",
        source="The model's own: see punte.measures.credit",
    ),
    _metric(
        name="credit_returned_ratio",
        title="ROI by model",
        definition="Credit of a model less cost, divided by cost.",
        better="up",
        column="roi_<model>",
        source="Return on investment, usual form, over attributed revenue",
    ),
    _metric(
        name="customers_credited_amount",
        title="CAC by model",
        definition="Cost divided by the wins that a model gives; a deal is one win, shared out as its value is.",
        better="down",
        column="cac_<model>",
        source="Customer acquisition cost over attributed wins; shares per deal sum to one",
    ),
    _metric(
        name="deals_open_count",
        title="Open",
        definition="Deals opened in the window and still open.",
        better="",
        column="n_open",
        source=CLOSED_LOOP,
    ),
    _metric(
        name="leads_too_recent_count",
        title="Too recent",
        definition="Leads begun in the window, still on the way, and younger than nine in ten leads were at their win.",
        better="",
        column="n_too_recent",
        source=OWN,
    ),
    _metric(
        name="deals_amount_unknown_count",
        title="Without value",
        definition="Won deals whose value is not known, or not in the reporting currency for want of a rate.",
        better="down",
        column="n_amount_unknown",
        source=OWN,
    ),
    _metric(
        name="spend_cost_unknown_count",
        title="Costs without a rate",
        definition="Rows of spend that are not in the cost, because no exchange rate is known for their day.",
        better="down",
        column="n_cost_unknown",
        source=OWN,
    ),
)
