"""Rules of the data room: plain values in, an answer or a refusal out."""

from punte.rooms.data.rules.access import (
    IMPORT,
    KEPT,
    MAPPING_BYTES,
    PREVIEW,
    REBUILD,
    ROWS_PER_PAGE,
    CannotImport,
    CannotReadMapping,
    CannotSeeRows,
    FilesAreGone,
    MustConfirmDeletions,
    NothingBrought,
    NotLookedAtYet,
    must_import,
)
from punte.rooms.data.rules.gaps import Gap, Gaps, ProblemFilter, falls_from, gap_from, gaps_from, is_late
from punte.rooms.data.rules.names import distinct_names, safe_name
from punte.rooms.data.rules.outcomes import FileTold, Outcome, RefusalTold, TableTold, outcome_from

__all__ = [
    "CannotImport",
    "CannotReadMapping",
    "CannotSeeRows",
    "FileTold",
    "FilesAreGone",
    "Gap",
    "Gaps",
    "IMPORT",
    "KEPT",
    "MAPPING_BYTES",
    "MustConfirmDeletions",
    "NotLookedAtYet",
    "NothingBrought",
    "Outcome",
    "PREVIEW",
    "ProblemFilter",
    "REBUILD",
    "ROWS_PER_PAGE",
    "RefusalTold",
    "TableTold",
    "distinct_names",
    "falls_from",
    "gap_from",
    "gaps_from",
    "is_late",
    "must_import",
    "outcome_from",
    "safe_name",
]
