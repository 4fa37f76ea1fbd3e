"""Wall clocks and UTC, for whole columns at once.

Moments are int64 microseconds, days int64 days since 1970. The offsets come from the time-zone database that Python
uses, so that a machine without one of its own reads the same moments as any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

SECOND = 1_000_000
DAY = 86_400 * SECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(1969, 12, 30, tzinfo=UTC), datetime(2100, 1, 3, tzinfo=UTC)
_STEP = timedelta(days=3)


@dataclass(frozen=True)
class Zone:
    """One time zone between 1970 and 2100: the moments of its changes and the offsets between them."""

    changes_at: np.ndarray
    offsets: np.ndarray

    def to_utc(self, wall: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """UTC for readings of the wall clock, and where the clock showed it twice, and where it never did.

        A reading shown twice is taken as the first; one that was skipped is shifted on by the length of the gap.
        """
        before, after = self.offsets[:-1], self.offsets[1:]
        settled = self.changes_at + np.maximum(before, after)
        unsettled = np.append(self.changes_at + np.minimum(before, after), np.iinfo(np.int64).max)
        position = np.searchsorted(settled, wall, side="right")
        doubtful = wall >= unsettled[position]
        falls_back = np.append(after < before, False)[position]
        return wall - self.offsets[position], doubtful & falls_back, doubtful & ~falls_back

    def day_of(self, utc: np.ndarray) -> np.ndarray:
        """The local day of moments in UTC."""
        position = np.searchsorted(self.changes_at, utc, side="right")
        return (utc + self.offsets[position]) // DAY


@lru_cache(maxsize=256)
def zone(name: str) -> Zone:
    """The zone with that name of the IANA database; ZoneInfoNotFoundError when there is none."""
    info = ZoneInfo(name)
    moment, offset = _FIRST, _offset(info, _FIRST)
    changes, offsets = [], [offset]
    while moment < _LAST:
        following = moment + _STEP
        if (new := _offset(info, following)) != offset:
            change = _change(info, moment, following)
            changes.append(_micros(change))
            offsets.append(new)
            offset = new
        moment = following
    return Zone(np.array(changes, np.int64), np.array(offsets, np.int64))


def _change(info: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second with the later offset."""
    old = before.astimezone(info).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(info).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def _offset(info: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(info).utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
