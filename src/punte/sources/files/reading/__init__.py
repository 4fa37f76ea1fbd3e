"""Reading any export file: which tables lie in it, and their rows as text with the place of each.

``find_files`` says what there is, ``open_table`` reads one of them. Nothing is dropped in silence: what was guessed,
repaired or left out stands in the reader's report.
"""

from .finding import find_files
from .found import FoundFile
from .limits import DEFAULT_LIMITS, Limits
from .reports import Encoding, Note, Refusal, Report, RowProblem
from .tables import TableReader, open_table

__all__ = [
    "DEFAULT_LIMITS",
    "Encoding",
    "FoundFile",
    "Limits",
    "Note",
    "Refusal",
    "Report",
    "RowProblem",
    "TableReader",
    "find_files",
    "open_table",
]
