"""From a measure's units to those that people read: major units of money, names for ids, a word for no origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from punte.measures.arithmetic import floor_divide
from punte.measures.dimensions import find_dimensions
from punte.units import exponent

UNATTRIBUTED = "unattributed"
"""The key of what has no known touch at all; an origin that is known to be empty is an empty cell."""

_MONEY = (
    *("revenue", "revenue_with_touch", "cost", "cac", "cost_per_lead", "amount", "credit"),
    *("original_amount", "recurring_amount"),
)


def in_major_units(table: ir.Table, currency: str) -> ir.Table:
    """Money columns as decimals with as many places as the currency has; exact."""
    money = [name for name in table.columns if is_money(name)]
    return table.mutate(**{name: major_units(table[name], currency) for name in money})


def is_money(name: str) -> bool:
    """Whether a column of that name holds minor units."""
    return name in _MONEY or name.startswith(("credit_", "cac_"))


def major_units(minor: ir.IntegerValue, currency: str) -> ir.DecimalValue:
    """Minor units as an exact decimal: 123456 of EUR is 1234.56."""
    places = exponent(currency)
    if places == 0:
        return minor.cast("decimal(38, 0)")
    # Text carries the digits across exactly on every engine; a decimal division would pass through floats on one.
    size = 10**places
    whole = floor_divide(minor.abs(), size)
    rest = (minor.abs() - whole * size).cast("string").lpad(places, "0")
    sign = ibis.ifelse(minor < 0, "-", "")
    return (sign + whole.cast("string") + "." + rest).cast(f"decimal(38, {places})")


def with_words(table: ir.Table, by: Sequence[str]) -> ir.Table:
    """Keys of traffic of what has no origin read ``unattributed``; the flags go to the end of the table."""
    of_traffic = [dimension.name for dimension in find_dimensions(by) if dimension.is_of_traffic]
    if "is_unattributed" not in table.columns:
        return table
    words = {name: ibis.ifelse(table.is_unattributed, UNATTRIBUTED, table[name]) for name in of_traffic}
    flags = [name for name in ("is_unattributed", "is_overlapping") if name in table.columns]
    kept = [name for name in table.columns if name not in flags]
    return table.mutate(**words).select(*kept, *flags)


def with_names(table: ir.Table, names: Mapping[str, ir.Table]) -> ir.Table:
    """Ids in key columns (owner, account) as names; ``names`` holds tables of id and name by column.

    Two owners of one name stay two rows; an id without a name stays itself.
    """
    columns = table.columns
    for column, known in names.items():
        if column not in columns:
            continue
        known = known.select(of_id="id", name_of_id="name")
        table = table.left_join(known, table[column] == known.of_id).drop("of_id")
        table = table.mutate(**{column: ibis.coalesce(table.name_of_id, table[column])}).drop("name_of_id")
    return table.select(*columns)
