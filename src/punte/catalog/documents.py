"""The page about the measures, made from the catalogue, the dimensions and the measures' own promises."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

from punte.catalog import METRICS, Metric
from punte.measures import channels, coverage, deals, flow, funnel, journeys, lifecycle, links, touches, trace
from punte.measures.credit import credit
from punte.measures.dimensions import ATTRIBUTE, DIMENSIONS
from punte.measures.loop import loop

HEAD = """# The measures

This page is made from the catalogue of metrics and from the measures' own words by `python -m punte.catalog.documents`.

A measure is a pure function from tables to one table; it reads no clock and writes nothing. Money is whole minor units
inside and becomes decimal at the doors (command line, pages, Python). Shares run from 0 to 1. A null is a value that is
not known, never a zero.
"""

DERIVING: tuple[Callable[..., Any], ...] = (
    touches.touch,
    touches.touch_day,
    links.deal_person,
    links.deal_lead,
    links.account_person,
    lifecycle.cycle,
    lifecycle.deal_cycle,
    deals.deal,
    deals.spend_day,
    journeys.journey,
    touches.person_origin,
)
"""Measures that make the derived tables, in their order."""

ASKING: tuple[Callable[..., Any], ...] = (
    channels.labelled_traffic,
    credit,
    loop,
    funnel.funnel,
    funnel.time_in_stage,
    flow.flow,
    trace.deal,
    trace.person,
    trace.account,
    trace.campaign_persons,
    trace.campaign_deals,
    coverage.coverage,
    coverage.won_with_touch,
    coverage.rows_put_aside,
)
"""Measures that answer questions."""


def measures_page() -> str:
    """The whole page, in Markdown."""
    parts = [HEAD, "## Metrics\n", _metrics(), "## Dimensions\n", _dimensions()]
    parts += ["## What a snapshot computes once\n", *map(_section, DERIVING)]
    parts += ["## What can be asked\n", *map(_section, ASKING)]
    return "\n".join(parts)


def _metrics() -> str:
    lines = ["| metric | title | what it is | unit | better | column | source |", "| --- " * 7 + "|"]
    return "\n".join([*lines, *map(_metric_line, METRICS.values())]) + "\n"


def _metric_line(metric: Metric) -> str:
    where = f"`{metric.measure.removeprefix('punte.measures.')}` `{metric.column}`"
    cells = (f"`{metric.name}`", metric.title, metric.definition, metric.unit, metric.better, where, metric.source)
    return "| " + " | ".join(cells) + " |"


def _dimensions() -> str:
    lines = ["| dimension | what it is | known of |", "| --- | --- | --- |"]
    for dimension in DIMENSIONS.values():
        lines.append(f"| `{dimension.name}` | {dimension.about} | {', '.join(dimension.subjects)} |")
    about = "Any column of a source that nothing maps, as it is written there"
    lines.append(f"| `{ATTRIBUTE}<header>` | {about} | cycle, deal, person |")
    return "\n".join(lines) + "\n"


def _section(measure: Callable[..., Any]) -> str:
    """The measure's promise: its docstring, its own parameters named."""
    name = f"{measure.__module__}.{measure.__name__}".removeprefix("punte.measures.")
    text = re.sub(r"``(.+?)``", r"`\1`", inspect.getdoc(measure) or "")
    return f"### {name}\n\n{text}\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(measures_page())
