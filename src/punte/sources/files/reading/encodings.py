"""Which character encoding a file is in: certain where the bytes prove it, a stated guess where they do not."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import replace

import charset_normalizer

from .alphabets import CANDIDATES, fits
from .decoding import is_utf8
from .mixed import BETWEEN_CELLS
from .reports import Encoding, Refusal
from .surveys import Survey

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
GOOD_SCORE, CLEAR_LEAD, POOR_SCORE, STRANGE_SHARE = 0.85, 0.1, 0.5, 0.1
OTHER_SCRIPTS = [
    "cp932", "euc_jp", "gb18030", "big5", "cp949", "cp1251", "koi8_r", "cp866", "mac_cyrillic",
    "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874",
]  # fmt: skip
ONE_BYTE = {*CANDIDATES, "cp1251", "koi8_r", "cp866", "mac_cyrillic", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"}
CEDILLAS = str.maketrans("șțȘȚ", "şţŞŢ")
MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


def choose_encoding(seen: Survey, forced: str | None = None) -> Encoding:
    """The encoding to read with; ``forced`` wins when given.

    Raises UnreadableFile when ``forced`` names no text encoding.
    """
    if forced is not None:
        return Encoding(_known(forced), "certain", "it was chosen by hand")
    for mark, name in MARKS:
        if seen.head.startswith(mark):
            other = None if name != "utf-8" or seen.is_utf8 else _page_of(seen)
            return Encoding(name, "certain", "the file begins with its byte order mark", other)
    wide = wide_encoding(seen.head)
    if wide:
        return Encoding(wide, "likely", "every other byte is NUL, as in UTF-16 without a byte order mark")
    if seen.is_ascii:
        return Encoding("utf-8", "certain", "the whole file is plain ASCII")
    if seen.is_utf8:
        return Encoding("utf-8", "certain", "the whole file is valid UTF-8")
    if _is_mostly_utf8(seen.accented):
        return Encoding("utf-8", "likely", "nearly all of the file is valid UTF-8", _page_of(seen))
    found = _one_of_many(_without_utf8(seen.stray) or seen.accented or seen.head)
    return replace(found, other="utf-8") if found.name in ONE_BYTE else found


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 without a byte order mark, told by NULs in every other place; None where it is not that."""
    even = head[: len(head) - len(head) % 2]
    n_low, n_high = even[0::2].count(0), even[1::2].count(0)
    n_nul = n_low + n_high
    if n_nul < 3 or n_nul * 20 < len(even) or max(n_low, n_high) < 0.75 * n_nul:
        return None
    name = "utf-16-le" if n_high > n_low else "utf-16-be"
    text = even.decode(name, "replace")
    is_text = "\n" in text or "\r" in text
    return name if is_text and "\0" not in text and text.count("\ufffd") * 100 < len(text) else None


def _known(name: str) -> str:
    try:
        "".encode(name)
    except (LookupError, ValueError):
        refusal = Refusal(
            "unknown_encoding",
            f'"{name}" is not the name of a character encoding.',
            "Use a name such as utf-8, cp1250, cp1252, iso8859-2, utf-16 or mac_roman.",
        )
        raise refusal.error(name) from None
    return codecs.lookup(name).name


def _is_mostly_utf8(accented: bytes) -> bool:
    n_whole = len(MULTIBYTE.findall(accented))
    n_stray = len(BEYOND_ASCII.findall(MULTIBYTE.sub(b"", accented)))
    return n_whole > 3 * n_stray


def _page_of(seen: Survey) -> str | None:
    """The one-byte encoding of the lines that are not UTF-8; None where none was seen.

    Few lines say little: the letters of those that are UTF-8 tell whether an encoding is one of their languages'. That
    of old Macintoshes is no choice, because it finds a sign for what is left of a character that was cut.
    """
    ranked = {name: fit for name, fit in fits(_without_utf8(seen.stray)).items() if name != "mac_roman"}
    others = Counter(letter for letter in seen.accented.decode("utf-8", "ignore") if letter > "\x7f")
    known = {name: sum(n for letter, n in others.items() if _has(name, letter)) for name in ranked}
    weight = max(others.total(), 1)
    return max(ranked, key=lambda name: ranked[name].score + known[name] / weight) if seen.stray else None


def _has(page: str, letter: str) -> bool:
    return bool(letter.translate(CEDILLAS).encode(page, "ignore"))


def _without_utf8(stray: bytes) -> bytes:
    """Lines that are not UTF-8 without those of their cells that are."""
    cells = BETWEEN_CELLS.split(stray)
    foreign = [cell for cell in cells if not is_utf8(cell)]
    return stray if len(foreign) == sum(not cell.isascii() for cell in cells) else b"\n".join(foreign)


def _one_of_many(sample: bytes) -> Encoding:
    ranked = fits(sample)
    best = max(ranked, key=lambda name: ranked[name].score)
    if ranked[best].impossible_share > STRANGE_SHARE or ranked[best].score < POOR_SCORE:
        other = charset_normalizer.from_bytes(sample, cp_isolation=OTHER_SCRIPTS).best()
        if other is not None:
            return Encoding(other.encoding, "guess", f"its letters look like {other.language}")
    text = sample.decode(best, "replace")
    others = [fit.score for name, fit in ranked.items() if sample.decode(name, "replace") != text]
    is_clear = ranked[best].score >= GOOD_SCORE and all(ranked[best].score - score >= CLEAR_LEAD for score in others)
    return Encoding(best, "likely" if is_clear else "guess", "its accented letters fit this encoding best")
