"""The funnel: how many leads reach each stage, how many go on, leave or are still there, and how long they stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from punte.errors import UnknownName
from punte.measures.arithmetic import whole_days
from punte.measures.dimensions import find_dimensions, named_keys
from punte.measures.loop.keys import Rows
from punte.measures.loop.tables import LoopTables
from punte.measures.percentiles import nearest_rank
from punte.measures.views import LEFT, View, with_wins

STAGES = {"lead": "opened", "mql": "mql", "sal": "sal", "sql": "sql", "opportunity": "opportunity", "won": "won"}
"""The stages on the way, each with the name of its moment in table ``cycle``."""
BEGINNINGS = ("lead", "mql")
COHORTS = {"month": "M", "quarter": "Q"}
SLOW_PERCENT = 90
LAST = len(STAGES) - 1


def funnel(
    *,
    tables: LoopTables,
    at: datetime,
    at_on: date | None = None,
    by: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    begins: str = "lead",
    cohort: str | None = None,
) -> ir.Table:
    """How many leads, once for each cycle, reach each stage on the way to a won deal, as it stood ``at``.

    Grain: one stage of one combination of the dimensions ``by`` (and cohort); stages in the order of ``place``. Without
    leads there are no rows.

    Who is counted: the cycles begun (``begins`` lead: opened; mql: entered as MQL) on the local days ``[since,
    until)``, None without bound. ``cohort`` (``month``, ``quarter``) tells them apart by the first local day of the
    month or quarter in which they began. ``at`` is naive UTC, ``at_on`` its local day (else its UTC day).

    A stage is reached when the lead entered it; a skipped one is not, and nothing is invented for it. Of those
    who reached a stage, each either went on (reached a later one, the next or not), left (rejected, recycled,
    disqualified, lost, or began again as MQL, without having gone on), or is still in it: not failed, only not
    finished.

    Columns: the keys (null: not known), is_unattributed (as in ``loop``), cohort_on (date; only with ``cohort``; null:
    its beginning is not known), place (int64, from 0), stage (text), and

    - n_reached (int64); share: n_reached of all who began (0 to 1)
    - n_skipped: reached a later stage without this one (int64)
    - n_went_on, n_left, n_in_stage (int64; null for won, where the way ends): their sum is n_reached
    - to_next_share: n_went_on / n_reached; in_stage_share: n_in_stage / n_reached (0 to 1; null: none reached it)
    - median_days (float64), p90_days (int64): whole local days in the stage, of those who went on (null: none with
      both days); those still in it are not in these, so while in_stage_share is high, stays are longer than they say

    Raises UnknownName for a dimension that leads do not have, another beginning or another cohort.

    Source: the lead-to-revenue waterfall of SiriusDecisions; stays by nearest rank (``percentiles``).
    """
    found = _stays(tables, View(at, at_on or at.date(), since, until, past=tables.past), by, begins, cohort)
    keys = [name for name in found.columns if name not in _OF_STAY]
    counts = found.group_by(*keys).agg(
        n_reached=_n(found.is_reached),
        n_skipped=_n(found.is_skipped),
        n_went_on=_n(found.is_gone_on),
        n_left=_n(found.is_left),
        n_in_stage=_n(found.is_in_stage),
        median_days=found.days.median(),
    )
    slow = nearest_rank(found, keys, "days", percent=SLOW_PERCENT, name="p90_days")
    counts = _with_slow(counts, slow, keys)
    return _with_shares(counts, keys, [*STAGES].index(begins)).rename(named_keys(find_dimensions(by)))


def time_in_stage(
    *,
    tables: LoopTables,
    at: datetime,
    at_on: date | None = None,
    by: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    begins: str = "lead",
    cohort: str | None = None,
) -> ir.Table:
    """How long leads stayed in each stage before they went on: the whole distribution behind the funnel's medians.

    Grain: one number of days in one stage of one combination of keys. Arguments and keys as for ``funnel``. Columns:
    the keys, place, stage, days (int64, whole local days), n (int64: went on after exactly so many days), n_so_far
    (int64: after at most so many), share_so_far: n_so_far of all who went on with both days known (0 to 1).

    Raises UnknownName as ``funnel``.
    """
    found = _stays(tables, View(at, at_on or at.date(), since, until, past=tables.past), by, begins, cohort)
    keys = [name for name in found.columns if name not in _OF_STAY]
    known = found.filter(found.days.notnull())
    counts = known.group_by(*keys, "days").agg(n=known.count())
    so_far = counts.n.sum().over(ibis.cumulative_window(group_by=keys, order_by=counts.days))
    counts = counts.mutate(n_so_far=so_far, n_all=counts.n.sum().over(ibis.window(group_by=keys)))
    counts = counts.mutate(share_so_far=counts.n_so_far / counts.n_all).drop("n_all")
    return counts.rename(named_keys(find_dimensions(by)))


_OF_STAY = ("is_reached", "is_skipped", "is_gone_on", "is_left", "is_in_stage", "days")


def _stays(tables: LoopTables, view: View, by: Sequence[str], begins: str, cohort: str | None) -> ir.Table:
    """One row per cycle and stage that it reached or skipped: keys, place, stage and ``_OF_STAY``."""
    rows = Rows(tables, find_dimensions(by), view, is_overlapping=False, level="person")
    _check(rows, by, begins, cohort)
    cycles = with_wins(rows.cycles(), tables.deal, view)
    began_on = cycles[f"{STAGES[begins]}_on"]
    begun = cycles.filter(view.holds(began_on) if begins == "lead" else began_on.notnull() & view.holds(began_on))
    keys = list(rows.names)
    if cohort is not None:
        begun = begun.mutate(cohort_on=begun[f"{STAGES[begins]}_on"].truncate(COHORTS[cohort]))
        keys.append("cohort_on")
    parts = [_stays_in(begun, keys, place) for place in range([*STAGES].index(begins), len(STAGES))]
    return ibis.union(*parts, distinct=False)


def _check(rows: Rows, by: Sequence[str], begins: str, cohort: str | None) -> None:
    if not rows.know("cycle"):
        unknown = [dimension.name for dimension in rows.dimensions if "cycle" not in dimension.subjects]
        raise UnknownName(
            f"A funnel counts leads, and leads have no {', '.join(unknown)}.", remedy="Leave it out.", names=unknown
        )
    if begins not in BEGINNINGS:
        raise UnknownName(f"No funnel begins at {begins!r}.", remedy=f"Use one of: {', '.join(BEGINNINGS)}.")
    if cohort is not None and cohort not in COHORTS:
        raise UnknownName(f"There are no cohorts by {cohort!r}.", remedy=f"Use one of: {', '.join(COHORTS)}.")


def _stays_in(cycles: ir.Table, keys: Sequence[str], place: int) -> ir.Table:
    days_in = [cycles[f"{moment}_on"] for moment in STAGES.values()]
    reached = [day.notnull() for day in days_in]
    reached[0], reached[LAST] = ibis.literal(True), cycles.is_won
    is_reached, later = reached[place], reached[place + 1 :]
    goes_on = ibis.or_(*later) if later else ibis.literal(False)
    is_out = ibis.or_(cycles.is_followed, *[cycles[f"{name}_on"].notnull() for name in LEFT])
    next_on = ibis.cases(*zip(later, days_in[place + 1 :], strict=True)) if later else ibis.null("date")
    return cycles.select(
        *keys,
        place=ibis.literal(place, "int64"),
        stage=ibis.literal([*STAGES][place]),
        is_reached=is_reached,
        is_skipped=~is_reached & goes_on,
        is_gone_on=is_reached & goes_on,
        is_left=is_reached & ~goes_on & is_out,
        is_in_stage=is_reached & ~goes_on & ~is_out,
        days=ibis.ifelse(is_reached & goes_on, whole_days(days_in[place], next_on), ibis.null("int64")),
    )


def _n(flag: ir.BooleanColumn) -> ir.IntegerScalar:
    return flag.cast("int64").sum()


def _with_slow(counts: ir.Table, slow: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Joined by keys of which a null equals a null."""
    slow = slow.rename({f"of_{key}": key for key in keys})
    same = [counts[key].identical_to(slow[f"of_{key}"]) for key in keys]
    return counts.left_join(slow, same).drop(*[f"of_{key}" for key in keys])


def _with_shares(counts: ir.Table, keys: Sequence[str], first: int) -> ir.Table:
    whole = [key for key in keys if key not in ("place", "stage")]
    ends, begins = counts.place == LAST, counts.place == first
    counts = counts.mutate(
        n_began=ibis.ifelse(begins, counts.n_reached, ibis.null("int64")).max().over(group_by=whole),
        **{name: ibis.ifelse(ends, ibis.null("int64"), counts[name]) for name in ("n_went_on", "n_left", "n_in_stage")},
    )
    reached = counts.n_reached.nullif(0)
    return counts.select(
        *keys,
        "n_reached",
        "n_skipped",
        "n_went_on",
        "n_left",
        "n_in_stage",
        "median_days",
        "p90_days",
        share=counts.n_reached / counts.n_began.nullif(0),
        to_next_share=counts.n_went_on / reached,
        in_stage_share=counts.n_in_stage / reached,
    )
