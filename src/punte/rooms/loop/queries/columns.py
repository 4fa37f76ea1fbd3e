"""Columns of the sources that nothing maps, by which rows can be told apart all the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from punte.core.access import Person
from punte.rooms.loop.queries.opened import current_figures
from punte.rooms.loop.queries.pages import may_see_colleagues
from punte.rooms.loop.queries.table import records_of
from punte.rooms.loop.rules import ATTRIBUTE

SUBJECTS = ("opportunity", "lead", "account", "person")
"""Tables whose further columns tell leads and deals apart."""
MOST_VALUES = 200
"""Above this many values a column names things rather than sorting them."""


@dataclass(frozen=True)
class _Column:
    """A column, and whether any of its values is the name or the id of a colleague."""

    name: str
    names_colleagues: bool


def get_columns_for(*, user: Person) -> tuple[str, ...]:
    """The dimensions ``attribute:<header>`` that this home has, by name: those of two to ``MOST_VALUES`` values.

    Columns that name colleagues are for those who may see figures by colleague. Raises: NothingImported.
    """
    with current_figures() as lent:
        known: tuple[_Column, ...] = lent.once("columns", _columns)
    sees_colleagues = may_see_colleagues(user)
    return tuple(f"{ATTRIBUTE}{one.name}" for one in known if sees_colleagues or not one.names_colleagues)


def _columns(numbers: Any) -> tuple[_Column, ...]:
    attribute = numbers.tables["attribute"]
    values = attribute.filter(attribute["table"].isin(SUBJECTS) & attribute["value"].notnull())
    values = values.select("name", "value").distinct()
    counted = records_of(numbers, values.group_by("name").agg(n=values.count()))
    names = sorted(row["name"] for row in counted if 1 < row["n"] <= MOST_VALUES)
    if not names:
        return ()
    owner, private = numbers.tables["owner"], numbers.tables["owner_private"]
    said = (
        owner.select(value="source_id").union(private.select(value="full_name")).filter(lambda t: t["value"].notnull())
    )
    naming = {row["name"] for row in records_of(numbers, values.join(said.distinct(), "value").select("name"))}
    return tuple(_Column(name, name in naming) for name in names)
