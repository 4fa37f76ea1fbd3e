"""What came in so far, taking it back, and what stands."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from punte.core import clock
from punte.errors import UnknownLoad, UnknownName
from punte.rooms.data import actions, queries
from punte.rooms.data.rules import CannotImport
from punte.rooms.data.views.frame import refused, tabs
from punte.rooms.data.views.missing import page_number
from punte.rooms.data.views.told import told_work
from punte.rooms.data.views.words import count, size, table_label


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The imports, the newest first, and the tables that stand; where there is nothing, how to begin."""
    page = queries.get_home_page_for(user=request.user, page=page_number(request), at=clock.now())
    if not page.imports and page.standing is None:
        context = {
            "tabs": tabs("home"),
            "may_import": page.may_import,
            "most": size(settings.PUNTE_UPLOAD_MAX_BYTES),
        }
        return render(request, "data/empty.html", context)
    tables = [(table_label(one.name), one) for one in page.standing.tables] if page.standing else []
    context = {
        "tabs": tabs("home"),
        "page": page,
        "tables": [pair for pair in tables if not pair[1].is_derived],
        "derived": [pair for pair in tables if pair[1].is_derived],
        "said": gettext("Page %(page)s of %(n)s") % {"page": count(page.page), "n": count(page.n_pages)},
        "previous_url": f"?page={page.page - 1}" if page.page > 1 else "",
        "next_url": f"?page={page.page + 1}" if page.page < page.n_pages else "",
        "rhythms": page.standing.rhythms if page.standing else (),
    }
    return render(request, "data/home.html", context)


@require_POST
def take_back(request: HttpRequest, load_id: str) -> HttpResponse:
    """Let an import count no more."""
    return _decide(request, load_id, "taken_back")


@require_POST
def bring_again(request: HttpRequest, load_id: str) -> HttpResponse:
    """Let an import count again."""
    return _decide(request, load_id, "brought_again")


def _decide(request: HttpRequest, load_id: str, action: str) -> HttpResponse:
    try:
        job_id = actions.ask_decision(load_id=load_id, action=action, by=request.user, at=clock.now())
    except CannotImport as error:
        return refused(request, error, 403, "home")
    except UnknownLoad as error:
        raise Http404(str(error)) from error
    return redirect("data:work", job_id=job_id)


@require_safe
def work(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far taking back or bringing again is, and what came of it."""
    try:
        found = queries.get_work_for(user=request.user, job_id=job_id, at=clock.now())
    except CannotImport as error:
        return refused(request, error, 403, "home")
    except UnknownName as error:
        raise Http404(str(error)) from error
    context = {"tabs": tabs("home"), "told": told_work(found), "load_id": found.arguments["load_id"]}
    return render(request, "data/_work.html" if request.htmx else "data/work.html", context)
