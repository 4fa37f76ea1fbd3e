"""Filters that write values as ``punte.web.formats`` does, in the page's language: ``{{ amount|money:"EUR" }}``."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from punte.web import formats
from punte.web.formats import Number

register = template.Library()


def _lang() -> str:
    return get_language() or "en"


@register.filter
def number(value: Number | None, decimals: int | None = None) -> str:
    """``{{ 1234.5|number }}``, ``{{ x|number:1 }}``."""
    return formats.number(value, decimals=decimals, lang=_lang())


@register.filter
def signed(value: Number | None, decimals: int | None = None) -> str:
    """A difference with its sign."""
    return formats.signed(value, decimals=decimals, lang=_lang())


@register.filter
def money(amount: int | None, currency: str) -> str:
    """Minor units with their currency, without cents where there are none: ``{{ amount|money:"EUR" }}``."""
    return formats.money(amount, currency, lang=_lang())


@register.filter
def money_whole(amount: int | None, currency: str) -> str:
    """Minor units with their currency, rounded to whole units, for headlines."""
    return formats.money(amount, currency, cents=False, lang=_lang())


@register.filter
def money_column(amount: int | None, currency: str) -> str:
    """The number alone, whole units, for a column whose header names the currency."""
    return formats.money_number(amount, currency, cents=False, lang=_lang())


@register.filter
def money_exact(amount: int | None, currency: str) -> str:
    """The number alone, always with its cents, for totals that reconcile."""
    return formats.money_number(amount, currency, cents=True, lang=_lang())


@register.filter
def currency(code: str) -> str:
    """The word for a currency in a header: "EUR", in Romanian "lei" for RON."""
    return formats.currency_word(code, lang=_lang())


@register.filter
def percent(share_value: Number | None, decimals: int = 0) -> str:
    """A share from 0 to 1 as a percentage."""
    return formats.percent(share_value, decimals=decimals, lang=_lang())


@register.filter
def share_of(n_hits: int | None, n_cases: int | None) -> str:
    """``{{ n_won|share_of:n_leads }}``: "86%" from 20 cases on, "4 of 11" below."""
    return formats.share(n_hits, n_cases, lang=_lang())


@register.filter
def days(value: Number | None) -> str:
    """A number of days with its word."""
    return formats.days(value, lang=_lang())


@register.filter
def duration(minutes: Number | None) -> str:
    """Minutes as "3 h 10 min"."""
    return formats.duration(minutes, lang=_lang())


@register.filter
def change_from(now: Number | None, before: Number | None) -> str:
    """``{{ now|change_from:before }}``: "+12%", in whole numbers where they are small."""
    return formats.change(now, before, lang=_lang())


@register.filter
def day(value: date | None) -> str:
    """A date; a moment is first taken to the reader's zone."""
    return formats.day(_local(value) if isinstance(value, datetime) else value, lang=_lang())


@register.filter
def day_short(value: date | None) -> str:
    """A date without its year."""
    return formats.day(_local(value) if isinstance(value, datetime) else value, year=False, lang=_lang())


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in the reader's zone; a naive one is UTC, as in the lake."""
    return formats.moment(_local(value) if value else None, lang=_lang())


@register.filter
def until(start_at: date, end_at: date) -> str:
    """``{{ window.start|until:window.end }}``: a half-open window with both its days."""
    return formats.window(start_at, end_at, lang=_lang())


@register.filter
def because(value: object, reason: str) -> str:
    """``{{ text|because:"no spend" }}``: the text, or "not known: no spend" where it is None or empty."""
    return formats.not_known(reason, lang=_lang()) if value in (None, "") else str(value)


def _local(value: datetime) -> datetime:
    return timezone.localtime(value if timezone.is_aware(value) else value.replace(tzinfo=UTC))
