"""What a reader's process does: ask again and again what counts now, and add up two of its tables."""

from __future__ import annotations

from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from punte.records.lake import Lake


def read_until(stop: Event, path: Path, answers: Queue[tuple[str, int, int]]) -> None:
    """Answer with the snapshot's id and the sums of its two tables until told to stop."""
    while not stop.is_set():
        current = Lake(path).current()
        assert current is not None
        sums = [
            sum(pc.sum(pq.read_table(file)["n"]).as_py() for file in current.paths(name)) for name in ("deal", "lead")
        ]
        answers.put((current.id, *sums))
