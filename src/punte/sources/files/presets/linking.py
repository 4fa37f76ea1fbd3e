"""How the files of one import refer to each other: ids, links, and colleagues that are only named."""

from __future__ import annotations

from dataclasses import dataclass

from punte.sources.files.mapping.language import Cell
from punte.sources.files.presets.drafts import Draft, filled
from punte.sources.files.presets.shapes import unique_id


@dataclass(frozen=True)
class Known:
    """What the other files of the same import hold: headers that are ids there, and whether some are deals or leads."""

    leads: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    has_deals: bool = False
    has_leads: bool = False


def identity_of(draft: Draft, *concepts: str) -> Cell | None:
    """A column that is an id by its name and its values; else the first one whose values could be ids."""
    for concept in concepts:
        header = draft.sheet.of(concept)
        if header is not None and draft.sheet.column(header).is_unique:
            return draft.of(header)
    header = unique_id(draft.sheet)
    return draft.of(header) if header else None


def link(draft: Draft, ids: frozenset[str]) -> Cell | None:
    """A column with the same name as the id of another file."""
    header = next((name for name in draft.sheet.columns if name in ids), None)
    return draft.of(header) if header else None


def lowered(cell: Cell | None) -> Cell | None:
    """The same column, in lower case, so that it can be an id."""
    return Cell(headers=cell.headers, lower=True) if cell is not None else None


def person_of(draft: Draft, known: Known) -> Cell | None:
    """Who the row is about: as the people's file names them, else by number, else by address."""
    return link(draft, known.people) or draft.text("person_id") or lowered(draft.text("email"))


def named_owner(draft: Draft, known: Known) -> None:
    """A colleague of whom no file tells more."""
    owner = draft.sheet.of("owner_id", "owner")
    if owner is not None and owner not in known.owners:
        is_number = owner.lower().replace("_", " ").endswith(" id")
        cells = {"full_name": draft.text("owner") if draft.sheet.has("owner_id") or not is_number else None}
        draft.table("owner", draft.of(owner), cells, when=filled(owner))
