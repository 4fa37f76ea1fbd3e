"""From cells to moments: UTC, the local day, and whether only the day is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.sources.files.mapping import formats
from punte.sources.files.mapping.formats import Clock
from punte.sources.files.mapping.zones import DAY, zone


@dataclass(frozen=True)
class Moments:
    """A column of moments: UTC in microseconds, local days since 1970, and where each holds."""

    at: np.ndarray
    on: np.ndarray
    is_known: np.ndarray
    is_day: np.ndarray
    is_ambiguous: np.ndarray
    is_missing_hour: np.ndarray

    def columns(self, name: str) -> dict[str, pa.Array]:
        """The three columns of a moment field."""
        unknown = ~self.is_known
        precision = pc.if_else(pa.array(self.is_day), "day", "second")
        return {
            f"{name}_at": pa.array(self.at, mask=unknown).cast(pa.timestamp("us")),
            f"{name}_on": self.days(),
            f"{name}_precision": pc.if_else(pa.array(unknown), pa.scalar(None, pa.string()), precision),
        }

    def days(self) -> pa.Array:
        """The local days."""
        return pa.array(self.on.astype(np.int32), mask=~self.is_known).cast(pa.date32())


def read_moments(
    values: pa.Array, fmts: Sequence[str], *, written_in: str, counted_in: str, day_only: bool = False
) -> Moments:
    """Moments from a column of texts, or of native dates and timestamps.

    Texts without an offset are readings of the clock in zone ``written_in``; days are counted in ``counted_in``. A date
    without a time is the local midnight there. ``day_only`` takes the date as written and leaves the time aside.
    """
    clock = _native(values) if _is_native(values.type) else _text(values, fmts)
    return _settle(clock, written_in, counted_in, day_only)


def _is_native(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) or pa.types.is_date(kind)


def _native(values: pa.Array) -> Clock:
    known = np.asarray(values.is_valid())
    micros = np.asarray(
        values.cast(pa.timestamp("us", getattr(values.type, "tz", None)), safe=False).cast(pa.int64()).fill_null(0)
    )
    n = len(known)
    in_utc = np.full(n, getattr(values.type, "tz", None) is not None)
    is_day = known & pa.types.is_date(values.type)
    return Clock(micros, known, is_day, np.zeros(n, np.int64), in_utc)


def _text(texts: pa.Array, fmts: Sequence[str]) -> Clock:
    """Each format reads what those before it left unread."""
    texts = texts if pa.types.is_string(texts.type) else texts.cast(pa.string())
    clock = formats.read(texts, fmts[0])
    for fmt in fmts[1:]:
        left = np.flatnonzero(~clock.is_read & np.asarray(texts.is_valid()))
        if len(left):
            more = formats.read(texts.take(pa.array(left)), fmt)
            clock = _filled_in(clock, left, more)
    return clock


def _filled_in(clock: Clock, at: np.ndarray, more: Clock) -> Clock:
    whole = [np.array(part) for part in (clock.wall, clock.is_read, clock.is_day, clock.offset, clock.has_offset)]
    for part, new in zip(whole, (more.wall, more.is_read, more.is_day, more.offset, more.has_offset), strict=True):
        part[at] = new
    return Clock(*whole)


def _settle(clock: Clock, written_in: str, counted_in: str, day_only: bool) -> Moments:
    local = zone(counted_in)
    is_day = clock.is_read & (clock.is_day | day_only)
    is_wall = clock.is_read & ~clock.has_offset & ~is_day
    at, ambiguous, missing = clock.wall - clock.offset, np.zeros(len(is_day), bool), np.zeros(len(is_day), bool)
    if is_wall.any():
        utc, twice, never = zone(written_in).to_utc(clock.wall)
        at, ambiguous, missing = np.where(is_wall, utc, at), twice & is_wall, never & is_wall
    on = local.day_of(at)
    if is_day.any():
        days = clock.wall // DAY
        midnight, _, _ = local.to_utc(days * DAY)
        at, on = np.where(is_day, midnight, at), np.where(is_day, days, on)
    return Moments(at, on, clock.is_read, is_day, ambiguous, missing)
