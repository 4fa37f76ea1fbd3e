"""Channels: declared, by rule, or not known; and the shipped rules say what Google says."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.engines import Engine
from punte.measures.channels import host_of, labelled_traffic
from punte.records.channel_rules import DEFAULT_TEXT, rules_from_toml
from punte.records.choices import FIELDS_OF_RULES
from tests.measures.cases import Case, apart, drawn_cases, in_order, searching, together
from tests.measures.drawing import SCHEMAS, cells, drawn, shown, sorted_cells, table_of
from tests.measures.strategies import maybe, rows
from tests.reference.channels import labelled_traffic as twin

Run = Callable[..., pa.Table]

GA4_SOURCES = Path(__file__).resolve().parents[3] / "shared" / "data" / "ga4_source_categories"
TEXTS = ["Google", "a.b.news.example.com", "example.com", "x-email", "email-x", "(none)", "", "a+b", "  google "]
REFERRERS = [
    "https://www.Google.ro/search?q=a.b",
    "android-app://com.example.app/",
    "news.example.com/path",
    "http://user:secret@example.com:8080",
    "www.example.com",
    "//example.com/a",
    "http://[2001:DB8::7]:8080/a",
    "http://user:secret@[::1]/",
    "[::1]/a",
    "http://[broken/",
    "?",
]
TRAFFIC = st.fixed_dictionaries(
    {
        "traffic": rows(
            6,
            "traffic_id",
            channel=st.sampled_from([None, None, None, "", "My own"]),
            source=maybe(TEXTS),
            medium=maybe(TEXTS),
            campaign=maybe(TEXTS),
            landing_page=maybe(["/a"]),
            referrer=maybe(REFERRERS),
        )
    }
)
CONDITIONS = st.one_of(
    st.tuples(
        st.sampled_from(["is", "is_not", "contains", "starts_with", "ends_with"]),
        st.sampled_from(["google", "email", "example.com", "(none)", "::1", "2001:db8::7", "[", ""]),
    ),
    st.tuples(st.just("matches"), st.sampled_from(["^goo", "e.mail", "^(.*x.*|google)$", "[.]com$", "a[+]b"])),
    st.tuples(st.just("in_list"), st.sampled_from(["search", "news"])),
    st.tuples(st.sampled_from(["is_empty", "is_filled"]), st.just("")),
)
RULES = rows(
    6,
    position=st.integers(1, 3),
    group=st.integers(1, 2),
    field=st.sampled_from([*FIELDS_OF_RULES, "source", "medium"]),
    condition=CONDITIONS,
).map(
    lambda found: [
        {
            **{name: row[name] for name in ("position", "group", "field")},
            "channel": f"Channel {row['position']}",
            "operator": row["condition"][0],
            "value": row["condition"][1],
        }
        for row in found
    ]
)
LISTS = [
    {"list": "search", "value": "google"},
    {"list": "news", "value": "news.example.com"},
    {"list": "news", "value": "com"},
    {"list": "search", "value": "email-x"},
]

GOOGLES_TABLE = """
    source     | medium         | campaign         | channel
    (direct)   | (none)         |                  | Direct
    (Direct)   | (not set)      |                  | Direct
    google     | cpc            | EU Cross-Network | Cross-network
    amazon.com | cpc            |                  | Paid Shopping
    abc        | paid           | spring shop      | Paid Shopping
    abc        | cpc            | workshop         | Paid Other
    bing       | ppc            |                  | Paid Search
    google     | retargeting    |                  | Paid Search
    facebook   | paid-social    |                  | Paid Social
    youtube    | cpv-cpc        |                  | Paid Video
    abc        | banner         |                  | Display
    abc        | interstitial   |                  | Display
    abc        | ppc            |                  | Paid Other
    ebay       | (none)         |                  | Organic Shopping
    abc        |                | shopping         | Organic Shopping
    tiktok.com |                |                  | Organic Social
    abc        | social-network |                  | Organic Social
    vimeo.com  | link           |                  | Organic Video
    abc        | my-videos      |                  | Organic Video
    ecosia.org | referral       |                  | Organic Search
    abc        | organic        |                  | Organic Search
    abc        | referral       |                  | Referral
    e-mail     | xyz            |                  | Email
    abc        | e mail         |                  | Email
    abc        | affiliate      |                  | Affiliates
    abc        | audio          |                  | Audio
    sms        |                |                  | SMS
    abc        | SMS            |                  | SMS
    abc        | webpush        |                  | Mobile Push Notifications
    abc        | mobile-app     |                  | Mobile Push Notifications
    abc        | notifications  |                  | Mobile Push Notifications
    firebase   | xyz            |                  | Mobile Push Notifications
    abc        | xyz            |                  | Unassigned
"""


@pytest.fixture(scope="module")
def ga4() -> dict[str, pa.Table]:
    rules, lists = rules_from_toml(DEFAULT_TEXT)
    return {"rules": rules, "lists": lists}


def test_a_declared_channel_wins_over_every_rule(run: Run, ga4: dict[str, pa.Table]) -> None:
    traffic = """
        traffic_id | channel    | source | medium
        1          | Trade fair | google | cpc
        2          |            | google | cpc
    """
    expected = """
        traffic_id | channel     | declared_channel
        1          | Trade fair  | Trade fair
        2          | Paid Search |
    """
    assert shown(run(labelled_traffic, traffic=drawn("traffic", traffic), **ga4), expected) == sorted_cells(expected)


def test_a_traffic_of_which_nothing_is_known_has_no_channel_and_keeps_its_row(
    run: Run, ga4: dict[str, pa.Table]
) -> None:
    traffic = """
        traffic_id | source | landing_page | term | form
        nothing    |        |              |      |
        page only  |        | /pricing     | shoe | demo
        unknown    | abc    |              |      |
    """
    expected = """
        traffic_id | channel    | declared_channel | landing_page
        nothing    |            |                  |
        page only  |            |                  | /pricing
        unknown    | Unassigned |                  |
    """
    assert shown(run(labelled_traffic, traffic=drawn("traffic", traffic), **ga4), expected) == sorted_cells(expected)


def test_a_visit_that_only_says_where_it_came_from_is_classified_by_the_host(
    run: Run, ga4: dict[str, pa.Table]
) -> None:
    traffic = """
        traffic_id | campaign      | medium | referrer
        1          |               |        | https://www.google.com/
        2          |               |        | https://www.Google.ro/search?q=crm
        3          |               |        | https://ro.linkedin.com/feed/update/1
        4          |               |        | https://m.youtube.com/watch?v=1
        5          |               |        | https://www.amazon.com:443/dp/1
        6          |               |        | http://blog.example.org/google.com
        7          |               |        | https://mail.google.com/mail/u/0
        8          |               |        | https://search.yahoo.com/?p=x
        9          |               | email  | https://www.google.com/
        10         | cross-network |        | https://www.google.com/
    """
    expected = """
        traffic_id | channel
        1          | Organic Search
        2          | Organic Search
        3          | Organic Social
        4          | Organic Video
        5          | Organic Shopping
        6          | Referral
        7          | Referral
        8          | Organic Search
        9          | Email
        10         | Cross-network
    """
    assert shown(run(labelled_traffic, traffic=drawn("traffic", traffic), **ga4), expected) == sorted_cells(expected)


def hosts(*, traffic: ir.Table) -> ir.Table:
    return traffic.select("traffic_id", host=host_of(traffic.referrer))


def test_the_host_of_an_address_of_ipv6_is_what_stands_in_the_brackets(run: Run) -> None:
    traffic = """
        traffic_id | referrer
        1          | http://[::1]/
        2          | http://[2001:DB8::7]:8080/a?b=[c]
        3          | https://user:secret@[fe80::1]/x
        4          | [::1]
        5          | http://[broken/
        6          | http://www.a.ro/[::1]
    """
    expected = """
        traffic_id | host
        1          | ::1
        2          | 2001:db8::7
        3          | fe80::1
        4          | ::1
        5          |
        6          | a.ro
    """
    assert shown(run(hosts, traffic=drawn("traffic", traffic)), expected) == sorted_cells(expected)


def test_the_shipped_rules_are_the_default_channel_groups_of_google_analytics_4(
    run: Run, ga4: dict[str, pa.Table]
) -> None:
    """Source: https://support.google.com/analytics/answer/9756891, the table for manual traffic; one row per clause."""
    wanted = cells(GOOGLES_TABLE)
    names = ("source", "medium", "campaign")
    traffic = [
        {"traffic_id": f"{number:02}", **{name: row[name] or None for name in names}}
        for number, row in enumerate(wanted)
    ]
    found = run(labelled_traffic, traffic=table_of("traffic", traffic), **ga4).sort_by("traffic_id")
    assert found["channel"].to_pylist() == [row["channel"] for row in wanted]


@pytest.mark.shared_data
def test_every_source_that_google_lists_gets_its_organic_channel(run: Run, ga4: dict[str, pa.Table]) -> None:
    if not GA4_SOURCES.is_dir():
        pytest.skip("the list of sources does not lie beside the checkout")
    with (GA4_SOURCES / "ga4_source_categories.csv").open(encoding="utf-8", newline="") as file:
        category_of = {row["source"]: row["source_category"] for row in csv.DictReader(file)}
    traffic = [{"traffic_id": source, "source": source} for source in category_of]
    found = run(labelled_traffic, traffic=table_of("traffic", traffic), **ga4)
    kinds = ("SEARCH", "SOCIAL", "SHOPPING", "VIDEO")
    channel_of = {f"SOURCE_CATEGORY_{kind}": f"Organic {kind.capitalize()}" for kind in kinds}
    assert {row["source"]: row["channel"] for row in found.to_pylist()} == {
        source: channel_of[category] for source, category in category_of.items()
    }
    assert len(category_of) == 819


def test_all_conditions_of_one_group_must_hold_and_the_first_rule_wins(run: Run) -> None:
    rules = """
        position | channel | group | field  | operator  | value
        1        | A       | 1     | source | is        | x
        1        | A       | 1     | medium | is        | y
        1        | A       | 2     | source | is        | z
        2        | B       | 1     | source | is_filled |
        2        | B       | 1     | medium | is_not    | y
    """
    traffic = """
        traffic_id | source | medium
        1          | X      | Y
        2          | x      |
        3          | z      |
        4          |        | y
        5          | w      | y
    """
    expected = """
        traffic_id | channel
        1          | A
        2          | B
        3          | A
        4          |
        5          |
    """
    found = run(labelled_traffic, traffic=drawn("traffic", traffic), rules=drawn("rules", rules))
    assert shown(found, expected) == sorted_cells(expected)


@pytest.mark.slow
def test_duckdb_agrees_with_the_twin(duckdb: Engine) -> None:
    @searching
    @given(st.lists(TRAFFIC, min_size=1, max_size=4), RULES)
    def search(cases: list[Case], rules: list[dict[str, Any]]) -> None:
        assert_twin_agrees(duckdb, cases, rules)

    search()


@pytest.mark.spark
@pytest.mark.slow
def test_spark_agrees_with_the_twin(spark: Engine, ga4: dict[str, pa.Table]) -> None:
    """Once with rules of every field and operator, once with the shipped ones."""
    cases = drawn_cases(TRAFFIC)
    every_rule = max(drawn_cases(st.fixed_dictionaries({"rules": RULES}), 50), key=lambda case: len(case["rules"]))
    assert_twin_agrees(spark, cases, every_rule["rules"])
    assert_twin_agrees(spark, cases, ga4["rules"].to_pylist(), ga4["lists"].to_pylist())


def assert_twin_agrees(
    engine: Engine, cases: list[Case], rules: list[dict[str, Any]], lists: list[dict[str, Any]] = LISTS
) -> None:
    traffic = together([apart(case, number) for number, case in enumerate(cases)])["traffic"]
    tables = {"traffic": traffic, "rules": table_of("rules", rules), "lists": table_of("lists", lists)}
    found = engine.to_arrow(labelled_traffic(**engine.from_arrow(tables))).to_pylist()
    wanted = twin(**{name: table.to_pylist() for name, table in tables.items()})
    assert in_order(found) == in_order(wanted)
    assert [*found[:1]] == [] or set(found[0]) == {*SCHEMAS["traffic"].names, "declared_channel"}
