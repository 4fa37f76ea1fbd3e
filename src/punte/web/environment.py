"""What the person who runs punte may set in the environment, read strictly: a misspelt value is refused, not guessed.

PUNTE_HOME           the folder of the home (``./punte-home`` where nothing is said)
PUNTE_DATABASE_URL   ``postgresql://user:password@host:port/name`` keeps the choices on a server instead of in the home
PUNTE_HOSTS          names under which people reach punte, comma between them (this machine only, where nothing is said)
PUNTE_HTTPS          1 when people reach punte by https through a proxy, which must set X-Forwarded-Proto and -For
PUNTE_UPLOAD_MAX_MB  how much may be uploaded at a time, all files together (2048 where nothing is said)
PUNTE_DEBUG          1 for developers: pages with tracebacks; never where others can reach it
"""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def home() -> Path:
    """The folder of the home, absolute."""
    return Path(os.environ.get("PUNTE_HOME") or "punte-home").resolve()


def is_on(name: str) -> bool:
    """A switch: 1 is on, 0 or nothing is off.

    Raises: ImproperlyConfigured for any other value.
    """
    value = os.environ.get(name, "")
    if value not in ("", "0", "1"):
        raise ImproperlyConfigured(f"{name} is '{value}'; a switch is 1 or 0. Set it to one of them.")
    return value == "1"


def hosts() -> list[str]:
    """The names under which people reach punte; this machine is always among them."""
    named = [part.strip() for part in os.environ.get("PUNTE_HOSTS", "").split(",")]
    return [*THIS_MACHINE, *(name for name in named if name)]


def upload_max_bytes() -> int:
    """How much may be uploaded at a time.

    Raises: ImproperlyConfigured for anything but a whole number above 0.
    """
    value = os.environ.get("PUNTE_UPLOAD_MAX_MB") or "2048"
    if not value.isdecimal() or int(value) < 1:
        raise ImproperlyConfigured(f"PUNTE_UPLOAD_MAX_MB is '{value}'; it is a number of megabytes, such as 2048.")
    return int(value) * 1024**2
