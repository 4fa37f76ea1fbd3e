"""What campaigns cost, month by month, as it is pasted from a spreadsheet: read without guessing silently."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from io import StringIO

from punte.rooms.data.rules.months import month_of

MOST_CAMPAIGNS, MOST_MONTHS, COSTS_BYTES = 2000, 120, 1_000_000
TOTALS = frozenset({"total", "totals", "totaluri", "sum", "suma", "sumă", "grand total", "total general"})
_CHANNEL = frozenset({"channel", "canal"})
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "lei": "RON", "leu": "RON", "euro": "EUR", "us$": "USD", "lei.": "RON"}
_NOTHING = frozenset({"", "-", "–", "—", "n/a"})
_AMOUNT = re.compile(r"[+-]?\d[\d.,]*|[+-]?[.,]\d+")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’]+")


COSTS_SOURCE = "entered_costs"
FILE_NAME = "punte-costs-{}.csv"


@dataclass(frozen=True)
class Problem:
    """What of a pasted block cannot be read: a code, the place from 1 (0: the whole), and what stands there."""

    code: str
    row: int = 0
    column: int = 0
    said: str = ""


@dataclass(frozen=True)
class Cost:
    """What a campaign cost in a month (its first day). ``channel`` is empty where nothing says it."""

    campaign: str
    channel: str
    month_on: date
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Costs:
    """A pasted block as it was read. ``left_out`` counts rows and columns that are totals of the others."""

    costs: tuple[Cost, ...] = ()
    problems: tuple[Problem, ...] = ()
    left_out: int = 0


@dataclass(frozen=True)
class _Head:
    """Where the months stand, and the channel where there is one."""

    months: tuple[tuple[int, date], ...]
    channel: int | None
    n_left_out: int
    problems: tuple[Problem, ...]


def read_costs(text: str, *, currency: str, decimal: str, this_month: date) -> Costs:
    """The costs of a pasted block of campaigns by months, or what is wrong with it.

    The first row holds the months and the first column the campaigns, or the other way round. ``currency`` is that of
    cells that name none; ``decimal`` the decimal sign where no cell of the block shows which it is. Empty cells say
    nothing. Months after ``this_month`` are refused: nothing was spent in them yet.
    """
    cells = _cells(text)
    if not cells:
        return Costs(problems=(Problem("nothing"),))
    if not _months_in(cells[0]) and _months_in([row[0] for row in cells]):
        cells = [list(column) for column in zip(*cells, strict=True)]
    head = _head(cells[0], this_month)
    if not head.months:
        return Costs(problems=head.problems or (Problem("no_months"),))
    if len(cells) - 1 > MOST_CAMPAIGNS or len(head.months) > MOST_MONTHS:
        return Costs(problems=(Problem("too_much"),))
    return _body(cells, head, currency, _decimal_sign(cells, head, decimal))


def _cells(text: str) -> list[list[str]]:
    """The block as rows of equal length, without empty rows."""
    lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip(" \t;,")]
    separator = next((sign for sign in "\t;" if any(sign in line for line in lines)), ",")
    rows = [[cell.strip() for cell in row] for row in csv.reader(StringIO("\n".join(lines)), delimiter=separator)]
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _months_in(cells: Sequence[str]) -> bool:
    return any(month_of(cell) for cell in cells[1:])


def _head(cells: Sequence[str], this_month: date) -> _Head:
    months: list[tuple[int, date]] = []
    problems = []
    n_left_out, channel = 0, None
    for place, cell in enumerate(cells):
        month = month_of(cell)
        if month is not None and place:
            if month in [known for _, known in months]:
                problems.append(Problem("month_twice", 1, place + 1, cell))
            elif month > this_month:
                problems.append(Problem("not_begun", 1, place + 1, cell))
            months.append((place, month))
        elif place and cell.casefold() in TOTALS:
            n_left_out += 1
        elif place == 1 and cell.casefold() in _CHANNEL:
            channel = place
        elif cell and place:
            problems.append(Problem("no_month", 1, place + 1, cell))
    return _Head(tuple(months), channel, n_left_out, tuple(problems))


def _body(cells: list[list[str]], head: _Head, currency: str, decimal: str) -> Costs:
    costs, problems, n_left_out = [], list(head.problems), head.n_left_out
    names = Counter(row[0].casefold() for row in cells[1:] if row[0])
    for number, row in enumerate(cells[1:], start=2):
        campaign = " ".join(row[0].split())
        if campaign.casefold() in TOTALS:
            n_left_out += 1
            continue
        if not campaign:
            problems.append(Problem("no_campaign", number, 1))
        elif names[row[0].casefold()] > 1:
            problems.append(Problem("campaign_twice", number, 1, campaign))
        channel = row[head.channel] if head.channel is not None else ""
        for place, month in head.months:
            found = _cost(row[place], currency, decimal)
            if isinstance(found, str):
                problems.append(Problem(found, number, place + 1, row[place]))
            elif found is not None:
                costs.append(Cost(campaign, channel, month, *found))
    if not costs and not problems:
        problems.append(Problem("no_amounts"))
    return Costs(tuple(costs), tuple(problems), n_left_out)


def _cost(cell: str, currency: str, decimal: str) -> tuple[Decimal, str] | str | None:
    """Amount and currency of a cell; None where it says nothing; else the code of what is wrong with it."""
    if cell.casefold() in _NOTHING:
        return None
    number, word = _parts(cell)
    if not number:
        return "no_amount"
    named = _SIGNS.get(word, word.upper()) if word else currency
    if not (len(named) == 3 and named.isascii() and named.isalpha()):
        return "no_amount"
    thousands = "," if decimal == "." else "."
    whole, _, part = number.partition(decimal)
    if thousands in part or decimal in part or not _is_grouped(whole, thousands):
        return "not_clear"
    amount = Decimal((whole.replace(thousands, "") or "0") + (f".{part}" if part else ""))
    return "below_zero" if amount < 0 else (amount, named)


def _parts(cell: str) -> tuple[str, str]:
    """The number in a cell without spaces, and the word beside it."""
    packed = _SPACES.sub("", cell)
    found = _AMOUNT.search(packed)
    if found is None:
        return "", ""
    return found.group(), (packed[: found.start()] + packed[found.end() :]).casefold()


def _is_grouped(whole: str, thousands: str) -> bool:
    first, *groups = whole.lstrip("+-").split(thousands)
    return not groups or (0 < len(first) <= 3 and all(len(group) == 3 for group in groups))


def _decimal_sign(cells: list[list[str]], head: _Head, usual: str) -> str:
    """The decimal sign that the cells themselves show; the usual one where none does."""
    numbers = [_parts(row[place])[0] for row in cells[1:] for place, _ in head.months]
    shown = [sign for number in numbers if (sign := _shown_by(number))]
    return shown[0] if shown else usual


def _shown_by(number: str) -> str:
    """The decimal sign that one number shows beyond doubt: 1.234,50 and 12,5 a comma; 1.234 none."""
    signs = [sign for sign in number if sign in ".,"]
    if not signs:
        return ""
    if len(set(signs)) == 2:
        return signs[-1]
    other = "." if signs[0] == "," else ","
    if len(signs) > 1:
        return other
    whole, _, part = number.partition(signs[0])
    return "" if len(part) == 3 and whole.lstrip("+-") not in ("", "0") else signs[0]


def with_channels(costs: Sequence[Cost], channels: Mapping[str, str]) -> tuple[Cost, ...]:
    """The costs with the channel of their campaign where nothing was said, so that they count where its leads do."""
    return tuple(one if one.channel else replace(one, channel=channels.get(one.campaign, "")) for one in costs)


def as_csv(costs: Sequence[Cost]) -> str:
    """The costs as the file that is brought in, one row for each campaign and month."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["Campaign", "Channel", "Month", "Amount", "Currency"])
    writer.writerows([one.campaign, one.channel, one.month_on.isoformat(), one.amount, one.currency] for one in costs)
    return out.getvalue()


def mapping_of(zone: str, currency: str) -> str:
    """What that file means, as a mapping in TOML: a later amount of a campaign and month is a new version of it."""
    return f"""version = 1
source = "{COSTS_SOURCE}"
zone = "{zone}"
currency = "{currency}"

[[file]]
name = "costs by month"
about = "What campaigns cost, month by month, as somebody entered it"
match = ["{FILE_NAME.format("*")}"]

[[file.table]]
table = "spend"
id = ["Campaign", "Month"]
spent = "Month"
amount = "Amount"
currency = "Currency"

[file.table.traffic]
channel = "Channel"
campaign = "Campaign"
"""
