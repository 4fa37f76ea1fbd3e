"""Who may know figures by colleague, and which dimensions tell them so: owners, and columns that name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from punte.core.access import SALES, SIDE_LEAD, Person, works_for
from punte.errors import PunteError
from punte.rooms.loop.queries.opened import Lent, NothingImported, current_figures
from punte.rooms.loop.queries.table import records_of
from punte.rooms.loop.rules import ATTRIBUTE, LoopQuestion, names_of

OWNER = "owner"
SUBJECTS = ("opportunity", "lead", "account", "person")
"""Tables whose further columns tell leads and deals apart."""
MOST_VALUES = 200
"""Above this many values a column names things rather than sorting them."""


class CannotSeePersonFigures(PunteError):
    """Figures of single colleagues are for the lead of their own side."""


@dataclass(frozen=True)
class Column:
    """A column that nothing maps: how many values it has, and whether they are colleagues.

    One name of a colleague is enough; ids may be any column's numbers, so that most of the values must be theirs.
    """

    name: str
    n_values: int
    names_colleagues: bool


def may_see_colleagues(user: Person) -> bool:
    """Whether figures may be told apart by colleague: for the lead of the side whose colleagues own deals."""
    return user.role == SIDE_LEAD and works_for(user, SALES)


def may_see_owners(user: Person) -> bool:
    """Whether a list of deals names who owns each: within sales, for whoever counts such a list reads a ranking."""
    return works_for(user, SALES)


def columns_for(lent: Lent, user: Person) -> tuple[str, ...]:
    """The dimensions ``attribute:<header>`` that this home has, by name: those of two to ``MOST_VALUES`` values.

    Columns that name colleagues are for those who may see figures by colleague.
    """
    is_allowed = may_see_colleagues(user)
    known = [one for one in known_columns(lent) if 1 < one.n_values <= MOST_VALUES]
    return tuple(f"{ATTRIBUTE}{one.name}" for one in known if is_allowed or not one.names_colleagues)


def naming_colleagues(question: LoopQuestion) -> tuple[str, ...]:
    """The dimensions of the question that tell figures apart by colleague."""
    names = names_of(question)
    found = [name for name in names if name == OWNER]
    if any(name.startswith(ATTRIBUTE) for name in names):
        try:
            with current_figures() as lent:
                hidden = {f"{ATTRIBUTE}{one.name}" for one in known_columns(lent) if one.names_colleagues}
        except NothingImported:
            hidden = set()
        found += [name for name in names if name in hidden]
    return tuple(found)


def refuse_colleagues(user: Person, question: LoopQuestion) -> None:
    """Raises: CannotSeePersonFigures where colleagues are told apart for somebody who may not see that."""
    if not may_see_colleagues(user) and naming_colleagues(question):
        raise CannotSeePersonFigures(
            "Figures of single colleagues are for the lead of sales.", remedy="Ask by team, segment or source."
        )


def known_columns(lent: Lent) -> tuple[Column, ...]:
    """Every column that nothing maps, by name."""
    return lent.once("columns", _read_columns)


def _read_columns(numbers: Any) -> tuple[Column, ...]:
    attribute = numbers.tables["attribute"]
    values = attribute.filter(attribute["table"].isin(SUBJECTS) & attribute["value"].notnull())
    values = values.select("name", "value").distinct()
    counted = records_of(numbers, values.group_by("name").agg(n=values.count()))
    if not counted:
        return ()
    by_name = _met(numbers, values, numbers.tables["owner_private"].select(value="full_name"))
    by_id = _met(numbers, values, numbers.tables["owner"].select(value="source_id"))
    return tuple(
        Column(row["name"], row["n"], row["name"] in by_name or 2 * by_id.get(row["name"], 0) > row["n"])
        for row in sorted(counted, key=_name_of)
    )


def _met(numbers: Any, values: Any, said: Any) -> dict[str, int]:
    """By column, how many of its values are among these."""
    met = values.join(said.filter(said["value"].notnull()).distinct(), "value")
    return {row["name"]: row["n"] for row in records_of(numbers, met.group_by("name").agg(n=met.count()))}


def _name_of(row: dict[str, Any]) -> str:
    return str(row["name"])
