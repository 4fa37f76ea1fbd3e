"""What is known about the rows themselves: unmapped columns, deletions, rows mended or put aside, how much is there."""

from __future__ import annotations

from punte.records.columns import Field, Kind, Table

OUTCOMES = ("repaired", "quarantined", "unread")

ATTRIBUTE = Table(
    "attribute",
    "one value of one column that nothing maps, on one record; usable as a dimension",
    (
        Field("record_id", Kind.ID, "The record that it belongs to", "never", required=True),
        Field("table", Kind.TEXT, "Table of that record", "never", required=True),
        Field("name", Kind.TEXT, "Header of the column in the source", "never", required=True),
        Field("value", Kind.TEXT, "The cell, as written", "never"),
    ),
    key=("record_id", "name"),
    has_lineage=False,
)

RECORD_DELETION = Table(
    "record_deletion",
    "one record that its source no longer has",
    (
        Field("table", Kind.TEXT, "Table of the record", "never", required=True),
        Field("deleted_source_id", Kind.TEXT, "Id of the record in its source", "never", required=True),
        Field("occurred", Kind.MOMENT, "When it was found to be gone", "never", required=True),
    ),
)

ROW_PROBLEM = Table(
    "row_problem",
    "one thing found wrong with one row of one file",
    (
        Field("from_source", Kind.TEXT, "Source", "never", required=True),
        Field("load_id", Kind.ID, "Import", "never", required=True),
        Field("file", Kind.TEXT, "Name of the file", "never", required=True),
        Field("row_number", Kind.COUNT, "Row of the file", "the whole file"),
        Field("table", Kind.TEXT, "Table that the row was meant for", "not known yet"),
        Field("column", Kind.TEXT, "Column of the file", "the whole row"),
        Field("outcome", Kind.ONE_OF, "What became of the row", "never", required=True, values=OUTCOMES),
        Field("reason", Kind.TEXT, "Code of the reason", "never", required=True),
        Field("sentence", Kind.TEXT, "The reason in words", "never", required=True),
    ),
    key=(),
    has_lineage=False,
)

COVERAGE = Table(
    "coverage",
    "one count that says how complete the data are",
    (
        Field("source", Kind.TEXT, "Source of the rows", "over all sources"),
        Field("table", Kind.TEXT, "Table of the rows", "the file as a whole"),
        Field("subject", Kind.TEXT, "What is looked at: rows, a column that refers to a table, deals ...", "never"),
        Field("reason", Kind.TEXT, "What is counted of it", "never"),
        Field("n", Kind.COUNT, "How many", "never"),
        Field("n_of", Kind.COUNT, "Of how many", "there is no whole"),
    ),
    key=("source", "table", "subject", "reason"),
    has_lineage=False,
)

LINEAGE_TABLES = (ATTRIBUTE, RECORD_DELETION, ROW_PROBLEM, COVERAGE)
