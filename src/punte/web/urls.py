"""Every address of punte: the front door, the health check, and the rooms."""

from __future__ import annotations

from django.urls import include, path

from punte.web import doors

urlpatterns = [
    path("", doors.front_door, name="front_door"),
    path("healthz", doors.healthz, name="healthz"),
    path("people/", include("punte.rooms.people.urls")),
]
