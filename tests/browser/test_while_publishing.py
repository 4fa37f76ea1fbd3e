"""Two people read the figures while another process publishes one snapshot after the other."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import demo_home, served, sign_in
from tests.browser.publishing import won_value, write_deals

pytestmark = [pytest.mark.browser, pytest.mark.slow]

N_PERSONS = "300"
WAIT_SECONDS = 300
QUESTIONS = (
    "by=channel",
    "by=campaign&rows=all",
    "by=channel&channel=Paid+Search",
    "by=campaign&rows=all&channel=Paid+Social",
    "by=segment",
    "by=channel&model=linear&unit=money",
    "by=channel&since=2026-01-01&until=2026-10-01",
)


@dataclass(frozen=True)
class Seen:
    """What one reading of a page showed: which snapshot it named, and its figures in euros."""

    question: str
    snapshot_id: str
    n_won: int
    stat: int
    total: int
    sum_of_rows: int
    in_checks: tuple[int, ...]


@dataclass
class Reader:
    """A person in a browser of their own who reads until told to stop."""

    name: str
    site: str
    stop: threading.Event
    seen: list[Seen] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    n_reads: int = 0
    has_ended: bool = False
    one_more: threading.Condition = field(default_factory=threading.Condition)

    def read(self, chromium: str) -> None:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium)
            page = browser.new_context(storage_state=sign_in(browser, self.site, self.name)).new_page()
            page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: self.faults.append(str(error)))
            try:
                self._read_on(page)
            finally:
                browser.close()
                with self.one_more:
                    self.has_ended = True
                    self.one_more.notify_all()

    def _read_on(self, page: Any) -> None:
        for question in itertools.cycle(QUESTIONS):
            answer = page.goto(f"{self.site}/loop/?{question}")
            if answer.status != 200:
                self.faults.append(f"{question}: {answer.status}")
            self._has_read(page, question)
            change_the_model_in_place(page)
            self._has_read(page, question)
            if self.stop.is_set():
                return

    def _has_read(self, page: Any, question: str) -> None:
        self.seen.append(figures_on(page, question))
        with self.one_more:
            self.n_reads += 1
            self.one_more.notify_all()

    def read_twice_more(self) -> None:
        """Waits until a reading has both begun and ended after this call, or no more are to come."""
        with self.one_more:
            wanted = self.n_reads + 2
            assert self.one_more.wait_for(lambda: self.has_ended or self.n_reads >= wanted, WAIT_SECONDS)


def change_the_model_in_place(page: Any) -> None:
    """HTMX puts the part of the page that changes in the place of the old one."""
    page.locator("#credit summary", has_text=re.compile("touch|Linear")).first.click()
    page.get_by_role("link", name="Time decay", exact=True).click()
    page.locator("#credit", has_text="Half as much for each half-life").wait_for()


def figures_on(page: Any, question: str) -> Seen:
    cells = page.locator("#table tbody tr:not(.is-total) td:nth-child(12)").all_inner_texts()
    stats = page.locator(".stat-value").all_inner_texts()
    return Seen(
        question=question,
        snapshot_id=page.locator(".snapshot code").inner_text(),
        n_won=amount(stats[2]),
        stat=amount(stats[3]),
        total=amount(page.locator("#table tr.is-total td:nth-child(12)").inner_text()),
        sum_of_rows=sum(amount(cell) for cell in cells if cell.strip("–\n ") not in ("", "not known")),
        in_checks=tuple(
            amount(found)
            for said in page.locator(".loop-check").all_inner_texts()
            for found in re.findall(r"[\d,]+\.\d\d", said)
        ),
    )


def amount(text: str) -> int:
    """Whole euros: "12,345.00" and "12,345 EUR" are both 12345."""
    found = re.search(r"[\d,]+(\.00)?", text)
    assert found is not None, text
    return int(found.group().removesuffix(".00").replace(",", ""))


class Publisher:
    """The other process; each call publishes the next snapshot and gives its id."""

    def __init__(self, home: Path, files: list[Path]) -> None:
        command = [sys.executable, "-m", "tests.browser.publishing", str(home), *map(str, files)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def publish(self) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("next\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


@contextmanager
def publishing(home: Path, files: list[Path]) -> Iterator[Publisher]:
    publisher = Publisher(home, files)
    try:
        yield publisher
    finally:
        publisher.process.terminate()
        publisher.process.communicate()


def read_while_publishing(site: str, publisher: Publisher, n: int, chromium: str) -> tuple[list[str], list[Reader]]:
    """The ids of the snapshots in order, and the readers with all that they saw."""
    stop = threading.Event()
    readers = [Reader(name, site, stop) for name in ("marta", "sandro")]
    ids = [publisher.publish()]
    with ThreadPoolExecutor(len(readers)) as threads:
        reading = [threads.submit(reader.read, chromium) for reader in readers]
        try:
            for _ in range(n - 1):
                ids.append(publisher.publish())
                for reader in readers:
                    reader.read_twice_more()
                if any(reader.has_ended for reader in readers):
                    break
        finally:
            stop.set()
        for one in reading:
            one.result(WAIT_SECONDS)
    return ids, readers


def test_two_people_read_whole_snapshots_while_another_process_publishes_twenty(chromium: str, tmp_path: Path) -> None:
    home = demo_home(tmp_path / "home", N_PERSONS)
    files = list(write_deals(home / "exports", tmp_path / "deals").values())
    with served(home, n_workers=2) as site, publishing(home, files) as publisher:
        ids, readers = read_while_publishing(site, publisher, len(files), chromium)
    totals = {snapshot_id: won_value(file) for snapshot_id, file in zip(ids, files, strict=True)}
    assert len(totals) == len(files) == 21
    assert [reader.faults for reader in readers] == [[], []]
    for reader in readers:
        whole = {(seen.snapshot_id, seen.stat) for seen in reader.seen if seen.question == "by=channel"}
        assert whole <= set(totals.items())
        assert {seen.snapshot_id for seen in reader.seen} >= set(ids[1:])
    mixed = [seen for reader in readers for seen in reader.seen if not holds_together(seen)]
    assert mixed == []
    assert grown_otherwise_than_published(readers, ids) == []


def holds_together(seen: Seen) -> bool:
    return {seen.stat, seen.total, seen.sum_of_rows, *seen.in_checks} == {seen.stat}


def grown_otherwise_than_published(readers: list[Reader], ids: list[str]) -> list[Seen]:
    """Every won deal is worth one euro more in each snapshot, so that a page's value less that is always the same."""
    number = {snapshot_id: place for place, snapshot_id in enumerate(ids)}
    first: dict[str, int] = {}
    wrong = []
    for seen in (seen for reader in readers for seen in reader.seen):
        base = seen.stat - seen.n_won * number[seen.snapshot_id]
        if first.setdefault(seen.question, base) != base:
            wrong.append(seen)
    return wrong
