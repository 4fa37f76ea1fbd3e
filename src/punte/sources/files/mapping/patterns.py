"""Patterns that a mapping may use: of bounded length, run by an engine whose time grows only with the text (RE2)."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from punte.sources.files.mapping.mistakes import Place, mistake

LONGEST = 300


def checked_pattern(pattern: str, place: Place, *, n_groups: int | None = None) -> str:
    """The pattern itself, once it is known to be short, understood, and to have the groups that are wanted."""
    if len(pattern) > LONGEST:
        raise mistake(place, f"the pattern is longer than {LONGEST} signs", "Use a shorter one.")
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
        groups = re.compile(pattern).groups
    except (pa.ArrowInvalid, re.error) as error:
        raise mistake(place, f"the pattern is not understood: {error}", "Correct it; see docs/mapping.md.") from error
    if n_groups is not None and groups != n_groups:
        raise mistake(place, f"the pattern has {groups} groups in brackets", "Put brackets around the one part wanted.")
    return pattern


def extracted(texts: pa.Array, pattern: str) -> pa.Array:
    """The part in brackets of each text that the pattern fits anywhere; null for the others."""
    fits = pc.match_substring_regex(texts, pattern)
    parts = pc.replace_substring_regex(texts, f"(?s)^.*?(?:{pattern}).*$", r"\1")
    return pc.if_else(pc.and_(fits, pc.not_equal(parts, "")), parts, None)
