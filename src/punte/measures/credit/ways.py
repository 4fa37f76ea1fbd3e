"""The touches that count, where each stands on its deal's way, and which of them are the positions of the models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from punte.measures.arithmetic import halving_weights, near_quotient
from punte.measures.credit.weights import SINGLE

DECAY_BITS = 16
"""The last touch weighs 2**16 in time_decay; one sixteen half-lives older weighs 1, a still older one nothing."""
FULL_LENGTH_BITS = 10
"""Ways of more than 2**10 touches lose bits of weight, so that the weights of a deal sum to no more than 2**26."""
LOST_BITS = (0, 2, 4, 6, 8, 10)


@dataclass(frozen=True)
class Counting:
    """Which touches count, and the numbers of single models."""

    oldest_hours: int | None
    counts_every_touch: bool
    half_life_hours: int
    direct_channels: tuple[str, ...]


def counted(journey: ir.Table, traffic: ir.Table, models: Sequence[str], counting: Counting) -> ir.Table:
    """The touches that count, of all deals.

    Grain: one touch of one deal. Columns: opportunity_id, ordinal, traffic_id, age_hours, is_lead_creation,
    is_opportunity_creation, is_direct.
    """
    touches = journey if counting.counts_every_touch else journey.filter(journey.is_response)
    if counting.oldest_hours is not None:
        touches = touches.filter(touches.age_hours < counting.oldest_hours)
    names = ("opportunity_id", "ordinal", "traffic_id", "age_hours", "is_lead_creation", "is_opportunity_creation")
    if "last_non_direct" not in models:
        return touches.select(*names, is_direct=ibis.literal(False))
    direct = traffic.filter(traffic.channel.isin(counting.direct_channels)).select(direct_id="traffic_id")
    found = touches.left_join(direct, touches.traffic_id == direct.direct_id)
    return found.select(*names, is_direct=found.direct_id.notnull())


def positions(touches: ir.Table) -> ir.Table:
    """Where the positions of each way are.

    Grain: one deal with a touch that counts. Columns: opportunity_id, n (touches), last_age (hours of the youngest),
    and ordinals: first, last, other (last that is not direct; where all are, the last), lead, deal (null: none).
    """
    ordinal = touches.ordinal
    found = touches.group_by("opportunity_id").agg(
        n=touches.count(),
        first=ordinal.min(),
        last=ordinal.max(),
        not_direct=ordinal.max(where=~touches.is_direct),
        lead=ordinal.max(where=touches.is_lead_creation),
        deal=ordinal.max(where=touches.is_opportunity_creation),
        last_age=touches.age_hours.min(),
    )
    return found.mutate(other=ibis.coalesce(found.not_direct, found["last"])).drop("not_direct")


def placed(touches: ir.Table, deals: ir.Table, models: Sequence[str], counting: Counting) -> ir.Table:
    """Each touch of these deals with its place among those that count (from 1; null where all models ask for one touch
    only, whose ordinal says enough), and for time_decay its weight.

    Grain: one touch of one deal. Reads of ``deals``: opportunity_id, n, last_age. Columns: of_deal, ordinal,
    traffic_id, place; with time_decay also decay, decay_so_far, decay_total.
    """
    ends = deals.select("n", "last_age", of_way="opportunity_id")
    touches = touches.join(ends, touches.opportunity_id == ends.of_way)
    if "time_decay" in models:
        touches = _decaying(touches, counting.half_life_hours)
    else:
        touches = touches.select("opportunity_id", "ordinal", "traffic_id")
    if set(models) <= SINGLE.keys():
        return touches.select("ordinal", "traffic_id", of_deal="opportunity_id", place=ibis.null("int64"))
    running = ibis.window(group_by="opportunity_id", order_by="ordinal", preceding=None, following=0)
    columns = {"place": ibis.row_number().over(running) + 1}
    if "time_decay" in models:
        # Ordered like the running sum, though it need not be, so that an engine sorts each way only once.
        whole = ibis.window(group_by="opportunity_id", order_by="ordinal", preceding=None, following=None)
        columns |= {
            "decay": touches.decay,
            "decay_so_far": touches.decay.sum().over(running),
            "decay_total": touches.decay.sum().over(whole),
        }
    return touches.select("ordinal", "traffic_id", of_deal="opportunity_id", **columns)


def _decaying(touches: ir.Table, half_life: int) -> ir.Table:
    """Touches with their weight by the whole hours between them and the youngest touch of their way that counts."""
    aged = touches.mutate(age=touches.age_hours - touches.last_age)
    aged = aged.mutate(halvings=near_quotient(aged.age, ibis.literal(half_life, "int64")))
    lost = ibis.cases(*((aged.n <= 2 ** (FULL_LENGTH_BITS + bits), bits) for bits in LOST_BITS), else_=DECAY_BITS)
    shift = ibis.least(aged.halvings, DECAY_BITS + 1) + lost
    table = ibis.literal(halving_weights(half_life, DECAY_BITS), "array<int64>")
    fresh = table[(aged.age - aged.halvings * half_life).cast("int32")]
    return aged.select("opportunity_id", "ordinal", "traffic_id", decay=fresh >> shift.cast("int32"))
