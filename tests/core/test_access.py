"""Who may do what: each question over every role and side."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from punte.core import access


@dataclass(frozen=True)
class Seat:
    pk: int
    role: str
    side: str


SANDRO = Seat(1, "member", "sales")


@pytest.mark.parametrize(
    ("viewer", "may"),
    [
        (SANDRO, True),
        (Seat(2, "member", "sales"), False),
        (Seat(2, "side_lead", "sales"), True),
        (Seat(2, "side_lead", "marketing"), False),
        (Seat(2, "side_lead", "both"), True),
        (Seat(2, "viewer", "sales"), False),
        (Seat(2, "admin", "both"), False),
    ],
)
def test_a_persons_figures_are_for_them_and_for_the_lead_of_their_side(viewer: Seat, may: bool) -> None:
    assert access.may_see_person_figures(viewer, SANDRO) is may


@pytest.mark.parametrize("side", ["marketing", "sales"])
def test_who_works_for_both_sides_is_led_by_either_lead(side: str) -> None:
    between = Seat(1, "member", "both")
    assert access.may_see_person_figures(Seat(2, "side_lead", side), between) is True


@pytest.mark.parametrize(
    ("role", "answers"),
    [
        ("admin", {"personal_data": True, "import": True, "decide": True, "manage": True}),
        ("side_lead", {"personal_data": True, "import": True, "decide": True, "manage": False}),
        ("member", {"personal_data": True, "import": False, "decide": False, "manage": False}),
        ("viewer", {"personal_data": False, "import": False, "decide": False, "manage": False}),
    ],
)
@pytest.mark.parametrize("side", access.SIDES)
def test_each_role_may_do_its_part_and_no_more(role: str, side: str, answers: dict[str, bool]) -> None:
    viewer = Seat(1, role, side)
    assert {
        "personal_data": access.may_see_personal_data(viewer),
        "import": access.may_import(viewer),
        "decide": access.may_decide(viewer),
        "manage": access.may_manage(viewer),
    } == answers
