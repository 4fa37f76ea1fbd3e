"""How dates and times are written: each format becomes one pattern, read for a whole column at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.sources.files.mapping.headers import normal
from punte.sources.files.mapping.zones import DAY, SECOND

NAMED = ("iso", "excel", "excel1904", "epoch_s", "epoch_ms", "epoch_us")
_EPOCHS = {"epoch_s": SECOND, "epoch_ms": 1000, "epoch_us": 1}
_TOKENS = {
    "Y": r"(?P<Y>[0-9]{4})",
    "y": r"(?P<y>[0-9]{2})",
    "m": r"(?P<m>[0-9]{1,2})",
    "d": r"(?P<d>[0-9]{1,2})",
    "H": r"(?P<H>[0-9]{1,2})",
    "I": r"(?P<I>[0-9]{1,2})",
    "M": r"(?P<M>[0-9]{1,2})",
    "S": r"(?P<S>[0-9]{1,2})",
    "f": r"(?P<f>[0-9]{1,9})",
    "p": r"(?P<p>[AaPp]\.?[Mm]\.?)",
    "b": r"(?P<b>\pL+\.?)",
    "B": r"(?P<b>\pL+\.?)",
    "z": r"(?P<z>Z|UTC|GMT|[+-][0-9]{2}:?(?:[0-9]{2})?(?::?[0-9]{2})?)",
    "%": "%",
}
_ISO = (
    r"^(?P<Y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})"
    r"(?:[T ](?P<H>[0-9]{1,2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?)?"
    rf"(?: ?{_TOKENS['z']})?)?$"
)
_SERIAL, _COUNT = r"^(?P<n>[0-9]{1,7}(?:\.[0-9]+)?)$", r"^(?P<n>-?[0-9]{1,18})(?:\.0*)?$"
_NUMBERED = {"excel": _SERIAL, "excel1904": _SERIAL, **dict.fromkeys(_EPOCHS, _COUNT)}
_ZEROS = r"^[0\-/.: T]*0[0\-/.: T]*$"
_MONTHS = """
    jan january ianuarie ian januar janvier janv enero ene gennaio gen janeiro januar jänner
    feb february februarie februar fevrier fevr febrero febbraio fevereiro fev
    mar march martie märz marz maerz mars marzo março marco mrz marcius
    apr april aprilie avril avr abril abr aprile aprilis
    may mai mayo maggio mag maio majus maj
    jun june iunie iun juni juin junio giugno giu junho junius
    jul july iulie iul juli juillet juil julio luglio lug julho julius
    aug august août aout agosto ago augusztus
    sep sept september septembrie septembre septiembre settembre set setembro szeptember szept
    oct october octombrie oktober okt octobre octubre ottobre ott outubro out oktober
    nov november noiembrie noi novembre noviembre novembro
    dec december decembrie dezember dez decembre diciembre dic dicembre dezembro
"""
MONTHS = {
    normal(word): number for number, line in enumerate(_MONTHS.strip().splitlines(), start=1) for word in line.split()
}
"""Names of months as people write them, in the languages that exports come in."""

_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int64)
_HOUR, _LATEST = 3600 * SECOND, 2**62
_EXCEL_EPOCH, _EXCEL_1904 = -25_569, -24_107


@dataclass(frozen=True)
class Clock:
    """Readings of a column: wall clock in microseconds, where it could be read, and what each cell said."""

    wall: np.ndarray
    is_read: np.ndarray
    is_day: np.ndarray
    offset: np.ndarray
    has_offset: np.ndarray


@lru_cache(maxsize=512)
def pattern(fmt: str) -> str:
    """The pattern of a format; ValueError with the reason when it is none.

    >>> pattern("%d.%m.%y")
    '^(?P<d>[0-9]{1,2})\\\\.(?P<m>[0-9]{1,2})\\\\.(?P<y>[0-9]{2})$'
    """
    if fmt in NAMED:
        return _NUMBERED.get(fmt, _ISO)
    pieces = re.findall(r"%.|[^%]+|%", fmt)
    unknown = [piece for piece in pieces if piece.startswith("%") and piece[1:] not in _TOKENS]
    if unknown:
        raise ValueError(f"'{unknown[0]}' means nothing; use %Y %y %m %d %b %B %H %I %M %S %f %p %z")
    names = {piece[1].replace("B", "b") for piece in pieces if piece.startswith("%")}
    if not ({"Y", "y"} & names and {"m", "b"} & names and "d" in names):
        raise ValueError("a format names the year, the month and the day")
    return (
        "^" + "".join(_TOKENS[p[1:]] if p.startswith("%") else re.escape(p).replace(r"\ ", " ") for p in pieces) + "$"
    )


def read(texts: pa.Array, fmt: str) -> Clock:
    """Read texts that are written in one format; what does not fit is left unread."""
    groups = pc.extract_regex(texts, pattern(fmt))
    names = [groups.type.field(i).name for i in range(groups.type.num_fields)]
    parts = {name: pc.if_else(pc.equal(groups.field(name), ""), None, groups.field(name)) for name in names}
    if fmt in NAMED and fmt != "iso":
        return _numbered(parts["n"], fmt, np.asarray(groups.is_valid()))
    return _written(parts, np.asarray(groups.is_valid()))


def are_zeros(texts: pa.Array) -> np.ndarray:
    """Where a text is a date made of zeros only, such as 00/00/0000."""
    return np.asarray(pc.fill_null(pc.match_substring_regex(texts, _ZEROS), False))


def _numbered(numbers: pa.Array, fmt: str, fits: np.ndarray) -> Clock:
    n = len(numbers)
    nothing = np.zeros(n, np.int64)
    if fmt in _EPOCHS:
        whole = np.asarray(pc.fill_null(_int(numbers), 0))
        fits = fits & (np.abs(whole) < _LATEST // _EPOCHS[fmt])
        return Clock(np.where(fits, whole, 0) * _EPOCHS[fmt], fits, np.zeros(n, bool), nothing, np.ones(n, bool))
    serial = np.asarray(pc.fill_null(numbers.cast(pa.float64()), 0.0))
    days = serial.astype(np.int64)
    millis = np.rint((serial - days) * 86_400_000).astype(np.int64)
    first = _EXCEL_1904 if fmt == "excel1904" else _EXCEL_EPOCH
    fits = fits & (serial < 2_958_466)
    return Clock((days + first) * DAY + millis * 1000, fits, millis == 0, nothing, np.zeros(n, bool))


def _written(parts: dict[str, pa.Array], fits: np.ndarray) -> Clock:
    n = len(fits)
    year = _ints(parts, "Y", n) if "Y" in parts else _century(_ints(parts, "y", n))
    month = _months(parts["b"]) if "b" in parts else _ints(parts, "m", n)
    day = _ints(parts, "d", n)
    hour, minute, second = _hours(parts, n), _ints(parts, "M", n), _ints(parts, "S", n)
    has_time = _filled(parts, "H", n) | _filled(parts, "I", n)
    micros = _micros(parts, n)
    offset = _offsets(parts, n)
    fits = fits & _is_day(year, month, day) & _is_time(hour, minute, second, micros) & (np.abs(offset) <= 18 * _HOUR)
    wall = _days(year, np.clip(month, 1, 12), day) * DAY + (hour * 3600 + minute * 60 + second) * SECOND + micros
    return Clock(wall, fits, fits & ~has_time, offset, _filled(parts, "z", n))


def _is_day(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _MONTH_DAYS[np.clip(month, 0, 12)] + (leap & (month == 2))
    return (month >= 1) & (month <= 12) & (day >= 1) & (day <= last)


def _is_time(hour: np.ndarray, minute: np.ndarray, second: np.ndarray, micros: np.ndarray) -> np.ndarray:
    """24:00 is the midnight that ends a day."""
    midnight = (hour == 24) & (minute == 0) & (second == 0) & (micros == 0)
    return ((hour >= 0) & (hour <= 23) & (minute <= 59) & (second <= 59)) | midnight


def _days(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Days since 1970 in the proleptic Gregorian calendar; the year is counted from March on."""
    shifted = year - (month <= 2)
    since_march = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return 365 * shifted + shifted // 4 - shifted // 100 + shifted // 400 + since_march - 719_468


def _hours(parts: dict[str, pa.Array], n: int) -> np.ndarray:
    if "I" not in parts:
        return _ints(parts, "H", n)
    hour = _ints(parts, "I", n)
    wrong = (hour < 1) | (hour > 12)
    afternoon = np.zeros(n, bool)
    if "p" in parts:
        afternoon = np.asarray(pc.fill_null(pc.match_substring_regex(parts["p"], "^[pP]"), False))
    return np.where(wrong, -1, hour % 12 + 12 * afternoon)


def _micros(parts: dict[str, pa.Array], n: int) -> np.ndarray:
    if "f" not in parts:
        return np.zeros(n, np.int64)
    padded = pc.utf8_rpad(parts["f"], 9, "0")
    return np.asarray(pc.fill_null(_int(padded), 0)) // 1000


def _months(words: pa.Array) -> np.ndarray:
    encoded = words.dictionary_encode()
    numbers = [MONTHS.get(normal(word.rstrip(".")), 0) for word in encoded.dictionary.to_pylist()]
    return np.asarray(pc.fill_null(pa.array(numbers, pa.int64()).take(encoded.indices), 0))


def _offsets(parts: dict[str, pa.Array], n: int) -> np.ndarray:
    if "z" not in parts or parts["z"].null_count == n:
        return np.zeros(n, np.int64)
    encoded = parts["z"].dictionary_encode()
    micros = [_offset(word) * SECOND for word in encoded.dictionary.to_pylist()]
    return np.asarray(pc.fill_null(pa.array(micros, pa.int64()).take(encoded.indices), 0))


def _offset(word: str) -> int:
    digits = [int(word.replace(":", "")[at : at + 2] or 0) for at in (1, 3, 5)] if word[0] in "+-" else [0, 0, 0]
    seconds = digits[0] * 3600 + digits[1] * 60 + digits[2]
    return -seconds if word[0] == "-" else seconds


def _century(year: np.ndarray) -> np.ndarray:
    """Two digits: 69 to 99 lie in the last century, as POSIX has it."""
    return year + np.where(year >= 69, 1900, 2000)


def _ints(parts: dict[str, pa.Array], name: str, n: int) -> np.ndarray:
    if name not in parts:
        return np.zeros(n, np.int64)
    return np.asarray(pc.fill_null(_int(parts[name]), 0))


def _int(texts: pa.Array) -> pa.Array:
    return texts.cast(pa.int64())


def _filled(parts: dict[str, pa.Array], name: str, n: int) -> np.ndarray:
    return np.asarray(parts[name].is_valid()) if name in parts else np.zeros(n, bool)
