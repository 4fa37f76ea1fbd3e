"""Eight processes read while one publishes: every answer is one whole snapshot."""

from __future__ import annotations

import multiprocessing
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from punte.records.lake import Lake
from tests.records.readers import read_until

AT = datetime(2026, 3, 2, 9, 0)
N_READERS, N_PUBLISHED = 8, 20


def publish(lake: Lake, number: int) -> str:
    """Publish two tables whose sums say the number of the snapshot; every second time only one of them changes."""
    tables = {"deal": [[number] * 1000, [number] * 50], "lead": [[number // 2] * 1000]}
    staged: dict[str, list[Path]] = {}
    for name, parts in tables.items():
        for place, numbers in enumerate(parts):
            path = lake.path.parent / f"{name}{place}.parquet"
            pq.write_table(pa.table({"n": numbers}), path)
            staged.setdefault(name, []).append(path)
    with lake.writing("test"):
        published = lake.publish(staged, schema_version=1, at=AT + timedelta(hours=number), about={})
        lake.collect(at=AT + timedelta(hours=number))
    return published.id


@pytest.mark.slow
def test_every_answer_of_eight_readers_during_twenty_publishings_is_one_whole_snapshot(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    expected = {publish(lake, 0): (0, 0)}
    context = multiprocessing.get_context("spawn")
    stop, answers = context.Event(), context.Queue()
    readers = [context.Process(target=read_until, args=(stop, lake.path, answers)) for _ in range(N_READERS)]
    for reader in readers:
        reader.start()
    given = []
    for number in range(1, N_PUBLISHED + 1):
        expected[publish(lake, number)] = (number * 1050, number // 2 * 1000)
        given += [answers.get(timeout=120) for _ in range(N_READERS)]
    stop.set()
    while any(reader.is_alive() for reader in readers) or not answers.empty():
        if not answers.empty():
            given.append(answers.get())
    assert [reader.exitcode for reader in readers] == [0] * N_READERS
    assert [answer for answer in given if expected[answer[0]] != answer[1:]] == []
    assert len({answer[0] for answer in given}) > N_PUBLISHED // 2
