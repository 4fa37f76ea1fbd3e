"""punte: one agreement, one closed loop and one set of numbers for marketing and sales.

    import punte

    with punte.open_home("punte-home") as home:
        home.loop(by=["channel"], models=["last", "first"]).to_pandas()

Every measure gives an Ibis table: ``.to_pandas()``, ``.to_polars()``, ``.to_pyarrow()``, or further expressions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from punte.version import VERSION

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from punte.rooms.numbers import Numbers

__version__ = VERSION


def open_home(
    path: Path | str,
    *,
    as_of: date | None = None,
    known_at: date | None = None,
    engine: str | None = None,
) -> Numbers:
    """The figures of the home in that folder, from the snapshot that counts now.

    ``as_of`` (aware, or naive in UTC) leaves out what happened later, ``known_at`` also what was imported, corrected or
    decided later: the figures as they could be known then, made again from the imports. ``engine`` is ``duckdb`` or
    ``spark``; without it, what the environment variable PUNTE_ENGINE says, else DuckDB.

    Raises: NoHome where there is no home, or nothing was imported yet.
    """
    from punte.rooms import numbers

    return numbers.open_home(path, as_of=as_of, known_at=known_at, engine=engine)
