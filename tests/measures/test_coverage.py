"""What is missing, drawn: shares of what was counted, won deals without a touch, rows put aside."""

from datetime import date, datetime

import pytest

from punte.errors import UnknownName
from punte.measures.coverage import coverage, rows_put_aside, won_with_touch
from tests.measures.drawing import drawn, shown, sorted_cells

COUNTS = """
    source | table       | subject          | reason            | n  | n_of
    crm    | lead        | rows             | in                | 50 | 50
    crm    | lead        | rows             | good              | 45 | 50
    crm    | lead        | rows             | quarantined       | 5  | 50
    crm    | lead        | rows             | standing          | 44 |
    crm    | lead        | owner_record_id  | unmatched         | 0  | 0
    crm    | opportunity | freshness        | days_since_newest | 9  | 3
           | opportunity | deal             | without_touch     | 1  | 4
    """
DEALS = """
    opportunity_id | status | created_at | closed_at  | amount | currency
    o1             | won    | 2026-01-01 | 2026-02-01 | 100    | EUR
    o2             | won    | 2026-01-01 | 2026-03-01 | 30     | EUR
    o3             | won    | 2026-01-01 | 2026-04-01 |        | EUR
    o4             | lost   | 2026-01-01 | 2026-02-01 | 7      | EUR
    """
WAYS = """
    opportunity_id | level   | ordinal | touch_id | occurred_at
    o1             | person  | 1       | t1       | 2025-01-01
    o1             | person  | 2       | t2       | 2025-01-02
    o2             | account | 1       | t3       | 2025-01-01
    o4             | person  | 1       | t4       | 2025-01-01
    """


def test_every_count_stands_beside_its_share_where_it_is_part_of_a_whole(run):
    wanted = """
        source | table       | subject          | reason            | n  | n_of | share
        crm    | lead        | rows             | in                | 50 | 50   | 1.0
        crm    | lead        | rows             | good              | 45 | 50   | 0.9
        crm    | lead        | rows             | quarantined       | 5  | 50   | 0.1
        crm    | lead        | rows             | standing          | 44 |      |
        crm    | lead        | owner_record_id  | unmatched         | 0  | 0    |
        crm    | opportunity | freshness        | days_since_newest | 9  | 3    |
               | opportunity | deal             | without_touch     | 1  | 4    | 0.25
        """
    assert shown(run(coverage, coverage=drawn("coverage", COUNTS)), wanted) == sorted_cells(wanted)


def test_what_became_of_the_rows_stands_in_one_line_for_each_table(run):
    wanted = """
        source | table | n_in | n_good | n_repaired | n_quarantined | n_standing | quarantined_share
        crm    | lead  | 50   | 45     |            | 5             | 44         | 0.1
        """
    assert shown(run(rows_put_aside, coverage=drawn("coverage", COUNTS)), wanted) == sorted_cells(wanted)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ({}, "3 | 1 | 0.3333333333333333 | 130 | 100 | EUR"),
        ({"level": "account"}, "3 | 1 | 0.3333333333333333 | 130 | 30 | EUR"),
        ({"until": date(2026, 3, 1)}, "1 | 1 | 1.0 | 100 | 100 | EUR"),
        ({"since": date(2027, 1, 1)}, "0 | 0 |  |  |  | "),
        ({"at": datetime(2026, 3, 15)}, "2 | 1 | 0.5 | 130 | 100 | EUR"),
    ],
)
def test_a_share_of_the_won_deals_has_a_known_touch(run, question, wanted):
    given = {"at": datetime(2026, 12, 31), **question}
    found = run(won_with_touch, deal=drawn("deal", DEALS), journey=drawn("journey", WAYS), **given)
    columns = "n_won | n_with_touch | with_touch_share | revenue | revenue_with_touch | currency"
    assert shown(found, columns) == sorted_cells(f"{columns}\n{wanted}")


def test_an_unknown_level_is_refused(run):
    with pytest.raises(UnknownName, match="no level 'team'. Use one of: person, account"):
        run(won_with_touch, at=datetime(2026, 1, 1), level="team")
