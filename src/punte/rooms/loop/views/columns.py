"""The columns of the table, in three blocks in the colours of the banks, and how their cells are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

from punte.rooms.loop.queries import LoopRow
from punte.rooms.loop.rules import LoopQuestion
from punte.rooms.loop.views.words import SIDE_LABELS, lang, model_label
from punte.web import formats
from punte.web.formats import SMALL_NUMBER

Write = Callable[[LoopRow, str], str]


@dataclass(frozen=True)
class ColumnSpec:
    """One column: whose block it stands in, what it is called and means, and how its cell is written ("" not known)."""

    name: str
    side: str
    label: str
    about: str
    write: Write
    unit: str = ""


@dataclass(frozen=True)
class Header:
    """A column's head: its label, unit, meaning, and the address that sorts by it."""

    label: str
    unit: str
    about: str
    side: str
    is_sorted: bool
    url: str
    is_first_of_block: bool


@dataclass(frozen=True)
class Cell:
    """A cell as text; an empty text is not known. ``url``: where it is entered."""

    text: str
    side: str
    is_first_of_block: bool
    url: str = ""


@dataclass(frozen=True)
class Block:
    """A block of columns: whose it is, its name, how many columns it spans."""

    side: str
    label: str
    n_columns: int


def _count(name: str) -> Write:
    def write(row: LoopRow, currency: str) -> str:
        n = getattr(row, name)
        return "" if n is None else formats.number(n, lang=lang())

    return write


def _money(name: str, *, cents: bool = False) -> Write:
    def write(row: LoopRow, currency: str) -> str:
        amount = getattr(row, name)
        return "" if amount is None else formats.money_number(amount, currency, cents=cents, lang=lang())

    return write


def _won_share(row: LoopRow, currency: str) -> str:
    if row.n_begun is not None:
        return formats.share(row.n_begun_won, row.n_begun, decimals=1, lang=lang()) if row.n_begun else ""
    if row.won_share is None:
        return ""
    # Without the counts behind it a share of few cases is not shown: it would look surer than it is.
    if (row.n_leads or 0) < SMALL_NUMBER:
        return gettext("few cases")
    return formats.percent(row.won_share, decimals=1, lang=lang())


def _days(row: LoopRow, currency: str) -> str:
    return "" if row.median_days_to_won is None else formats.number(row.median_days_to_won, lang=lang())


def _roi(row: LoopRow, currency: str) -> str:
    if row.roi is None:
        return ""
    times = row.roi + 1
    return formats.number(times, decimals=1 if 0 < abs(times) < 10 else 0, lang=lang())


_SPECS = (
    ColumnSpec("cost", "marketing", noop("Cost"), noop("What was spent, by the day of the spend."), _money("cost")),
    ColumnSpec(
        "n_touches", "marketing", noop("Touches"), noop("Contacts with something of ours."), _count("n_touches")
    ),
    ColumnSpec("n_leads", "marketing", noop("Leads"), noop("Leads opened."), _count("n_leads")),
    ColumnSpec("n_mql", "marketing", "MQL", noop("Leads that marketing qualified."), _count("n_mql")),
    ColumnSpec(
        "cost_per_lead", "marketing", noop("Cost per lead"), noop("Cost divided by leads."), _money("cost_per_lead")
    ),
    ColumnSpec("n_sal", "shared", "SAL", noop("Leads that sales accepted."), _count("n_sal")),
    ColumnSpec("n_sql", "shared", "SQL", noop("Leads that sales qualified."), _count("n_sql")),
    ColumnSpec(
        "n_opportunities", "sales", noop("Opportunities"), noop("Opportunities opened."), _count("n_opportunities")
    ),
    ColumnSpec("n_won", "sales", noop("Won"), noop("Opportunities won."), _count("n_won")),
    ColumnSpec(
        "won_share",
        "sales",
        noop("Won share"),
        noop("Of the leads begun in these days, the share that is won by now."),
        _won_share,
    ),
    ColumnSpec("revenue", "sales", noop("Won value"), noop("Value of the won opportunities."), _money("revenue")),
    ColumnSpec(
        "median_days_to_won",
        "sales",
        noop("Median days"),
        noop("Days from the lead's opening to the win; half of the wins took less."),
        _days,
    ),
)


def columns_of(question: LoopQuestion, currency: str) -> tuple[ColumnSpec, ...]:
    """The columns of a question: the fixed ones, what a unit of money brought, and what the model credits."""
    money = formats.currency_word(currency, one=True, lang=lang())
    returns = ColumnSpec(
        "roi",
        "sales",
        gettext("Won per %(currency)s") % {"currency": money},
        noop("Won value divided by cost: what one unit of money brought."),
        _roi,
    )
    credit = ColumnSpec(
        "credit",
        "sales",
        gettext("Credit: %(model)s") % {"model": model_label(question.model)},
        noop("What the model gives of the won value to touches from here."),
        _credit(question.model),
    )
    return (*_SPECS, returns, credit)


def _credit(model: str) -> Write:
    def write(row: LoopRow, currency: str) -> str:
        amount = row.credits.get(model)
        return "" if amount is None else formats.money_number(amount, currency, cents=False, lang=lang())

    return write


def blocks(columns: tuple[ColumnSpec, ...]) -> list[Block]:
    """The blocks over the columns."""
    sides = list(dict.fromkeys(column.side for column in columns))
    return [
        Block(side, gettext(SIDE_LABELS[side]), sum(1 for column in columns if column.side == side)) for side in sides
    ]


def headers(columns: tuple[ColumnSpec, ...], question: LoopQuestion, currency: str, vat: str = "") -> list[Header]:
    """The heads of the columns; ``vat`` says beside the unit of the won value whether it holds VAT."""
    money = formats.currency_word(currency, lang=lang())
    with_unit = {"cost", "cost_per_lead", "revenue", "credit"}
    return [
        Header(
            label=gettext(column.label),
            unit=_unit(column, money, vat) if column.name in with_unit else "",
            about=gettext(column.about),
            side=column.side,
            is_sorted=question.sort == column.name,
            url=f"?{question.changed(sort=column.name).query()}#table",
            is_first_of_block=_starts_block(columns, place),
        )
        for place, column in enumerate(columns)
    ]


def _unit(column: ColumnSpec, money: str, vat: str) -> str:
    return f"{money}, {vat}" if vat and column.name == "revenue" else money


def cells(columns: tuple[ColumnSpec, ...], row: LoopRow, currency: str) -> list[Cell]:
    """The cells of a row."""
    return [
        Cell(column.write(row, currency), column.side, _starts_block(columns, place))
        for place, column in enumerate(columns)
    ]


def exact_total(cells_of_total: list[Cell], columns: tuple[ColumnSpec, ...], row: LoopRow, currency: str) -> list[Cell]:
    """The cells of the total, with its money to the cent."""
    exact = {"cost", "revenue"}
    return [
        replace(cell, text=_money(column.name, cents=True)(row, currency))
        if column.name in exact and cell.text
        else cell
        for cell, column in zip(cells_of_total, columns, strict=True)
    ]


def with_costs_asked(found: list[Cell], columns: tuple[ColumnSpec, ...], url: str) -> list[Cell]:
    """The cells where nothing is known of costs: what a unit of money brought asks for them."""
    return [
        replace(cell, text=gettext("enter the costs"), url=url) if column.name == "roi" else cell
        for cell, column in zip(found, columns, strict=True)
    ]


def in_order(rows: tuple[LoopRow, ...], question: LoopQuestion) -> list[LoopRow]:
    """The rows by the column asked for, largest first, then what is not known; the unattributed row stands last."""

    def key(row: LoopRow) -> tuple[bool, bool, float]:
        value = row.credits.get(question.model) if question.sort == "credit" else getattr(row, question.sort)
        return row.is_unattributed, value is None, -(value or 0)

    return sorted(rows, key=key)


def _starts_block(columns: tuple[ColumnSpec, ...], place: int) -> bool:
    return place == 0 or columns[place - 1].side != columns[place].side
