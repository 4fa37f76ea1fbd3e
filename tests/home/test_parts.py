"""What is computed of leads, deals and persons some at a time is what is computed of all at once, to the byte."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from punte.demo.company import make_company
from punte.demo.files import write_exports
from punte.demo.install import demo_mapping
from punte.home import parts
from tests.home.small import bring, new_home, select

AT = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.parametrize(
    "size", [("LEADS_PER_PART", 40), ("DEALS_PER_PART", 10), ("TOUCHES_PER_PART", 500), ("PERSONS_PER_PART", 30)]
)
def test_parts_give_the_bytes_of_all_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[str, int]
) -> None:
    write_exports(make_company(n_persons=400, until=date(2026, 3, 31)), tmp_path / "exports")
    whole, cut = new_home(tmp_path / "whole"), new_home(tmp_path / "cut")
    bring(whole, tmp_path / "exports", at=AT, mappings=[demo_mapping()])
    monkeypatch.setattr(parts, *size)
    bring(cut, tmp_path / "exports", at=AT, mappings=[demo_mapping()])
    snapshots = whole.lake.current(), cut.lake.current()
    assert select(snapshots[0], "SELECT count(*) > 100, max(cycle) > 1 FROM {cycle}") == [(True, True)]
    assert select(snapshots[0], "SELECT count(*) > 1000 FROM {touch}") == [(True,)]
    assert select(snapshots[0], "SELECT count(DISTINCT opportunity_id) > 20 FROM {journey}") == [(True,)]
    assert snapshots[0].state == snapshots[1].state
