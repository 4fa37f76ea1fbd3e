"""Which sources have fallen silent: what a page then says louder than anything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext, ngettext

from punte.web import formats

Rhythms = Iterable[Mapping[str, Any]]
"""Those of a snapshot's manifest, one of each source (``punte.home.rhythm``)."""

FEWEST_DAYS = 3
"""Up to so many days nothing is late: a week-end is no silence."""
FIRST_IMPORT_DAYS = 7
"""How long the first import of a source may be the only one: nobody knows yet how often its files come."""
TIMES = 1.5
"""A source is late when its newest fact is older than so many times its usual gap."""


@dataclass(frozen=True)
class Silent:
    """A source that is past its rhythm: local day of its newest fact, and the days after which more usually came."""

    source: str
    newest_on: date
    usual_days: int


def silent_sources(rhythms: Rhythms, on: date) -> tuple[Silent, ...]:
    """The sources that are late on a local day, the longest silent first.

    The rhythm is the longer of two gaps: that between days with facts,
    and that between imports, because weekly files of a site with visits each day are not late on a Thursday.
    """
    found = [silent for row in rhythms if (silent := _silent(row, on))]
    return tuple(sorted(found, key=lambda silent: (silent.newest_on, silent.source)))


def _silent(row: Mapping[str, Any], on: date) -> Silent | None:
    newest_on = date.fromisoformat(row["newest_on"])
    fact_gap, import_gap = row["fact_gap_days"] or 1, row["import_gap_days"]
    fewest = FEWEST_DAYS if import_gap else FIRST_IMPORT_DAYS
    usual = max(fact_gap, import_gap or 1)
    is_late = (on - newest_on).days > max(fewest, TIMES * usual)
    return Silent(row["source"], newest_on, usual) if is_late else None


def late_said(rhythms: Rhythms, on: date) -> str:
    """What is late on a local day, in sentences; "" where nothing is."""
    silent = silent_sources(rhythms, on)
    said = [_said(one) for one in silent[:1]]
    if others := ", ".join(one.source for one in silent[1:]):
        said.append(gettext("Late too: %(sources)s.") % {"sources": others})
    return " ".join(said)


def _said(silent: Silent) -> str:
    lang = get_language() or "en"
    words = ngettext(
        "Nothing new from %(source)s since %(weekday)s, %(day)s. Usually something comes every day.",
        "Nothing new from %(source)s since %(weekday)s, %(day)s. Usually something comes every %(n)s days.",
        silent.usual_days,
    )
    return words % {
        "source": silent.source,
        "weekday": formats.weekday(silent.newest_on, lang=lang),
        "day": formats.day(silent.newest_on, lang=lang),
        "n": silent.usual_days,
    }
