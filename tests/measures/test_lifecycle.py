"""Cycles of leads, drawn: what begins one, what each reached, and where each came from."""

import pytest

from punte.measures.lifecycle import cycle
from tests.measures.drawing import drawn, shown, sorted_cells

LEAD = """
    record_id | person_record_id | opened_at
    l1        | p1               | 2026-01-01 09:00
    """
PERSON_OF = """
    record_id | person_id
    p1        | p1
    p1b       | p1
    """


def days(run, wanted, **tables):
    """Cycles of one lead over drawn tables, and what is wanted of them."""
    given = {"lead": LEAD, "person_of": PERSON_OF, **tables}
    found = run(cycle, **{name: drawn(name, text) for name, text in given.items()})
    return shown(found, wanted), sorted_cells(wanted)


def test_a_recycled_lead_has_two_entries_as_mql_one_in_each_cycle(run):
    events = """
        record_id | lead_record_id | stage    | occurred_at
        e1        | l1             | mql      | 2026-01-02
        e2        | l1             | recycled | 2026-01-05
        e3        | l1             | mql      | 2026-02-01
        e4        | l1             | sql      | 2026-02-03
        """
    wanted = """
        cycle | opened_on  | mql_on     | recycled_on | sal_on | sql_on
        1     | 2026-01-01 | 2026-01-02 | 2026-01-05  |        |
        2     | 2026-02-01 | 2026-02-01 |             |        | 2026-02-03
        """
    found, expected = days(run, wanted, stage_event=events)
    assert found == expected


@pytest.mark.parametrize("between", ["rejected", "disqualified", "lost", "sal", "sql", "opportunity", "customer"])
def test_a_second_entry_as_mql_begins_a_cycle_after_any_later_stage(run, between):
    events = f"""
        record_id | lead_record_id | stage     | occurred_at
        e1        | l1             | mql       | 2026-01-02
        e2        | l1             | {between} | 2026-01-05
        e3        | l1             | mql       | 2026-02-01
        """
    wanted = """
        cycle | mql_on
        1     | 2026-01-02
        2     | 2026-02-01
        """
    found, expected = days(run, wanted, stage_event=events)
    assert found == expected


@pytest.mark.parametrize("between", ["mql", "lead", "subscriber"])
def test_entries_as_mql_with_nothing_after_it_between_them_are_one_and_the_earliest_counts(run, between):
    events = f"""
        record_id | lead_record_id | stage     | occurred_at
        e3        | l1             | mql       | 2026-02-01
        e2        | l1             | {between} | 2026-01-05
        e1        | l1             | mql       | 2026-01-02
        """
    wanted = """
        cycle | mql_on
        1     | 2026-01-02
        """
    found, expected = days(run, wanted, stage_event=events)
    assert found == expected


def test_a_lead_rejected_before_it_was_ever_mql_begins_again_as_mql(run):
    events = """
        record_id | lead_record_id | stage        | occurred_at
        e1        | l1             | disqualified | 2026-01-02
        e2        | l1             | mql          | 2026-02-01
        """
    wanted = """
        cycle | opened_on  | mql_on     | disqualified_on
        1     | 2026-01-01 |            | 2026-01-02
        2     | 2026-02-01 | 2026-02-01 |
        """
    found, expected = days(run, wanted, stage_event=events)
    assert found == expected


def test_a_win_dated_before_the_first_entry_as_mql_begins_no_second_cycle(run):
    wanted = """
        cycle | mql_on     | won_on
        1     | 2026-01-05 | 2026-01-03
        """
    found, expected = days(
        run,
        wanted,
        stage_event="""
            record_id | lead_record_id | stage | occurred_at
            e1        | l1             | mql   | 2026-01-05
            """,
        opportunity="""
            record_id | status | created_at | closed_at
            o1        | won    | 2026-01-03 | 2026-01-03
            """,
        deal_lead="""
            opportunity_id | lead_id
            o1             | l1
            """,
    )
    assert found == expected


def test_a_deal_tells_of_the_cycle_in_which_it_was_opened_even_if_it_is_won_in_the_next(run):
    wanted = """
        cycle | mql_on     | opportunity_on | won_on
        1     | 2026-01-02 | 2026-01-10     | 2026-03-01
        2     | 2026-02-01 | 2026-02-01     |
        """
    found, expected = days(
        run,
        wanted,
        stage_event="""
            record_id | lead_record_id | stage    | occurred_at
            e1        | l1             | mql      | 2026-01-02
            e2        | l1             | recycled | 2026-01-20
            e3        | l1             | mql      | 2026-02-01 15:00
            """,
        opportunity="""
            record_id | status | created_at       | closed_at
            o1        | won    | 2026-01-10 10:00 | 2026-03-01
            o2        | open   | 2026-02-01       |
            """,
        deal_lead="""
            opportunity_id | lead_id
            o1             | l1
            o2             | l1
            """,
    )
    assert found == expected


@pytest.mark.parametrize(("second", "lost_on"), [("lost", "2026-02-20"), ("open", "")])
def test_a_cycle_is_lost_when_every_deal_of_it_is_lost(run, second, lost_on):
    wanted = f"""
        cycle | opportunity_on | lost_on
        1     | 2026-01-10     | {lost_on}
        """
    found, expected = days(
        run,
        wanted,
        opportunity=f"""
            record_id | status   | created_at | closed_at
            o1        | lost     | 2026-01-10 | 2026-02-01
            o2        | {second} | 2026-01-11 | 2026-02-20
            """,
        deal_lead="""
            opportunity_id | lead_id
            o1             | l1
            o2             | l1
            """,
    )
    assert found == expected


def test_stages_of_events_count_where_no_deal_speaks(run):
    events = """
        record_id | lead_record_id | stage       | occurred_at
        e1        | l1             | opportunity | 2026-01-05
        e2        | l1             | customer    | 2026-01-09
        """
    wanted = """
        cycle | opportunity_on | won_on
        1     | 2026-01-05     | 2026-01-09
        """
    found, expected = days(run, wanted, stage_event=events)
    assert found == expected


def test_an_event_without_a_moment_takes_the_latest_possible_one_and_without_either_none(run):
    events = """
        record_id | lead_record_id | stage | occurred_at | not_before_at | not_after_at
        e1        | l1             | mql   |             | 2026-01-02    | 2026-01-09
        e2        | l1             | sal   |             |               |
        """
    wanted = """
        cycle | mql_on     | sal_on
        1     | 2026-01-09 |
        """
    found, expected = days(run, wanted, stage_event=events)
    assert found == expected


@pytest.mark.parametrize(
    ("stage_at", "made_at", "opened_on"),
    [("2026-01-07", "2026-01-03", "2026-01-07"), ("", "2026-01-03", "2026-01-03"), ("", "", "")],
)
def test_a_lead_that_says_no_opening_begins_with_its_first_stage_else_with_its_person(
    run, stage_at, made_at, opened_on
):
    wanted = f"""
        cycle | opened_on
        1     | {opened_on}
        """
    found, expected = days(
        run,
        wanted,
        lead="""
            record_id | person_record_id
            l1        | p1
            """,
        stage_event=f"""
            record_id | lead_record_id | stage      | occurred_at
            e1        | l1             | subscriber | {stage_at}
            """,
        person=f"""
            record_id | created_at
            p1        | {made_at}
            """,
    )
    assert found == expected


@pytest.mark.parametrize(
    ("declared", "touched", "traffic_id", "basis"),
    [
        ("said", "seen", "said", "declared"),
        ("", "seen", "seen", "first_touch"),
        ("", "", "", "first_touch"),
    ],
)
def test_the_origin_is_the_declared_one_else_the_first_touch_of_any_record_of_the_person(
    run, declared, touched, traffic_id, basis
):
    wanted = f"""
        traffic_id   | origin_basis
        {traffic_id} | {basis}
        """
    found, expected = days(
        run,
        wanted,
        lead=f"""
            record_id | person_record_id | traffic_id
            l1        | p1b              | {declared}
            """,
        touch=f"""
            touch_id | person_id | kind | traffic_id | occurred_at
            t2       | p1        | form | later      | 2026-01-02
            t1       | p1        | form | {touched}  | 2026-01-01
            t0       | p9        | form | another    | 2025-01-01
            """,
    )
    assert found == expected


def test_a_lead_of_nobody_known_has_no_origin(run):
    wanted = """
        person_id | traffic_id | origin_basis
                  |            | none
        """
    found, expected = days(
        run,
        wanted,
        lead="""
            record_id | person_record_id
            l1        |
            """,
    )
    assert found == expected


def test_segment_and_country_come_from_the_nearest_that_says_them(run):
    wanted = """
        lead_id | account_id | segment | country
        l1      | a1         | own     | RO
        l2      | a1         | mill    | RO
        l3      |            | person  | DE
        """
    found, expected = days(
        run,
        wanted,
        lead="""
            record_id | person_record_id | account_record_id | segment
            l1        | p1               | a1                | own
            l2        | p1               |                   |
            l3        | p2               |                   |
            """,
        person_of="""
            record_id | person_id
            p1        | p1
            p2        | p2
            """,
        person="""
            record_id | segment | country
            p1        | person  | DE
            p2        | person  | DE
            """,
        account="""
            record_id | segment | country
            a1        | mill    | RO
            """,
        account_of="""
            record_id | account_id
            a1        | a1
            """,
        person_account="""
            record_id | person_record_id | account_record_id
            w1        | p1               | a1
            """,
    )
    assert found == expected
