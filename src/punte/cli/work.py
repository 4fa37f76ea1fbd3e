"""The job worker as a process of its own: ``python -m punte.cli.work`` with PUNTE_HOME set."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from threading import Event

from punte.core.start import set_up


def run() -> None:
    """Works until it is told to stop; a job that has begun is brought to its end first."""
    set_up(Path(os.environ["PUNTE_HOME"]))
    from punte.core.jobs.worker import work

    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work(stop)


if __name__ == "__main__":
    run()
