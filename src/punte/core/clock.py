"""The one place that reads the clock; everything else is told the moment as ``at``."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def ticks() -> float:
    """Seconds that only ever grow, for measuring how long something took; they name no moment."""
    return time.monotonic()
