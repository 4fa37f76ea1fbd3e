"""Every address of punte: the front door, the health check, and the rooms."""

from __future__ import annotations

from django.urls import include, path

from punte.web import doors
from punte.web.gallery import gallery
from punte.web.theme import set_theme

urlpatterns = [
    path("", doors.front_door, name="front_door"),
    path("healthz", doors.healthz, name="healthz"),
    path("theme", set_theme, name="set_theme"),
    path("people/", include("punte.rooms.people.urls")),
    path("data/", include("punte.rooms.data.urls")),
    path("loop/", include("punte.rooms.loop.urls")),
    path("gallery", gallery, name="gallery"),
]
