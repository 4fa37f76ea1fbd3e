"""What the first pages show is worked out before anybody asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from punte.rooms.loop.queries import NothingImported, get_loop_page_for, warm
from punte.rooms.loop.rules import LoopQuestion
from punte.rooms.numbers import Numbers
from tests.actors import Actors

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_after_warming_the_first_page_asks_nothing_of_the_engine(
    at_small_home: Path, actors: Actors, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm()
    asked: list[str] = []
    answer = Numbers.answer

    def counted(numbers: Numbers, question: str, **words: Any) -> Any:
        asked.append(question)
        return answer(numbers, question, **words)

    monkeypatch.setattr(Numbers, "answer", counted)
    get_loop_page_for(user=actors.marta, question=LoopQuestion())
    assert asked == []
    get_loop_page_for(user=actors.marta, question=LoopQuestion(by="landing_page"))
    assert asked == ["loop", "flow"]


def test_a_home_without_data_has_nothing_to_warm(actors: Actors, settings: Any, tmp_path: Path) -> None:
    settings.PUNTE_HOME = tmp_path
    warm()
    with pytest.raises(NothingImported):
        get_loop_page_for(user=actors.marta, question=LoopQuestion())
