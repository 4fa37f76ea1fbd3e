"""What is missing in the data, and the rows behind it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from punte.rooms.data import queries
from punte.rooms.data.rules import CannotSeeRows, ProblemFilter
from punte.rooms.data.views.frame import refused, tabs
from punte.rooms.data.views.gaps import fall_line, freshness_lines, groups_of
from punte.rooms.data.views.said import row_said
from punte.rooms.data.views.words import count, outcome_label, reason_label, table_label

FILTERS = tuple(ProblemFilter.__dataclass_fields__)


@require_safe
def missing(request: HttpRequest) -> HttpResponse:
    """What is missing, by what a person can do about it."""
    page = queries.get_missing_for(user=request.user)
    context: dict[str, Any] = {"tabs": tabs("missing"), "page": page}
    if page is not None:
        context |= {
            "groups": groups_of(page.gaps, page.may_see_rows),
            "falls": [fall_line(gap) for gap in page.gaps.falls],
            "freshness": freshness_lines(page.gaps),
            "rhythms": page.rhythms,
        }
    return render(request, "data/missing.html", context)


def asked_problems(request: HttpRequest) -> ProblemFilter:
    """The filter in the address."""
    return ProblemFilter(**{name: request.GET.get(name, "") for name in FILTERS})


def page_number(request: HttpRequest) -> int:
    """The page in the address; 1 for anything that is no number."""
    said = request.GET.get("page", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 1


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """Rows that were put aside, mended or could not be read, a page at a time."""
    asked = asked_problems(request)
    try:
        page = queries.get_problems_for(user=request.user, asked=asked, page=page_number(request))
    except CannotSeeRows as error:
        return refused(request, error, 403, "missing")
    context = {"tabs": tabs("missing"), "page": page, "chips": _chips(asked), "clear_url": reverse("data:problems")}
    if page is not None:
        context |= {
            "rows": [
                (
                    row,
                    table_label(row.table),
                    outcome_label(row.outcome),
                    reason_label(row.reason),
                    row_said(row.reason, row.sentence),
                )
                for row in page.rows
            ],
            "csv_url": f"{reverse('data:problems_csv')}?{urlencode(asked.chosen)}",
            "said": gettext("%(first)s–%(last)s of %(n)s")
            % {"first": count(page.first), "last": count(page.last), "n": count(page.n_rows)},
            "previous_url": _page_url(asked, page.page - 1) if page.page > 1 else "",
            "next_url": _page_url(asked, page.page + 1) if page.page < page.n_pages else "",
        }
    return render(request, "data/problems.html", context)


def _page_url(asked: ProblemFilter, page: int) -> str:
    return f"?{urlencode(asked.chosen | {'page': page})}"


def _chips(asked: ProblemFilter) -> list[dict[str, str]]:
    labels = {
        "source": gettext("Source"),
        "table": gettext("Table"),
        "outcome": gettext("What became of it"),
        "reason": gettext("Reason"),
        "file": gettext("File"),
    }
    said = {"table": table_label, "outcome": outcome_label, "reason": reason_label}
    return [
        {
            "label": labels[name],
            "value": said.get(name, str)(value),
            "remove_url": f"?{urlencode({other: kept for other, kept in asked.chosen.items() if other != name})}",
        }
        for name, value in asked.chosen.items()
    ]
