"""How numbers, money, shares, days and dates are written, in English and in Romanian.

Plain functions without Django, so that pages, figures, mails and the command line write one and the same text.
Every function takes ``lang`` ("en" or "ro"; anything else reads as English). A missing value is written as
"not known", with its reason where there is one, and never as 0. Number and unit are joined by a no-break space.
"""

from __future__ import annotations

import gettext as gettext_module
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from punte.units import exponent

NBSP = "\u00a0"
MINUS = "\u2212"
EN_DASH = "\u2013"
SMALL_NUMBER = 20
"""Below this many cases a rate is written as "4 of 11" and not as a percentage."""

LOCALE_DIR = Path(__file__).parent / "locale"
Number: TypeAlias = int | float | Decimal


_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "ro": (
        *("ian.", "feb.", "mar.", "apr.", "mai", "iun."),
        *("iul.", "aug.", "sept.", "oct.", "nov.", "dec."),
    ),
}
_WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "ro": ("lun.", "mar.", "mie.", "joi", "vin.", "sâm.", "dum."),
}
_WHOLE_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "ro": ("luni", "marți", "miercuri", "joi", "vineri", "sâmbătă", "duminică"),
}


@cache
def catalogue(lang: str) -> gettext_module.NullTranslations:
    """The compiled messages of one language; English stands in for a language that has none."""
    return gettext_module.translation("django", LOCALE_DIR, languages=[_known(lang)])


def _known(lang: str) -> str:
    return "ro" if lang.lower().startswith("ro") else "en"


def not_known(reason: str = "", *, lang: str = "en") -> str:
    """What stands in the place of a missing value: "not known", or "not known: <reason>"."""
    words = catalogue(lang).gettext("not known")
    return f"{words}: {reason}" if reason else words


def number(value: Number | None, *, decimals: int | None = None, lang: str = "en") -> str:
    """1234.5 as "1,234.5" or "1.234,5"; without ``decimals`` as many as the value has, at most two."""
    if value is None:
        return not_known(lang=lang)
    exact = _decimal(value)
    places = min(2, _places(exact)) if decimals is None else decimals
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{abs(rounded):,.{places}f}"
    if _known(lang) == "ro":
        text = text.translate(str.maketrans(",.", ".,"))
    return f"{MINUS}{text}" if rounded < 0 else text


def _decimal(value: Number) -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        raise ValueError(f"{value!r} is not a number that can be written; a missing value is None.")
    return exact


def _places(exact: Decimal) -> int:
    exponent = exact.normalize().as_tuple().exponent
    return max(0, -int(exponent))


def money(amount: int | None, currency: str, *, cents: bool | None = None, reason: str = "", lang: str = "en") -> str:
    """An amount in minor units with its ISO currency: "12,400 EUR", in Romanian "1.234,50 lei".

    Cents are shown when there are any; ``cents=True`` always shows them and ``cents=False`` rounds them away.
    """
    if amount is None:
        return not_known(reason, lang=lang)
    text = money_number(amount, currency, cents=cents, lang=lang)
    return f"{text}{NBSP}{currency_word(currency, one=text == '1', lang=lang)}"


def money_number(amount: int | None, currency: str, *, cents: bool | None = None, lang: str = "en") -> str:
    """The number of ``money`` alone, for columns whose header names the currency."""
    if amount is None:
        return not_known(lang=lang)
    digits = exponent(currency)
    major = Decimal(amount).scaleb(-digits)
    if cents is None:
        cents = major != major.to_integral_value()
    return number(major, decimals=digits if cents else 0, lang=lang)


def currency_word(currency: str, *, one: bool = False, lang: str = "en") -> str:
    """The word for a currency: the ISO code, but "lei" (one: "leu") for RON in Romanian."""
    code = currency.upper()
    if _known(lang) == "ro" and code == "RON":
        return "leu" if one else "lei"
    return code


def short_number(value: Number | None, *, lang: str = "en") -> str:
    """A number for an axis: "12.4k", "1.2M"; in Romanian "12,4 mii", "1,2 mil."."""
    if value is None:
        return not_known(lang=lang)
    exact = _decimal(value)
    marks = (NBSP + "mii", NBSP + "mil.", NBSP + "mld.") if _known(lang) == "ro" else ("k", "M", "B")
    for power, mark in zip((9, 6, 3), reversed(marks), strict=True):
        if abs(exact) >= Decimal("0.99995").scaleb(power):  # 999,950 is written 1M and not 1,000k
            return number(exact.scaleb(-power).quantize(Decimal("0.1"), ROUND_HALF_UP), lang=lang) + mark
    return number(exact, lang=lang)


def percent(share_value: Number | None, *, decimals: int = 0, reason: str = "", lang: str = "en") -> str:
    """A share from 0 to 1 as "86%", in Romanian "86 %" with a no-break space."""
    if share_value is None:
        return not_known(reason, lang=lang)
    sign = f"{NBSP}%" if _known(lang) == "ro" else "%"
    return number(_decimal(share_value) * 100, decimals=decimals, lang=lang) + sign


def share(n_hits: int | None, n_cases: int | None, *, decimals: int = 0, lang: str = "en") -> str:
    """A rate of cases: "86%" from 20 cases on, "4 of 11" below, "not known: no cases" of none."""
    words = catalogue(lang)
    if n_hits is None or n_cases is None:
        return not_known(lang=lang)
    if n_cases == 0:
        return not_known(words.gettext("no cases"), lang=lang)
    if n_cases < SMALL_NUMBER:
        return words.gettext("%(hits)s of %(cases)s") % {"hits": n_hits, "cases": n_cases}
    return percent(Decimal(n_hits) / Decimal(n_cases), decimals=decimals, lang=lang)


def days(value: Number | None, *, reason: str = "", lang: str = "en") -> str:
    """A number of days: "1 day", "2.5 days"; in Romanian "1 zi", "2,5 zile", "20 de zile"."""
    if value is None:
        return not_known(reason, lang=lang)
    text = number(value, decimals=None if abs(_decimal(value)) < 10 else 0, lang=lang)
    form = catalogue(lang).ngettext("%(n)s day", "%(n)s days", _plural_key(text))
    return (form % {"n": text}).replace(" ", NBSP)


def _plural_key(text: str) -> int:
    """The integer that chooses the plural form of a written number; fractions take the form of 2."""
    bare = text.lstrip(MINUS)
    return int(bare.replace(",", "").replace(".", "")) if _is_whole(bare) else 2


def _is_whole(text: str) -> bool:
    groups = text.replace(",", ".").split(".")
    return all(group.isdigit() for group in groups) and all(len(group) == 3 for group in groups[1:])


def duration(minutes: Number | None, *, reason: str = "", lang: str = "en") -> str:
    """A span: "38 min", "3 h 10 min", "2 days 4 h"; whole minutes, two units at most."""
    if minutes is None:
        return not_known(reason, lang=lang)
    whole = int(_decimal(minutes).quantize(Decimal(1), ROUND_HALF_UP))
    sign, whole = (MINUS, -whole) if whole < 0 else ("", whole)
    n_days, rest = divmod(whole, 24 * 60)
    n_hours, n_minutes = divmod(rest, 60)
    if n_days:
        parts = [days(n_days, lang=lang), f"{n_hours}{NBSP}h" if n_hours else ""]
    elif n_hours:
        parts = [f"{n_hours}{NBSP}h", f"{n_minutes}{NBSP}min" if n_minutes else ""]
    else:
        parts = [f"{n_minutes}{NBSP}min"]
    return sign + NBSP.join(part for part in parts if part)


def signed(value: Number | None, *, decimals: int | None = None, lang: str = "en") -> str:
    """A difference with its sign: "+12", "−3", "0"."""
    text = number(value, decimals=decimals, lang=lang)
    return f"+{text}" if value is not None and _decimal(value) > 0 and text.strip("0.,") else text


def change(now: Number | None, before: Number | None, *, lang: str = "en") -> str:
    """The change against an equal window before: "+12%"; in whole numbers when either is below 20 cases."""
    if now is None or before is None:
        return not_known(lang=lang)
    difference = _decimal(now) - _decimal(before)
    if min(abs(_decimal(now)), abs(_decimal(before))) < SMALL_NUMBER:
        return signed(difference, lang=lang)
    text = percent(difference / abs(_decimal(before)), lang=lang)
    return f"+{text}" if difference > 0 and not text.startswith("0") else text


def day(value: date | None, *, year: bool = True, reason: str = "", lang: str = "en") -> str:
    """A date: "20 Nov 2026", in Romanian "20 nov. 2026"; without the year where the page says it."""
    if value is None:
        return not_known(reason, lang=lang)
    month = _MONTHS[_known(lang)][value.month - 1]
    parts = [str(value.day), month, str(value.year)] if year else [str(value.day), month]
    return NBSP.join(parts)


def moment(value: datetime | None, *, reason: str = "", lang: str = "en") -> str:
    """A moment in the zone that it carries: "20 Nov 2026, 18:00"."""
    if value is None:
        return not_known(reason, lang=lang)
    return f"{day(value, lang=lang)}, {value:%H:%M}"


def days_between(first: date, last: date, *, year: bool = True, lang: str = "en") -> str:
    """Both days included: "1–31 Oct 2026", "1 Oct – 31 Dec 2026", "20 Nov 2026"."""
    if first == last:
        return day(first, year=year, lang=lang)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{EN_DASH}{day(last, year=year, lang=lang)}"
    first_year = year and first.year != last.year
    return f"{day(first, year=first_year, lang=lang)} {EN_DASH} {day(last, year=year, lang=lang)}"


def window(start_at: date, end_at: date, *, year: bool = True, lang: str = "en") -> str:
    """A half-open window ``[start_at, end_at)`` written as people do, with both its days."""
    start, end = _as_day(start_at), _as_day(end_at - timedelta(microseconds=1))
    if not isinstance(end_at, datetime):
        end = end_at - timedelta(days=1)
    return days_between(start, end, year=year, lang=lang)


def _as_day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def quarter(year: int, n_quarter: int, *, lang: str = "en") -> str:
    """ "Q4 2026", in Romanian "T4 2026"."""
    return f"{'T' if _known(lang) == 'ro' else 'Q'}{n_quarter}{NBSP}{year}"


def month_name(value: date, *, year: bool = True, lang: str = "en") -> str:
    """ "Nov 2026", in Romanian "nov. 2026"."""
    name = _MONTHS[_known(lang)][value.month - 1]
    return f"{name}{NBSP}{value.year}" if year else name


def weekday(value: date, *, lang: str = "en") -> str:
    """The day of the week inside a sentence: "Friday", in Romanian "vineri"."""
    return _WHOLE_WEEKDAYS[_known(lang)][value.weekday()]


def weekdays(*, lang: str = "en") -> Sequence[str]:
    """The seven short names of the days, Monday first."""
    return _WEEKDAYS[_known(lang)]


Kind = Literal["count", "money", "days", "minutes", "share", "number"]


@dataclass(frozen=True)
class ValueFormat:
    """How the values of one figure or column are written.

    ``money`` takes whole minor units and needs ``currency``; ``share`` takes 0 to 1; ``noun`` names what a
    count counts ("persons"), already in the reader's language.
    """

    kind: Kind = "count"
    currency: str = ""
    noun: str = ""

    def text(self, value: Number | None, *, lang: str = "en") -> str:
        """The value in full, with its unit."""
        match self.kind:
            case "money":
                return money(None if value is None else int(value), self.currency, cents=False, lang=lang)
            case "days":
                return days(value, lang=lang)
            case "minutes":
                return duration(value, lang=lang)
            case "share":
                return percent(value, lang=lang)
        return number(value, lang=lang)

    def exact(self, value: Number | None, *, lang: str = "en") -> str:
        """The value as the table behind a figure shows it: like ``text``, but money with its cents."""
        if self.kind == "money" and value is not None:
            return money(int(value), self.currency, lang=lang)
        return self.text(value, lang=lang)

    def change(self, value: Number, *, lang: str = "en") -> str:
        """A difference in this unit, with its sign."""
        text = self.text(value, lang=lang)
        return f"+{text}" if value > 0 else text

    def axis(self, value: Number, *, lang: str = "en") -> str:
        """The value as short as an axis needs it, without its unit."""
        if self.kind == "share":
            return percent(value, lang=lang)
        if self.kind == "money":
            return short_number(_decimal(value).scaleb(-exponent(self.currency)), lang=lang)
        if self.kind == "minutes":
            return duration(value, lang=lang)
        return short_number(value, lang=lang)

    def unit(self, *, lang: str = "en") -> str:
        """What to write at the axis or in the header; empty when the values carry it themselves."""
        if self.kind == "money":
            return currency_word(self.currency, lang=lang)
        if self.kind == "days":
            return catalogue(lang).gettext("days")
        return self.noun
