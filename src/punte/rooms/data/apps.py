"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class DataConfig(AppConfig):
    """What comes in, and what is missing."""

    name = "punte.rooms.data"
    label = "data"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the kinds of jobs known to the web process too, which asks for them."""
        from punte.rooms.data import jobs

        self.jobs = jobs
