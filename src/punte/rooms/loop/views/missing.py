"""What is missing in the data, in words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_safe

from punte.rooms.loop import queries
from punte.rooms.loop.queries import GapLine
from punte.rooms.loop.views.empty import empty_page
from punte.rooms.loop.views.words import lang
from punte.web import formats

_GAPS = {
    ("deal", "without_person"): noop("Opportunities with no known contact"),
    ("deal", "without_touch"): noop("Opportunities with no known touch"),
    ("deal", "rate_missing"): noop("Opportunities whose value could not be converted for want of a rate"),
    ("deal", "won_before_first_contact"): noop("Opportunities won before the first known contact"),
    ("spend", "rate_missing"): noop("Rows of cost that could not be converted for want of a rate"),
    ("origin", "empty"): noop("Rows that do not say where they came from"),
    ("history", "stage_missing"): noop("Records whose present stage no event tells of"),
    ("rows", "quarantined"): noop("Rows put aside because they cannot be read rightly"),
    ("rows", "repaired"): noop("Rows that were mended on the way in"),
}


@require_safe
def missing(request: HttpRequest) -> HttpResponse:
    """What lacks, what was put aside, and how fresh each source is."""
    try:
        basis, lines = queries.get_gaps()
    except queries.NothingImported:
        return empty_page(request)
    context = {
        "as_of": formats.moment(timezone.localtime(basis.at), lang=lang()),
        "gaps": [_gap(line) for line in lines if line.n and _label(line)],
        "standing": [_gap(line) for line in lines if (line.subject, line.reason) == ("rows", "standing") and line.n],
        "fresh": [_fresh(line) for line in lines if line.subject == "freshness"],
    }
    return render(request, "loop/missing.html", context)


def _label(line: GapLine) -> str:
    known = _GAPS.get((line.subject, line.reason))
    if known:
        return gettext(known)
    if line.reason == "unmatched":
        return gettext("References to %(table)s that find no row") % {"table": line.subject}
    return ""


def _gap(line: GapLine) -> dict[str, Any]:
    return {
        "label": _label(line),
        "source": line.source,
        "table": line.table,
        "n": formats.number(line.n, lang=lang()),
        "of": formats.number(line.n_of, lang=lang()) if line.n_of else "",
        "share": formats.share(line.n, line.n_of, decimals=1, lang=lang()) if line.n_of else "",
        "measure": line.share,
    }


def _fresh(line: GapLine) -> dict[str, Any]:
    return {
        "source": line.source,
        "table": line.table,
        "days": formats.days(line.n, lang=lang()),
        "usual": formats.days(line.n_of, lang=lang()) if line.n_of is not None else "",
        "is_late": line.n_of is not None and line.n > line.n_of,
    }
