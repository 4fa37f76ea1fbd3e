"""Bringing files in: upload, preview, mapping, import, result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from punte.core import clock
from punte.core.access import may_import
from punte.core.uploads import TOO_LARGE
from punte.errors import UnknownName
from punte.rooms.data import actions, queries
from punte.rooms.data.actions import Received
from punte.rooms.data.rules import (
    MAPPING_BYTES,
    CannotImport,
    CannotReadMapping,
    FilesAreGone,
    MustConfirmDeletions,
    NothingBrought,
    NotLookedAtYet,
)
from punte.rooms.data.views.costs import entered_grid
from punte.rooms.data.views.frame import refused, tabs
from punte.rooms.data.views.told import told_work
from punte.rooms.data.views.words import size


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Choose or drop files; what was begun and not finished stands below."""
    if request.method == "POST":
        return _receive(request)
    return _bring_page(request)


def _receive(request: HttpRequest) -> HttpResponse:
    files, mapping = request.FILES.getlist("files"), request.FILES.get("mapping")
    if getattr(request, TOO_LARGE, False):
        most = size(settings.PUNTE_UPLOAD_MAX_BYTES)
        error = gettext("These files are more than %(most)s together. Bring them a few at a time, or pack them as zip.")
        return _bring_page(request, [error % {"most": most}], status=413)
    try:
        key = actions.receive(
            files=[Received(one.name, Path(one.temporary_file_path())) for one in files],
            mapping=mapping.read(MAPPING_BYTES + 1) if mapping else None,
            by=request.user,
            at=clock.now(),
        )
    except CannotImport as error:
        return refused(request, error, 403)
    except NothingBrought:
        return _bring_page(request, [gettext("No file was chosen. Choose the files, or drop them here.")], status=422)
    except CannotReadMapping:
        return _bring_page(
            request, [gettext("The mapping cannot be read. Give a TOML file in UTF-8 of at most 1 MB.")], status=422
        )
    return redirect("data:upload", key=key)


def _bring_page(request: HttpRequest, errors: list[str] | None = None, status: int = 200) -> HttpResponse:
    waiting = queries.get_waiting_for(user=request.user) if may_import(request.user) else ()
    context = {
        "tabs": tabs("bring"),
        "may_import": may_import(request.user),
        "errors": errors or [],
        "most": size(settings.PUNTE_UPLOAD_MAX_BYTES),
        "waiting": [(one, size(one.n_bytes)) for one in waiting],
    }
    return render(request, "data/bring.html", context, status=status)


@require_safe
def upload(request: HttpRequest, key: str) -> HttpResponse:
    """One upload: how far it is, its preview, or what came of it."""
    return _upload_page(request, key)


def _upload_page(request: HttpRequest, key: str, problem: str = "", status: int = 200) -> HttpResponse:
    try:
        page = queries.get_upload_for(user=request.user, key=key, at=clock.now())
    except CannotImport as error:
        return refused(request, error, 403)
    except UnknownName as error:
        raise Http404(str(error)) from error
    context = _upload_context(page) | {"problem": problem}
    template = "data/_upload.html" if request.htmx and not problem else "data/upload.html"
    return render(request, template, context, status=status)


def _upload_context(page: queries.UploadPage) -> dict[str, Any]:
    return {
        "tabs": tabs("bring"),
        "page": page,
        "size": size(page.n_bytes),
        "told": told_work(page.work, page.columns) if page.work else None,
        "entered": entered_grid(page.entered) if page.entered else None,
    }


@require_POST
def look_again(request: HttpRequest, key: str) -> HttpResponse:
    """Look at the files with another mapping."""
    content = request.POST.get("text", "").encode()
    try:
        actions.look_again(key=key, mapping=content, by=request.user, at=clock.now())
    except CannotImport as error:
        return refused(request, error, 403)
    except UnknownName as error:
        raise Http404(str(error)) from error
    except FilesAreGone as error:
        return refused(request, error, 410)
    except CannotReadMapping:
        return _upload_page(request, key, gettext("The mapping is longer than 1 MB."), status=422)
    return redirect("data:upload", key=key)


@require_safe
def proposal(request: HttpRequest, key: str) -> HttpResponse:
    """The mapping in use, else the proposed one, as a file to be corrected elsewhere."""
    try:
        page = queries.get_upload_for(user=request.user, key=key, at=clock.now())
    except CannotImport as error:
        return refused(request, error, 403)
    except UnknownName as error:
        raise Http404(str(error)) from error
    text = page.mapping or page.proposal
    if not text:
        raise Http404("This upload has no mapping.")
    headers = {"Content-Disposition": 'attachment; filename="mapping.toml"'}
    return HttpResponse(text, content_type="application/toml; charset=utf-8", headers=headers)


@require_POST
def ask_import(request: HttpRequest, key: str) -> HttpResponse:
    """Bring the files of an upload in."""
    at = clock.now()
    try:
        page = queries.get_upload_for(user=request.user, key=key, at=at)
        actions.ask_import(
            key=key,
            seen=page.preview.outcome if page.preview else None,
            confirms_deletions=request.POST.get("confirms") == "yes",
            by=request.user,
            at=at,
        )
    except CannotImport as error:
        return refused(request, error, 403)
    except UnknownName as error:
        raise Http404(str(error)) from error
    except FilesAreGone as error:
        return refused(request, error, 410)
    except NotLookedAtYet as error:
        return refused(request, error, 409)
    except MustConfirmDeletions:
        problem = gettext("Many records would be gone. Tick the box if that is right.")
        return _upload_page(request, key, problem, status=422)
    return redirect("data:upload", key=key)


@require_POST
def stop(request: HttpRequest, key: str) -> HttpResponse:
    """Stop what is being done with an upload; its files stay."""
    at = clock.now()
    try:
        page = queries.get_upload_for(user=request.user, key=key, at=at)
        if page.work is None:
            raise Http404("Nothing is being done with this upload.")
        actions.stop(job_id=page.work.job_id, by=request.user, at=at)
    except CannotImport as error:
        return refused(request, error, 403)
    except UnknownName as error:
        raise Http404(str(error)) from error
    return redirect("data:upload", key=key)
