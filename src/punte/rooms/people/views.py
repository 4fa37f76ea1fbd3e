"""The pages of people: sign-in, one's own profile, password and language."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from punte.core import clock
from punte.rooms.people import actions, queries
from punte.rooms.people.forms import LanguageForm, NewPasswordForm, ProfileForm, SignInForm


@method_decorator([login_not_required, require_http_methods(["GET", "HEAD", "POST"])], name="dispatch")
class SignIn(LoginView):
    """The page at which people come in; a demo home shows its accounts, and one without any how to make the first."""

    template_name = "people/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add the demo accounts, where there are any, and whether anybody can sign in at all."""
        door = queries.get_demo_door()
        is_locked = door is None and not queries.has_people()
        return super().get_context_data(**context, demo_door=door, is_locked=is_locked)

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """Open the session and remember the device."""
        response = super().form_valid(form)
        _remember(response, settings.DEVICE_COOKIE_NAME, form.signed_in.device)
        _remember(response, settings.LANGUAGE_COOKIE_NAME, form.get_user().language)
        return response


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name, language and time zone."""
    user = request.user
    said = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
    form = ProfileForm(_posted(request), initial=said)
    if form.is_valid():
        actions.change_profile(person=user, by=user, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        response = redirect("people:profile")
        _remember(response, settings.LANGUAGE_COOKIE_NAME, user.language)
        return response
    return render(request, "people/profile.html", {"form": form}, status=_status(form))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Another password; the sessions on other devices end."""
    form = NewPasswordForm(request.user, _posted(request))
    if form.is_valid():
        new_password = form.cleaned_data["new_password1"]
        actions.change_password(person=request.user, password=new_password, by=request.user, at=clock.now())
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password is changed. On other devices you will be asked for it."))
        return redirect("people:profile")
    return render(request, "people/password.html", {"form": form}, status=_status(form))


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Read punte in another language, from this page on."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("punte does not speak this language.\n", content_type="text/plain")
    chosen = form.cleaned_data["language"]
    if request.user.is_authenticated:
        actions.set_language(person=request.user, language=chosen, by=request.user, at=clock.now())
    response = redirect(_safe(request, request.POST.get("next", "")))
    _remember(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, be it nothing at all; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def _safe(request: HttpRequest, target: str) -> str:
    """The page to go back to, where it is one of ours."""
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else "front_door"


def _status(form: Any) -> int:
    """A form that came back with mistakes is not a page like any other, to a program and to htmx."""
    return 422 if form.errors else 200


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=timedelta(days=actions.DEVICE_DAYS),
        secure=settings.PUNTE_HTTPS,
        httponly=True,
        samesite="Lax",
    )
