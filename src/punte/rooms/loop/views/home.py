"""The page "From campaign to sale"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from punte.core.access import may_import
from punte.errors import UnknownName
from punte.rooms.loop import queries
from punte.rooms.loop.queries import LoopPage, LoopRow
from punte.rooms.loop.rules import BLOCKS, KINDS_OF_DEAL, OF_TRAFFIC, LoopQuestion, Value
from punte.rooms.loop.views import columns, pictures, sentences
from punte.rooms.loop.views.empty import empty_page, unknown_column
from punte.rooms.loop.views.frame import (
    asked_by,
    choice_links,
    dimension_links,
    frame,
    layout,
    model_definition,
    model_links,
)
from punte.rooms.loop.views.stats import stats
from punte.rooms.loop.views.words import SIDE_LABELS, dimension_label, lang, model_label, value_label
from punte.web import formats

N_TOP = 25


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The sentence, four figures, the flow, the table and the credit of one question."""
    asked = asked_by(request)
    try:
        page = queries.get_loop_page_for(user=request.user, question=asked.question)
    except queries.NothingImported:
        return empty_page(request)
    except UnknownName as error:
        return unknown_column(request, asked.question, error)
    costs_url = reverse("data:costs") if may_import(request.user) else ""
    context = {
        **frame(page.question, page.basis, request.user, current="loop:home"),
        "layout": layout(request),
        **_top(page, costs_url),
        **_flow(page),
        **_table(page, costs_url),
        **_credit(page),
        "notes": asked.notes,
        "gaps": _gaps(page, costs_url),
        "dimensions": dimension_links(page.question, request.user, page.columns),
        "dimension": dimension_label(page.question.by),
        "countings": _countings(page.question),
        **_kinds(page.question),
    }
    return render(request, "loop/home.html", context)


def row_url(question: LoopQuestion, row: LoopRow) -> str:
    """Where what lies behind a row is shown."""
    return f"{reverse('loop:behind')}?{question.where(**{question.by: row.value}).changed(rows='top').query()}"


def _top(page: LoopPage, costs_url: str) -> dict[str, Any]:
    flow = page.flow
    return {
        "story": sentences.story(page),
        "stats": stats(page.total, page.before, page.basis, "" if page.has_spend else costs_url),
        "coverage": flow.n_won_known / flow.n_won if flow.n_won else None,
        "coverage_said": "" if flow.unrestricted else sentences.known_touch(page),
    }


def _flow(page: LoopPage) -> dict[str, Any]:
    question, flow = page.question, page.flow
    units = (("persons", gettext("leads")), ("money", gettext("money")))
    picture = pictures.flow_picture(flow, question, page.basis.currency, reverse("loop:home"))
    unrestricted = ", ".join(dimension_label(name) for name in flow.unrestricted)
    return {
        "flow": picture,
        "flow_url": f"{reverse('loop:flow_svg')}?{question.query()}",
        "units": choice_links(question, "unit", units),
        "flow_note": gettext("The flow is not restricted by: %(names)s.") % {"names": unrestricted}
        if unrestricted
        else "",
    }


def _table(page: LoopPage, costs_url: str) -> dict[str, Any]:
    question, currency = page.question, page.basis.currency
    specs = columns.columns_of(question, currency)
    rows = columns.in_order(tuple(_with_counts(row, page) for row in page.rows), question)
    apart = [row for row in rows if row.is_unattributed]
    shown = rows if question.rows == "all" else [*[row for row in rows if row not in apart][:N_TOP], *apart]
    top = pictures.top_picture(rows, question, currency, lambda row: row_url(question, row))
    return {
        "blocks": columns.blocks(specs),
        "headers": columns.headers(specs, question, currency, sentences.vat_word(page)),
        "rows": [_line(row, page, specs) for row in shown],
        "total": _total(page, specs, "" if page.has_spend else costs_url),
        "n_hidden": len(rows) - len(shown),
        "n_rows": formats.number(len(rows), lang=lang()),
        "all_url": f"?{question.changed(rows='all').query()}#table",
        "open_block": question.block,
        "block_tabs": _block_tabs(question),
        "top": top,
        "checks": _checks(page),
        "csv_url": f"{reverse('loop:table_csv')}?{question.query()}",
        "asides": [
            said
            for said in (
                sentences.too_recent(page),
                sentences.amount_unknown(page),
                sentences.cost_unknown(page),
                f"{sentences.rates(page)} {sentences.vat(page)}".strip(),
            )
            if said
        ],
    }


def _with_counts(row: LoopRow, page: LoopPage) -> LoopRow:
    """The row with the counts behind its won share, where the flow knows them."""
    return _counted(row, *page.flow.begun.get(row.value, (0, 0))) if not page.flow.unrestricted else row


def _as_known(row: LoopRow, page: LoopPage) -> LoopRow:
    """The row; without an export of touches it is not known how many there were."""
    return row if page.has_touches else replace(row, n_touches=None)


def _counted(row: LoopRow, n_begun: int, n_won: int) -> LoopRow:
    is_the_same = n_begun > 0 and row.won_share is not None and abs(n_won / n_begun - row.won_share) < 1e-9
    return replace(row, n_begun=n_begun, n_begun_won=n_won) if is_the_same else row


def _line(row: LoopRow, page: LoopPage, specs: tuple[columns.ColumnSpec, ...]) -> dict[str, Any]:
    return {
        "label": value_label(page.question.by, row.value),
        "url": row_url(page.question, row),
        "cells": columns.cells(specs, _as_known(row, page), page.basis.currency),
        "look": "is-apart" if row.is_unattributed else "",
    }


def _total(page: LoopPage, specs: tuple[columns.ColumnSpec, ...], costs_url: str) -> list[columns.Cell]:
    """The cells of the last row; its credit is the sum of what the rows get."""
    if page.total is None:
        return []
    model, currency = page.question.model, page.basis.currency
    given = sum(row.credits.get(model) or 0 for row in page.rows)
    total = replace(page.total, credits={model: given})
    total = _counted(total, *page.flow.n_begun) if not page.flow.unrestricted else total
    cells = columns.cells(specs, _as_known(total, page), currency)
    if costs_url:
        cells = columns.with_costs_asked(cells, specs, costs_url)
    return columns.exact_total(cells, specs, total, currency)


def _block_tabs(question: LoopQuestion) -> list[dict[str, Any]]:
    links = choice_links(question, "block", [(side, gettext(SIDE_LABELS[side])) for side in BLOCKS])
    return [{**link, "url": f"{link['url']}#table", "side": side} for link, side in zip(links, BLOCKS, strict=True)]


def _checks(page: LoopPage) -> list[str]:
    """What was compared to the cent and found equal."""
    if page.total is None or page.total.revenue is None:
        return []
    currency, revenue = page.basis.currency, page.total.revenue
    said = {"amount": formats.money(revenue, currency, cents=True, lang=lang())}
    found = []
    if page.question.scope == "origin" and sum(row.revenue or 0 for row in page.rows) == revenue:
        found.append(gettext("The rows sum to %(amount)s.") % said)
    if not page.question.filters and page.in_crm is not None and page.in_crm.revenue == revenue:
        found.append(gettext("This is the won value of the CRM, to the cent."))
    return found


def _credit(page: LoopPage) -> dict[str, Any]:
    question, model = page.question, page.question.model
    total = page.total.revenue if page.total else None
    given = sum(row.credits.get(model) or 0 for row in page.rows)
    picture = pictures.credit_picture(page.rows, question, page.basis.currency, lambda row: row_url(question, row))
    is_split = question.by in OF_TRAFFIC and not question.filters and total is not None and given == total
    said = {"amount": formats.money(given, page.basis.currency, cents=True, lang=lang())}
    return {
        "credit": picture if total and page.has_touches else None,
        "models": model_links(question),
        "model": model_label(model),
        "model_definition": model_definition(model),
        "models_url": f"{reverse('loop:models')}?{question.query()}",
        "credit_check": gettext("The credit sums to the won value, %(amount)s.") % said if is_split else "",
    }


def _countings(question: LoopQuestion) -> list[dict[str, Any]]:
    """Ways to count that most readers leave as they are."""
    return [
        {
            "label": gettext("Days count"),
            "choices": choice_links(
                question,
                "window",
                (("activity", gettext("by what happened in them")), ("cohort", gettext("by the leads begun in them"))),
            ),
        },
        {
            "label": gettext("A thing counts"),
            "choices": choice_links(
                question,
                "scope",
                (("origin", gettext("once, at its origin")), ("touched", gettext("wherever touched"))),
            ),
        },
        {
            "label": gettext("Credit for touches of"),
            "choices": choice_links(
                question,
                "level",
                (("person", gettext("the deal's persons")), ("account", gettext("the whole company"))),
            ),
        },
    ]


def _kinds(question: LoopQuestion) -> dict[str, Any]:
    """New business, renewals, upsells, or all of it: a question that every figure of won deals raises."""
    of_kind = next((chip.value.text or "" for chip in question.filters if chip.dimension == "kind"), "")
    links = [
        {
            "label": value_label("kind", Value(kind)) if kind else gettext("All business"),
            "url": f"?{(question.where(kind=Value(kind)) if kind else question.without('kind')).query()}",
            "is_current": kind == of_kind,
        }
        for kind in ("", *KINDS_OF_DEAL)
    ]
    current = next((link["label"] for link in links if link["is_current"]), links[0]["label"])
    return {"kinds": links, "kind_of_business": current}


def _gaps(page: LoopPage, costs_url: str) -> list[dict[str, str]]:
    """Halves of the picture that are missing, and what brings them."""
    found = []
    if not page.has_touches:
        found.append(
            {
                "level": "info",
                "what": gettext("The marketing half is not known: there is no export of touches yet."),
                "remedy": gettext("Bring the contacts' visits, forms and mails from your marketing platform."),
            }
        )
    if not page.has_spend:
        found.append(
            {
                "level": "info",
                "what": gettext("What campaigns cost is not known yet."),
                "remedy": gettext("Bring a table with day, campaign and cost, or paste one by campaign and month."),
                "url": costs_url,
                "url_label": gettext("Enter the costs"),
            }
        )
    if page.question.scope == "touched":
        found.append(
            {
                "level": "info",
                "what": gettext("Rows overlap: a lead or deal counts in every row that touched it."),
                "remedy": gettext("So they sum to more than the total, which counts each once."),
            }
        )
    return found
