"""What is missing, in sentences; every "n of m" is the count of the snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from punte.rooms.data.rules import Gap, Gaps, is_late
from punte.rooms.data.views.words import count, lang, reason_label, table_label
from punte.web import formats


@dataclass(frozen=True)
class Line:
    """One sentence about what is missing. ``share`` (0 to 1) draws the bar; ``rows_url`` opens the rows behind it."""

    text: str
    source: str = ""
    share: float | None = None
    rows_url: str = ""
    lines: tuple[Line, ...] = ()
    is_late: bool = False


@dataclass(frozen=True)
class Group:
    """Lines about which a person can do the same thing."""

    name: str
    title: str
    remedy: str
    lines: tuple[Line, ...]


def groups_of(gaps: Gaps, may_see_rows: bool) -> list[Group]:
    """The groups that have anything in them, those a person can mend at once first."""
    groups = [_aside_group(gaps, may_see_rows), *_missing_groups(gaps), *_known_groups(gaps)]
    return [group for group in groups if group.lines]


def _aside_group(gaps: Gaps, may_see_rows: bool) -> Group:
    return Group(
        "aside",
        gettext("Rows that were put aside or mended"),
        gettext("Correct the cells in the source, or the mapping, and bring the same export again."),
        (
            *(_aside(gap, gaps, may_see_rows) for gap in gaps.aside),
            *(_unread(gap, may_see_rows) for gap in gaps.aside_reasons if not gap.table),
            *(_repaired(gap, may_see_rows) for gap in gaps.repaired),
        ),
    )


def _missing_groups(gaps: Gaps) -> list[Group]:
    """What can be brought, or filled in where it is kept."""
    return [
        Group(
            "unmatched",
            gettext("Records that nothing brought"),
            gettext("Bring the export that holds them: the whole list, not a filtered one."),
            tuple(_line(gap) for gap in (*gaps.unmatched, *gaps.rates)),
        ),
        Group(
            "deals",
            gettext("Opportunities that cannot be followed back"),
            gettext(
                "In the CRM, give each opportunity its contact; in marketing, bring the touches of these contacts."
            ),
            tuple(_line(gap) for gap in gaps.deals),
        ),
        Group(
            "origins",
            gettext("Rows of unknown origin"),
            gettext("Tag links with source, medium and campaign (UTM), and fill the lead source in the CRM."),
            tuple(_line(gap) for gap in gaps.origins),
        ),
    ]


def _known_groups(gaps: Gaps) -> list[Group]:
    """What comes with time, or is only to be known."""
    return [
        Group(
            "history",
            gettext("Moments that nothing tells"),
            gettext("Bring the history of stages if your CRM hands it out; else bring exports often, and it grows."),
            tuple(_line(gap) for gap in gaps.history),
        ),
        Group(
            "identity",
            gettext("Values that could not join records"),
            gettext("Nothing has to be done; a value that belongs to one person or company joins more."),
            tuple(_line(gap) for gap in gaps.identity),
        ),
    ]


def freshness_lines(gaps: Gaps) -> list[Line]:
    """How old the newest row of each table of each source was at the last import."""
    return [_freshness(gap) for gap in sorted(gaps.freshness, key=lambda gap: (gap.source, gap.table))]


def fall_line(gap: Gap) -> Line:
    """What is less complete than in the snapshot before."""
    table = table_label(gap.table)
    if gap.reason == "standing":
        words = {"table": table, "n": count(gap.n), "before": count(gap.n_before or 0)}
        text = ngettext(
            "“%(table)s” holds %(n)s record now, and held %(before)s before.",
            "“%(table)s” holds %(n)s records now, and held %(before)s before.",
            gap.n,
        )
        return Line(text % words, gap.source)
    words = {"n": count(gap.n_before or 0), "of": count(gap.n_of_before or 0)}
    before = gettext("Before it was %(n)s of %(of)s.") if gap.n_before else gettext("Before there was none.")
    return Line(f"{sentence(gap)} {before % words if gap.n_before else before}", gap.source)


def sentence(gap: Gap) -> str:
    """One gap as a sentence with its counts."""
    words = {
        "n": count(gap.n),
        "of": count(gap.n_of or 0),
        "table": table_label(gap.table),
        "reason": reason_label(gap.reason),
    }
    return _template(gap) % (words | {"target": _target(gap)})


def _template(gap: Gap) -> str:
    known = _of_deals(gap) or _of_history(gap) or _of_identity(gap)
    if known:
        return known
    if gap.reason == "quarantined":
        return ngettext(
            "%(n)s row of %(of)s in “%(table)s” was put aside.",
            "%(n)s rows of %(of)s in “%(table)s” were put aside.",
            gap.n,
        )
    if gap.subject == "repaired" and not gap.table:
        return ngettext(
            "%(n)s row of %(of)s was mended while its file was read: %(reason)s.",
            "%(n)s rows of %(of)s were mended while their file was read: %(reason)s.",
            gap.n,
        )
    if gap.subject == "repaired":
        return ngettext(
            "%(n)s row of %(of)s in “%(table)s” was mended: %(reason)s.",
            "%(n)s rows of %(of)s in “%(table)s” were mended: %(reason)s.",
            gap.n,
        )
    if gap.reason == "unmatched":
        return ngettext(
            "%(n)s row of %(of)s in “%(table)s” names a record of “%(target)s” that no file brought.",
            "%(n)s rows of %(of)s in “%(table)s” name records of “%(target)s” that no file brought.",
            gap.n,
        )
    if gap.subject == "origin":
        return ngettext(
            "%(n)s row of %(of)s in “%(table)s” does not say where it came from.",
            "%(n)s rows of %(of)s in “%(table)s” do not say where they came from.",
            gap.n,
        )
    return ngettext(
        "%(n)s row of %(of)s in “%(table)s”: %(reason)s.",
        "%(n)s rows of %(of)s in “%(table)s”: %(reason)s.",
        gap.n,
    )


def _of_deals(gap: Gap) -> str:
    n = gap.n
    match gap.subject, gap.reason:
        case "deal", "without_person":
            return ngettext(
                "%(n)s opportunity of %(of)s has no contact.", "%(n)s opportunities of %(of)s have no contact.", n
            )
        case "deal", "without_touch":
            return ngettext(
                "%(n)s opportunity of %(of)s has no known touch: its value stays unattributed.",
                "%(n)s opportunities of %(of)s have no known touch: their value stays unattributed.",
                n,
            )
        case "deal", "won_before_first_contact":
            return ngettext(
                "%(n)s opportunity of %(of)s was won before its first contact, which cannot be.",
                "%(n)s opportunities of %(of)s were won before their first contact, which cannot be.",
                n,
            )
        case "deal", "rate_missing":
            return ngettext(
                "%(n)s opportunity of %(of)s has no exchange rate for its day: its value is not known.",
                "%(n)s opportunities of %(of)s have no exchange rate for their day: their value is not known.",
                n,
            )
        case "spend", "rate_missing":
            return ngettext(
                "%(n)s row of spend of %(of)s has no exchange rate for its day: its cost is not known.",
                "%(n)s rows of spend of %(of)s have no exchange rate for their day: their cost is not known.",
                n,
            )
    return ""


def _of_history(gap: Gap) -> str:
    if gap.subject != "history":
        return ""
    return ngettext(
        "%(n)s row of %(of)s in “%(table)s” stands at a stage that no event tells: since when is not known.",
        "%(n)s rows of %(of)s in “%(table)s” stand at a stage that no event tells: since when is not known.",
        gap.n,
    )


def _of_identity(gap: Gap) -> str:
    if gap.subject != "identity":
        return ""
    n = gap.n
    if gap.reason == "anonymous_id_of_several_persons":
        return ngettext(
            "%(n)s browser of %(of)s was used by several persons.",
            "%(n)s browsers of %(of)s were used by several persons.",
            n,
        )
    if gap.reason == "domain_of_several_fiscal_codes":
        return ngettext(
            "%(n)s web domain of %(of)s belongs to several companies.",
            "%(n)s web domains of %(of)s belong to several companies.",
            n,
        )
    if gap.reason == "name_not_clear":
        return ngettext(
            "%(n)s company name of %(of)s may mean several companies.",
            "%(n)s company names of %(of)s may mean several companies.",
            n,
        )
    return ngettext(
        "%(n)s shared value of %(of)s in “%(table)s” stands with too many records to tell who it is.",
        "%(n)s shared values of %(of)s in “%(table)s” stand with too many records to tell who they are.",
        n,
    )


def _target(gap: Gap) -> str:
    from punte.records.tables import CANONICAL  # analytics are loaded by the first page that needs them

    table = CANONICAL.get(gap.table)
    column = next((one for one in table.columns if one.name == gap.subject), None) if table else None
    return table_label(column.references) if column and column.references else gap.subject


def _line(gap: Gap, rows_url: str = "", lines: tuple[Line, ...] = ()) -> Line:
    return Line(sentence(gap), gap.source, gap.n / gap.n_of if gap.n_of else None, rows_url, lines)


def _aside(gap: Gap, gaps: Gaps, may_see_rows: bool) -> Line:
    mine = [one for one in gaps.aside_reasons if (one.source, one.table) == (gap.source, gap.table)]
    reasons = tuple(
        Line(f"{count(one.n)}: {reason_label(one.reason)}", rows_url=_rows(one, may_see_rows, outcome=one.subject))
        for one in mine
    )
    return _line(gap, _rows(gap, may_see_rows, outcome="quarantined", reason=""), reasons)


def _unread(gap: Gap, may_see_rows: bool) -> Line:
    text = ngettext("%(n)s row could not be read: %(reason)s.", "%(n)s rows could not be read: %(reason)s.", gap.n) % {
        "n": count(gap.n),
        "reason": reason_label(gap.reason),
    }
    return Line(text, gap.source, rows_url=_rows(gap, may_see_rows, outcome=gap.subject))


def _repaired(gap: Gap, may_see_rows: bool) -> Line:
    """What was mended while a file was read is counted and not kept row by row."""
    return _line(gap, _rows(gap, may_see_rows, outcome="repaired") if gap.table else "")


def _rows(gap: Gap, may_see_rows: bool, *, outcome: str, reason: str | None = None) -> str:
    if not may_see_rows:
        return ""
    asked = {
        "source": gap.source,
        "table": gap.table,
        "outcome": outcome,
        "reason": gap.reason if reason is None else reason,
    }
    return f"{reverse('data:problems')}?{urlencode({name: value for name, value in asked.items() if value})}"


def _freshness(gap: Gap) -> Line:
    days = formats.days(gap.n, lang=lang())
    words = {"table": table_label(gap.table), "days": days}
    text = gettext("The newest of “%(table)s” was %(days)s old at the last import.") % words
    if gap.n == 0:
        text = gettext("The newest of “%(table)s” is of the day of the last import.") % words
    if gap.n_of == 1:
        text += " " + gettext("Usually there is something new every day.")
    elif gap.n_of:
        usual = gettext("Usually there is something new every %(days)s.")
        text += " " + usual % {"days": formats.days(gap.n_of, lang=lang())}
    return Line(text, gap.source, is_late=is_late(gap))
