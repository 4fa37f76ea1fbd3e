"""What was found wrong with the rows of an import: for each file the commonest reasons, an example and a remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from punte.home.reports import FileReport

OUTCOMES = {"quarantined": "put aside", "unread": "put aside", "repaired": "repaired"}
N_REASONS = 4
_DOCUMENT = "See docs/mapping.md for what a mapping can say."
REMEDIES = {
    "bad_moment": 'Say in the mapping how dates are written: dates = "%d.%m.%Y", or excel, epoch_s, epoch_ms.',
    "zero_moment": "Correct it where it came from, if there is a date; else nothing is to be done.",
    "moment_out_of_range": "Correct it where it came from, or say in the mapping how dates are written.",
    "bad_number": 'Say in the mapping how numbers are written: decimal = "," or ".".',
    "not_one_of": "Give the word a meaning in the mapping: map = { ... }.",
    "unknown_value": "Add the word to the map of that field in the mapping.",
    "bad_flag": 'Give the word a meaning in the mapping: map = { "word" = "true" }.',
    "bad_currency": 'Give the word a meaning in the mapping: map = { "word" = "EUR" }.',
    "currency_missing": 'Write currency = "EUR" at the head of the mapping.',
    "id_empty": "Give the row an id where it came from, or name another column under id in the mapping.",
    "required_empty": "Fill the cell where it came from, or name another column in the mapping.",
    "ambiguous_name": "Export the column with the ids as well, or give these records names that differ.",
    "share_out_of_range": "Say in the mapping that it is in percent: percent = true.",
    "negative_count": "Correct it where it came from.",
    "rounded": "Nothing is to be done, if so many decimals are no mistake.",
    "ambiguous_hour": "Nothing is to be done.",
    "missing_hour": "Nothing is to be done.",
    "closed_before_created": "Correct the dates where they came from.",
    "incomplete_sum": "Correct the parts in the other file.",
    "unclosed_quote": "Close the quotation mark in that line, or export the data again.",
    "stray_quote": "Double the quotation marks inside the cell, or export the data again.",
    "too_many_cells": "Quote the cell that holds the separator, export again, or say --separator.",
    "row_too_large": "Shorten the cell where it came from, or export without that column.",
    "cell_too_large": "Shorten the cell where it came from, or export without that column.",
    "short_row": "Nothing is to be done, if the last cells are empty where the row came from.",
    "empty_cells_too_many": "Nothing is to be done.",
    "spaces_around_quotes": "Nothing is to be done.",
    "nul_removed": "Nothing is to be done.",
    "other_encoding": "Look at the letters there, or export the data in one encoding.",
    "bad_encoding": "Say the encoding of the file: --encoding cp1250, for example.",
}
_UNPACK = "Unpack it yourself, check what is inside, and import the files."
REMEDIES_OF_FILES = {
    "no_mapping": "See how it could be understood with punte map, then bring it with --map.",
    "empty": "Export the data again.",
    "not_a_table": "Save or export it as CSV, Excel (.xlsx) or Parquet without a password; unpack archives.",
    "damaged": "Copy, download or export it again.",
    "locked": "Save or unpack it without its password.",
    "nested_zip": "Unpack the outer zip and bring the inner one.",
    "unknown_packing": "Unpack the zip and bring the files.",
    "too_large": _UNPACK,
    "too_many_entries": _UNPACK,
    "zip_bomb": _UNPACK,
    "not_a_file": "Name the folder or file itself.",
    "missing": "Check the path.",
    "no_permission": "Check who may read it.",
    "cannot_open": "Check where it leads and who may read it.",
}
"""What to do about a file that was not used, by the code of why."""


@dataclass(frozen=True)
class Problem:
    """One reason for which rows of a file were put aside or repaired: how often, and the first of them in words."""

    load_id: str
    outcome: str
    reason: str
    n: int
    row_number: int | None
    sentence: str

    @property
    def line(self) -> str:
        """The problem as a person reads it, the remedy last."""
        said = f"{self.n:,} {OUTCOMES.get(self.outcome, self.outcome)}: {self.reason.replace('_', ' ')}."
        has_place = self.row_number is None or "line " in self.sentence.lower()
        where = "" if has_place else f"Row {self.row_number:,}: "
        example = f"{where}{self.sentence} " if self.sentence else ""
        return f"{said} {example}{REMEDIES.get(self.reason, _DOCUMENT)}"


def problems_in(file: FileReport) -> list[Problem]:
    """The problems that the report of an import or of a dry run tells of a file itself."""
    return [Problem(file.load_id or "", **vars(one)) for one in file.problems]


def problems_of(home: Path, load_ids: Sequence[str]) -> dict[str, list[Problem]]:
    """The commonest problems of each of these imports, from the snapshot that counts; those put aside come first."""
    from punte.rooms.numbers import open_home

    with open_home(home) as numbers:
        rows = numbers.engine.tables({"row_problem": numbers.snapshot.paths("row_problem")})["row_problem"]
        mine = rows.filter(rows.load_id.isin(list(load_ids)))
        first = mine.group_by("load_id", "outcome", "reason").agg(
            n=mine.count(), row_number=mine.row_number.min(), sentence=mine.sentence.argmin(mine.row_number)
        )
        found = [Problem(**row) for row in numbers.engine.to_arrow(first).to_pylist()]
    found.sort(key=lambda one: (one.outcome == "repaired", -one.n, one.reason))
    return {load: [one for one in found if one.load_id == load][:N_REASONS] for load in load_ids}
