"""From a deal to every source row behind it, and from a campaign to its persons and deals."""

from datetime import datetime

import ibis
import pyarrow as pa
import pytest

from punte.engines import Engine
from punte.measures import trace
from tests.measures.drawing import SCHEMAS, drawn, shown, sorted_cells

END = datetime(2027, 1, 1)
LOADS = pa.schema([("load_id", pa.string()), ("file_name", pa.string())])

COMPANY = {
    "person": """
        record_id | source_id | from_source
        p1        | C-1       | crm
        p1b       | 77        | mail
        p2        | C-2       | crm
        p3        | C-3       | crm
        """,
    "person_of": """
        record_id | person_id
        p1        | p1
        p1b       | p1
        p2        | p2
        p3        | p3
        """,
    "account": """
        record_id | source_id | name
        a1        | A-1       | Elmet
        """,
    "account_of": """
        record_id | account_id
        a1        | a1
        """,
    "person_account": """
        record_id | person_record_id | account_record_id
        w1        | p1               | a1
        """,
    "lead": """
        record_id | source_id | person_record_id | owner_record_id | opened_at        | load_id | row_number
        l1        | L-1       | p1               | u1              | 2026-01-03 10:00 | f2      | 2
        l9        | L-9       | p3               |                 | 2026-01-03 10:00 | f2      | 3
        """,
    "stage_event": """
        record_id | lead_record_id | stage    | reason   | occurred_at      | load_id | row_number
        e1        | l1             | mql      |          | 2026-01-04 10:00 | f2      | 2
        e2        | l1             | recycled | no money | 2026-01-05 10:00 | f2      | 9
        e9        | l9             | mql      |          | 2026-01-05 10:00 | f2      | 3
        """,
    "assignment_event": """
        record_id | lead_record_id | owner_record_id | occurred_at
        s1        | l1             | u1              | 2026-01-04 11:00
        s2        | l1             |                 | 2026-01-04 12:00
        """,
    "touchpoint": """
        record_id | occurred_at      | is_response | campaign_record_id | traffic_id | load_id | row_number | source_id
        t1        | 2026-01-01 10:00 | true        |                    | ads        | f1      | 41         | 555
        t2        | 2026-01-02 10:00 | false       | k1                 |            | f1      | 42         | 556
        t3        | 2026-01-02 10:00 | true        |                    | ads        | f1      | 43         | 557
        """,
    "touch": """
        touch_id | person_id | traffic_id | kind       | is_response | occurred_at      | occurred_on
        t1       | p1        | ads        | ad_click   | true        | 2026-01-01 10:00 | 2026-01-01
        t2       | p1        |            | email_sent | false       | 2026-01-02 10:00 | 2026-01-02
        t3       | p3        | ads        | ad_click   | true        | 2026-01-02 10:00 | 2026-01-02
        """,
    "traffic": """
        traffic_id | channel     | source | medium | campaign
        ads        | Paid Search | google | cpc    | spring
        """,
    "campaign": """
        record_id | source_id | name
        k1        | K-1       | Letter of March
        """,
    "campaign_member": """
        record_id | campaign_record_id | person_record_id | occurred_at | responded_at     | is_response
        m1        | k1                 | p1b              | 2026-01-02  | 2026-01-02 15:00 | true
        m2        | k1                 | p2               | 2026-01-02  |                  | false
        """,
    "activity": """
        record_id | person_record_id | opportunity_record_id | owner_record_id | kind | direction | occurred_at
        c1        | p1b              |                       | u1              | call | outbound  | 2026-01-04 09:00
        c2        |                  | o1                    | u1              | call | inbound   | 2026-01-08 09:00
        c3        | p3               |                       | u1              | call | inbound   | 2026-01-08 09:00
        """,
    "opportunity": """
        record_id | source_id | name | lead_record_id | status | created_at | closed_at        | load_id | row_number
        o1        | D-1       | Mill | l1             | won    | 2026-01-07 | 2026-01-09 12:00 | f3      | 7
        """,
    "opportunity_person": """
        record_id | opportunity_record_id | person_record_id
        x0        | o1                    | p1
        x1        | o1                    | p2
        """,
    "opportunity_event": """
        record_id | opportunity_record_id | subject | value    | amount | currency | occurred_at
        h1        | o1                    | stage   | Proposal |        |          | 2026-01-08 10:00
        h2        | o1                    | amount  |          | 100    | EUR      | 2026-01-08 11:00
        """,
    "deal": """
        opportunity_id | name | lead_id | cycle | account_id | status | traffic_id | closed_on  | amount | currency
        o1             | Mill | l1      | 1     | a1         | won    | ads        | 2026-01-09 | 100    | EUR
        """,
    "journey": """
        opportunity_id | level  | ordinal | touch_id | person_id | traffic_id | is_response | age_hours | occurred_at
        o1             | person | 1       | t1       | p1        | ads        | true        | 194       | 2026-01-01
        o1             | person | 2       | t2       | p1        |            | false       | 170       | 2026-01-02
        """,
}


@pytest.fixture
def tables(duckdb: Engine) -> trace.TraceTables:
    return company(duckdb)


def company(engine: Engine, **other: str) -> trace.TraceTables:
    files = pa.table({"load_id": ["f1", "f2", "f3"], "file_name": ["web.csv", "leads.csv", "deals.csv"]})
    made = {name: drawn(name, text) for name, text in {**COMPANY, **other}.items()}
    names = [name for name in trace.TraceTables.__dataclass_fields__ if name != "loads"]
    whole = {name: made.get(name, SCHEMAS[name].empty_table()) for name in names}
    return trace.TraceTables(**engine.from_arrow({**whole, "loads": files.cast(LOADS)}))


WAY_OF_THE_DEAL = """
    occurred_at      | kind        | what       | detail          | record_id | row_number | file_name
    2026-01-01 10:00 | touch       | ad_click   |                 | t1        | 41         | web.csv
    2026-01-02 00:00 | campaign    | member     | Letter of March | m1        |            |
    2026-01-02 00:00 | campaign    | member     | Letter of March | m2        |            |
    2026-01-02 10:00 | touch       | email_sent | only shown      | t2        | 42         | web.csv
    2026-01-02 15:00 | campaign    | responded  | Letter of March | m1        |            |
    2026-01-03 10:00 | lead        | opened     |                 | l1        | 2          | leads.csv
    2026-01-04 09:00 | activity    | call       | outbound        | c1        |            |
    2026-01-04 10:00 | stage       | mql        |                 | e1        | 2          | leads.csv
    2026-01-04 11:00 | assignment  | assigned   |                 | s1        |            |
    2026-01-04 12:00 | assignment  | taken away |                 | s2        |            |
    2026-01-05 10:00 | stage       | recycled   | no money        | e2        | 9          | leads.csv
    2026-01-07 00:00 | deal        | opened     | Mill            | o1        | 7          | deals.csv
    2026-01-08 09:00 | activity    | call       | inbound         | c2        |            |
    2026-01-08 10:00 | deal_change | stage      | Proposal        | h1        |            |
    2026-01-08 11:00 | deal_change | amount     | 100 EUR         | h2        |            |
    2026-01-09 12:00 | deal        | won        | Mill            | o1        | 7          | deals.csv
    """


@pytest.mark.parametrize("key", ["o1", "D-1"])
def test_a_deal_is_told_from_its_first_touch_to_its_close_with_every_source_row(duckdb, tables, key):
    found = duckdb.to_arrow(trace.deal(tables=tables, key=key))
    assert shown(found, WAY_OF_THE_DEAL) == sorted_cells(WAY_OF_THE_DEAL)


def test_a_timeline_names_who_acted_on_whom_and_where_a_touch_came_from(duckdb, tables):
    wanted = """
        record_id | kind       | person_id | owner_id | lead_id | opportunity_id | channel     | campaign
        t1        | touch      | p1        |          |         |                | Paid Search | spring
        t2        | touch      | p1        |          |         |                |             |
        m1        | campaign   | p1        |          |         |                |             |
        m1        | campaign   | p1        |          |         |                |             |
        l1        | lead       | p1        | u1       | l1      |                |             |
        c1        | activity   | p1        | u1       |         |                |             |
        c2        | activity   |           | u1       |         | o1             |             |
        s1        | assignment |           | u1       | l1      |                |             |
        s2        | assignment |           |          | l1      |                |             |
        """
    found = duckdb.to_arrow(
        trace.person(tables=tables, key="p1").filter(~ibis._.kind.isin(["stage", "deal", "deal_change"]))
    )
    assert shown(found, wanted) == sorted_cells(wanted)


def test_a_timeline_runs_in_the_order_of_time(duckdb, tables):
    found = duckdb.to_arrow(trace.deal(tables=tables, key="o1")).column("occurred_at").to_pylist()
    assert found == sorted(found)


def test_of_one_moment_the_touch_is_told_before_the_lead_and_the_stage_that_follow_from_it(duckdb):
    tables = company(
        duckdb,
        stage_event="""
            record_id | lead_record_id | stage | occurred_at
            a1        | l1             | mql   | 2026-01-03 10:00
            """,
        touch="""
            touch_id | person_id | kind | is_response | occurred_at
            t3       | p1        | form | true        | 2026-01-03 10:00
            """,
        touchpoint="""
            record_id | occurred_at
            t3        | 2026-01-03 10:00
            """,
    )
    moment = ibis._.occurred_at == datetime(2026, 1, 3, 10)
    found = duckdb.to_arrow(trace.deal(tables=tables, key="o1").filter(moment))
    assert found.column("kind").to_pylist() == ["touch", "lead", "stage"]


def test_of_a_deal_opened_and_won_on_one_day_the_opening_is_told_first(duckdb):
    tables = company(
        duckdb,
        opportunity="""
            record_id | status | created_at | closed_at
            o1        | won    | 2026-01-09 | 2026-01-09
            """,
    )
    found = duckdb.to_arrow(trace.deal(tables=tables, key="o1").filter(ibis._.kind == "deal"))
    assert found.column("what").to_pylist() == ["opened", "won"]


def test_mail_that_was_only_sent_is_told_as_such_though_its_source_does_not_say_so(duckdb):
    tables = company(duckdb, touchpoint="record_id | occurred_at\nt2 | 2026-01-02 10:00")
    found = duckdb.to_arrow(trace.person(tables=tables, key="p1").filter(ibis._.kind == "touch"))
    assert found.select(["record_id", "detail"]).to_pylist() == [{"record_id": "t2", "detail": "only shown"}]


def test_a_company_is_told_with_the_touches_that_are_nobodys_known(duckdb):
    tables = company(
        duckdb,
        touch="""
            touch_id | account_id | kind    | is_response | occurred_at
            t1       | a1         | session | true        | 2026-01-01 10:00
            t2       | a2         | session | true        | 2026-01-02 10:00
            t3       |            | session | true        | 2026-01-02 10:00
            """,
    )
    found = duckdb.to_arrow(trace.account(tables=tables, key="A-1").filter(ibis._.kind == "touch"))
    assert found.select(["record_id", "person_id"]).to_pylist() == [{"record_id": "t1", "person_id": None}]


@pytest.mark.parametrize("key", ["p1", "p1b", "77"])
def test_a_person_is_told_by_any_of_its_records_and_without_what_befell_others(duckdb, tables, key):
    found = duckdb.to_arrow(trace.person(tables=tables, key=key)).column("record_id").to_pylist()
    assert sorted(found) == sorted(
        ["t1", "t2", "m1", "m1", "l1", "e1", "e2", "s1", "s2", "c1", "c2", "o1", "o1", "h1", "h2"]
    )


def test_a_company_is_told_with_those_who_work_for_it(duckdb, tables):
    found = duckdb.to_arrow(trace.account(tables=tables, key="A-1")).column("record_id").to_pylist()
    assert set(found) == {"t1", "t2", "m1", "l1", "e1", "e2", "s1", "s2", "c1", "c2", "o1", "h1", "h2"}


def test_nothing_is_told_of_what_there_is_not(duckdb, tables):
    assert duckdb.to_arrow(trace.deal(tables=tables, key="o2")).num_rows == 0


def test_a_campaign_leads_to_everybody_whom_it_touched(duckdb, tables):
    wanted = """
        person_id | n_touches | n_responses | first_touch_on | is_member | has_responded | n_deals | n_won
        p1        | 1         | 1           | 2026-01-01     | false     | false         | 1       | 1
        p3        | 1         | 1           | 2026-01-02     | false     | false         | 0       | 0
        """
    found = duckdb.to_arrow(trace.campaign_persons(tables=tables, key="spring", at=END))
    assert shown(found, wanted) == sorted_cells(wanted)


@pytest.mark.parametrize("key", ["k1", "K-1", "Letter of March"])
def test_members_of_a_campaign_record_are_found_beside_those_it_touched(duckdb, tables, key):
    wanted = """
        person_id | n_touches | n_responses | first_touch_on | is_member | has_responded | n_deals | n_won
        p1        | 1         | 0           | 2026-01-02     | true      | true          | 1       | 1
        p2        | 0         | 0           |                | true      | false         | 0       | 0
        """
    found = duckdb.to_arrow(trace.campaign_persons(tables=tables, key=key, at=END))
    assert shown(found, wanted) == sorted_cells(wanted)


@pytest.mark.parametrize(
    ("key", "n", "is_origin", "credit"), [("spring", "1", "true", "100"), ("k1", "1", "false", "0")]
)
def test_a_campaign_leads_to_its_deals_with_what_it_gets_of_them(duckdb, tables, key, n, is_origin, credit):
    wanted = f"""
        opportunity_id | n_touches | n_touches_of_campaign | is_origin   | credit   | source_id | row_number | file_name
        o1             | 2         | {n}                   | {is_origin} | {credit} | D-1       | 7          | deals.csv
        """
    found = duckdb.to_arrow(trace.campaign_deals(tables=tables, key=key, at=END))
    assert shown(found, wanted) == sorted_cells(wanted)


@pytest.mark.spark
def test_a_deal_is_told_the_same_on_spark(spark):
    found = spark.to_arrow(trace.deal(tables=company(spark), key="D-1"))
    assert shown(found, WAY_OF_THE_DEAL) == sorted_cells(WAY_OF_THE_DEAL)
