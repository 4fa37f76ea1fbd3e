"""The two addresses that belong to no room."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """Lead to the room that answers most: the loop, or one's own page where there is no loop."""
    return redirect("loop:home" if apps.is_installed("punte.rooms.loop") else "people:profile")


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the choices can be read, 503 when they cannot; for those who watch the machine."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")
