"""Sentences that the figures write: what happened, and how sure it is."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from punte.rooms.loop.queries import LoopPage, LoopRow
from punte.rooms.loop.rules import highlights
from punte.rooms.loop.views.words import in_period, lang, value_label
from punte.web import formats


def story(page: LoopPage) -> str:
    """One or a few sentences: what was won, what paid best, what cost more than it brought."""
    rows = [row for row in page.rows if row.value.text is not None]
    found = highlights([_Earned(row) for row in rows])
    parts = [_won(page)]
    if found.best is not None:
        parts.append(_best(page, rows[found.best]))
    if found.loss is not None:
        parts.append(_loss(page, rows[found.loss]))
    return " ".join(parts)


class _Earned:
    """A row as the rules look at it."""

    def __init__(self, row: LoopRow) -> None:
        self.is_unattributed = row.is_unattributed
        self.n_won = row.n_won or 0
        self.revenue, self.cost = row.revenue, row.cost


def _won(page: LoopPage) -> str:
    total = page.total
    n, when = (total.n_won or 0) if total else 0, in_period(page.question, page.basis)
    if not total or not n:
        return gettext("%(when)s, no opportunity was won.") % {"when": when}
    amount = formats.money(total.revenue, page.basis.currency, cents=False, lang=lang())
    if total.revenue is None:
        amount = gettext("of unknown value")
    words = ngettext(
        "%(when)s, %(n)s opportunity was won (%(amount)s).", "%(when)s, %(n)s opportunities were won (%(amount)s).", n
    )
    return words % {"when": when, "n": formats.number(n, lang=lang()), "amount": amount}


def _best(page: LoopPage, row: LoopRow) -> str:
    times = (row.revenue or 0) / (row.cost or 1)
    said = {
        "name": _name(page, row),
        "times": formats.number(times, decimals=1 if times < 10 else 0, lang=lang()),
        "many": formats.currency_word(page.basis.currency, lang=lang()),
        "one": formats.currency_word(page.basis.currency, one=True, lang=lang()),
    }
    return gettext("%(name)s brought the most for its cost: %(times)s %(many)s for each %(one)s spent.") % said


def _loss(page: LoopPage, row: LoopRow) -> str:
    words = gettext("%(name)s has so far cost more than it brought: %(cost)s against %(revenue)s.")
    return words % {
        "name": _name(page, row),
        "cost": formats.money(row.cost, page.basis.currency, cents=False, lang=lang()),
        "revenue": formats.money(row.revenue, page.basis.currency, cents=False, lang=lang()),
    }


def _name(page: LoopPage, row: LoopRow) -> str:
    return value_label(page.question.by, row.value)


def too_recent(page: LoopPage) -> str:
    """What has no outcome yet and is counted as no failure; "" where nothing is."""
    n = page.total.n_too_recent if page.total else None
    if not n:
        return ""
    words = ngettext(
        "%(n)s lead is too recent to have closed: it counts neither as won nor as lost.",
        "%(n)s leads are too recent to have closed: they count neither as won nor as lost.",
        n,
    )
    return words % {"n": formats.number(n, lang=lang())}


def amount_unknown(page: LoopPage) -> str:
    """Won deals whose value is not known; "" where there is none."""
    n = page.total.n_amount_unknown if page.total else None
    if not n:
        return ""
    words = ngettext(
        "%(n)s won opportunity has no known value and adds nothing to the won value.",
        "%(n)s won opportunities have no known value and add nothing to the won value.",
        n,
    )
    return words % {"n": formats.number(n, lang=lang())}


def cost_unknown(page: LoopPage) -> str:
    """Costs that cannot be counted for want of a rate; "" where there is none."""
    n = page.total.n_cost_unknown if page.total else None
    if not n:
        return ""
    words = ngettext(
        "%(n)s cost has no known exchange rate: it is missing in what was spent.",
        "%(n)s costs have no known exchange rate: they are missing in what was spent.",
        n,
    )
    return words % {"n": formats.number(n, lang=lang())}


def vat(page: LoopPage) -> str:
    """Whether the won value holds VAT, as far as the CRM says; "" where nothing was won."""
    won = page.in_crm
    if won is None or not (won.n_with_vat or won.n_without_vat or won.n_unsaid):
        return ""
    if won.n_unsaid:
        return gettext("The CRM does not say of every value whether it holds VAT.")
    if won.n_with_vat and won.n_without_vat:
        return gettext("Some values hold VAT and some do not.")
    return gettext("Values hold VAT.") if won.n_with_vat else gettext("Values are without VAT.")


def vat_word(page: LoopPage) -> str:
    """What stands beside the unit of the won value: "with VAT", "without VAT"; "" where the CRM does not say."""
    won = page.in_crm
    if won is None or won.n_unsaid or bool(won.n_with_vat) == bool(won.n_without_vat):
        return ""
    return gettext("with VAT") if won.n_with_vat else gettext("without VAT")


def rates(page: LoopPage) -> str:
    """In which currency amounts are, and at the rate of which day."""
    words = gettext(
        "Amounts are in %(currency)s: a win at the rate of the day of its close, a cost at that of its own."
    )
    return words % {"currency": formats.currency_word(page.basis.currency, lang=lang())}


def known_touch(page: LoopPage) -> str:
    """How many won deals have a known touch: "27 of 31 won have a known touch"; "" without won deals."""
    flow = page.flow
    if not flow.n_won:
        return ""
    words = ngettext(
        "%(known)s of %(n)s won opportunity has a known touch",
        "%(known)s of %(n)s won opportunities have a known touch",
        flow.n_won,
    )
    return words % {
        "known": formats.number(flow.n_won_known, lang=lang()),
        "n": formats.number(flow.n_won, lang=lang()),
    }
