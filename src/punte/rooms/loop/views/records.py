"""The pages of one deal, one person, one company."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from punte.rooms.loop import queries
from punte.rooms.loop.queries import DealPage, Event
from punte.rooms.loop.rules import MODELS, LoopQuestion, Value
from punte.rooms.loop.views.behind import deal_row, lead_row
from punte.rooms.loop.views.frame import asked_by, layout, model_definition, model_links
from punte.rooms.loop.views.happened import timeline, touch_title, when
from punte.rooms.loop.views.words import dimension_label, lang, model_label, value_label
from punte.web import formats

_NOT_THERE = (queries.NothingImported, queries.NoSuchRecord)


@require_safe
def deal(request: HttpRequest, deal_id: str) -> HttpResponse:
    """A deal: its value, its persons, what happened, and what each model gives each touch."""
    question = asked_by(request).question
    try:
        page = queries.get_deal_page_for(user=request.user, deal_id=deal_id, question=question)
    except _NOT_THERE as error:
        raise Http404(str(error)) from error
    context = {
        **_frame(request, page.basis),
        "deal": deal_row(page.deal, page.basis.currency),
        "facts": _deal_facts(page),
        "persons": [
            {
                "name": person.name or gettext("Contact %(n)s") % {"n": place},
                "url": reverse("loop:person", kwargs={"person_id": person.person_id}) if page.may_see_persons else "",
            }
            for place, person in enumerate(page.persons, start=1)
        ],
        "model": model_label(question.model),
        "models": model_links(question),
        "model_definition": model_definition(question.model),
        "events": timeline(page.events, page.basis.currency, model=question.model),
        "credits": _credits(page, question),
        "sources": page.sources,
        "event_sources": _event_sources(page.events),
    }
    return render(request, "loop/deal.html", context)


@require_safe
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """A person: how to reach them, their leads and deals, what happened."""
    try:
        page = queries.get_person_page_for(user=request.user, person_id=person_id)
    except queries.CannotSeePersonalData as error:
        raise PermissionDenied(str(error)) from error
    except _NOT_THERE as error:
        raise Http404(str(error)) from error
    context = {
        **_frame(request, page.basis),
        "page": page,
        "name": page.names[0] if page.names else gettext("Contact without a name"),
        "account_url": reverse("loop:account", kwargs={"account_id": page.account_id}) if page.account_id else "",
        "origin": origin_words(page.origin),
        "leads": [lead_row(line, may_see_persons=True) for line in page.leads],
        "deals": [deal_row(line, page.basis.currency) for line in page.deals],
        "events": timeline(page.events, page.basis.currency, names_persons=False),
        "event_sources": _event_sources(page.events),
        "sources": page.sources,
    }
    return render(request, "loop/person.html", context)


@require_safe
def account(request: HttpRequest, account_id: str) -> HttpResponse:
    """A company: its leads and deals, and what happened to its persons."""
    try:
        page = queries.get_account_page_for(user=request.user, account_id=account_id)
    except _NOT_THERE as error:
        raise Http404(str(error)) from error
    labels = {
        "domain": gettext("Web site"),
        "country": gettext("Country"),
        "city": gettext("City"),
        "industry": gettext("Industry"),
        "segment": gettext("Segment"),
    }
    facts = [{"label": labels[name], "value": value} for name, value in page.facts.items() if value]
    if page.n_employees:
        facts.append({"label": gettext("Employees"), "value": formats.number(page.n_employees, lang=lang())})
    context = {
        **_frame(request, page.basis),
        "name": page.name or gettext("Company without a name"),
        "facts": facts,
        "leads": [lead_row(line, page.may_see_persons) for line in page.leads],
        "deals": [deal_row(line, page.basis.currency) for line in page.deals],
        "events": timeline(page.events, page.basis.currency),
        "event_sources": _event_sources(page.events),
        "sources": page.sources,
    }
    return render(request, "loop/account.html", context)


def origin_words(origin: dict[str, str]) -> str:
    """Where something came from, the coarse before the fine: "Webinars · webinar-calibration"."""
    return " · ".join(origin[name] for name in ("channel", "campaign", "offer") if name in origin)


def _frame(request: HttpRequest, basis: queries.Basis) -> dict[str, Any]:
    return {
        "layout": layout(request),
        "as_of": formats.moment(timezone.localtime(basis.at), lang=lang()),
        "snapshot_id": basis.snapshot_id,
        "missing_url": reverse("data:missing"),
        "home_url": reverse("loop:home"),
        "rhythms": basis.rhythms,
        "shows_owners": queries.may_see_owners(request.user),
    }


def _deal_facts(page: DealPage) -> list[dict[str, str]]:
    deal, origin = page.deal, origin_words(page.origin)
    original = ""
    if page.original_currency and page.original_currency != page.basis.currency and page.original_amount is not None:
        original = formats.money(page.original_amount, page.original_currency, lang=lang())
    reason = gettext("no rate for its day") if page.is_rate_missing else ""
    amount = formats.not_known(reason, lang=lang()) if deal.amount is None else ""
    pairs = (
        (gettext("Value"), amount),
        (gettext("Value in the CRM"), original),
        (gettext("Opened on"), formats.day(deal.created_on, lang=lang()) if deal.created_on else ""),
        (gettext("Closed on"), formats.day(deal.closed_on, lang=lang()) if deal.closed_on else ""),
        (
            gettext("From lead to win"),
            formats.days(deal.days_to_won, lang=lang()) if deal.days_to_won is not None else "",
        ),
        (gettext("Stage in the CRM"), deal.stage),
        (dimension_label("owner"), deal.owner),
        (dimension_label("kind"), value_label("kind", Value(page.kind)) if page.kind else ""),
        (dimension_label("segment"), page.segment),
        (dimension_label("country"), page.country),
        (dimension_label("lost_reason"), page.lost_reason),
        (gettext("Origin"), origin or gettext("no known touch")),
        (gettext("How the origin is known"), _basis_words(page.origin_basis)),
    )
    return [{"label": label, "value": value} for label, value in pairs if value]


def _basis_words(basis: str) -> str:
    words = {"declared": gettext("declared by the source"), "first_touch": gettext("the first touch")}
    return words.get(basis, "")


def _credits(page: DealPage, question: LoopQuestion) -> dict[str, Any]:
    """The touches of the deal against the models, each column summing to the deal's value."""
    touches = [event for event in page.events if event.kind == "touch" and event.credits]
    sums = {
        model: sum(event.credits.get(model, 0) for event in touches) + page.unattributed.get(model, 0)
        for model in MODELS
    }
    currency = page.basis.currency
    return {
        "models": [
            {"label": model_label(model), "about": model_definition(model), "is_current": model == question.model}
            for model in MODELS
        ],
        "rows": [
            {
                "label": touch_title(event),
                "when": when(event),
                "cells": [_amount(event.credits.get(model, 0), currency) for model in MODELS],
            }
            for event in touches
        ],
        "unattributed": [_amount(page.unattributed.get(model, 0), currency) for model in MODELS]
        if page.unattributed
        else [],
        "sums": [formats.money_number(sums[model], currency, lang=lang()) for model in MODELS],
        "is_whole": page.deal.amount is not None and all(total == page.deal.amount for total in sums.values()),
        "currency": formats.currency_word(currency, lang=lang()),
    }


def _amount(amount: int, currency: str) -> str:
    return formats.money_number(amount, currency, lang=lang()) if amount else ""


def _event_sources(events: tuple[Event, ...]) -> list[dict[str, Any]]:
    return [{"when": when(event), "source": event.source} for event in events]
