"""The figures of the funnel and of what the data lack."""

from __future__ import annotations

from functools import partial

from punte.catalog.loop import OWN, WATERFALL
from punte.catalog.metric import Metric

_stage = partial(
    Metric, measure="punte.measures.funnel.funnel", grain="one stage of one combination of dimensions", source=WATERFALL
)

FUNNEL_METRICS = (
    _stage(
        name="stage_reached_count",
        title="Reached",
        definition="Leads, once for each cycle, that entered the stage.",
        better="up",
        column="n_reached",
    ),
    _stage(
        name="stage_reached_share",
        title="Reached, of all",
        definition="Of all leads that began, the share that entered the stage.",
        better="up",
        column="share",
    ),
    _stage(
        name="stage_skipped_count",
        title="Skipped",
        definition="Leads that reached a later stage without this one.",
        better="",
        column="n_skipped",
        source=OWN,
    ),
    _stage(
        name="stage_passed_count",
        title="Went on",
        definition="Of those in the stage, the leads that reached any later one.",
        better="up",
        column="n_went_on",
    ),
    _stage(
        name="stage_passed_share",
        title="Went on, share",
        definition="Of those who reached the stage, the share that reached any later one.",
        better="up",
        column="to_next_share",
    ),
    _stage(
        name="stage_left_count",
        title="Left",
        definition="Leads that were rejected, recycled, disqualified or lost in the stage, or began again.",
        better="down",
        column="n_left",
    ),
    _stage(
        name="stage_held_count",
        title="Still there",
        definition="Leads that neither went on nor left: not failed, only not finished.",
        better="",
        column="n_in_stage",
        source=OWN,
    ),
    _stage(
        name="stage_held_share",
        title="Still there, share",
        definition="Of those who reached the stage, the share still in it.",
        better="",
        column="in_stage_share",
        source=OWN,
    ),
    _stage(
        name="stage_median_days",
        title="Median days",
        definition="Median of the days in the stage, of those who went on.",
        better="down",
        column="median_days",
    ),
    _stage(
        name="stage_slow_days",
        title="Slow days",
        definition="Nine in ten of those who went on stayed no longer (nearest rank).",
        better="down",
        column="p90_days",
        source="Nearest rank: Hyndman and Fan (1996), definition 1",
    ),
)

COVERAGE_METRICS = (
    Metric(
        name="deals_touched_count",
        title="Won deals with a touch",
        definition="Won deals with a known touch on their way: those of which attribution can speak.",
        better="up",
        measure="punte.measures.coverage.won_with_touch",
        column="n_with_touch",
        grain="one window, as of a moment",
        source=OWN,
    ),
    Metric(
        name="deals_touched_share",
        title="Won deals with a touch, share",
        definition="Of the deals won, the share with a known touch on their way.",
        better="up",
        measure="punte.measures.coverage.won_with_touch",
        column="with_touch_share",
        grain="one window, as of a moment",
        source=OWN,
    ),
    Metric(
        name="rows_quarantined_share",
        title="Rows put aside",
        definition="Of the rows that came for a table, the share that failed a check and counts nowhere.",
        better="down",
        measure="punte.measures.coverage.rows_put_aside",
        column="quarantined_share",
        grain="one source and table of a snapshot",
        source=OWN,
    ),
)
