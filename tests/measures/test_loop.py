"""The closed loop, drawn and in its promises: rows, windows, moments, and money that adds up."""

from dataclasses import replace
from datetime import date, datetime

import pyarrow as pa
import pytest

from punte.engines import Engine
from punte.errors import UnknownName
from punte.measures.credit import MODELS
from punte.measures.loop import NAMES, LoopTables, loop, loop_columns
from tests.measures.drawing import SCHEMAS, shown, sorted_cells, table_of, typed_rows
from tests.measures.loop_cases import AT, answer, company
from tests.reference.loop import Question

END = datetime(2026, 7, 1)
COMPANY = {
    "traffic": """
        traffic_id | channel | campaign
        ads        | Ads     | spring
        mail       | Email   |
        odd        | unknown |
        bare       |         |
        """,
    "cycle": """
        lead_id | cycle | person_id | owner_id | traffic_id | origin_basis | opened_at  | mql_at     | sql_at
        l1      | 1     | p1        | u1       | ads        | declared     | 2026-01-01 | 2026-01-02 | 2026-02-05
        l1      | 2     | p1        | u1       | ads        | declared     | 2026-04-01 | 2026-04-01 |
        l2      | 1     | p2        | u1       | odd        | first_touch  | 2026-01-10 |            |
        l3      | 1     | p3        |          | bare       | first_touch  | 2026-06-20 | 2026-06-21 |
        l4      | 1     |           |          |            | none         | 2026-02-01 |            |
        """,
    "deal": """
        opportunity_id | lead_id | owner_id | account_id | traffic_id | origin_basis | status | created_at | closed_at
        o1             | l1      | u1       | a1         | ads        | declared     | won    | 2026-02-10 | 2026-03-01
        o2             |         | u2       | a1         | ads        | declared     | won    | 2026-02-11 | 2026-03-05
        o3             |         | u2       |            |            | none         | won    | 2026-05-01 | 2026-06-01
        o4             |         | u2       |            | mail       | first_touch  | open   | 2026-05-01 |
        """,
    "journey": """
        opportunity_id | level  | ordinal | touch_id | person_id | traffic_id | is_response | occurred_at | age_hours
        o1             | person | 1       | t1       | p1        | ads        | true        | 2026-01-01  | 1416
        o1             | person | 2       | t2       | p1        | mail       | true        | 2026-01-05  | 1320
        o1             | person | 3       | t3       | p1        |            | true        | 2026-01-06  | 1296
        """,
    "touch": """
        touch_id | person_id | kind | traffic_id | is_response | occurred_at
        t1       | p1        | form | ads        | true        | 2026-01-01
        t2       | p1        | form | mail       | true        | 2026-01-05
        t3       | p1        | form |            | true        | 2026-01-06
        t4       | p2        | form | odd        | true        | 2026-01-10
        """,
    "person_origin": """
        person_id | owner_id | traffic_id | origin_basis | first_touch_at
        p1        | u1       | ads        | declared     | 2026-01-01
        p2        |          | odd        | first_touch  | 2026-01-10
        p3        |          | bare       | first_touch  | 2026-06-20
        p4        |          |            | none         |
        """,
    "touch_day": """
        traffic_id | day        | n_touches
        ads        | 2026-01-01 | 3
        ads        | 2026-03-01 | 4
                   | 2026-01-06 | 1
        """,
    "spend_day": """
        traffic_id | day        | amount | currency | n_rate_missing
        ads        | 2026-01-01 | 30     | EUR      | 1
        ads        | 2026-03-05 | 10     | EUR      | 0
        mail       | 2026-03-06 |        | EUR      | 2
        """,
}

WON_AT = {"l1": datetime(2026, 3, 1)}
AMOUNTS = {"o1": (100, 59), "o2": (None, 22), "o3": (55, 31), "o4": (70, None)}
"""Of each deal its amount and its days to won."""


def made() -> dict[str, pa.Table]:
    """The drawn tables, with what is too wide to draw."""
    tables = {name: typed_rows(SCHEMAS[name], text) for name, text in COMPANY.items()}
    for row in tables["cycle"]:
        row["won_at"] = WON_AT.get(row["lead_id"]) if row["cycle"] == 1 else None
    for row in tables["deal"]:
        row["amount"], row["days_to_won"] = AMOUNTS[row["opportunity_id"]]
        row |= {"currency": "EUR", "cycle": 1 if row["lead_id"] else None}
    return {name: table_of(name, rows) for name, rows in tables.items()}


def tables_of(engine: Engine) -> LoopTables:
    given = made()
    names = NAMES
    return LoopTables(**engine.from_arrow({name: given.get(name, SCHEMAS[name].empty_table()) for name in names}))


def asked(engine, wanted, *, at=END, **question):
    found = engine.to_arrow(loop(tables=tables_of(engine), at=at, **question))
    return shown(found, wanted), sorted_cells(wanted)


def test_an_empty_channel_the_word_unknown_and_no_origin_are_three_rows(duckdb):
    wanted = """
        channel | is_unattributed | n_touches | n_persons | n_leads | n_mql | n_sql | n_opportunities | n_won | n_open
        Ads     | false           | 7         | 1         | 1       | 2     | 1     | 2               | 2     | 0
        Email   | false           | 0         | 0         | 0       | 0     | 0     | 1               | 0     | 1
        unknown | false           | 0         | 1         | 1       | 0     | 0     | 0               | 0     | 0
                | false           | 1         | 1         | 1       | 1     | 0     | 0               | 0     | 0
                | true            | 0         | 1         | 1       | 0     | 0     | 1               | 1     | 0
        """
    found, expected = asked(duckdb, wanted, by=("channel",))
    assert found == expected


def test_money_is_null_where_it_is_not_known_and_zero_where_nothing_was_won(duckdb):
    wanted = """
        channel | is_unattributed | revenue | currency | cost | roi  | cac | cost_per_lead | n_amount_unknown
        Ads     | false           | 100     | EUR      | 40   | 1.5  | 40  | 40            | 1
        Email   | false           | 0       | EUR      |      |      |     |               | 0
        unknown | false           | 0       | EUR      |      |      |     |               | 0
                | false           | 0       | EUR      |      |      |     |               | 0
                | true            | 55      | EUR      |      |      |     |               | 0
        """
    found, expected = asked(duckdb, wanted, by=("channel",))
    assert found == expected


def test_a_row_in_which_nothing_won_has_a_known_value_has_no_revenue_and_not_zero(duckdb):
    wanted = """
        account | n_won | revenue | n_amount_unknown
        a1      | 1     |         | 1
                | 0     | 0       | 0
        """
    found, expected = asked(
        duckdb, wanted, by=("account",), since=date(2026, 3, 2), until=date(2026, 5, 2), models=("first",)
    )
    assert found == expected


def test_costs_without_a_rate_are_counted_beside_the_cost_in_which_they_are_missing(duckdb):
    wanted = """
        channel | is_unattributed | cost | n_cost_unknown
        Ads     | false           | 40   | 1
        Email   | false           |      | 2
        unknown | false           |      | 0
                | false           |      | 0
                | true            |      | 0
        """
    found, expected = asked(duckdb, wanted, by=("channel",))
    assert found == expected


def test_shares_and_days_are_those_of_the_leads_that_began(duckdb):
    wanted = """
        channel | is_unattributed | won_share | median_days_to_won | n_too_recent
        Ads     | false           | 0.5       | 40.5               | 0
        Email   | false           |           |                    | 0
        unknown | false           | 0.0       |                    | 0
                | false           | 0.0       |                    | 1
                | true            | 0.0       | 31.0               | 0
        """
    found, expected = asked(duckdb, wanted, by=("channel",))
    assert found == expected


def test_an_owner_has_deals_and_leads_but_no_touches_and_no_cost(duckdb):
    wanted = """
        owner | is_unattributed | n_touches | cost | cac | n_persons | n_leads | n_won | revenue | credit_linear
        u1    | false           |           |      |     | 1         | 2       | 1     | 100     | 100
        u2    | false           |           |      |     | 0         | 0       | 2     | 55      | 55
              | false           |           |      |     | 3         | 2       | 0     | 0       | 0
        """
    found, expected = asked(duckdb, wanted, by=("owner",), models=("linear",))
    assert found == expected


def test_a_pipeline_is_known_of_deals_alone(duckdb):
    wanted = """
        pipeline | n_leads | n_mql | won_share | n_persons | n_too_recent | n_won | revenue
                 |         |       |           |           |              | 3     | 155
        """
    found, expected = asked(duckdb, wanted, by=("pipeline",))
    assert found == expected


def test_credit_of_touches_of_unknown_traffic_and_of_deals_without_touches_are_told_apart(duckdb):
    wanted = """
        channel | is_unattributed | credit_first | credit_last | credit_linear | cac_linear
        Ads     | false           | 100          | 0           | 33            | 120
        Email   | false           | 0            | 0           | 33            |
        unknown | false           | 0            | 0           | 0             |
                | false           | 0            | 100         | 34            |
                | true            | 55           | 55          | 55            |
        """
    found, expected = asked(duckdb, wanted, by=("channel",), models=("first", "last", "linear"))
    assert found == expected


def test_in_a_window_of_activity_each_thing_counts_on_its_own_day(duckdb):
    wanted = """
        channel | is_unattributed | n_touches | n_leads | n_mql | n_sql | n_opportunities | n_won | revenue | cost
        Ads     | false           | 4         | 0       | 0     | 0     | 0               | 2     | 100     | 10
        """
    found, expected = asked(duckdb, wanted, by=("channel",), since=date(2026, 3, 1), until=date(2026, 3, 6))
    assert found == expected


def test_the_first_day_of_a_window_counts_and_the_last_does_not(duckdb):
    wanted = """
        channel | n_won | cost
        Ads     | 1     |
        """
    found, expected = asked(duckdb, wanted, by=("channel",), since=date(2026, 3, 1), until=date(2026, 3, 5))
    assert found == expected


def test_a_cohort_holds_the_leads_of_the_days_and_what_became_of_them_since(duckdb):
    wanted = """
        channel | n_touches | n_persons | n_leads | n_mql | n_sql | n_opportunities | n_won | revenue | won_share | cost
        Ads     | 3         | 1         | 1       | 1     | 1     | 1               | 1     | 100     | 1.0       | 30
        unknown | 0         | 1         | 1       | 0     | 0     | 0               | 0     | 0       | 0.0       |
                | 1         | 0         | 0       | 0     | 0     | 0               | 0     | 0       |           |
        """
    found, expected = asked(
        duckdb, wanted, by=("channel",), since=date(2026, 1, 1), until=date(2026, 2, 1), window="cohort"
    )
    assert found == expected


def test_nothing_that_happened_later_counts(duckdb):
    wanted = """
        channel | is_unattributed | n_touches | n_mql | n_sql | n_opportunities | n_won | n_open | revenue | cost
        Ads     | false           | 3         | 1     | 1     | 2               | 0     | 2      | 0       | 30
        unknown | false           | 0         | 0     | 0     | 0               | 0     | 0      | 0       |
                | false           | 1         | 0     | 0     | 0               | 0     | 0      | 0       |
                | true            | 0         | 0     | 0     | 0               | 0     | 0      | 0       |
        """
    found, expected = asked(duckdb, wanted, at=datetime(2026, 2, 28, 23), by=("channel",))
    assert found == expected


def test_the_local_day_of_the_moment_decides_which_spend_is_over(duckdb):
    late = datetime(2026, 3, 4, 23)
    found = {
        at_on: duckdb.to_arrow(loop(tables=tables_of(duckdb), at=late, at_on=at_on)).column("cost").to_pylist()
        for at_on in (None, date(2026, 3, 5))
    }
    assert found == {None: [30], date(2026, 3, 5): [40]}


def test_touched_counts_in_every_row_that_was_touched_and_says_that_rows_overlap(duckdb):
    wanted = """
        channel | is_unattributed | is_overlapping | n_persons | n_leads | n_mql | n_won | revenue
        Ads     | false           | true           | 1         | 1       | 2     | 1     | 100
        Email   | false           | true           | 1         | 1       | 2     | 1     | 100
        unknown | false           | true           | 1         | 1       | 0     | 0     | 0
                | false           | true           | 1         | 1       | 2     | 1     | 100
                | true            | true           | 2         | 2       | 1     | 2     | 55
        """
    found, expected = asked(duckdb, wanted, by=("channel",), scope="touched")
    assert found == expected


def test_rows_by_owner_do_not_overlap_however_things_were_touched(duckdb):
    wanted = """
        owner | is_overlapping | n_won
        u1    | false          | 1
        u2    | false          | 2
              | false          | 0
        """
    found, expected = asked(duckdb, wanted, by=("owner",), scope="touched")
    assert found == expected


def test_two_dimensions_make_a_row_for_each_pair_that_occurs(duckdb):
    wanted = """
        owner | channel | is_unattributed | n_leads | n_won | credit_first | cost
        u1    | Ads     | false           | 1       | 1     | 100          |
        u1    | unknown | false           | 1       | 0     | 0            |
        u2    | Ads     | false           | 0       | 1     | 0            |
        u2    | Email   | false           | 0       | 0     | 0            |
        u2    |         | true            | 0       | 1     | 55           |
              | unknown | false           | 0       | 0     | 0            |
              |         | false           | 1       | 0     | 0            |
              |         | true            | 1       | 0     | 0            |
        """
    found, expected = asked(duckdb, wanted, by=("owner", "channel"), models=("first",))
    assert found == expected


def test_columns_stand_in_their_declared_order(duckdb):
    found = duckdb.to_arrow(loop(tables=tables_of(duckdb), at=END, by=("channel", "owner"), models=("last",)))
    assert tuple(found.column_names) == loop_columns(("channel", "owner"), ("last",))


def test_without_anything_there_is_no_row(duckdb):
    empty = LoopTables(**duckdb.from_arrow({n: SCHEMAS[n].empty_table() for n in NAMES}))
    assert duckdb.to_arrow(loop(tables=empty, at=END, by=("channel",), models=MODELS)).num_rows == 0


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"by": ("colour",)}, "no dimension 'colour'. Use one of: channel"),
        ({"by": ("channel", "channel")}, "stands twice in channel, channel. Name each once"),
        ({"models": ("best",)}, "no attribution model 'best'. Use one of: first"),
        ({"window": "week"}, "no window 'week'. Use one of: activity, cohort"),
        ({"scope": "all"}, "no scope 'all'. Use one of: origin, touched"),
        ({"level": "team"}, "no level 'team'. Use one of: person, account"),
    ],
)
def test_an_unknown_word_is_refused_with_those_that_are_known(duckdb, question, said):
    with pytest.raises(UnknownName) as refused:
        loop(tables=tables_of(duckdb), at=END, **question)
    assert said in str(refused.value)


@pytest.mark.slow
@pytest.mark.parametrize("by", [("channel",), ("campaign", "owner"), ("attribute:Colour",)], ids="+".join)
def test_every_model_gives_away_what_was_won_to_the_cent(duckdb, by):
    rows = answer(duckdb, company(), Question(END, by=by, models=MODELS))
    closed_won = sum(deal["amount"] or 0 for deal in company()["deal"] if deal["status"] == "won")
    totals = {name: sum(row[name] or 0 for row in rows) for name in ["revenue", *[f"credit_{m}" for m in MODELS]]}
    assert totals == dict.fromkeys(totals, closed_won)


@pytest.mark.slow
@pytest.mark.parametrize("window", ["activity", "cohort"])
def test_counts_once_by_origin_sum_to_those_of_everything(duckdb, window):
    whole = Question(AT, window=window, since=date(2026, 1, 2), until=date(2026, 1, 8))
    counts = ["n_leads", "n_mql", "n_sal", "n_sql", "n_opportunities", "n_won", "n_open", "n_too_recent", "n_touches"]
    (total,) = answer(duckdb, company(), whole)
    rows = answer(duckdb, company(), replace(whole, by=("channel", "campaign")))
    assert {name: sum(row[name] for row in rows) for name in counts} == {name: total[name] for name in counts}


@pytest.mark.slow
def test_windows_side_by_side_add_up_to_the_window_over_both(duckdb):
    days = [date(2026, 1, 1), date(2026, 1, 5), date(2026, 1, 9)]
    spans = [(days[0], days[1]), (days[1], days[2]), (days[0], days[2])]
    found = [answer(duckdb, company(), Question(AT, since=since, until=until))[0] for since, until in spans]
    counts = ["n_touches", "n_persons", "n_leads", "n_mql", "n_opportunities", "n_won", "revenue", "cost"]
    first, second, both = ({name: row[name] for name in counts} for row in found)
    assert {name: first[name] + second[name] for name in counts} == both
