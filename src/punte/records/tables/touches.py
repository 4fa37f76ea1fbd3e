"""Marketing: traffic, touchpoints, campaigns, spend."""

from __future__ import annotations

from punte.records.columns import Field, Kind, Table

TOUCH_KINDS = (
    "page_view",
    "session",
    "form",
    "email_sent",
    "email_open",
    "email_click",
    "ad_impression",
    "ad_click",
    "event",
    "webinar",
    "content",
    "call",
    "meeting",
    "chat",
    "campaign",
    "other",
)
TRAFFIC_FIELDS = (
    "channel",
    "source",
    "medium",
    "campaign",
    "term",
    "content",
    "landing_page",
    "referrer",
    "form",
    "offer",
)
"""What a mapping may say about where something came from; together they make one traffic_id."""

TRAFFIC = Table(
    "traffic",
    "one distinct combination of channel, source, medium, campaign, term, content, page, referrer, form and offer",
    (
        Field("traffic_id", Kind.ID, "Hash of the combination, the same in every home", "never", required=True),
        Field("channel", Kind.TEXT, "Channel as the source declares it, untouched", "the source declares none"),
        Field("source", Kind.TEXT, "Traffic source (utm_source), untouched"),
        Field("medium", Kind.TEXT, "Medium (utm_medium), untouched"),
        Field("campaign", Kind.TEXT, "Campaign name (utm_campaign), untouched"),
        Field("term", Kind.TEXT, "Search term (utm_term), untouched"),
        Field("content", Kind.TEXT, "Ad or content variant (utm_content), untouched"),
        Field("landing_page", Kind.TEXT, "Page that was reached first, without its query"),
        Field("referrer", Kind.TEXT, "Page or host that sent the visitor"),
        Field("form", Kind.TEXT, "Form at which the person converted"),
        Field("offer", Kind.TEXT, "Offer (guide, webinar, trial ...) that the person asked for"),
    ),
    key=("traffic_id",),
    has_lineage=False,
)

TOUCHPOINT = Table(
    "touchpoint",
    "one contact of one person, known or not, with something of ours",
    (
        Field("person", Kind.REF, "The person", "not identified", references="person"),
        Field("anonymous", Kind.REF, "The browser (keyed hash of its id)", "no browser id", references="anonymous"),
        Field("account", Kind.REF, "The company, where the source knows it", references="account"),
        Field("campaign", Kind.REF, "The campaign record", "no campaign record", references="campaign"),
        Field("kind", Kind.ONE_OF, "What it was", "other", values=TOUCH_KINDS),
        Field(
            "is_response",
            Kind.FLAG,
            "Whether the person did something (true) or was only shown it (false)",
            "by its kind",
        ),
        Field("occurred", Kind.MOMENT, "When", "never", required=True),
        Field("traffic", Kind.TRAFFIC, "Where it came from", "nothing known about where it came from"),
    ),
)

CAMPAIGN = Table(
    "campaign",
    "one campaign in one source",
    (
        Field("name", Kind.TEXT, "Name, as written"),
        Field("kind", Kind.TEXT, "Kind of campaign, in the source's own word"),
        Field("status", Kind.TEXT, "Status, in the source's own word"),
        Field("parent", Kind.REF, "Parent campaign", "none", references="campaign"),
        Field("started", Kind.MOMENT, "Start"),
        Field("ended", Kind.MOMENT, "End", "still running"),
        Field("budget", Kind.MONEY, "Planned spend (minor units)"),
        Field("currency", Kind.CURRENCY, "ISO 4217 currency of the budget"),
    ),
)

CAMPAIGN_MEMBER = Table(
    "campaign_member",
    "one person in one campaign",
    (
        Field("campaign", Kind.REF, "The campaign", "never", required=True, references="campaign"),
        Field("person", Kind.REF, "The person", "never", required=True, references="person"),
        Field("status", Kind.TEXT, "Member status, in the source's own word"),
        Field("is_response", Kind.FLAG, "Whether the status counts as a response"),
        Field("occurred", Kind.MOMENT, "When the person became a member"),
        Field("responded", Kind.MOMENT, "When the person first responded", "never responded"),
    ),
)

SPEND = Table(
    "spend",
    "money spent on one thing on one day",
    (
        Field("spent", Kind.MOMENT, "Day of the spend", "never", required=True),
        Field("campaign", Kind.REF, "The campaign record", "no campaign record", references="campaign"),
        Field("traffic", Kind.TRAFFIC, "On what", "not said on what"),
        Field("amount", Kind.MONEY, "Spent (minor units)", "never", required=True),
        Field("currency", Kind.CURRENCY, "ISO 4217 currency", "never", required=True),
        Field("n_impressions", Kind.COUNT, "Times shown"),
        Field("n_clicks", Kind.COUNT, "Clicks"),
    ),
)

TOUCH_TABLES = (TRAFFIC, TOUCHPOINT, CAMPAIGN, CAMPAIGN_MEMBER, SPEND)
