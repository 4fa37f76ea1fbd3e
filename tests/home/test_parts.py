"""What is computed of leads some at a time is what is computed of all of them at once, to the byte."""

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
@pytest.mark.parametrize("leads_per_part", [1, 40])
def test_leads_in_parts_give_the_bytes_of_all_leads_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leads_per_part: int
) -> None:
    write_exports(make_company(n_persons=400, until=date(2026, 3, 31)), tmp_path / "exports")
    whole, cut = new_home(tmp_path / "whole"), new_home(tmp_path / "cut")
    bring(whole, tmp_path / "exports", at=AT, mappings=[demo_mapping()])
    monkeypatch.setattr(parts, "LEADS_PER_PART", leads_per_part)
    bring(cut, tmp_path / "exports", at=AT, mappings=[demo_mapping()])
    snapshots = whole.lake.current(), cut.lake.current()
    assert select(snapshots[0], "SELECT count(*) > 100, max(cycle) > 1 FROM {cycle}") == [(True, True)]
    assert snapshots[0].state == snapshots[1].state
