"""How often each source brings something, so that a page can say aloud that one has fallen silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import median_low
from typing import Any

from punte.home.tables import Tables
from punte.records.tables import CANONICAL

DAYS_OF = {"lead": "opened_on", "opportunity": "created_on", "spend": "spent_on"}
"""The day of a row that tells no event but whose coming is one; of events it is the day on which they happened."""
LAST_DAYS = 90
LAST_IMPORTS = 12

Seen = tuple[date, date]
"""The local day of a fact, and the day (UTC) on which it first came in."""


def rhythms(tables: Tables) -> list[dict[str, Any]]:
    """One row for each source that tells of things that happen, in the order of its name.

    ``source``; ``newest_on``: the local day of its newest fact, as ISO text; ``fact_gap_days`` and ``import_gap_days``:
    the usual number of days from one day with facts, or one day on which something new came in, to the next, None
    where there is only one such day.
    """
    seen: dict[str, set[Seen]] = defaultdict(set)
    for name, table in CANONICAL.items():
        day = DAYS_OF.get(name, "occurred_on")
        if {day, "recorded_at"} <= {column.name for column in table.columns} and tables.n_rows(name):
            rows = tables[name]
            rows = rows.filter(rows[day].notnull())
            for row in tables.rows(rows.select("from_source", day=day, came=rows.recorded_at.date()).distinct()):
                seen[row["from_source"]].add((row["day"], row["came"]))
    return [{"source": source, **found} for source, days in sorted(seen.items()) if (found := rhythm_of(days))]


def rhythm_of(seen: Iterable[Seen]) -> dict[str, Any]:
    """The rhythm of one source; empty where nothing has happened yet.

    A fact of a day after the day on which it came in is planned or mistyped, and nothing that has happened.
    """
    happened = {(day, came) for day, came in seen if day <= came + timedelta(days=1)}
    if not happened:
        return {}
    days, imports = sorted({day for day, _ in happened}), sorted({came for _, came in happened})
    return {
        "newest_on": days[-1].isoformat(),
        "fact_gap_days": _usual_gap(days[-LAST_DAYS:]),
        "import_gap_days": _usual_gap(imports[-LAST_IMPORTS:]),
    }


def _usual_gap(days: list[date]) -> int | None:
    gaps = [(later - earlier).days for earlier, later in zip(days, days[1:], strict=False)]
    return median_low(gaps) if gaps else None
