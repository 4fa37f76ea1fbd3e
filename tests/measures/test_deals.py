"""Deals, drawn: their lead, their origin, who they are, and how long they took."""

import pytest

from punte.measures.deals import deal, spend_day
from tests.measures.drawing import drawn, shown, sorted_cells

CONVERTED = """
    opportunity_id | amount | currency | is_rate_missing
    o1             | 4950   | EUR      | false
    """
CYCLE = """
    lead_id | cycle | person_id | segment | traffic_id | origin_basis | opened_at  | opened_on
    l1      | 1     | p1        | large   | {origin}   | {basis}      | 2026-01-01 | 2026-01-01
    l1      | 2     | p1        | large   | again      | first_touch  | 2026-02-01 | 2026-02-01
    """
OF_LEAD = """
    opportunity_id | lead_id
    o1             | l1
    """


def told(run, wanted, **tables):
    given = {"converted": CONVERTED, **tables}
    found = run(deal, **{name: drawn(name, text) for name, text in given.items()})
    return shown(found, wanted), sorted_cells(wanted)


@pytest.mark.parametrize(
    ("on_deal", "origin", "basis", "touch", "wanted_origin", "wanted_basis"),
    [
        ("said", "leads", "declared", "seen", "said", "declared"),
        ("", "leads", "declared", "seen", "leads", "declared"),
        ("", "met", "first_touch", "seen", "met", "first_touch"),
        ("", "", "none", "seen", "seen", "first_touch"),
    ],
)
def test_an_origin_is_that_of_the_deal_else_of_its_lead_else_the_first_touch_of_its_persons(
    run, on_deal, origin, basis, touch, wanted_origin, wanted_basis
):
    wanted = f"""
        cycle | traffic_id      | origin_basis
        1     | {wanted_origin} | {wanted_basis}
        """
    found, expected = told(
        run,
        wanted,
        opportunity=f"""
            record_id | status | created_at | closed_at  | traffic_id
            o1        | won    | 2026-01-10 | 2026-01-20 | {on_deal}
            """,
        deal_lead=OF_LEAD,
        cycle=CYCLE.format(origin=origin, basis=basis),
        deal_person="""
            opportunity_id | person_id
            o1             | p1
            """,
        touch=f"""
            touch_id | person_id | kind | traffic_id | occurred_at
            t1       | p1        | form | {touch}    | 2026-01-05
            """,
    )
    assert found == expected


def test_a_touch_after_the_close_is_no_origin(run):
    wanted = """
        traffic_id | origin_basis | n_persons
                   | none         | 1
        """
    found, expected = told(
        run,
        wanted,
        opportunity="""
            record_id | status | created_at | closed_at
            o1        | won    | 2026-01-10 | 2026-01-20 10:00
            """,
        deal_person="""
            opportunity_id | person_id
            o1             | p1
            """,
        touch="""
            touch_id | person_id | kind | traffic_id | occurred_at
            t1       | p1        | form | late       | 2026-01-20 10:01
            """,
    )
    assert found == expected


@pytest.mark.parametrize(
    ("precision", "occurred_on", "basis"),
    [("day", "2026-01-20", "first_touch"), ("day", "2026-01-21", "none"), ("second", "2026-01-20", "none")],
)
def test_a_touch_on_the_day_of_a_close_without_a_time_is_an_origin(run, precision, occurred_on, basis):
    wanted = f"""
        closed_precision | origin_basis
        {precision}      | {basis}
        """
    found, expected = told(
        run,
        wanted,
        opportunity=f"""
            record_id | status | closed_at        | closed_on  | closed_precision
            o1        | won    | 2026-01-19 22:00 | 2026-01-20 | {precision}
            """,
        deal_person="""
            opportunity_id | person_id
            o1             | p1
            """,
        touch=f"""
            touch_id | person_id | kind | occurred_at      | occurred_on
            t1       | p1        | form | 2026-01-20 21:30 | {occurred_on}
            """,
    )
    assert found == expected


@pytest.mark.parametrize(
    ("created_at", "cycle", "days_to_won"),
    [("2026-01-10", 1, 50), ("2026-02-01", 2, 19), ("2026-02-10", 2, 19), ("", 2, 19)],
)
def test_a_deal_belongs_to_the_cycle_in_which_it_was_opened_and_its_days_run_from_there(
    run, created_at, cycle, days_to_won
):
    wanted = f"""
        lead_id | cycle   | segment | days_to_won
        l1      | {cycle} | large   | {days_to_won}
        """
    found, expected = told(
        run,
        wanted,
        opportunity=f"""
            record_id | status | created_at   | closed_at
            o1        | won    | {created_at} | 2026-02-20
            """,
        deal_lead=OF_LEAD,
        cycle=CYCLE.format(origin="x", basis="declared"),
    )
    assert found == expected


@pytest.mark.parametrize(
    ("status", "closed_at", "days_to_won"),
    [("won", "2026-01-12 23:30", "2"), ("won", "2026-01-08", "-2"), ("won", "", ""), ("lost", "2026-01-12", "")],
)
def test_days_to_won_are_whole_local_days_of_won_deals(run, status, closed_at, days_to_won):
    wanted = f"""
        status   | days_to_won   | lead_id | cycle
        {status} | {days_to_won} |         |
        """
    found, expected = told(
        run,
        wanted,
        opportunity=f"""
            record_id | status   | created_at       | closed_at
            o1        | {status} | 2026-01-10 00:30 | {closed_at}
            """,
    )
    assert found == expected


def test_a_deal_keeps_its_own_amount_beside_the_converted_one(run):
    wanted = """
        amount | currency | original_amount | original_currency | is_rate_missing
        4950   | EUR      | 24700           | RON               | false
        """
    found, expected = told(
        run,
        wanted,
        opportunity="""
            record_id | status | amount | currency
            o1        | open   | 24700  | RON
            """,
    )
    assert found == expected


def test_spend_adds_up_by_traffic_and_day_and_says_what_could_not_be_converted(run):
    spend = """
        record_id | traffic_id | spent_at   | amount | currency
        s1        | ads        | 2026-01-05 | 100    | EUR
        s2        | ads        | 2026-01-05 | 500    | RON
        s3        | ads        | 2026-01-05 | 900    | XYZ
        s4        | ads        | 2026-01-06 | 900    | XYZ
        s5        |            | 2026-01-05 | 1      | EUR
        """
    values = """
        spend_id | amount | currency | is_rate_missing
        s1       | 100    | EUR      | false
        s2       | 101    | EUR      | false
        s3       |        | EUR      | true
        s4       |        | EUR      | true
        s5       | 1      | EUR      | false
        """
    wanted = """
        traffic_id | day        | amount | currency | n_rows | n_rate_missing
        ads        | 2026-01-05 | 201    | EUR      | 3      | 1
        ads        | 2026-01-06 |        | EUR      | 1      | 1
                   | 2026-01-05 | 1      | EUR      | 1      | 0
        """
    found = run(spend_day, spend=drawn("spend", spend), converted_spend=drawn("converted_spend", values))
    assert shown(found, wanted) == sorted_cells(wanted)
