"""How complete the data are: counts taken when a snapshot is made, so that every report can carry them.

Each count is a row of table ``coverage``: of this source and table, by this subject and reason, n of n_of.

    subject            reason                                    counts
    rows               in, good, repaired, quarantined           rows as they came, per table that a file fills
    rows               standing                                  records that count now
    quarantined, repaired, unread    the code of the reason      rows, by what was wrong with them; without a table:
                                                              while their file was read
    <column>           unmatched                                 filled references that find no row
    person, account    what resolving could not use              values
    deal               without_person, without_touch, rate_missing, won_before_first_contact
    spend              rate_missing                              rows of spend
    origin             empty                                     rows of which nothing says where they came from
    history            stage_missing                             records whose stage now was never told as an event
    freshness          days_since_newest                         n: days up to the last import; n_of: the usual gap
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from punte.home.gaps import gap_counts
from punte.home.staging import Staged
from punte.home.tables import Tables
from punte.records.tables import CANONICAL, TABLES

OUTCOMES = ("good", "repaired", "quarantined")
ROSE_BY = 0.01
"""By how much the share of a gap may rise from one snapshot to the next before it is said."""


@dataclass(frozen=True)
class Count:
    """One count: see the table above."""

    source: str | None
    table: str | None
    subject: str
    reason: str
    n: int
    n_of: int | None


def coverage_counts(staged: Staged, tables: Tables, unused: Mapping[str, tuple[int, int]]) -> list[Count]:
    """Every count of the snapshot in the making, in the order of the key of table ``coverage``."""
    came = _came(staged)
    counts = [
        Count(source, table, "rows", reason, n, came[source, table]["in"])
        for (source, table), reasons in came.items()
        for reason, n in reasons.items()
    ]
    counts += _standing(tables) + _problems(tables, came) + _mended_while_read(staged)
    counts += [
        Count(None, name.partition(".")[0], "identity", name.partition(".")[2], *pair)
        for name, pair in unused.items()
        if pair[1]
    ]
    counts += [Count(**row) for row in gap_counts(tables)]
    return sorted(counts, key=lambda c: (c.source or "", c.table or "", c.subject, c.reason))


def coverage_table(counts: list[Count]) -> pa.Table:
    """The counts as rows of table ``coverage``."""
    return pa.Table.from_pylist([vars(count) for count in counts], schema=TABLES["coverage"].whole_schema)


def falls(before: list[Mapping[str, Any]], now: list[Count]) -> list[dict[str, Any]]:
    """What is worse than in the snapshot before: fewer records that stand, a larger share of a gap.

    ``before`` are the counts of its manifest. Each fall has the count's fields, ``n_before`` and ``n_of_before``.
    """
    known = {_key(row): row for row in before}
    counted = {_key(vars(count)) for count in now}
    emptied = [Count(*key, 0, None) for key, row in known.items() if row["reason"] == "standing" and key not in counted]
    found = [(known.get(_key(vars(count))), count) for count in (*now, *emptied)]
    return [{**vars(count), **_was(earlier)} for earlier, count in found if _is_fall(earlier, count)]


def _key(row: Mapping[str, Any]) -> tuple[Any, Any, Any, Any]:
    return row["source"], row["table"], row["subject"], row["reason"]


def _was(earlier: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"n_before": earlier["n"], "n_of_before": earlier["n_of"]} if earlier else {"n_before": 0, "n_of_before": 0}


def _is_fall(earlier: Mapping[str, Any] | None, now: Count) -> bool:
    if now.reason in {"in", "good"} or now.subject == "freshness":
        return False
    if now.reason == "standing":
        return earlier is not None and now.n < earlier["n"]
    share_before = earlier["n"] / earlier["n_of"] if earlier and earlier["n_of"] else 0
    return now.n_of is not None and now.n > (share_before + ROSE_BY) * now.n_of


def _came(staged: Staged) -> dict[tuple[str, str], Counter[str]]:
    """Per source and table what became of the rows of all loads whose rows stand."""
    came: dict[tuple[str, str], Counter[str]] = {}
    for position, load in enumerate(staged.sets.loads):
        tally = staged.tallies[load.id]
        for table, counts in tally.tables.items() if staged.sets.stands[position] else ():
            mine = came.setdefault((tally.source, table), Counter())
            mine.update({"in": counts["rows"], **{outcome: counts[outcome] for outcome in OUTCOMES}})
    return came


def _standing(tables: Tables) -> list[Count]:
    """How many records of each table and source count now."""
    counts = []
    for name, table in CANONICAL.items():
        if table.has_lineage and tables.n_rows(name):
            by_source = tables[name].group_by("from_source").agg(n=lambda t: t.count())
            counts += [
                Count(row["from_source"], name, "rows", "standing", row["n"], None) for row in tables.rows(by_source)
            ]
    return counts


def _mended_while_read(staged: Staged) -> list[Count]:
    """Rows that needed mending before they could be read at all, of all loads whose rows stand."""
    mended: Counter[tuple[str, str]] = Counter()
    n_rows: Counter[str] = Counter()
    for position, load in enumerate(staged.sets.loads):
        source = staged.tallies[load.id].source
        if staged.sets.stands[position]:
            n_rows[source] += load.rows
            mended.update({(source, reason): n for reason, n in load.about.get("repaired", {}).items()})
    return [Count(source, None, "repaired", reason, n, n_rows[source]) for (source, reason), n in mended.items()]


def _problems(tables: Tables, came: Mapping[tuple[str, str], Counter[str]]) -> list[Count]:
    rows = tables["row_problem"]
    rows = rows.select("from_source", "table", "outcome", "reason", "load_id", "row_number").distinct()
    counted = rows.group_by("from_source", "table", "outcome", "reason").agg(n=rows.count())
    return [
        Count(
            row["from_source"],
            row["table"],
            row["outcome"],
            row["reason"],
            row["n"],
            came[row["from_source"], row["table"]]["in"] if row["table"] else None,
        )
        for row in tables.rows(counted)
    ]
