"""What lies behind a row: its deals and leads; and the page of a campaign, which is such a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from punte.errors import UnknownName
from punte.rooms.loop import queries
from punte.rooms.loop.queries import BehindPage, DealLine, LeadLine, Step
from punte.rooms.loop.rules import LoopQuestion, Value, question_from
from punte.rooms.loop.views.empty import empty_page, unknown_column
from punte.rooms.loop.views.frame import asked_by, choice_links, frame, layout
from punte.rooms.loop.views.stats import stats
from punte.rooms.loop.views.words import STAGE_LABELS, dimension_label, lang, status_label, statuses_label, value_label
from punte.web import formats
from punte.web.figures import Line, Lines, Moment
from punte.web.formats import ValueFormat

N_A_PAGE = 50
N_STEPS = 6
"""Steps of a way that a list shows; the page of a deal shows all."""


@require_safe
def campaign(request: HttpRequest) -> HttpResponse:
    """The page of a campaign by its name: what lies behind it over all the data."""
    name = request.GET.get("name", "")
    if not name:
        raise Http404("No campaign is named.")
    question, _ = question_from({})
    return redirect(f"{reverse('loop:behind')}?{question.where(campaign=Value(name)).query()}")


@require_safe
def behind(request: HttpRequest) -> HttpResponse:
    """The figures of one row, month by month, and the deals and leads that they are made of."""
    asked = asked_by(request)
    number = request.GET.get("page", "1")
    try:
        page = queries.get_behind_page_for(
            user=request.user,
            question=asked.question,
            page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
        )
    except queries.NothingImported:
        return empty_page(request)
    except UnknownName as error:
        return unknown_column(request, asked.question, error)
    question = page.question
    context = {
        **frame(question, page.basis, request.user, current=""),
        "layout": layout(request),
        "notes": asked.notes,
        "title": title(question),
        "kind": dimension_label(question.filters[-1].dimension) if question.filters else "",
        "back_url": f"{reverse('loop:home')}?{question.without(question.filters[-1].dimension).query()}"
        if question.filters
        else reverse("loop:home"),
        "stats": stats(page.total, None, page.basis),
        "pictures": _pictures(page),
        "outcomes": choice_links(
            question, "outcome", [(name, statuses_label(name)) for name in ("won", "open", "lost")]
        ),
        **_deals(page),
        "leads": [lead_row(line, page.may_see_persons) for line in page.leads or ()],
        "shows_owners": queries.may_see_owners(request.user),
        "has_leads": page.leads is not None,
        "n_leads": formats.number(page.n_leads, lang=lang()),
        "some_came_back": bool(page.total and page.total.n_leads and page.n_leads > page.total.n_leads),
        **_steps(page),
    }
    return render(request, "loop/behind.html", context)


def _deals(page: BehindPage) -> dict[str, Any]:
    """The deals with their ways, where any of them has one."""
    rows = [
        {**deal_row(line, page.basis.currency), "path": path_words(page.paths.get(line.deal_id, ()))}
        for line in page.deals
    ]
    return {"deals": rows, "shows_paths": any(page.paths.values())}


def title(question: LoopQuestion) -> str:
    """What the page is about: the value of the filter set last."""
    if not question.filters:
        return gettext("Everything")
    chip = question.filters[-1]
    return value_label(chip.dimension, chip.value)


def deal_row(line: DealLine, currency: str) -> dict[str, Any]:
    """A deal as a row of a list."""
    return {
        "url": reverse("loop:deal", kwargs={"deal_id": line.deal_id}),
        "name": line.name or gettext("Opportunity without a name"),
        "account": line.account,
        "account_url": reverse("loop:account", kwargs={"account_id": line.account_id}) if line.account_id else "",
        "owner": line.owner,
        "state": {"won": "met", "lost": "broken"}.get(line.status, "unknown"),
        "status": status_label(line.status),
        "amount": "" if line.amount is None else formats.money(line.amount, currency, lang=lang()),
        "created": formats.day(line.created_on, lang=lang()) if line.created_on else "",
        "closed": formats.day(line.closed_on, lang=lang()) if line.closed_on else "",
        "days": formats.days(line.days_to_won, lang=lang()) if line.days_to_won is not None else "",
    }


def path_words(steps: Sequence[Step]) -> str:
    """A way as people read it: "Webinars ×2 → Email → Paid Search"; of a long one its beginning and its end."""
    if not steps:
        return gettext("no known touch")
    words = [
        value_label("channel", Value(step.channel)) + (f"{formats.NBSP}×{step.n}" if step.n > 1 else "")
        for step in steps
    ]
    if len(words) > N_STEPS:
        words = [*words[: N_STEPS // 2], "…", *words[-(N_STEPS // 2) :]]
    return " → ".join(words)


def lead_row(line: LeadLine, may_see_persons: bool) -> dict[str, Any]:
    """A lead as a row of a list; without a name and without a link for those who may not see them."""
    shown = may_see_persons and bool(line.person_id)
    return {
        "url": reverse("loop:person", kwargs={"person_id": line.person_id}) if shown else "",
        "name": line.person or gettext("Contact"),
        "account": line.account,
        "account_url": reverse("loop:account", kwargs={"account_id": line.account_id}) if line.account_id else "",
        "opened": formats.day(line.opened_on, lang=lang()) if line.opened_on else "",
        "stage": gettext(STAGE_LABELS[line.stage]),
        "state": "met" if line.is_won else "" if line.is_over else "unknown",
        "state_word": gettext("won")
        if line.is_won
        else gettext("dropped out")
        if line.is_over
        else gettext("under way"),
    }


def _steps(page: BehindPage) -> dict[str, Any]:
    """Which deals of how many are shown, and the addresses of those before and after."""
    first, shown, query = page.first, len(page.deals), page.question.query()
    number = first // N_A_PAGE + 1
    said = gettext("%(first)s–%(last)s of %(n)s") % {
        "first": formats.number(first + 1, lang=lang()),
        "last": formats.number(first + shown, lang=lang()),
        "n": formats.number(page.n_deals, lang=lang()),
    }
    return {
        "said": said if shown else "",
        "previous_url": f"?{query}&page={number - 1}" if first else "",
        "next_url": f"?{query}&page={number + 1}" if first + shown < page.n_deals else "",
        "has_steps": page.n_deals > N_A_PAGE,
    }


def _pictures(page: BehindPage) -> list[Lines]:
    """Leads and won value month by month, where there are at least three months to compare."""
    if len(page.months) < 3:
        return []
    leads = Line(gettext("Leads"), tuple(Moment(month.month_on, month.n_leads) for month in page.months), "marketing")
    value = Line(gettext("Won value"), tuple(Moment(month.month_on, month.revenue) for month in page.months), "sales")
    count = ValueFormat("count", noun=gettext("leads"))
    money = ValueFormat("money", page.basis.currency)
    found = [_line("won-months", gettext("Won value, month by month"), value, money, page)]
    if page.leads is not None:
        found.insert(0, _line("lead-months", gettext("Leads, month by month"), leads, count, page))
    return found


def _line(figure_id: str, question: str, line: Line, value_format: ValueFormat, page: BehindPage) -> Lines:
    """A line; of the month of the data's own day only a part is known."""
    return Lines(
        id=figure_id,
        title=question,
        lang=lang(),
        lines=(line,),
        format=value_format,
        too_recent_from=page.basis.at_on.replace(day=1),
    )
