"""What every page of the data room carries: its tabs, and how a refusal is told."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from punte.errors import PunteError
from punte.rooms.data.rules import CannotImport, CannotSeeRows, FilesAreGone, MustConfirmDeletions, NotLookedAtYet

PAGES = ("home", "bring", "missing")


def tabs(current: str) -> list[dict[str, Any]]:
    """The three pages of the room."""
    labels = {"home": gettext("Imports"), "bring": gettext("Bring files"), "missing": gettext("What is missing?")}
    return [{"label": labels[page], "url": reverse(f"data:{page}"), "is_current": page == current} for page in PAGES]


def refusal_words(error: PunteError) -> tuple[str, str]:
    """What happened and what to do, in the reader's language where the refusal is one of this room's own."""
    if isinstance(error, CannotImport):
        what = gettext("Only an admin or the lead of a side brings data in and takes them back.")
        return what, gettext("Ask one of them.")
    if isinstance(error, CannotSeeRows):
        what = gettext("Rows are shown to those who work with leads; a viewer sees counts.")
        return what, gettext("Ask an admin for another role if you need them.")
    if isinstance(error, FilesAreGone):
        what = gettext("The files of this upload are not here any more: they were imported, or waited for a day.")
        return what, gettext("Bring them again.")
    if isinstance(error, NotLookedAtYet):
        return gettext("There is nothing here that could come in yet."), gettext("Look at the preview first.")
    if isinstance(error, MustConfirmDeletions):
        what = gettext("Many records would be gone, and nobody has said that this is meant.")
        return what, gettext("Tick the box if they are really gone; else export everything and bring that.")
    return error.what, error.remedy


def refused(request: HttpRequest, error: PunteError, status: int, current: str = "bring") -> HttpResponse:
    """A page that says what cannot be done, and what can."""
    what, remedy = refusal_words(error)
    context = {"tabs": tabs(current), "what": what, "remedy": remedy}
    return render(request, "data/refused.html", context, status=status)
