"""What people type about themselves, checked before an action is called."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from punte.core import clock
from punte.rooms.people import actions, rules


class SignInForm(forms.Form):
    """E-mail and password; when both are given, they are tried."""

    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, request: HttpRequest, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request = request
        self.signed_in: actions.SignedIn

    def clean(self) -> dict[str, Any]:
        """Try to sign in, and say why where it cannot be."""
        if self.errors:
            return self.cleaned_data
        try:
            self.signed_in = actions.sign_in(
                email=self.cleaned_data["email"],
                password=self.cleaned_data["password"],
                address=_address_of(self.request),
                device=self.request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""),
                at=clock.now(),
            )
        except rules.TooManyAttempts as refusal:
            raise forms.ValidationError(_too_many(refusal.facts["minutes"]), code="too_many") from refusal
        except rules.CannotSignIn as refusal:
            words = _("E-mail and password do not belong together. Check both and try again.")
            raise forms.ValidationError(words, code="cannot_sign_in") from refusal
        return self.cleaned_data

    def get_user(self) -> Any:
        """Who has signed in, for Django's view, which asks when the form is valid."""
        return self.signed_in.user


class LanguageForm(forms.Form):
    """One of the languages that punte speaks."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class ProfileForm(LanguageForm):
    """What a person says about themselves."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in rules.time_zones()],
        help_text=_("Times on the pages are shown in this zone."),
    )
    field_order = ["name", "language", "time_zone"]


class NewPasswordForm(PasswordChangeForm):
    """The old password once and the new one twice, with Django's checks."""


def _address_of(request: HttpRequest) -> str:
    return rules.client_address(
        remote=request.META.get("REMOTE_ADDR", ""),
        forwarded_for=request.META.get("HTTP_X_FORWARDED_FOR", ""),
        is_behind_proxy=settings.PUNTE_HTTPS,
    )


def _too_many(minutes: int) -> str:
    return ngettext(
        "Too many sign-ins have failed. Wait %(minutes)d minute, then try again.",
        "Too many sign-ins have failed. Wait %(minutes)d minutes, then try again.",
        minutes,
    ) % {"minutes": minutes}
