"""The core as a Django app: it owns the tables of the audit trail, of choices and of jobs."""

from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """One app for all of the core, so that its tables move together."""

    name = "punte.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"
