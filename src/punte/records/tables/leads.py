"""The lead, one prospecting effort, and what befalls it."""

from __future__ import annotations

from punte.records.columns import Field, Kind, Table
from punte.records.tables.people import SIDES

STAGES = (
    "subscriber",
    "lead",
    "mql",
    "sal",
    "sql",
    "opportunity",
    "customer",
    "rejected",
    "recycled",
    "disqualified",
    "lost",
)
"""Lifecycle stages; the first seven lie on the way, the last four leave it."""

BASES = ("observed", "from_current", "inferred")
"""How an event is known: seen as it happened, read from a current value, or concluded from something else."""

ACTIVITY_KINDS = ("call", "email", "meeting", "message", "task", "note")

LEAD = Table(
    "lead",
    "one prospecting effort: one person worked once",
    (
        Field("person", Kind.REF, "Who is being won", references="person"),
        Field("account", Kind.REF, "Which company", references="account"),
        Field("opened", Kind.MOMENT, "When the effort began"),
        Field("closed", Kind.MOMENT, "When the effort ended", "still going on"),
        Field("owner", Kind.REF, "Who is responsible", "nobody yet", references="owner"),
        Field("status", Kind.TEXT, "Status now, in the source's own word"),
        Field("sourced_by", Kind.ONE_OF, "Which side found it", values=SIDES),
        Field("segment", Kind.TEXT, "Segment", "in no segment"),
        Field("kind", Kind.TEXT, "Kind of effort, in the source's own word"),
        Field("campaign", Kind.REF, "Campaign that the source names as its origin", references="campaign"),
        Field("traffic", Kind.TRAFFIC, "Origin declared by the source", "the source declares none"),
    ),
)

ASSIGNMENT_EVENT = Table(
    "assignment_event",
    "one assignment of one lead",
    (
        Field("lead", Kind.REF, "The lead", "never", required=True, references="lead"),
        Field("owner", Kind.REF, "To whom", "taken away from its owner", references="owner"),
        Field("occurred", Kind.MOMENT, "When", "never", required=True),
    ),
)

STAGE_EVENT = Table(
    "stage_event",
    "one entry of one lead into one lifecycle stage",
    (
        Field("lead", Kind.REF, "The lead", "never", required=True, references="lead"),
        Field("stage", Kind.ONE_OF, "Stage entered", "never", required=True, values=STAGES),
        Field("occurred", Kind.MOMENT, "When", "entered, moment unknown"),
        Field("basis", Kind.ONE_OF, "How it is known", "observed", values=BASES),
        Field("not_before", Kind.MOMENT, "Earliest possible moment", "as occurred"),
        Field("not_after", Kind.MOMENT, "Latest possible moment", "as occurred"),
        Field("reason", Kind.TEXT, "Reason given (for rejected, recycled, disqualified, lost)"),
    ),
)

ACTIVITY = Table(
    "activity",
    "one act of a colleague towards a person, or the person's answer",
    (
        Field("person", Kind.REF, "The person", references="person"),
        Field("lead", Kind.REF, "The lead", references="lead"),
        Field("account", Kind.REF, "The company", references="account"),
        Field("opportunity", Kind.REF, "The opportunity", "about none", references="opportunity"),
        Field("owner", Kind.REF, "Which colleague", references="owner"),
        Field("kind", Kind.ONE_OF, "What it was", "never", required=True, values=ACTIVITY_KINDS),
        Field("direction", Kind.ONE_OF, "Who turned to whom", values=("outbound", "inbound")),
        Field("disposition", Kind.TEXT, "Outcome of a call, in the source's own word"),
        Field("is_automatic", Kind.FLAG, "Whether a machine did it"),
        Field("occurred", Kind.MOMENT, "When", "never", required=True),
        Field("duration_seconds", Kind.COUNT, "How long (seconds)"),
        Field("title", Kind.TEXT, "Subject line", personal=True),
    ),
)

LEAD_TABLES = (LEAD, ASSIGNMENT_EVENT, STAGE_EVENT, ACTIVITY)
