"""What is told of the files of an import: what reading guessed, what became of their rows, why one was not used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from punte.errors import NothingUsable
from punte.home.choosing import Planned
from punte.home.reports import FileReport, ProblemReport
from punte.home.staging import LoadTally, Staged
from punte.records.raw import Load
from punte.sources.files.reading import TableReader

N_PROBLEMS = 4


@dataclass(frozen=True)
class Brought:
    """A planned file with the load that it became or was."""

    planned: Planned
    load: Load


def about_reading(reader: TableReader, n_bytes: int) -> dict[str, Any]:
    """What reading said about a file, without any text of its rows."""
    report = reader.report
    return {
        "n_bytes": n_bytes,
        "encoding": report.encoding.name if report.encoding else None,
        "separator": report.separator,
        "notes": [note.sentence for note in report.notes],
        "note_codes": [note.code for note in report.notes],
        "repaired": dict(report.repaired),
        "unread": dict(report.problem_counts),
        "n_empty_rows": report.n_empty_rows,
        "problems": [
            {"row_number": problem.row_number, "reason": problem.reason, "sentence": problem.sentence}
            for problem in report.problems
        ],
    }


def file_report(one: Brought, staged: Staged | None) -> FileReport:
    """What became of a file that has a load; without counts of tables where nothing was built."""
    load, planned = one.load, one.planned
    tally = staged.tallies.get(load.id) if staged else None
    counts: Counter[str] = Counter()
    for table in tally.tables.values() if tally else ():
        counts.update(table)
    unread_rows = load.about.get("unread", {})
    return FileReport(
        name=planned.chosen.found.name,
        is_used=True,
        why=_why(one),
        source=load.source,
        rule=load.rule,
        load_id=load.id,
        is_new=planned.action != "nothing",
        rows_in=load.rows + sum(unread_rows.values()),
        skipped=tally.n_skipped if tally else 0,
        unread=sum(unread_rows.values()),
        good=counts["good"],
        repaired=counts["repaired"],
        quarantined=counts["quarantined"],
        reasons={**unread_rows, **(tally.quarantined if tally else {})},
        notes=tuple(load.about.get("notes", ())),
        note_codes=tuple(load.about.get("note_codes", ())),
        problems=_problems(load, tally) if tally else (),
    )


def _problems(load: Load, tally: LoadTally) -> tuple[ProblemReport, ...]:
    """The commonest reasons for which rows were put aside, then those for which they were repaired."""
    examples = {one["reason"]: one for one in reversed(load.about.get("problems", ()))}
    found = [ProblemReport(outcome, reason, **vars(one)) for (outcome, reason), one in tally.found.items()]
    for reason, n in load.about.get("unread", {}).items():
        one = examples.get(reason, {})
        found.append(ProblemReport("unread", reason, n, one.get("row_number"), one.get("sentence", "")))
    repaired = load.about.get("repaired", {})
    found += [ProblemReport("repaired", reason, n, None, "") for reason, n in repaired.items()]
    found.sort(key=lambda one: (-one.n, one.reason))
    aside = [one for one in found if one.outcome != "repaired"][:N_PROBLEMS]
    return (*aside, *[one for one in found if one.outcome == "repaired"][:N_PROBLEMS])


def _why(one: Brought) -> str:
    if one.planned.same_as:
        return f"The same rows as {one.planned.same_as}."
    since = one.load.recorded_at.isoformat(" ", "minutes")
    return {
        "add": "",
        "bring_again": f"Brought again; here since {since} UTC.",
        "seen": f"Already here since {since} UTC; part of this full export.",
        "nothing": f"Already here since {since} UTC.",
    }[one.planned.action]


def what_became_of(one: Brought, tally: LoadTally) -> str:
    """The file's name and the commonest reasons for which its rows were put aside."""
    reasons = ", ".join(f"{reason} {n:,}" for reason, n in tally.quarantined.most_common(3)) or "no rows"
    return f"{one.load.file_name}: {reasons}"


def nothing_usable(files: Sequence[str]) -> NothingUsable:
    """The error of an import in which no row could be used; ``files`` says why of each."""
    shown = "; ".join(files[:5])
    return NothingUsable(
        f"Not one row of {len(files)} file{'s' if len(files) != 1 else ''} could be used. {shown}",
        remedy="Look at the mapping of these files, or give one that fits; nothing was published.",
        files=list(files),
    )
