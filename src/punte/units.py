"""The units that figures are made of: money in whole minor units, half-open windows, shares from 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Generic, TypeVar

Moment = TypeVar("Moment", date, datetime)

_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DECIMALS = "CLF UYW"
_EXPONENTS = {
    **dict.fromkeys(_NO_DECIMALS.split(), 0),
    **dict.fromkeys(_THREE_DECIMALS.split(), 3),
    **dict.fromkeys(_FOUR_DECIMALS.split(), 4),
}

CURRENCIES = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
    HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD
    MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR
    RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS
    UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL
    """.split()
)
"""The codes of ISO 4217 that name money in use, and those that old exports still hold."""


def exponent(currency: str) -> int:
    """How many decimals a currency has: 0 for JPY, 3 for KWD, 2 for most.

    Source: ISO 4217, table A.1, minor units.

    >>> exponent("JPY"), exponent("RON"), exponent("KWD")
    (0, 2, 3)
    """
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True)
class Money:
    """An amount in whole minor units of one ISO 4217 currency.

    >>> Money.from_decimal(Decimal("12.345"), "EUR")
    Money(amount=1234, currency='EUR')
    >>> str(Money(1234, "EUR") + Money(6, "EUR"))
    '12.40 EUR'
    """

    amount: int
    currency: str

    @classmethod
    def from_decimal(cls, value: Decimal, currency: str) -> Money:
        """The money for a decimal amount; decimals that the currency does not have are rounded half to even."""
        minor = value.scaleb(exponent(currency)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        return cls(int(minor), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.amount).scaleb(-exponent(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._minor_of(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._minor_of(other), self.currency)

    def __str__(self) -> str:
        return f"{self.decimal:.{exponent(self.currency)}f} {self.currency}"

    def _minor_of(self, other: Money) -> int:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added without a rate; convert one first.")
        return other.amount


@dataclass(frozen=True)
class Window(Generic[Moment]):
    """A span of time that holds its start and not its end: ``[start, end)``. Windows that touch do not overlap.

    >>> week = Window(date(2026, 3, 9), date(2026, 3, 16))
    >>> week.previous()
    Window(start=datetime.date(2026, 3, 2), end=datetime.date(2026, 3, 9))
    >>> date(2026, 3, 16) in week
    False
    """

    start: Moment
    end: Moment

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise ValueError(f"A window ends after it starts; this one goes from {self.start} to {self.end}.")

    @property
    def length(self) -> timedelta:
        """How long the window is."""
        return self.end - self.start

    def previous(self) -> Window[Moment]:
        """The window of equal length that ends where this one starts."""
        return Window(self.start - self.length, self.start)

    def __contains__(self, moment: Moment) -> bool:
        return self.start <= moment < self.end


class Share(float):
    """A part of a whole, from 0 to 1; percent signs belong to the page that shows it.

    >>> Share.of(1, 4), Share.of(0, 0)
    (0.25, None)
    """

    def __new__(cls, value: float) -> Share:
        if not 0 <= value <= 1:
            raise ValueError(f"A share lies between 0 and 1; {value} does not.")
        return super().__new__(cls, value)

    @classmethod
    def of(cls, part: float, whole: float) -> Share | None:
        """The share that ``part`` is of ``whole``; None where the whole is nothing, for there is no share of it."""
        return cls(part / whole) if whole else None
