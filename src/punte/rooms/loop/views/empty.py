"""Pages where there is nothing to show yet, or where a name is unknown: what to do about it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from punte.errors import UnknownName
from punte.rooms.loop.rules import DIMENSIONS, LoopQuestion


def empty_page(request: HttpRequest) -> HttpResponse:
    """Nothing was imported yet: which two files are needed, and by which menu each system hands them out."""
    upload = upload_url()
    actions = [{"label": gettext("Bring the files"), "url": upload}] if upload else []
    return render(request, "loop/empty.html", {"actions": actions})


def unknown_column(request: HttpRequest, question: LoopQuestion, error: UnknownName) -> HttpResponse:
    """A column of a source that no source has."""
    names, name = ", ".join(DIMENSIONS), error.facts.get("name", question.by)
    context = {
        "what": gettext("There is nothing called “%(name)s” to tell rows apart by.") % {"name": name},
        "remedy": gettext("Possible are: %(names)s.") % {"names": names},
    }
    return render(request, "loop/unknown.html", context, status=404)


def upload_url() -> str:
    """Where files are brought in, where this installation has such a page."""
    try:
        return reverse("data:home")
    except NoReverseMatch:
        return ""
