"""Queries written once: what a question's SQL is does not depend on its days, its moment or the snapshot's files.

To build an expression and to write it as SQL takes longer than most answers. So a question is written once for each of
its shapes, with stand-ins for days and moments, and is kept for the process; each time it is asked, its own days and
the names of its tables are filled in. What cannot be written so is asked as it is.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

N_KEPT = 128

SINCE, UNTIL, AT = date(1201, 3, 4), date(1302, 3, 4), datetime.fromisoformat("1403-06-15 12:34:56")
"""Stand-ins: days and a moment that no question asks about, each in a year of its own."""

Value = date | datetime

_LEFT_OVER = re.compile("|".join((*(str(one.year) for one in (SINCE, UNTIL, AT)), r'(?:FROM|JOIN) "\w+_\d+"')))
"""What tells that a stand-in, or a table of one engine, is still in a query."""


@dataclass(frozen=True)
class Written:
    """A query in pieces; between piece i and the next belongs the text of slot i."""

    pieces: tuple[str, ...]
    slots: tuple[str, ...]

    def filled(self, values: Mapping[str, str]) -> str:
        """The query with the text of each slot."""
        found = [self.pieces[0]]
        for slot, piece in zip(self.slots, self.pieces[1:], strict=True):
            found += [values[slot], piece]
        return "".join(found)


class WrittenQueries:
    """The queries of this process by shape; ``None`` stands for a shape that cannot be written once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Written | None] = OrderedDict()
        self._lock = Lock()

    def get(self, shape: Hashable, write: Callable[[], Written | None]) -> Written | None:
        """The query of that shape, written by ``write`` the first time."""
        with self._lock:
            if shape in self._kept:
                self._kept.move_to_end(shape)
                return self._kept[shape]
        made = write()
        with self._lock:
            self._kept[shape] = made
            while len(self._kept) > N_KEPT:
                self._kept.popitem(last=False)
        return made


def cut(sql: str, stand_ins: Mapping[str, str]) -> Written | None:
    """A query cut where a stand-in stands; ``stand_ins`` are texts of SQL with the slot that each stands for.

    None where something else was made of a stand-in, or where the query reads a table that is none of them.
    """
    pattern = "|".join(re.escape(text) for text in sorted(stand_ins, key=len, reverse=True))
    parts = re.split(f"({pattern})", sql)
    pieces, slots = parts[0::2], parts[1::2]
    if any(_LEFT_OVER.search(piece) for piece in pieces):
        return None
    return Written(tuple(pieces), tuple(stand_ins[text] for text in slots))


def text_as_written(value: Value) -> str:
    """How a day or moment stands in a query that Ibis writes for DuckDB."""
    day = f"{value.year}, {value.month}, {value.day}"
    if isinstance(value, datetime):
        return f"MAKE_TIMESTAMP({day}, {value.hour}, {value.minute}, {float(value.second)})"
    return f"MAKE_DATE({day})"


def text_of(value: Value) -> str:
    """A day or moment as DuckDB reads it."""
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
    return f"DATE '{value.isoformat()}'"
