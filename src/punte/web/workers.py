"""How the web server's processes begin: ``gunicorn --config python:punte.web.workers punte.web.wsgi``."""

from __future__ import annotations

from threading import Thread
from typing import Any


def post_worker_init(worker: Any) -> None:
    """Work out the first page beside the first request: the analytics libraries alone take a second to load."""
    Thread(target=_warm, name="warm", daemon=True).start()


def _warm() -> None:
    from django.db import connections

    from punte.rooms.loop.queries import warm

    try:
        warm()
    finally:
        connections.close_all()
