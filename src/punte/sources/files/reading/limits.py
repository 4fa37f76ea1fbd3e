"""How much a file may ask of the machine."""

from __future__ import annotations

from dataclasses import dataclass

KIB, MIB, GIB = 1024, 1024**2, 1024**3


@dataclass(frozen=True)
class Limits:
    """Upper bounds, all in bytes unless the name says otherwise. The defaults leave room for real exports.

    ``zip_ratio`` (unpacked to packed size) counts only from ``zip_ratio_from_bytes`` on: small files of equal
    rows shrink a thousandfold and harm nobody. ``row_bytes`` bounds what is held in memory for one row,
    ``block_bytes`` what is parsed at a time.
    """

    file_bytes: int = 20 * GIB
    zip_bytes: int = 2 * GIB
    zip_entries: int = 10_000
    zip_ratio: int = 200
    zip_ratio_from_bytes: int = 64 * MIB
    excel_bytes: int = 1 * GIB
    excel_memory_bytes: int = 4 * GIB
    excel_cpu_seconds: int = 600
    cell_bytes: int = 1 * MIB
    row_bytes: int = 16 * MIB
    block_bytes: int = 4 * MIB
    quoted_lines: int = 1_000
    columns: int = 16_384
    problems_kept: int = 10_000


DEFAULT_LIMITS = Limits()


def in_words(n_bytes: int) -> str:
    """A size as people say it: ``in_words(2 * GIB)`` is "2 GB", binary thousands, at most one decimal."""
    for unit, size in (("GB", GIB), ("MB", MIB), ("KB", KIB)):
        if n_bytes >= size:
            return f"{n_bytes / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{n_bytes} bytes"
