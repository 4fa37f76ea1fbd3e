"""From cells to numbers and exact money, in the way of writing numbers that the mapping declares."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.units import CURRENCIES, exponent

DECIMAL = pa.decimal128(38, 9)
_N_DIGITS, _N_DECIMALS = 14, 9
_SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009\u2007'\u2019"))
_WORDS = {
    **dict.fromkeys(["€", "eur", "euro", "euros"], "EUR"),
    **dict.fromkeys(["$", "us$", "usd", "dollar", "dollars"], "USD"),
    **dict.fromkeys(["£", "gbp", "pound", "pounds"], "GBP"),
    **dict.fromkeys(["lei", "leu", "ron"], "RON"),
    **dict.fromkeys(["r$", "brl", "real", "reais"], "BRL"),
    **dict.fromkeys(["¥", "jpy", "yen"], "JPY"),
    **dict.fromkeys(["ft", "huf", "forint"], "HUF"),
    **dict.fromkeys(["лв", "лв.", "bgn", "lev", "leva"], "BGN"),
    **dict.fromkeys(["zł", "zl", "pln"], "PLN"),
    **dict.fromkeys(["kč", "kc", "czk"], "CZK"),
    **dict.fromkeys(["₹", "inr"], "INR"),
    **dict.fromkeys(["fr.", "sfr.", "chf"], "CHF"),
}
_DOLLARS = "USD AUD CAD NZD SGD HKD MXN ARS CLP COP TWD BBD BSD BZD FJD JMD LRD NAD SBD SRD TTD UYU XCD"
_SHARED = {
    **dict.fromkeys(["$", "dollar", "dollars"], frozenset(_DOLLARS.split())),
    **dict.fromkeys(["£", "pound", "pounds"], frozenset("GBP EGP GIP FKP SHP".split())),
    "¥": frozenset(["JPY", "CNY"]),
    **dict.fromkeys(["lei", "leu"], frozenset(["RON", "MDL"])),
}
"""Signs that several currencies share: where the file is said to be in one of those, the sign means that one."""
_BESIDE = r"[^0-9\s.,'’()+\-−–%eE]"
_MINUS = re.compile(r"^\((?P<inner>.+)\)$|^(?P<before>[-−–])\s*(?P<rest>.+)$|^(?P<number>.+)(?P<after>[-−])$")
_AROUND = re.compile(r"^(?P<before>(?:[^\d\s.,+-]+\.?)?)\s*(?P<number>[\d.,eE+-]+)\s*(?P<after>[^\d]*)$")


def read_decimals(values: pa.Array, decimal: str, thousands: str) -> pa.Array:
    """Exact decimals; null where a value is null or is no number (or one of over 14 digits).

    Accepted besides plain numbers: well-placed thousands signs and spaces, a currency sign or code before or after,
    a minus before or after, an amount in brackets (negative), a percent sign (divides by 100), and ``1E+05``.
    """
    if pa.types.is_integer(values.type):
        return _whole(values)
    if not pa.types.is_string(values.type):
        decimal, thousands = ".", ","
    texts = values.cast(pa.string())
    plain = pc.match_substring_regex(
        texts, rf"^-?[0-9]{{1,{_N_DIGITS}}}(?:{re.escape(decimal)}[0-9]{{1,{_N_DECIMALS}}})?$"
    )
    if decimal != ".":
        texts = pc.if_else(plain, pc.replace_substring(texts, decimal, "."), texts)
    others = pc.if_else(plain, None, texts)
    if others.null_count < len(others):
        encoded = others.dictionary_encode()
        known = [canonical(text, decimal, thousands) for text in encoded.dictionary.to_pylist()]
        texts = pc.if_else(plain, texts, pa.array(known, pa.string()).take(encoded.indices))
    return texts.cast(DECIMAL)


def canonical(text: str, decimal: str, thousands: str) -> str | None:
    """The number in plain digits, ``1.234,50 lei`` as ``1234.50``; None when it is none.

    >>> canonical("(1,200.5)", ".", ","), canonical("1 200,50 lei", ",", "."), canonical("1,20", ".", ",")
    ('-1200.5', '1200.50', None)
    """
    sign, rest = _unsigned(text.strip())
    around = _AROUND.match(rest)
    if around is None:
        around = _AROUND.match(_without_spaces(rest))
    if around is None or not _are_words(around["before"], around["after"]):
        return None
    inner_sign, number = _unsigned(around["number"])
    plain = _ungrouped(number, decimal, thousands)
    if plain is None or (sign < 0 and inner_sign < 0):
        return None
    return _printed(plain, min(sign, inner_sign), is_percent="%" in around["after"])


def _unsigned(text: str) -> tuple[int, str]:
    found = _MINUS.match(text)
    if found is None:
        return 1, text.removeprefix("+")
    return -1, (found["inner"] or found["rest"] or found["number"]).strip()


def _without_spaces(text: str) -> str:
    """Spaces and apostrophes between digits only: ``1 200 lei`` keeps the one before ``lei``."""
    return re.sub(r"(?<=\d)[ \u00a0\u202f\u2009\u2007'\u2019](?=\d{3}(?!\d))", "", text)


def _are_words(before: str, after: str) -> bool:
    return all(
        not word or currency_code(word) is not None
        for word in (before.strip().casefold(), after.replace("%", "").strip().casefold())
    )


def _ungrouped(number: str, decimal: str, thousands: str) -> str | None:
    digits, exponent_sign, power = number.upper().partition("E")
    whole, sign, decimals = digits.partition(decimal)
    if thousands and thousands in whole:
        if not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+", whole):
            return None
        whole = whole.replace(thousands, "")
    plain = f"{whole or '0'}{'.' if sign else ''}{decimals}{exponent_sign}{power}"
    is_number = re.fullmatch(r"\d*", whole) and re.fullmatch(r"\d*", decimals) and (whole or decimals)
    return plain if is_number and re.fullmatch(r"(?:E[+-]?\d{1,3})?", exponent_sign + power) else None


def _printed(plain: str, sign: int, *, is_percent: bool) -> str | None:
    try:
        value = Decimal(plain) * sign
    except InvalidOperation:
        return None
    if is_percent:
        value = value.scaleb(-2)
    if not -(10**_N_DIGITS) < value < 10**_N_DIGITS:
        return None
    short = round(value, _N_DECIMALS)
    return format(value if short == value else short, "f")


def _whole(values: pa.Array) -> pa.Array:
    values = values.cast(pa.int64())
    near = pc.less(pc.abs(values), 10**_N_DIGITS)
    return pc.if_else(near, values, None).cast(pa.decimal128(19, 0)).cast(DECIMAL)


def minor_units(decimals: pa.Array, currencies: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """Whole minor units, rounded half to even where a currency has fewer decimals, and where that changed something."""
    encoded = currencies.dictionary_encode()
    exponents = [exponent(currency) for currency in encoded.dictionary.to_pylist()] or [2]
    of_row = np.asarray(pc.fill_null(pa.array(exponents, pa.int64()).take(encoded.indices), exponents[0]))
    amount = pa.nulls(len(decimals), pa.int64())
    rounded = np.zeros(len(decimals), bool)
    for digits in sorted(set(exponents)):
        mask = of_row == digits
        whole, changed = _scaled(decimals, digits)
        amount = whole if mask.all() else pc.if_else(pa.array(mask), whole, amount)
        rounded |= changed & mask
    return amount, rounded


def _scaled(decimals: pa.Array, digits: int) -> tuple[pa.Array, np.ndarray]:
    kept = pc.round(decimals, ndigits=digits, round_mode="half_to_even")
    changed = np.asarray(pc.fill_null(pc.not_equal(kept, decimals), False))
    factor = pa.scalar(Decimal(10**digits), pa.decimal128(5, 0))
    return pc.multiply(kept.cast(pa.decimal128(32, 9)), factor).cast(pa.decimal128(19, 0)).cast(pa.int64()), changed


def currency_codes(texts: pa.Array) -> pa.Array:
    """ISO codes for codes, signs and words such as ``eur``, ``€`` or ``lei``; null where a text is none of them."""
    encoded = texts.dictionary_encode()
    codes = [currency_code(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(codes, pa.string()).take(encoded.indices)


def currencies_beside(amounts: pa.Array, default: str | None) -> pa.Array:
    """The currency that stands in the cell beside each amount, as in ``$1,200`` or ``1.200 lei``; null where none does.

    A sign that several currencies share means ``default`` where that is one of them.
    """
    beside = pc.match_substring_regex(amounts, _BESIDE)
    encoded = pc.if_else(beside, amounts, None).dictionary_encode()
    codes = [_beside(text, default) for text in encoded.dictionary.to_pylist()]
    return pa.array(codes, pa.string()).take(encoded.indices)


def _beside(text: str, default: str | None) -> str | None:
    word = re.sub(r"[\d\s.,'’()+\-−–%]", "", text).casefold()
    return default if default in _SHARED.get(word, ()) else currency_code(word)


def currency_code(text: str) -> str | None:
    """The ISO 4217 code that a word stands for, None when none.

    >>> currency_code("lei"), currency_code("Eur"), currency_code("much")
    ('RON', 'EUR', None)
    """
    word = text.strip().casefold()
    if word in _WORDS:
        return _WORDS[word]
    return word.upper() if word.upper() in CURRENCIES else None
