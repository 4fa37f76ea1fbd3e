"""Several parts as one id, such that different parts never make the same id."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

BETWEEN = "|"


def joined(parts: Sequence[pa.Array]) -> pa.Array:
    """The parts of each row joined by a bar; bars and backslashes inside a part are escaped.

    A single part stays as it is. Empty parts count as empty text; a row without any filled part is null.
    """
    if len(parts) == 1:
        return parts[0]
    filled = parts[0].is_valid()
    for part in parts[1:]:
        filled = pc.or_(filled, part.is_valid())
    texts = [escaped(pc.fill_null(part, "")) for part in parts]
    return pc.if_else(filled, pc.binary_join_element_wise(*texts, BETWEEN), None)


def escaped(texts: pa.Array) -> pa.Array:
    """The texts with a backslash before every backslash and bar."""
    return pc.replace_substring(pc.replace_substring(texts, "\\", "\\\\"), BETWEEN, "\\" + BETWEEN)
