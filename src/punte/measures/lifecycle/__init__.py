"""Lifecycle: each lead's cycles, when each reached which stage, and where each came from."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from punte.measures.lifecycle.events import begun_cycles, events_in_cycles, lead_events
from punte.measures.lifecycle.leads import leads_as_opened
from punte.measures.lifecycle.moments import deal_cycle, deal_moments, stage_moments, with_moments
from punte.measures.lifecycle.origins import with_origin
from punte.records.tables.derived import CYCLE

__all__ = ["cycle", "deal_cycle"]


def cycle(
    *,
    lead: ir.Table,
    stage_event: ir.Table,
    opportunity: ir.Table,
    deal_lead: ir.Table,
    touch: ir.Table,
    person: ir.Table,
    person_of: ir.Table,
    account: ir.Table,
    account_of: ir.Table,
    person_account: ir.Table,
) -> ir.Table:
    """When each lead, in each of its cycles, reached which stage, and where it came from.

    Grain: one lead in one cycle; every lead has a first cycle. Columns: those of the derived table ``cycle``. Of
    ``touch`` only each person's ``first_touch`` matters, and no more need be handed in. What is said of one lead
    depends on no other lead: of some leads and what belongs to them the measure gives their cycles.

    What begins a cycle: a lead's events are put in order by moment, then by the order of ``STAGES``, then by
    record_id; an event without a moment takes the latest moment possible (``not_after``), and one without either is
    left out. The deals of the lead count as events too: opened (opportunity), won (customer), lost (lost). An entry
    as MQL begins a new cycle when, since the entry as MQL before it (for the first entry: since the start), the lead
    left the way (rejected, recycled, disqualified, lost), or when it is not the first entry and the lead had gone
    further since (SAL, SQL, opportunity, customer). Two entries as MQL with neither between them are one.

    Moments: the earliest entry into each stage within the cycle, null where the stage was skipped or not reached;
    nothing is invented. ``opened`` is the lead's own opening, else its earliest stage event, else the making of its
    person's record; in a later cycle it is the entry as MQL. ``opportunity``, ``won`` and ``lost`` come from the deals
    of the lead where they say it, else from stage events: the first deal opened, the first won, and, when every deal
    of the cycle is lost, the last one lost. A deal belongs to the cycle that was open when it was opened
    (``deal_cycle``).

    Origin: what the source declares for the lead, else the first touch of its person (of whatever kind, before or
    after the opening; the same as in ``person_origin``), else none; the same in every cycle of a lead. ``traffic_id``
    is null with basis ``first_touch`` where a touch is known but not where it came from.

    Who: segment is the lead's, else the company's, else the person's; country the company's, else the person's; the
    company is the lead's, else the person's main one.

    Source: the stages of the demand waterfall (SiriusDecisions, 2012); cycles as in Marketo's Revenue Cycle Modeler,
    where a recycled lead takes the way again.
    """
    events = events_in_cycles(lead_events(stage_event=stage_event, opportunity=opportunity, deal_lead=deal_lead))
    begun = begun_cycles(events)
    leads = leads_as_opened(
        lead=lead,
        stage_event=stage_event,
        person=person,
        person_of=person_of,
        account=account,
        account_of=account_of,
        person_account=person_account,
    )
    of_deals = deal_cycle(opportunity=opportunity, deal_lead=deal_lead, cycle=begun)
    cycles = with_origin(_every_cycle(leads, begun), touch)
    cycles = with_moments(cycles, stage_moments(events), deal_moments(opportunity=opportunity, deal_cycle=of_deals))
    return cycles.select(*CYCLE.schema.names)


def _every_cycle(leads: ir.Table, begun: ir.Table) -> ir.Table:
    """The first cycle of every lead and the later ones, each with its own opening."""
    first = leads.mutate(cycle=ibis.literal(1, "int64"))
    later = leads.drop("opened_at", "opened_on", "opened_precision").join(begun, "lead_id")
    return ibis.union(first, later.select(*first.columns), distinct=False)
