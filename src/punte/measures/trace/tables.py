"""What tracing reads."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir


@dataclass(frozen=True)
class TraceTables:
    """Tables of a snapshot by name; ``traffic`` is labelled traffic, ``loads`` tells the file of each import.

    ``loads``: load_id, file_name.
    """

    opportunity: ir.Table
    opportunity_event: ir.Table
    opportunity_person: ir.Table
    lead: ir.Table
    stage_event: ir.Table
    assignment_event: ir.Table
    activity: ir.Table
    touchpoint: ir.Table
    touch: ir.Table
    campaign: ir.Table
    campaign_member: ir.Table
    person: ir.Table
    person_of: ir.Table
    person_account: ir.Table
    account: ir.Table
    account_of: ir.Table
    deal: ir.Table
    journey: ir.Table
    traffic: ir.Table
    loads: ir.Table
