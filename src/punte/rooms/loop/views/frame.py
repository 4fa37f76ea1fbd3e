"""What stands around the figures of every page of the loop: period, filters, choosers, refusals, as-of line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from punte.rooms.loop import queries
from punte.rooms.loop.queries import Basis
from punte.rooms.loop.rules import ATTRIBUTE, DIMENSIONS, MODELS, PERIODS, LoopQuestion, Refusal, question_from
from punte.rooms.loop.views.words import (
    MODEL_DEFINITIONS,
    PERIOD_LABELS,
    dimension_label,
    lang,
    model_label,
    period_label,
    value_label,
)
from punte.web import formats

Link = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a request asks, and what to tell the reader about what it could not ask."""

    question: LoopQuestion
    notes: tuple[dict[str, str], ...]


def asked_by(request: HttpRequest) -> Asked:
    """The question of a request; what is unknown, or not for this person, gives way to the usual and is said."""
    question, refusals = question_from(request.GET.dict())
    notes = [refused(refusal) for refusal in refusals]
    of_colleagues = () if queries.may_see_colleagues(request.user) else queries.naming_colleagues(question)
    if of_colleagues:
        question = question.without(*of_colleagues)
        question = question.changed(by="channel") if question.by in of_colleagues else question
        notes.append(
            {
                "level": "info",
                "what": gettext("Figures of single colleagues are seen by the lead of sales only."),
                "remedy": gettext("Choose a team's view: by segment, by country or by source."),
            }
        )
    return Asked(question, tuple(notes))


def refused(refusal: Refusal) -> dict[str, str]:
    """A word of the address that means nothing here, with those that exist."""
    words = {"said": refusal.said, "name": refusal.name, "known": ", ".join(refusal.known)}
    return {
        "level": "warning",
        "what": gettext("The address asks for %(name)s = “%(said)s”, and there is no such thing.") % words,
        "remedy": gettext("Shown is the usual. Possible are: %(known)s.") % words,
    }


def frame(question: LoopQuestion, basis: Basis, user: Any, *, current: str) -> dict[str, Any]:
    """The choosers and lines that every page of the loop carries."""
    return {
        "question": question,
        "basis": basis,
        "as_of": formats.moment(timezone.localtime(basis.at), lang=lang()),
        "snapshot_id": basis.snapshot_id,
        "periods": [_link(gettext(PERIOD_LABELS[name]), question.changed(period=name), question) for name in PERIODS],
        "period": period_label(question, basis.days),
        "days": _days(basis),
        "chips": chips(question),
        "clear_url": f"?{question.without().query()}",
        "query": question.query(),
        "hidden": [(name, value) for name, value in _pairs(question) if name not in ("since", "until", "period")],
        "tabs": tabs(question, current),
        "tabs_label": gettext("Views of the same question"),
        "missing_url": reverse("data:missing"),
        "rhythms": basis.rhythms,
    }


def layout(request: HttpRequest) -> str:
    """The whole page, or for HTMX only what is inside its frame: the same template, the same view."""
    is_part = request.htmx and request.htmx.target == "content" and not request.htmx.history_restore_request
    return "loop/partial.html" if is_part else "base.html"


def tabs(question: LoopQuestion, current: str) -> list[Link]:
    """The pages that answer the same question from three sides."""
    pages = (
        ("loop:home", gettext("Results")),
        ("loop:models", gettext("Models")),
        ("loop:funnel", gettext("Funnel")),
    )
    query = question.query()
    return [{"label": label, "url": f"{reverse(name)}?{query}", "is_current": name == current} for name, label in pages]


def dimension_links(question: LoopQuestion, user: Any, columns: tuple[str, ...]) -> list[Link]:
    """Everything that rows can be told apart by, for this person; the sources' own columns last."""
    names = [name for name in DIMENSIONS if name != "owner" or queries.may_see_colleagues(user)]
    names += columns
    links = [_link(dimension_label(name), question.changed(by=name, rows="top"), question) for name in names]
    for link, name in zip(links, names, strict=True):
        if name.startswith(ATTRIBUTE):
            link["heading"] = gettext("Columns of your files that nothing maps")
            break
    return links


def model_links(question: LoopQuestion) -> list[Link]:
    """The models of credit."""
    return [{**_link(model_label(name), question.changed(model=name), question), "name": name} for name in MODELS]


def model_definition(model: str) -> str:
    """What a model does, in a sentence."""
    return gettext(MODEL_DEFINITIONS[model])


def choice_links(question: LoopQuestion, name: str, labels: Sequence[tuple[str, str]]) -> list[Link]:
    """A few values of one word of the question, as links."""
    return [_link(label, question.changed(**{name: value}), question) for value, label in labels]


def chips(question: LoopQuestion) -> list[dict[str, str]]:
    """The filters that hold, each with the address that takes it off."""
    return [
        {
            "label": dimension_label(chip.dimension),
            "value": value_label(chip.dimension, chip.value),
            "remove_url": f"?{question.without(chip.dimension).query()}",
        }
        for chip in question.filters
    ]


def _link(label: str, asked: LoopQuestion, now: LoopQuestion) -> Link:
    return {"label": label, "url": f"?{asked.query()}", "is_current": asked == now}


def _days(basis: Basis) -> dict[str, str]:
    """The days for the form that chooses others."""
    days = basis.days
    return {
        "since": days.since.isoformat() if days.since else "",
        "until": days.until.isoformat() if days.until else "",
    }


def _pairs(question: LoopQuestion) -> list[tuple[str, str]]:
    return parse_qsl(question.query(), keep_blank_values=True)
