"""All models of credit side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from punte.errors import UnknownName
from punte.rooms.loop import queries
from punte.rooms.loop.queries import LoopRow, ModelsPage
from punte.rooms.loop.rules import MODELS
from punte.rooms.loop.views.columns import in_order
from punte.rooms.loop.views.empty import empty_page, unknown_column
from punte.rooms.loop.views.frame import asked_by, dimension_links, frame, layout, model_definition
from punte.rooms.loop.views.home import row_url
from punte.rooms.loop.views.pictures import disagreement_picture
from punte.rooms.loop.views.words import dimension_label, lang, model_label, value_label
from punte.web import formats


@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """What each of the nine models gives each row, as amounts and shares, each summing to what was won."""
    asked = asked_by(request)
    try:
        page = queries.get_models_page_for(user=request.user, question=asked.question)
    except queries.NothingImported:
        return empty_page(request)
    except UnknownName as error:
        return unknown_column(request, asked.question, error)
    currency, question = page.basis.currency, page.question
    rows = in_order(page.rows, question.changed(sort="credit"))
    context = {
        **frame(question, page.basis, request.user, current="loop:models"),
        "layout": layout(request),
        "notes": asked.notes,
        "dimensions": dimension_links(question, request.user, page.columns),
        "dimension": dimension_label(question.by),
        "currency": formats.currency_word(currency, lang=lang()),
        "picture": disagreement_picture(rows, question, currency, lambda row: row_url(question, row)),
        "models": [_head(model, page) for model in MODELS],
        "rows": [_line(row, page) for row in rows],
        "sums": [_sum(model, page) for model in MODELS],
        "sums_say": _sums_say(page),
    }
    return render(request, "loop/models.html", context)


def _head(model: str, page: ModelsPage) -> dict[str, Any]:
    url = f"?{page.question.changed(model=model).query()}"
    return {
        "label": model_label(model),
        "about": model_definition(model),
        "url": url,
        "is_current": model == page.question.model,
    }


def _line(row: LoopRow, page: ModelsPage) -> dict[str, Any]:
    return {
        "label": value_label(page.question.by, row.value),
        "url": row_url(page.question, row),
        "look": "is-apart" if row.is_unattributed else "",
        "cells": [_cell(row.credits.get(model), model, page) for model in MODELS],
    }


def _cell(amount: int | None, model: str, page: ModelsPage) -> dict[str, Any]:
    given = _given(model, page)
    return {
        "text": "" if amount is None else formats.money_number(amount, page.basis.currency, cents=False, lang=lang()),
        "share": _share(amount, given),
        "is_current": model == page.question.model,
    }


def _share(amount: int | None, given: int) -> str:
    """A part of what was handed out; of nothing there is none, and of a little it is not "0%"."""
    if not amount or not given:
        return ""
    least = formats.percent(0.01, lang=lang())
    return formats.percent(amount / given, lang=lang()) if amount / given >= 0.005 else f"<{formats.NBSP}{least}"


def _given(model: str, page: ModelsPage) -> int:
    return sum(row.credits.get(model) or 0 for row in page.rows)


def _sum(model: str, page: ModelsPage) -> dict[str, Any]:
    given, won = _given(model, page), page.total.revenue if page.total else None
    return {
        "text": formats.money_number(given, page.basis.currency, cents=False, lang=lang()),
        "is_whole": won is not None and given == won and not page.question.filters,
        "is_current": model == page.question.model,
    }


def _sums_say(page: ModelsPage) -> str:
    """That every model hands out what was won, where that is so."""
    if not all(_sum(model, page)["is_whole"] for model in MODELS):
        return ""
    amount = formats.money(_given(MODELS[0], page), page.basis.currency, cents=True, lang=lang())
    return gettext("Each model hands out exactly what was won, %(amount)s.") % {"amount": amount}
