"""What both engines need when they make tables: names that are never used twice, and declared tables without rows."""

from __future__ import annotations

from itertools import count

import pyarrow as pa

from punte.errors import UnknownName
from punte.records.tables import TABLES

PRIVATE = "_private"
_numbers = count(1)


def unique_name(table: str) -> str:
    """A name for a view that no earlier table of this process has, so that no table changes under a reader's hands."""
    return f"{table}_{next(_numbers)}"


def empty_table(name: str) -> pa.Table:
    """The declared table (or the private half of one) without rows.

    Raises UnknownName when no table of that name is declared.
    """
    whole = name.removesuffix(PRIVATE)
    if whole not in TABLES or (name != whole and not TABLES[whole].private_columns):
        raise UnknownName(
            f"No table named {name!r} is declared, and there are no files from which to read its columns.",
            remedy=f"Give its files, or use one of: {', '.join(sorted(TABLES))}.",
            name=name,
        )
    table = TABLES[whole]
    return (table.schema if name == whole else table.private_schema).empty_table()
