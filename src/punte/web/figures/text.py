"""How wide a text will be, without asking a browser.

Advance widths, in thousandths of the font size, of a wide screen face (DejaVu Sans), so that a text that fits here
also fits in the narrower faces that most systems use.
"""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"

_NARROW = dict(
    zip(
        " !\"#$%&'()*+,-./",
        (318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337),
        strict=True,
    )
)
_SIGNS = dict(
    zip(
        ":;<=>?@[\\]^_`{|}~",
        (337, 337, 838, 838, 838, 531, 1000, 390, 337, 390, 838, 500, 500, 636, 337, 636, 838),
        strict=True,
    )
)
_CAPITALS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            684,
            686,
            698,
            770,
            632,
            575,
            775,
            752,
            295,
            295,
            656,
            557,
            863,
            748,
            787,
            603,
            787,
            695,
            635,
            611,
            732,
            684,
            989,
            685,
            611,
            685,
        ),
        strict=True,
    )
)
_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        (
            613,
            635,
            550,
            635,
            615,
            352,
            635,
            634,
            278,
            278,
            579,
            278,
            974,
            634,
            612,
            635,
            635,
            411,
            521,
            392,
            634,
            592,
            818,
            592,
            592,
            525,
        ),
        strict=True,
    )
)
_OTHERS = {"\u00a0": 318, "…": 1000, "–": 500, "−": 838, "·": 318, "€": 636, "→": 838, "↓": 838}  # fmt: skip
_WIDTHS = _NARROW | _SIGNS | _CAPITALS | _LETTERS | _OTHERS | dict.fromkeys("0123456789", 636)
_UNKNOWN = 1000
_WIDE = 1300
_BOLD = 1.13


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line of ``text`` in the unit of ``size``, on the generous side."""
    total = sum(_advance(character) for character in text)
    return total * size * (_BOLD if bold else 1) / 1000


def _advance(character: str) -> int:
    known = _WIDTHS.get(character)
    if known is not None:
        return known
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Cc"}:
        return 0
    if unicodedata.east_asian_width(character) in {"W", "F"} or ord(character) > 0xFFFF:
        return _WIDE
    base = unicodedata.normalize("NFD", character)[0]
    return _WIDTHS.get(base, _UNKNOWN)


def fit(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """``text`` if it fits into ``width``, else as much of it as fits, with an ellipsis."""
    if text_width(text, size, bold=bold) <= width:
        return text
    kept = ""
    for character in text:
        if text_width(kept + character + ELLIPSIS, size, bold=bold) > width:
            break
        kept += character
    return kept.rstrip() + ELLIPSIS if kept.strip() else ""


def wrap(text: str, width: float, size: float, *, n_lines: int = 2, bold: bool = False) -> list[str]:
    """``text`` broken at its spaces into at most ``n_lines`` lines, the last shortened where it must be."""
    words, lines = text.split(" "), [""]
    for place, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size, bold=bold) <= width or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < n_lines:
            lines.append(word)
        else:
            lines[-1] = " ".join([lines[-1], *words[place:]])
            break
    return [fit(line, width, size, bold=bold) for line in lines]
