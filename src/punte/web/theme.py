"""Light, dark, or as the system has it: the reader's choice, kept in a cookie."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "punte-theme"
THEMES = ("light", "dark")
_YEAR = 365 * 24 * 60 * 60


@require_POST
@login_not_required
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme that was chosen ("light", "dark", or "system") and go back to the page."""
    chosen = request.POST.get("theme", "")
    if chosen not in (*THEMES, "system"):
        return HttpResponseBadRequest("Choose light, dark or system.", content_type="text/plain")
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    response = redirect(target if is_ours else "/")
    if chosen == "system":
        response.delete_cookie(COOKIE, samesite="Lax")
    else:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, chosen, max_age=_YEAR, samesite="Lax", httponly=True, secure=secure)
    return response
