"""Names under which files may lie in our folder."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_LONGEST_NAME = 180
_UNSAFE = frozenset('/\\:*?"<>|')


def safe_name(name: str) -> str:
    """A name under which a file may lie in our folder: no path, no control signs, not hidden, not too long.

    What is left reads as before, because mappings know files by their names.

    >>> safe_name("../../etc/Oferte 2026.csv"), safe_name(".htaccess"), safe_name("")
    ('Oferte 2026.csv', 'htaccess', 'file')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join("_" if sign in _UNSAFE else sign for sign in unicodedata.normalize("NFC", last) if _is_sign(sign))
    plain = plain.strip(" .~$") or "file"
    stem, dot, ending = plain.rpartition(".")
    while len(plain.encode()) > _LONGEST_NAME:
        stem, plain = (stem[:-1], f"{stem[:-1]}{dot}{ending}") if len(stem) > 1 else ("", plain[:-1])
    return plain


def distinct_names(names: Iterable[str]) -> list[str]:
    """The names, made safe, each different from the others also where letters' case does not count.

    >>> distinct_names(["deals.csv", "Deals.csv", "people.csv"])
    ['deals.csv', 'Deals (2).csv', 'people.csv']
    """
    taken: set[str] = set()
    chosen = []
    for name in map(safe_name, names):
        stem, dot, ending = name.rpartition(".")
        number, free = 1, name
        while free.lower() in taken:
            number += 1
            free = f"{stem} ({number}){dot}{ending}" if dot else f"{name} ({number})"
        taken.add(free.lower())
        chosen.append(free)
    return chosen


def _is_sign(sign: str) -> bool:
    return unicodedata.category(sign)[0] != "C"
