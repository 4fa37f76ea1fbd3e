"""The four figures: cost, leads, won, won value."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from punte.rooms.loop.queries import Basis, LoopRow
from punte.rooms.loop.views.words import days_label, lang
from punte.web import formats


def stats(total: LoopRow | None, before: LoopRow | None, basis: Basis, costs_url: str = "") -> list[dict[str, Any]]:
    """Each figure with its window, its definition, and its change against as many days before."""
    currency = basis.currency
    specs = (
        ("cost", "marketing", gettext("Cost"), gettext("What was spent, by the day of the spend.")),
        ("n_leads", "marketing", gettext("Leads"), gettext("Leads opened, each counted once, by their origin.")),
        ("n_won", "sales", gettext("Won"), gettext("Opportunities won, by the day of the win.")),
        ("revenue", "sales", gettext("Won value"), _value_definition(currency)),
    )
    return [
        {
            "label": label,
            "side": side,
            "definition": definition,
            "window": days_label(basis.spanned),
            "reason_url": costs_url if name == "cost" else "",
            **_value(name, getattr(total, name, None), currency),
            **_change(getattr(total, name, None), getattr(before, name, None), basis),
        }
        for name, side, label, definition in specs
    ]


def _value_definition(currency: str) -> str:
    words = gettext("Value of the opportunities won, in %(currency)s at the rate of the day of the win.")
    return words % {"currency": formats.currency_word(currency, lang=lang())}


def _value(name: str, value: int | None, currency: str) -> dict[str, Any]:
    if value is None:
        reason = gettext("no spend was brought in") if name == "cost" else gettext("nothing in these days")
        return {"value": "", "reason": reason}
    if name in ("cost", "revenue"):
        unit = formats.currency_word(currency, lang=lang())
        return {"value": formats.money_number(value, currency, cents=False, lang=lang()), "unit": unit}
    return {"value": formats.number(value, lang=lang())}


def _change(now: int | None, before: int | None, basis: Basis) -> dict[str, str]:
    earlier = basis.days.before()
    if now is None or before is None or earlier is None:
        return {}
    against = gettext("against %(days)s") % {"days": days_label(earlier)}
    return {"change": formats.change(now, before, lang=lang()), "change_against": against}
