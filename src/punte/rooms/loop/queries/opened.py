"""The figures of the current snapshot, opened once and lent to one request at a time.

A page works with one snapshot from its first figure to its last. What is opened is kept for the next page until the
snapshot, or a choice about how figures are made, is another.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings

from punte.core import clock
from punte.core.choices.kinds import CHANNEL_RULES, SETTINGS
from punte.core.choices.queries import choices_in_force
from punte.errors import PunteError

if TYPE_CHECKING:
    from punte.rooms.numbers import Numbers

N_KEPT = 4
N_ANSWERS = 64
Key = tuple[Path, str, tuple[str, ...]]
Answer = TypeVar("Answer")


class NothingImported(PunteError):
    """The home holds no data yet."""


@dataclass
class Lent:
    """Open figures with the answers that they gave; used by one request at a time."""

    key: Key
    numbers: Numbers
    _answers: OrderedDict[Any, Any] = field(default_factory=OrderedDict)

    def once(self, question: Any, ask: Callable[[Numbers], Answer]) -> Answer:
        """The answer to a question, worked out the first time that it is asked of this snapshot."""
        if question not in self._answers:
            self._answers[question] = ask(self.numbers)
        self._answers.move_to_end(question)
        while len(self._answers) > N_ANSWERS:
            self._answers.popitem(last=False)
        return self._answers[question]


class _Pool:
    """At most ``N_KEPT`` open figures that nobody uses, all of them of the key asked for last."""

    def __init__(self) -> None:
        self._idle: list[Lent] = []
        self._lock = Lock()

    def take(self, key: Key) -> Lent | None:
        with self._lock:
            stale = [lent for lent in self._idle if lent.key != key]
            self._idle = [lent for lent in self._idle if lent.key == key]
            found = self._idle.pop() if self._idle else None
        for lent in stale:
            lent.numbers.close()
        return found

    def give_back(self, lent: Lent) -> None:
        with self._lock:
            has_room = len(self._idle) < N_KEPT
            if has_room:
                self._idle.append(lent)
        if not has_room:
            lent.numbers.close()


_pool = _Pool()


@contextmanager
def current_figures() -> Iterator[Lent]:
    """The figures of the snapshot that counts now, under the choices in force.

    Raises: NothingImported where there is no snapshot yet.
    """
    key = _current_key()
    lent = _pool.take(key) or _open(key)
    try:
        yield lent
    finally:
        _pool.give_back(lent)


def _open(key: Key) -> Lent:
    from punte.rooms.numbers import open_home  # analytics are loaded by the first page that needs them

    numbers = open_home(key[0], verifies=False)
    return Lent((key[0], numbers.cited.snapshot_id, key[2]), numbers)


def _current_key() -> Key:
    from punte.records.lake import Lake  # brings Arrow, which the start of the site does not wait for

    snapshot_id = Lake(settings.PUNTE_HOME / "lake").pointed()
    if snapshot_id is None:
        raise NothingImported("Nothing was imported yet.", remedy="Bring exports with `punte import FILE…`.")
    return settings.PUNTE_HOME, snapshot_id, _choices()


def _choices() -> tuple[str, ...]:
    now = clock.now()
    kinds = (CHANNEL_RULES, SETTINGS)
    return tuple(version.label for kind in kinds for version in choices_in_force(kind, now, now))
