"""What the home and the readers say, in the reader's language.

They say it in English sentences with the values in them, and with a code beside each. English pages show their own
sentence; other pages the sentence of the code, and the original where no code is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as noop

from punte.rooms.data.rules import FileTold, RefusalTold, UnusableTold
from punte.rooms.data.views.words import count, lang, table_label

UNREADABLE = {
    "bad_separator": noop("“%(file)s” has no separator that can part its columns."),
    "bad_values": noop("“%(file)s” holds values that are not of their column's type. Write it again."),
    "cannot_open": noop("“%(file)s” cannot be read from the disk. Copy it elsewhere and bring it again."),
    "damaged": noop("“%(file)s” is damaged, incomplete or locked by a password. Open it, save it anew and bring that."),
    "empty": noop("“%(file)s” is empty. Export the data again."),
    "locked": noop("“%(file)s” is locked by a password. Unpack it and bring the files."),
    "missing": noop("“%(file)s” is not there any more. Bring it again."),
    "nested_zip": noop("“%(file)s” is a zip inside a zip. Unpack the outer one and bring the inner one."),
    "no_header": noop("“%(file)s” has no row of column names. Export it with its header."),
    "no_mapping": noop("Nothing says yet what the columns of “%(file)s” mean."),
    "no_permission": noop("“%(file)s” may not be read on this machine."),
    "no_rows": noop("“%(file)s” holds no rows. Nothing is to be done."),
    "no_table": noop("“%(file)s” holds no table. Export the data as CSV, Excel or Parquet."),
    "not_a_file": noop("“%(file)s” is not a file."),
    "not_a_table": noop("“%(file)s” is not a table. Export the data as CSV, Excel or Parquet."),
    "too_large": noop("“%(file)s” is larger than what can be read. Export a part of it at a time, or as CSV."),
    "too_many_columns": noop("“%(file)s” has too many columns. Export fewer, or check the separator."),
    "too_many_entries": noop("“%(file)s” holds more files than a zip may hold. Split it into several."),
    "too_slow": noop("Reading “%(file)s” took too long. Save the sheet as CSV and bring that."),
    "unknown_encoding": noop("The encoding given for “%(file)s” is not known."),
    "unknown_packing": noop("“%(file)s” is packed by an unknown method. Unpack the zip and bring the files."),
    "zip_bomb": noop("“%(file)s” would grow beyond measure when unpacked. Unpack it yourself and bring the files."),
}
NOTES = {
    "damaged_header": noop("A column name holds characters that could not be decoded."),
    "duplicate_header": noop("Several columns have the same name; the later ones were given a number."),
    "empty_header": noop("A column has no name in the header; it was given one."),
    "footer": noop("The last rows, after an empty one, were taken as a footer and left out."),
    "header_looks_like_data": noop("The row taken as the header looks like data; the file may have no row of names."),
    "mixed_encodings": noop("Some lines are in another encoding than the rest; each was read in its own."),
    "nested_column": noop("A column holds values within values; it is read as JSON."),
    "separator_line": noop("The first line of the file says which separator it uses."),
    "title_lines": noop("The header does not stand in the first row; what stands above it was taken as titles."),
    "total_row": noop("The last row looks like the total of the others; it was read as a row."),
}
ROWS = {
    "id_empty": noop("The row has no id in its source, so that it could never be found again."),
    "required_empty": noop("A field without which the row says nothing is empty."),
    "not_one_of": noop("The value is none of those that the field may have."),
    "bad_number": noop("The cell is not a number in the declared way of writing numbers."),
    "bad_moment": noop("The cell is not a date or time in the declared format."),
    "zero_moment": noop("The date is made of zeros, which stands for none."),
    "bad_flag": noop("The cell is neither a yes nor a no."),
    "bad_currency": noop("The cell names no currency."),
    "unknown_value": noop("The mapping has no word for this value."),
    "rounded": noop("The amount has more decimals than its currency; it was rounded half to even."),
    "ambiguous_hour": noop("The clock showed this hour twice that night; the first was taken."),
    "missing_hour": noop("The clock jumped over this hour that night; it was shifted on by as much."),
    "moment_out_of_range": noop("The moment lies before 1970 or after 2099."),
    "ambiguous_name": noop("Several records have this name, so that none of them is meant surely."),
    "share_out_of_range": noop("A share lies between 0 and 1."),
    "negative_count": noop("A count cannot be below 0."),
    "currency_missing": noop("An amount without a currency cannot be counted."),
    "closed_before_created": noop("It closed before it began; both moments are kept."),
    "incomplete_sum": noop("A part of the sum cannot be read, so that the sum is not known."),
    "unclosed_quote": noop("A quotation mark is opened and never closed, so that the row has no end."),
    "row_too_large": noop("The row is larger than a row can be."),
    "cell_too_large": noop("A cell of the row is larger than a cell can be."),
    "too_many_cells": noop("The row has more cells than the header has columns."),
    "stray_quote": noop("A quotation mark stands in the middle of a cell, and cells are missing after it."),
    "bad_encoding": noop("The row holds characters that the encoding of the file does not have."),
    "no_rule": noop("The mapping has no rule for the file any more, and none that fits it."),
}
QUOTING = frozenset(
    {"not_one_of", "bad_number", "bad_moment", "bad_flag", "bad_currency", "unknown_value", "rounded", "ambiguous_name"}
)
"""Reasons whose own sentence quotes the cell, so that it is worth showing beside the translated one."""


@dataclass(frozen=True)
class Said:
    """A sentence for the reader; ``original`` is the English one where the reader's own says less, or there is none."""

    text: str
    original: str = ""


def _by_code(code: str, own: str, known: Mapping[str, str], **words: Any) -> Said:
    if lang() == "en":
        return Said(own)
    return Said(gettext(known[code]) % words if words else gettext(known[code])) if code in known else Said("", own)


def unusable_said(one: UnusableTold) -> Said:
    """Why a file is no table, or which."""
    return _by_code(one.reason, one.sentence, UNREADABLE, file=one.name)


def unused_said(one: FileTold) -> Said:
    """Why a file of an import was not used."""
    return _by_code(one.why_code, one.why, UNREADABLE, file=one.name)


def notes_said(file: FileTold) -> tuple[Said, ...]:
    """What reading guessed about a file."""
    codes = (*file.note_codes, *[""] * (len(file.notes) - len(file.note_codes)))
    return tuple(_by_code(code, note, NOTES) for code, note in zip(codes, file.notes, strict=True))


def row_said(reason: str, sentence: str) -> Said:
    """What is wrong with a row."""
    said = _by_code(reason, sentence, ROWS)
    return Said(said.text, sentence) if said.text and lang() != "en" and reason in QUOTING else said


def refusal_said(refusal: RefusalTold) -> Said:
    """Why nothing came in, and what to do."""
    own = f"{refusal.what} {refusal.remedy}".strip()
    if lang() == "en":
        return Said(own)
    say = _REFUSALS.get(refusal.kind)
    text = say(refusal.facts) if say else ""
    return Said(text, own if not text or refusal.kind == "UnknownMapping" else "")


def _deletions(facts: Mapping[str, Any]) -> str:
    if not {"n_gone", "n_before", "table", "source"} <= set(facts):
        return ""
    words = {
        "n": count(facts["n_gone"]),
        "of": count(facts["n_before"]),
        "table": table_label(facts["table"]),
        "source": facts["source"],
    }
    return (
        ngettext(
            "The newest full export of “%(source)s” lacks %(n)s record of the %(of)s that “%(table)s” had before.",
            "The newest full export of “%(source)s” lacks %(n)s records of the %(of)s that “%(table)s” had before.",
            facts["n_gone"],
        )
        % words
    )


def _unreadable(facts: Mapping[str, Any]) -> str:
    known = UNREADABLE.get(facts.get("reason", ""))
    return gettext(known) % {"file": facts.get("file", "")} if known else ""


def _mapping(facts: Mapping[str, Any]) -> str:
    if "n_sources" in facts:
        return gettext("There are imports of a source whose mapping is not known. Take them back, or give its mapping.")
    return gettext("The mapping cannot be understood. Correct it where this says:")


def _nothing(facts: Mapping[str, Any]) -> str:
    n = facts.get("n_files", 1)
    words = ngettext(
        "Not one row of the file could be used. Look at what its columns mean, correct it and look again.",
        "Not one row of %(n)s files could be used. Look at what their columns mean, correct it and look again.",
        n,
    )
    return words % {"n": count(n)}


def _same_id(facts: Mapping[str, Any]) -> str:
    words = gettext("Two different rows of “%(table)s” came out with one id. Bring the same files into a new home.")
    return words % {"table": table_label(facts.get("table", ""))}


def _amount(_: Mapping[str, Any]) -> str:
    return gettext("An amount is too large to be counted exactly. Correct the amount or the rate in the source.")


_REFUSALS = {
    "TooManyDeletions": _deletions,
    "UnreadableFile": _unreadable,
    "UnknownMapping": _mapping,
    "NothingUsable": _nothing,
    "IdCollision": _same_id,
    "AmountTooLarge": _amount,
}
