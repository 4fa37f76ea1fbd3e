"""A text made of several columns."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from punte.sources.files.mapping.mistakes import Place
from punte.sources.files.mapping.rows import Rows


def templated(template: str, rows: Rows, place: Place) -> pa.Array:
    """The template with its headers filled in; null where all of them are empty."""
    pieces = re.split(r"\{([^{}]*)\}", template)
    texts = [rows.text(header, place) for header in pieces[1::2]]
    filled = texts[0].is_valid()
    for one in texts[1:]:
        filled = pc.or_(filled, one.is_valid())
    columns = [pieces[0]]
    for one, after in zip(texts, pieces[2::2], strict=True):
        columns += [pc.fill_null(one, ""), after]
    return pc.if_else(filled, pc.utf8_trim_whitespace(pc.binary_join_element_wise(*columns, "")), None)
