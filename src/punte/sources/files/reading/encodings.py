"""Which character encoding a file is in: certain where the bytes prove it, a stated guess where they do not."""

from __future__ import annotations

import codecs
import re

import charset_normalizer

from .alphabets import fits
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
            return Encoding(name, "certain", "the file begins with its byte order mark")
    wide = wide_encoding(seen.head)
    if wide:
        return Encoding(wide, "likely", "every other byte is NUL, as in UTF-16 without a byte order mark")
    if seen.is_ascii:
        return Encoding("utf-8", "certain", "the whole file is plain ASCII")
    if seen.is_utf8:
        return Encoding("utf-8", "certain", "the whole file is valid UTF-8")
    if _is_mostly_utf8(seen.accented):
        return Encoding("utf-8", "likely", "nearly all of the file is valid UTF-8; rows that are not are left out")
    return _one_of_many(seen.accented or seen.head)


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
