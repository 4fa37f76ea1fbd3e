"""The gate to what came in: who asks is told what they may know, as frozen records."""

from punte.rooms.data.queries.costs import CostsBasis, EnteredCosts, get_costs_basis_for
from punte.rooms.data.queries.imports import HomePage, ImportCard, Standing, TableCard, get_home_page_for
from punte.rooms.data.queries.missing import (
    MissingPage,
    ProblemsPage,
    get_missing_for,
    get_problem_rows_for,
    get_problems_for,
)
from punte.rooms.data.queries.tables import TableFile, get_table_for
from punte.rooms.data.queries.uploads import (
    ColumnTold,
    FileColumns,
    UploadPage,
    WaitingUpload,
    Work,
    get_upload_for,
    get_waiting_for,
    get_work_for,
)

__all__ = [
    "CostsBasis",
    "EnteredCosts",
    "ColumnTold",
    "FileColumns",
    "HomePage",
    "ImportCard",
    "MissingPage",
    "ProblemsPage",
    "Standing",
    "TableCard",
    "TableFile",
    "UploadPage",
    "WaitingUpload",
    "Work",
    "get_costs_basis_for",
    "get_home_page_for",
    "get_missing_for",
    "get_problem_rows_for",
    "get_problems_for",
    "get_table_for",
    "get_upload_for",
    "get_waiting_for",
    "get_work_for",
]
