"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People and their sign-in."""

    name = "punte.rooms.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
