"""How a header of a file is recognised although it is written a little differently."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

STAR = "(*)"
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u2060"))


@lru_cache(maxsize=4096)
def normal(header: str) -> str:
    """A header as it is compared: no case, no accents, plain single spaces, no star at the end.

    >>> normal("\\ufeffPerson\\u00a0- Name*"), normal("Ţară") == normal("tara")
    ('person - name', True)
    """
    decomposed = unicodedata.normalize("NFKD", header.translate(_INVISIBLE))
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(bare.casefold().split()).rstrip("*").rstrip()


class Headers:
    """The headers of one file, to be asked for by the names that a mapping uses."""

    def __init__(self, names: Iterable[str], also_called: Iterable[tuple[str, tuple[str, ...]]] = ()) -> None:
        self.names = tuple(names)
        self._exact = set(self.names)
        self._also = {normal(name): others for name, others in also_called}
        self._normal: dict[str, str] = {}
        for name in self.names:
            self._normal.setdefault(normal(name), name)

    def find(self, wanted: str) -> str | None:
        """The file's own header for a name or one of its other names; exact spelling first; None when it has none."""
        return next((found for name in self._names_of(wanted) if (found := self._find(name)) is not None), None)

    def under_star(self, wanted: str) -> str | None:
        """What stands in the file's own header in the place of the star."""
        for name in self._names_of(wanted):
            for header in self.names:
                if STAR in name and (found := starred(name, header)) is not None:
                    return found
        return None

    def _names_of(self, wanted: str) -> tuple[str, ...]:
        return (wanted, *self._also.get(normal(wanted), ()))

    def _find(self, wanted: str) -> str | None:
        if wanted in self._exact:
            return wanted
        if STAR in wanted:
            return next((name for name in self.names if starred(wanted, name) is not None), None)
        return self._normal.get(normal(wanted))


def starred(pattern: str, header: str) -> str | None:
    """What stands in a header in the place of the star in brackets: ``Amount spent (*)``.

    >>> starred("Amount spent (*)", "Amount spent (EUR)")
    'EUR'
    """
    before, after = (re.escape(normal(part)) for part in pattern.split(STAR, 1))
    found = re.fullmatch(rf"{before} ?\((.+)\) ?{after}", normal(header))
    return found.group(1).upper() if found else None
