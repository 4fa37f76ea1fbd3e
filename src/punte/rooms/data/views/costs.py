"""Entering what campaigns cost: a block pasted from a spreadsheet, read, checked and brought in like a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods

from punte.core import clock
from punte.rooms.data import actions, queries
from punte.rooms.data.queries import CostsBasis, EnteredCosts
from punte.rooms.data.rules import COSTS_BYTES, CannotImport, Cost, NothingBrought, Problem, read_costs
from punte.rooms.data.views.frame import refused, tabs
from punte.rooms.data.views.words import count, lang
from punte.units import exponent
from punte.web import formats

N_CAMPAIGNS, N_MONTHS, N_PROBLEMS = 40, 6, 20
_CURRENCIES = ("EUR", "RON", "USD", "GBP", "PLN", "HUF", "CZK", "BGN", "CHF")
_PROBLEMS = {
    "nothing": noop("Nothing was pasted. Copy the table from your spreadsheet and paste it here."),
    "no_months": noop("No months were found. Write them over the columns: 2026-03, 03.2026 or Mar 2026."),
    "too_much": noop("This is more than 2,000 campaigns or 120 months. Enter it in parts."),
    "too_long": noop("This is more than 1 MB of text. Enter it in parts, or bring it as a file."),
    "no_amounts": noop("There is no amount in the table yet."),
    "month_twice": noop("Column %(column)s: the month “%(said)s” stands twice."),
    "not_begun": noop("Column %(column)s: “%(said)s” has not begun yet; only what was spent counts."),
    "no_month": noop("Column %(column)s: “%(said)s” is not a month. Write 2026-03, 03.2026 or Mar 2026."),
    "no_campaign": noop("Row %(row)s has no campaign."),
    "campaign_twice": noop("Row %(row)s: the campaign “%(said)s” stands twice. Put its amounts into one row."),
    "no_amount": noop("Row %(row)s, column %(column)s: “%(said)s” is not an amount."),
    "not_clear": noop("Row %(row)s, column %(column)s: the signs in “%(said)s” do not fit those of the other cells."),
    "below_zero": noop("Row %(row)s, column %(column)s: “%(said)s” is below 0."),
}


@dataclass(frozen=True)
class GridRow:
    """One campaign of the grid: its name and channel, what it cost in each month, and together."""

    campaign: str
    channel: str
    cells: tuple[str, ...]
    total: str


@dataclass(frozen=True)
class Grid:
    """Costs of one currency as a table, with their sums; and what to know about it."""

    currency: str
    months: tuple[str, ...]
    rows: tuple[GridRow, ...]
    totals: tuple[str, ...]
    total: str


@dataclass(frozen=True)
class EnteredTold:
    """What was entered as the preview shows it: a grid for each currency, and warnings."""

    grids: tuple[Grid, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]


@require_http_methods(["GET", "HEAD", "POST"])
def costs(request: HttpRequest) -> HttpResponse:
    """A table of campaigns and months to be pasted; what was read is seen before anything comes in."""
    try:
        basis = queries.get_costs_basis_for(user=request.user, at=clock.now())
    except CannotImport as error:
        return refused(request, error, 403)
    if request.method == "POST":
        return _receive(request, basis)
    return _page(request, basis, text=_template(basis), currency=basis.currency)


def _receive(request: HttpRequest, basis: CostsBasis) -> HttpResponse:
    text, currency = request.POST.get("table", ""), request.POST.get("currency", basis.currency)
    if currency not in _currencies(basis):
        currency = basis.currency
    if len(text.encode()) > COSTS_BYTES:
        return _page(request, basis, text="", currency=currency, problems=(Problem("too_long"),))
    decimal = "," if lang() == "ro" else "."
    found = read_costs(text, currency=currency, decimal=decimal, this_month=basis.this_month)
    try:
        key = actions.receive_costs(costs=found, basis=basis, by=request.user, at=clock.now())
    except NothingBrought:
        return _page(request, basis, text=text, currency=currency, problems=found.problems)
    return redirect("data:upload", key=key)


def _page(
    request: HttpRequest, basis: CostsBasis, *, text: str, currency: str, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    context = {
        "tabs": tabs("bring"),
        "text": text,
        "currency": currency,
        "currencies": _currencies(basis),
        "problems": [_said(problem) for problem in problems[:N_PROBLEMS]],
        "n_more": max(0, len(problems) - N_PROBLEMS),
        "n_rows": min(24, max(8, text.count("\n") + 2)),
    }
    return render(request, "data/costs.html", context, status=422 if problems else 200)


def _currencies(basis: CostsBasis) -> list[str]:
    return list(dict.fromkeys([basis.currency, *_CURRENCIES]))


def _said(problem: Problem) -> str:
    words = {"row": count(problem.row), "column": count(problem.column), "said": problem.said[:40]}
    return gettext(_PROBLEMS[problem.code]) % words


def _template(basis: CostsBasis) -> str:
    """The campaigns that are known over the last months, ready to be filled: those without costs from files."""
    spent = {campaign for campaign, _ in basis.spent}
    months = _months_before(basis.this_month, N_MONTHS)
    names = [name for name in basis.channels if name not in spent][:N_CAMPAIGNS]
    head = [gettext("Campaign"), *(f"{month:%Y-%m}" for month in months)]
    return "\n".join(["\t".join(head), *(name + "\t" * len(months) for name in names), ""])


def _months_before(last: date, n: int) -> list[date]:
    found = [last]
    while len(found) < n:
        first = found[0]
        found.insert(0, date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1))
    return found


def entered_grid(entered: EnteredCosts) -> EnteredTold:
    """What was entered, as it was read."""
    currencies = sorted({one.currency for one in entered.costs})
    notes, warnings = [gettext("Each amount counts on the first day of its month.")], []
    if entered.left_out:
        n = entered.left_out
        words = ngettext("%(n)s row or column of sums was left out.", "%(n)s rows or columns of sums were left out.", n)
        notes.append(words % {"n": count(n)})
    if entered.also_in_files:
        words = ngettext(
            "%(n)s month of a campaign has costs from a file too: both would count. First: %(campaign)s, %(month)s.",
            "%(n)s months of campaigns have costs from files too: both would count. First: %(campaign)s, %(month)s.",
            len(entered.also_in_files),
        )
        campaign, month = entered.also_in_files[0]
        said = {"n": count(len(entered.also_in_files)), "campaign": campaign}
        warnings.append(words % (said | {"month": formats.month_name(month, lang=lang())}))
    grids = tuple(_grid([one for one in entered.costs if one.currency == name], name) for name in currencies)
    return EnteredTold(grids, tuple(notes), tuple(warnings))


def _grid(costs: list[Cost], currency: str) -> Grid:
    months = sorted({one.month_on for one in costs})
    names = list(dict.fromkeys((one.campaign, one.channel) for one in costs))
    rows = tuple(_row(name, channel, [one for one in costs if one.campaign == name], months) for name, channel in names)
    sums = [_sum([one for one in costs if one.month_on == month]) for month in months]
    labels = tuple(formats.month_name(month, lang=lang()) for month in months)
    return Grid(formats.currency_word(currency, lang=lang()), labels, rows, tuple(sums), _sum(costs))


def _row(name: str, channel: str, costs: list[Cost], months: list[date]) -> GridRow:
    by_month = {one.month_on: one for one in costs}
    cells = tuple(_sum([by_month[month]]) if month in by_month else "" for month in months)
    return GridRow(name, channel, cells, _sum(costs))


def _sum(costs: list[Cost]) -> str:
    if not costs:
        return ""
    currency = costs[0].currency
    minor = sum((one.amount for one in costs), Decimal()).scaleb(exponent(currency))
    return formats.money_number(round(minor), currency, cents=True, lang=lang())
