"""What holds for every page: the reader's own language and time zone, and nothing personal left in a cache."""

from __future__ import annotations

import logging
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from punte.errors import DamagedSnapshot

Respond = Callable[[HttpRequest], HttpResponse]


class SpeakAsThePersonReads:
    """Answer in the language and the time zone that the signed-in person chose, on whatever device they are."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        translation.activate(request.user.language)  # LocaleMiddleware sets it anew for the next request
        request.LANGUAGE_CODE = request.user.language
        with timezone.override(ZoneInfo(request.user.time_zone)):
            return self.get_response(request)


class KeepSignedInPagesOutOfCaches:
    """Pages of a signed-in person are not stored: not by a proxy, nor for whoever uses the browser next."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response


class SayThatDataAreDamaged:
    """A page whose data cannot be read says so, and what mends them, instead of ending in a fault of punte."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a damaged snapshot; nothing for any other error."""
        if not isinstance(error, DamagedSnapshot):
            return None
        logging.getLogger(__name__).error("%s", error)
        return render(request, "damaged.html", status=503)
