"""The funnel, drawn: who reached a stage, went on, left, or is still there; and how long it took."""

from datetime import date, datetime

import pytest

from punte.engines import Engine
from punte.errors import UnknownName
from punte.measures.funnel import funnel, time_in_stage
from punte.measures.loop import NAMES, LoopTables
from tests.measures.drawing import SCHEMAS, drawn, shown, sorted_cells, table_of, typed_rows

END = datetime(2026, 7, 1)
TRAFFIC = """
    traffic_id | channel
    ads        | Ads
    """
CYCLES = """
    lead_id | cycle | traffic_id | opened_at  | mql_at     | sal_at     | sql_at     | won_at     | lost_at
    l1      | 1     | ads        | 2026-01-01 | 2026-01-03 | 2026-01-04 | 2026-01-10 | 2026-03-01 |
    l2      | 1     | ads        | 2026-01-01 | 2026-01-02 |            | 2026-01-20 |            | 2026-02-01
    l3      | 1     | ads        | 2026-01-05 | 2026-01-15 | 2026-01-16 |            |            |
    l4      | 1     |            | 2026-02-01 |            |            |            |            |
    l5      | 1     | ads        | 2026-02-01 | 2026-02-02 |            |            |            |
    l5      | 2     | ads        | 2026-04-03 | 2026-04-03 |            |            |            |
    """


def tables_of(engine: Engine, cycles: str = CYCLES, deals: str | None = None) -> LoopTables:
    rows = typed_rows(SCHEMAS["cycle"], cycles)
    basis = {"ads": "declared", None: "none"}
    rows = [{**row, "origin_basis": basis[row["traffic_id"]]} for row in rows]
    given = {"traffic": drawn("traffic", TRAFFIC), "cycle": table_of("cycle", rows)}
    if deals is not None:
        given["deal"] = drawn("deal", deals)
    names = NAMES
    return LoopTables(**engine.from_arrow({name: given.get(name, SCHEMAS[name].empty_table()) for name in names}))


def asked(engine, wanted, *, at=END, **question):
    found = engine.to_arrow(funnel(tables=tables_of(engine), at=at, **question))
    return shown(found, wanted), sorted_cells(wanted)


def test_each_who_reached_a_stage_went_on_left_or_is_still_in_it_and_skipped_stages_stay_skipped(duckdb):
    wanted = """
        place | stage       | n_reached | n_skipped | n_went_on | n_left | n_in_stage
        0     | lead        | 6         | 0         | 5         | 0      | 1
        1     | mql         | 5         | 0         | 3         | 1      | 1
        2     | sal         | 2         | 1         | 1         | 0      | 1
        3     | sql         | 2         | 0         | 1         | 1      | 0
        4     | opportunity | 0         | 1         | 0         | 0      | 0
        5     | won         | 1         | 0         |           |        |
        """
    found, expected = asked(duckdb, wanted)
    assert found == expected


def test_shares_say_how_many_of_all_came_how_many_went_on_and_how_many_are_still_there(duckdb):
    wanted = """
        stage       | share | to_next_share | in_stage_share
        mql         | 1.0   | 0.6           | 0.2
        sal         | 0.4   | 0.5           | 0.5
        sql         | 0.4   | 0.5           | 0.0
        opportunity | 0.0   |               |
        won         | 0.2   |               |
        """
    found, expected = asked(duckdb, wanted, begins="mql")
    assert found == expected


def test_days_in_a_stage_run_to_the_next_stage_reached_of_those_who_went_on(duckdb):
    wanted = """
        stage       | median_days | p90_days
        lead        | 1.0         | 10
        mql         | 1.0         | 18
        sal         | 6.0         | 6
        sql         | 50.0        | 50
        opportunity |             |
        won         |             |
        """
    found, expected = asked(duckdb, wanted)
    assert found == expected


def test_the_distribution_of_days_sums_up_to_those_who_went_on(duckdb):
    wanted = """
        stage | days | n | n_so_far | share_so_far
        lead  | 0    | 1 | 1        | 0.2
        lead  | 1    | 2 | 3        | 0.6
        lead  | 2    | 1 | 4        | 0.8
        lead  | 10   | 1 | 5        | 1.0
        mql   | 1    | 2 | 2        | 0.6666666666666666
        mql   | 18   | 1 | 3        | 1.0
        sal   | 6    | 1 | 1        | 1.0
        sql   | 50   | 1 | 1        | 1.0
        """
    found = duckdb.to_arrow(time_in_stage(tables=tables_of(duckdb), at=END))
    assert shown(found, wanted) == sorted_cells(wanted)


def test_cohorts_are_told_apart_by_the_month_or_quarter_in_which_they_began(duckdb):
    wanted = """
        channel | is_unattributed | cohort_on  | n_reached | n_went_on
        Ads     | false           | 2026-01-01 | 3         | 3
        Ads     | false           | 2026-02-01 | 1         | 1
        Ads     | false           | 2026-04-01 | 1         | 1
                | true            | 2026-02-01 | 1         | 0
        """
    found = funnel(tables=tables_of(duckdb), at=END, by=("channel",), cohort="month").filter(lambda t: t.place == 0)
    assert shown(duckdb.to_arrow(found), wanted) == sorted_cells(wanted)


def test_a_quarter_holds_its_three_months(duckdb):
    wanted = """
        cohort_on  | stage | n_reached
        2026-01-01 | mql   | 4
        2026-04-01 | mql   | 1
        """
    found = funnel(tables=tables_of(duckdb), at=END, begins="mql", cohort="quarter").filter(lambda t: t.stage == "mql")
    assert shown(duckdb.to_arrow(found), wanted) == sorted_cells(wanted)


def test_what_happened_later_leaves_a_lead_where_it_stood(duckdb):
    wanted = """
        stage       | n_reached | n_went_on | n_left | n_in_stage
        lead        | 3         | 3         | 0      | 0
        mql         | 3         | 1         | 0      | 2
        sal         | 1         | 1         | 0      | 0
        sql         | 1         | 0         | 0      | 1
        opportunity | 0         | 0         | 0      | 0
        won         | 0         |           |        |
        """
    found, expected = asked(duckdb, wanted, at=datetime(2026, 1, 15, 12), since=date(2026, 1, 1))
    assert found == expected


def test_a_won_deal_of_which_no_close_is_known_makes_its_lead_won(duckdb):
    deals = """
        opportunity_id | lead_id | cycle | status | created_at
        o1             | l3      | 1     | won    | 2026-01-20
        """
    found = duckdb.to_arrow(funnel(tables=tables_of(duckdb, deals=deals), at=END))
    wanted = """
        stage       | n_reached | n_went_on | n_in_stage | median_days
        lead        | 6         | 5         | 1          | 1.0
        mql         | 5         | 3         | 1          | 1.0
        sal         | 2         | 2         | 0          | 6.0
        sql         | 2         | 1         | 0          | 50.0
        opportunity | 0         | 0         | 0          |
        won         | 2         |           |            |
        """
    assert shown(found, wanted) == sorted_cells(wanted)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"by": ("pipeline",)}, "leads have no pipeline. Leave it out"),
        ({"begins": "won"}, "begins at 'won'. Use one of: lead, mql"),
        ({"cohort": "week"}, "no cohorts by 'week'. Use one of: month, quarter"),
    ],
)
def test_a_funnel_that_cannot_be_is_refused(duckdb, question, said):
    with pytest.raises(UnknownName) as refused:
        funnel(tables=tables_of(duckdb), at=END, **question)
    assert said in str(refused.value)
