"""The web as a Django app: its templates, its static files, its checks."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the checks when Django is ready."""

    name = "punte.web"
    label = "web"

    def ready(self) -> None:
        """Import what registers itself."""
        import_module("punte.web.checks")
