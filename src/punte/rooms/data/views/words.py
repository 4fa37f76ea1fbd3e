"""The words of the data room in the reader's language: tables, reasons, outcomes, sizes."""

from __future__ import annotations

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as noop

from punte.web import formats

TABLES = {
    "person": noop("Contacts"),
    "person_identifier": noop("Identifiers of contacts"),
    "account": noop("Companies"),
    "person_account": noop("Contacts at companies"),
    "owner": noop("Owners"),
    "identity_link": noop("Links between identities"),
    "consent_event": noop("Consents"),
    "lead": noop("Leads"),
    "assignment_event": noop("Assignments"),
    "stage_event": noop("Stages of leads"),
    "activity": noop("Activities of sales"),
    "touchpoint": noop("Touches"),
    "campaign": noop("Campaigns"),
    "campaign_member": noop("Members of campaigns"),
    "spend": noop("Spend"),
    "traffic": noop("Origins"),
    "opportunity": noop("Opportunities"),
    "opportunity_event": noop("Changes of opportunities"),
    "opportunity_person": noop("Contacts of opportunities"),
    "opportunity_line": noop("Lines of opportunities"),
    "fx_rate": noop("Exchange rates"),
    "attribute": noop("Further columns"),
    "record_deletion": noop("Deletions"),
    "row_problem": noop("Row problems"),
    "coverage": noop("Counts of what is missing"),
}
REASONS = {
    "id_empty": noop("no id"),
    "required_empty": noop("a field that must be filled is empty"),
    "not_one_of": noop("a value that the field cannot have"),
    "bad_number": noop("not a number"),
    "bad_moment": noop("not a date or time"),
    "zero_moment": noop("a date of zeros"),
    "bad_flag": noop("neither yes nor no"),
    "bad_currency": noop("no currency of this name"),
    "unknown_value": noop("a value for which the mapping has no word"),
    "rounded": noop("more decimals than the currency has; rounded"),
    "ambiguous_hour": noop("an hour that the clock showed twice; the first was taken"),
    "missing_hour": noop("an hour that the clock jumped over; shifted"),
    "moment_out_of_range": noop("before 1970 or after 2099"),
    "ambiguous_name": noop("a name that several records have; none of them was taken"),
    "share_out_of_range": noop("a share outside 0 to 1"),
    "negative_count": noop("a count below 0"),
    "currency_missing": noop("an amount without a currency"),
    "closed_before_created": noop("closed before it began"),
    "incomplete_sum": noop("a sum of which a part cannot be read"),
    "unclosed_quote": noop("a quotation mark that is never closed"),
    "row_too_large": noop("a row larger than a row can be"),
    "cell_too_large": noop("a cell larger than a cell can be"),
    "too_many_cells": noop("more cells than the header has columns"),
    "stray_quote": noop("a quotation mark in the middle of a cell"),
    "bad_encoding": noop("characters that the encoding does not have"),
    "no_rule": noop("the mapping has no rule for the file any more"),
}
MENDED_WHILE_READ = {
    "other_encoding": noop("lines in another encoding than the rest of the file; each was read in its own"),
    "short_row": noop("cells missing at the end of the row; they were taken as empty"),
    "empty_cells_too_many": noop("empty cells beyond the last column; they were left out"),
    "spaces_around_quotes": noop("spaces around a quotation mark; they were left out"),
    "nul_removed": noop("NUL characters; they were left out"),
}
"""What was mended before there was a row, by the codes of the readers."""

OUTCOMES = {"quarantined": noop("put aside"), "repaired": noop("mended"), "unread": noop("not readable")}
_UNITS = ("KB", "MB", "GB")


def lang() -> str:
    """The reader's language, as the formats take it."""
    return get_language() or "en"


def table_label(name: str) -> str:
    """What a table is called; a table of figures keeps its own name."""
    return gettext(TABLES[name]) if name in TABLES else name


def reason_label(code: str) -> str:
    """Why a row was put aside or mended."""
    known = REASONS.get(code) or MENDED_WHILE_READ.get(code)
    return gettext(known) if known else code.replace("_", " ")


def outcome_label(code: str) -> str:
    """What became of a row."""
    return gettext(OUTCOMES[code]) if code in OUTCOMES else code


def size(n_bytes: int) -> str:
    """A size of files: "320 bytes", "1.4 MB"."""
    if n_bytes < 1024:
        return gettext("%(n)s bytes") % {"n": formats.number(n_bytes, lang=lang())}
    amount, unit = n_bytes / 1024, 0
    while amount >= 1024 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    return f"{formats.number(round(amount, 1), lang=lang())}{formats.NBSP}{_UNITS[unit]}"


def count(n: int) -> str:
    """A whole number as the reader writes it."""
    return formats.number(n, lang=lang())
