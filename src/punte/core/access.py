"""Who may do what: questions over a person's role and side, in plain Python.

A role says how much someone may do, a side says for whom. A general manager is a viewer of both sides; the person
between the two teams is an admin or a side lead of both.
"""

from __future__ import annotations

from typing import Protocol

ADMIN, SIDE_LEAD, MEMBER, VIEWER = "admin", "side_lead", "member", "viewer"
ROLES = (ADMIN, SIDE_LEAD, MEMBER, VIEWER)

MARKETING, SALES, BOTH = "marketing", "sales", "both"
SIDES = (MARKETING, SALES, BOTH)

COMMAND_LINE = "command line"
"""Who acts when a command is run on the machine itself, which only its owner can do."""


class Person(Protocol):
    """Someone who is signed in, as far as access goes; the user model is one."""

    pk: int
    role: str
    side: str


def works_for(person: Person, side: str) -> bool:
    """Whether the person belongs to this side, or one of the two is both."""
    return person.side == BOTH or side in (BOTH, person.side)


def may_see_person_figures(viewer: Person, subject: Person) -> bool:
    """Figures of one person are for that person and for the lead of their own side, and for nobody else.

    An admin keeps the system running and is not a lead, so an admin sees only their own.
    """
    if viewer.pk == subject.pk:
        return True
    return viewer.role == SIDE_LEAD and works_for(viewer, subject.side)


def may_see_personal_data(viewer: Person) -> bool:
    """Names, addresses and numbers of leads are for those who work with leads; a viewer sees counts and money."""
    return viewer.role in (ADMIN, SIDE_LEAD, MEMBER)


def may_import(viewer: Person) -> bool:
    """Bringing in files and taking them back."""
    return viewer.role in (ADMIN, SIDE_LEAD)


def may_decide(viewer: Person) -> bool:
    """Recording a choice that changes what everyone's numbers mean: channel rules, mappings, calendars, settings."""
    return viewer.role in (ADMIN, SIDE_LEAD)


def may_manage(viewer: Person) -> bool:
    """Adding people, changing their role, and looking after the installation."""
    return viewer.role == ADMIN
