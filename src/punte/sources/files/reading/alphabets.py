"""Which of Europe's one-byte encodings a text was written in, told by the letters that its languages use.

The same byte is ş in cp1250 and º in cp1252: "Bucureºti" is no word of any language, "Bucureşti" is. An encoding is
judged by the share of its accented letters that the best fitting language knows, less what no language would write.
Letter inventories follow the orthographies of the languages (general reference).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

WESTERN = {
    "French": "àâçèéêëîïôùûœ",
    "Spanish": "áéíñóúü",
    "Portuguese": "ãáâàçéêíóôõú",
    "Italian": "àèéìíòóù",
    "German": "äöüß",
    "Nordic": "åäöæøé",
    "Dutch": "éëïöü",
}
CENTRAL = {
    "Romanian": "ăâîşţșț",
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž",
    "Slovak": "áäčďéíľňóôšťúýž",
    "Hungarian": "áéíóöőúüű",
    "Croatian and Slovene": "čćđšž",
    "German": "äöüß",
}
CANDIDATES = {"cp1252": WESTERN, "cp1250": CENTRAL, "iso8859_2": CENTRAL, "mac_roman": WESTERN}

UNLIKELY = re.compile(r"ã(?=[^\Woea])|ăo|õ(?=[^\We])|ñ(?![aeiouáéíóúü])|ń(?=[aeiouáéíóú])|æ\b|[þð]", re.IGNORECASE)
APOSTROPHES, DASHES = "’‘'·", "-–—"
SYMBOLS = {"So", "Sk", "Sc", "Sm", "No"}


@dataclass(frozen=True)
class Fit:
    """How a text reads in one encoding: the share of accented letters that the best fitting language knows, and
    the share of characters that no language would put there."""

    known_share: float
    impossible_share: float

    @property
    def score(self) -> float:
        """At most 1.0; impossible characters weigh double."""
        return self.known_share - 2 * self.impossible_share


def fits(sample: bytes) -> dict[str, Fit]:
    """How well each candidate fits the sample, in the order of preference among equals."""
    return {
        encoding: fit_of(sample.decode(encoding, "replace"), languages) for encoding, languages in CANDIDATES.items()
    }


def fit_of(text: str, languages: dict[str, str]) -> Fit:
    """How well a decoded text fits the best of some languages; a text without accents fits each of them."""
    beyond_ascii = [place for place, character in enumerate(text) if character > "\x7f"]
    if not beyond_ascii:
        return Fit(1.0, 0.0)
    letters = Counter(text[place].lower() for place in beyond_ascii if text[place].isalpha())
    known = max(sum(letters[letter] for letter in alphabet) for alphabet in languages.values())
    n_impossible = sum(1 for place in beyond_ascii if _is_impossible(text, place)) + len(UNLIKELY.findall(text))
    return Fit(known / letters.total() if letters else 1.0, n_impossible / len(beyond_ascii))


def _is_impossible(text: str, place: int) -> bool:
    character = text[place]
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    category = unicodedata.category(character)
    if character == "\ufffd" or category == "Cc":
        return True
    if character.isalpha():
        is_capital_inside = character.isupper() and before.islower()
        is_small_inside = character.islower() and character != "ß" and before.isupper() and after.isupper()
        is_among_accents = before > "\x7f" and after > "\x7f" and before.isalpha() and after.isalpha()
        return is_capital_inside or is_small_inside or is_among_accents or before.isdigit() or after.isdigit()
    if category in SYMBOLS:
        return after.isalpha()
    is_inside = before.isalpha() and after.isalpha() and character not in APOSTROPHES
    return is_inside and not (character in DASHES and after.isupper())
