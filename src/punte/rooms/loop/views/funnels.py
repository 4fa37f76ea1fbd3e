"""The funnel and the time in its stages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from punte.errors import UnknownName
from punte.rooms.loop import queries
from punte.rooms.loop.queries import FunnelPage, StageLine
from punte.rooms.loop.views.empty import empty_page, unknown_column
from punte.rooms.loop.views.frame import asked_by, frame, layout
from punte.rooms.loop.views.words import STAGE_LABELS, lang
from punte.web import formats
from punte.web.figures import Bin, Distribution, Funnel, Stage, Tone

_TONES: dict[str, Tone] = {"lead": "marketing", "mql": "marketing", "sal": "shared", "sql": "shared"}
N_BINS = 15


@require_safe
def funnel(request: HttpRequest) -> HttpResponse:
    """How far leads get, how many are still on their way, and how long each stage takes."""
    asked = asked_by(request)
    try:
        page = queries.get_funnel_page_for(user=request.user, question=asked.question)
    except queries.NothingImported:
        return empty_page(request)
    except UnknownName as error:
        return unknown_column(request, asked.question, error)
    context = {
        **frame(page.question, page.basis, request.user, current="loop:funnel"),
        "layout": layout(request),
        "notes": asked.notes,
        "story": _story(page),
        "funnel": _picture(page),
        "stays": [_stay(line, page) for line in page.stages if sum(n for _, n in page.stays.get(line.stage, ()))],
        "rows": [_row(line) for line in page.stages],
    }
    return render(request, "loop/funnel.html", context)


def _label(stage: str) -> str:
    return gettext(STAGE_LABELS[stage])


def _story(page: FunnelPage) -> str:
    """How many began, how many were won, how many are still on their way."""
    if not page.stages:
        return gettext("No leads begin in these days.")
    begun, won = page.stages[0].n_reached, page.stages[-1].n_reached
    waiting = sum(line.n_in_stage or 0 for line in page.stages)
    words = ngettext(
        "Of %(begun)s lead, %(won)s was won so far; %(waiting)s is still on its way and may yet be.",
        "Of %(begun)s leads, %(won)s were won so far; %(waiting)s are still on their way and may yet be.",
        begun,
    )
    figures = {"begun": begun, "won": won, "waiting": waiting}
    return words % {name: formats.number(n, lang=lang()) for name, n in figures.items()}


def _picture(page: FunnelPage) -> Funnel:
    """Who reached a later stage has passed all before it, so that each bar is a part of the one above."""
    stages = tuple(
        Stage(
            _label(line.stage),
            line.n_reached + line.n_skipped,
            _TONES.get(line.stage, "sales"),
            n_too_recent=line.n_in_stage or 0,
            median_days=before.median_days if before else None,
        )
        for before, line in zip((None, *page.stages), page.stages, strict=False)
    )
    return Funnel(
        id="funnel",
        title=gettext("How far do leads get?"),
        description=gettext(
            "Leads that reached each stage or skipped it. Percentages and days are of those who are no longer in it."
        ),
        lang=lang(),
        stages=stages,
    )


def _row(line: StageLine) -> dict[str, str]:
    def count(n: int | None) -> str:
        return "" if n is None else formats.number(n, lang=lang())

    return {
        "label": _label(line.stage),
        "side": _TONES.get(line.stage, "sales"),
        "reached": count(line.n_reached),
        "skipped": count(line.n_skipped),
        "went_on": count(line.n_went_on),
        "left": count(line.n_left),
        "in_stage": count(line.n_in_stage),
        "median": "" if line.median_days is None else formats.days(line.median_days, lang=lang()),
        "p90": "" if line.p90_days is None else formats.days(line.p90_days, lang=lang()),
    }


def _stay(line: StageLine, page: FunnelPage) -> Distribution:
    pairs = page.stays[line.stage]
    return Distribution(
        id=f"stay-{line.stage}",
        title=gettext("How long do leads stay as %(stage)s?") % {"stage": _label(line.stage)},
        description=_still_there(line),
        lang=lang(),
        n_cases=sum(n for _, n in pairs),
        bins=_bins(pairs),
        median=line.median_days,
        p90=line.p90_days,
        axis_label=gettext("days in the stage, of those who went on"),
        tone=_TONES.get(line.stage, "sales"),
    )


def _still_there(line: StageLine) -> str:
    n = line.n_in_stage or 0
    if not n:
        return gettext("All who reached it have gone on or left.")
    words = ngettext(
        "%(n)s is still in it and not in this picture: stays are longer than it says.",
        "%(n)s are still in it and not in this picture: stays are longer than it says.",
        n,
    )
    return words % {"n": formats.number(n, lang=lang())}


def _bins(pairs: tuple[tuple[int, int], ...]) -> tuple[Bin, ...]:
    """Bins of equal whole days, at most ``N_BINS`` of them."""
    last = max(days for days, _ in pairs)
    width = last // N_BINS + 1
    counts = [0] * (last // width + 1)
    for days, n in pairs:
        counts[days // width] += n
    return tuple(Bin(place * width, (place + 1) * width, n) for place, n in enumerate(counts))
