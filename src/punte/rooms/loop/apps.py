"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class LoopConfig(AppConfig):
    """From campaign to sale."""

    name = "punte.rooms.loop"
    label = "loop"
