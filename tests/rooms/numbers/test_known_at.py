"""What was known at an earlier moment: the figures are those that were published then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from punte.errors import NoHome, TooManyDeletions
from punte.rooms import facts
from punte.rooms.numbers import open_home
from tests.home.small import DEALS, MAPPING, everything, mapping, write

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("further_homes")]

FIRST = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ONE_CONTACT = "id,email,country,status,created\n1,ana@acme.ro,RO,mql,2026-01-05 10:00:00\n"


def figures(path: Path, **words: Any) -> tuple[list[dict[str, Any]], ...]:
    with open_home(path, **words) as numbers:
        return numbers.answer("loop", by=("channel",), models=("linear",)).to_pylist(), numbers.coverage().to_pyarrow()


def test_at_every_moment_the_figures_are_those_that_were_published_then(tmp_path: Path) -> None:
    path = tmp_path / "home"
    home = facts.make_home(path, name="Acme", zone="Europe/Bucharest", currency="RON", at=FIRST)
    published: list[Any] = []

    def bring(folder: Path, **words: Any) -> None:
        at = FIRST + len(published) * HOUR
        facts.bring_in(home, [folder], given=[mapping()], by="marta", at=at, **words)

    bring(everything(tmp_path / "all"))
    published.append(figures(path))
    bring(write(tmp_path / "corrected", deals=DEALS.replace("1000.50", "900").replace("open,Offer", "won,Closed")))
    published.append(figures(path))
    with pytest.raises(TooManyDeletions):
        bring(write(tmp_path / "short", contacts=ONE_CONTACT))
    published.append(figures(path))
    bring(write(tmp_path / "short", contacts=ONE_CONTACT), confirm_deletions=True)
    published.append(figures(path))
    first_deals = next(load for load in home.raw.loads() if load.rule == "deals")
    facts.take_back(home, [first_deals.id], by="marta", at=FIRST + 4 * HOUR)
    facts.remember([mapping(MAPPING.replace("'form'", "'call'"))], home, by="marta", at=FIRST + 5 * HOUR)
    facts.rebuild(home, at=FIRST + 5 * HOUR)
    known = [figures(path, known_at=FIRST + n * HOUR) for n in range(4)]
    assert known == published
    assert len({str(one) for one in known}) == 3


def test_what_had_not_happened_by_then_does_not_count_either(tmp_path: Path) -> None:
    path = tmp_path / "home"
    home = facts.make_home(path, name="Acme", zone="Europe/Bucharest", currency="RON", at=FIRST)
    early = datetime(2026, 2, 11, tzinfo=UTC)
    facts.bring_in(home, [everything(tmp_path / "all")], given=[mapping()], by="marta", at=early)
    with open_home(path, known_at=early) as numbers:
        assert (numbers.cited.known_at, numbers.at) == (datetime(2026, 2, 11), datetime(2026, 2, 11))
        (row,) = numbers.answer("loop", by=(), models=()).to_pylist()
    assert row["n_won"] == 1


def test_before_the_first_import_nothing_was_known(tmp_path: Path) -> None:
    path = tmp_path / "home"
    home = facts.make_home(path, name="Acme", zone="Europe/Bucharest", currency="RON", at=FIRST)
    facts.bring_in(home, [everything(tmp_path / "all")], given=[mapping()], by="marta", at=FIRST)
    with pytest.raises(NoHome, match="knew nothing yet at 2026-03-02 08:00"):
        open_home(path, known_at=FIRST - HOUR)


def test_the_passing_tables_are_gone_when_the_figures_are_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passing = tmp_path / "passing"
    passing.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(passing))
    path = tmp_path / "home"
    home = facts.make_home(path, name="Acme", zone="Europe/Bucharest", currency="RON", at=FIRST)
    facts.bring_in(home, [everything(tmp_path / "all")], given=[mapping()], by="marta", at=FIRST)
    numbers = open_home(path, known_at=FIRST)
    assert [one.name for one in passing.glob("punte-known-*")] != []
    numbers.close()
    assert list(passing.iterdir()) == []
