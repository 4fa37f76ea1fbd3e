"""The one refusal of the figures."""

from __future__ import annotations

from punte.errors import PunteError


class CannotDraw(PunteError):
    """A figure whose own numbers contradict each other, or that would open an unsafe address."""
