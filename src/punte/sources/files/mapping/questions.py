"""Conditions on the rows of a file: read from TOML, and asked of whole columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.sources.files.mapping.language import OPERATORS, Condition, Question
from punte.sources.files.mapping.mistakes import Place, mistake, unknown_word
from punte.sources.files.mapping.patterns import checked_pattern


def conditions(value: Any, place: Place) -> tuple[Condition, ...]:
    """The conditions in a value of TOML: a table whose questions all hold, or a list of tables of which one holds."""
    listed = value if isinstance(value, list) else [value]
    return tuple(_condition(one, place) for one in listed)


def _condition(value: Any, place: Place) -> Condition:
    if not isinstance(value, dict) or not value:
        raise mistake(place, "a condition is a table of headers", 'Write { "Status" = "Won" }.')
    questions = [question for header, asked in value.items() for question in _questions(header, asked, place)]
    return Condition(tuple(questions))


def _questions(header: str, asked: Any, place: Place) -> list[Question]:
    if not isinstance(asked, dict):
        return [Question(header, "is", _values(asked, place))]
    found = []
    for word, value in asked.items():
        if word not in OPERATORS:
            raise unknown_word(place, "question", word, OPERATORS)
        values = (str(value).lower(),) if word == "filled" and isinstance(value, bool) else _values(value, place)
        if word == "matches":
            values = tuple(checked_pattern(pattern, place) for pattern in values)
        found.append(Question(header, word, values))
    return found


def _values(value: Any, place: Place) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    if not listed or not all(isinstance(one, str) for one in listed):
        raise mistake(place, "a condition compares with texts", 'Write "text", ["text", "text"] or { filled = true }.')
    return tuple(listed)


def holds(alternatives: tuple[Condition, ...], text_of: Callable[[str], pa.Array], n: int) -> np.ndarray:
    """Where at least one condition holds in full; empty cells are null and differ from every text."""
    answer = np.zeros(n, bool)
    for condition in alternatives:
        whole = np.ones(n, bool)
        for question in condition.questions:
            whole &= _answer(question, text_of(question.header))
        answer |= whole
    return answer


def _answer(question: Question, texts: pa.Array) -> np.ndarray:
    if question.operator == "filled":
        return np.asarray(texts.is_valid()) == (question.values == ("true",))
    encoded = texts.dictionary_encode()
    lowered = pc.utf8_lower(encoded.dictionary)
    of_value = np.logical_or.reduce([_compare(question.operator, value, lowered) for value in question.values])
    answer = np.asarray(pc.fill_null(pa.array(of_value).take(encoded.indices), False))
    return ~answer if question.operator == "is_not" else answer


def _compare(operator: str, value: str, lowered: pa.Array) -> np.ndarray:
    wanted = value.strip().lower()
    if operator in ("is", "is_not"):
        found = pc.equal(lowered, wanted)
    elif operator == "contains":
        found = pc.match_substring(lowered, wanted)
    elif operator == "starts_with":
        found = pc.starts_with(lowered, wanted)
    elif operator == "ends_with":
        found = pc.ends_with(lowered, wanted)
    else:
        found = pc.match_substring_regex(lowered, value, ignore_case=True)
    return np.asarray(found)
