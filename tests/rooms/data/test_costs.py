"""What campaigns cost, pasted from a spreadsheet: how it is read, and how it comes in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from punte.core.jobs.worker import work_until_idle
from punte.home.folder import Home
from punte.rooms.data.rules import Cost, Problem, read_costs
from punte.rooms.data.rules.months import month_of
from punte.rooms.numbers import open_home
from tests.actors import Actors
from tests.home import small

NOW = date(2026, 11, 1)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def read(text: str, *, decimal: str = ".") -> Any:
    return read_costs(text, currency="EUR", decimal=decimal, this_month=NOW)


def amounts(text: str, *, decimal: str = ".") -> list[tuple[str, str]]:
    found = read(f"Campaign\t2026-03\n{text}", decimal=decimal)
    assert found.problems == ()
    return [(str(one.amount), one.currency) for one in found.costs]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-03", MARCH),
        ("2026/3", MARCH),
        ("03.2026", MARCH),
        ("3/2026", MARCH),
        ("01.03.2026", MARCH),
        ("2026-03-01", MARCH),
        ("2026-03-01 00:00:00", MARCH),
        ("Mar 2026", MARCH),
        ("mar-26", MARCH),
        ("March '26", MARCH),
        ("martie 2026", MARCH),
        ("2026 mart.", None),
        ("2026 mar.", MARCH),
        ("SEPT. 2026", date(2026, 9, 1)),
        ("iulie 2026", date(2026, 7, 1)),
        ("13.2026", None),
        ("15.03.2026", None),
        ("Q3 2026", None),
        ("", None),
    ],
)
def test_a_month_is_known_however_it_is_written(text: str, month: date | None) -> None:
    assert month_of(text) == month


@pytest.mark.parametrize(
    ("cell", "decimal", "read_as"),
    [
        ("1.234,50", ".", ("1234.50", "EUR")),
        ("1,234.50", ",", ("1234.50", "EUR")),
        ("1 234,5", ".", ("1234.5", "EUR")),
        ("1\u00a0234", ".", ("1234", "EUR")),
        ("1'234'567", ".", ("1234567", "EUR")),
        ("1.234.567", ".", ("1234567", "EUR")),
        ("1.234", ".", ("1.234", "EUR")),
        ("1.234", ",", ("1234", "EUR")),
        ("1,234", ".", ("1234", "EUR")),
        ("0,999", ".", ("0.999", "EUR")),
        ("12,5", ".", ("12.5", "EUR")),
        ("€ 12", ".", ("12", "EUR")),
        ("1.234,50 lei", ".", ("1234.50", "RON")),
        ("RON 7", ".", ("7", "RON")),
        ("$1,000.00", ",", ("1000.00", "USD")),
        ("0", ".", ("0", "EUR")),
    ],
)
def test_an_amount_is_read_as_it_was_meant(cell: str, decimal: str, read_as: tuple[str, str]) -> None:
    assert amounts(f"spring\t{cell}", decimal=decimal) == [read_as]


def test_one_clear_amount_tells_how_all_of_them_are_written() -> None:
    assert amounts("spring\t1.234\nautumn\t99,50\n", decimal=".") == [("1234", "EUR"), ("99.50", "EUR")]


def test_a_block_is_read_with_its_channels_its_empty_cells_and_without_its_sums() -> None:
    found = read(
        "Campanie\tCanal\tmar. 2026\taprilie 2026\tTotal\n"
        "spring\tWebinars\t100\t\t100\nbrand\t\t-\t50\t50\nTotal\t\t100\t50\t150\n"
    )
    assert found.problems == ()
    assert (found.costs, found.left_out) == (
        (Cost("spring", "Webinars", MARCH, Decimal(100), "EUR"), Cost("brand", "", APRIL, Decimal(50), "EUR")),
        2,
    )


def test_months_may_stand_in_rows_and_semicolons_between_cells() -> None:
    found = read("Month;spring;brand\n2026-03;1,5;2\n2026-04;;3\n")
    assert [(one.campaign, one.month_on, str(one.amount)) for one in found.costs] == [
        ("spring", MARCH, "1.5"),
        ("brand", MARCH, "2"),
        ("brand", APRIL, "3"),
    ]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", [Problem("nothing")]),
        ("spring\t100\n", [Problem("no_month", 1, 2, "100")]),
        ("Campaign\nspring\n", [Problem("no_months")]),
        ("Campaign\t2026-03\nspring\t\n", [Problem("no_amounts")]),
        ("Campaign\t2026-12\nspring\t1\n", [Problem("not_begun", 1, 2, "2026-12")]),
        ("Campaign\t2026-03\tMar 2026\nspring\t1\t2\n", [Problem("month_twice", 1, 3, "Mar 2026")]),
        ("Campaign\t2026-03\n\t5\n", [Problem("no_campaign", 2, 1)]),
        (
            "Campaign\t2026-03\nspring\t1\nSpring\t2\n",
            [Problem("campaign_twice", 2, 1, "spring"), Problem("campaign_twice", 3, 1, "Spring")],
        ),
        ("Campaign\t2026-03\nspring\tmuch\n", [Problem("no_amount", 2, 2, "much")]),
        ("Campaign\t2026-03\nspring\t5 apples\n", [Problem("no_amount", 2, 2, "5 apples")]),
        ("Campaign\t2026-03\nspring\t-5\n", [Problem("below_zero", 2, 2, "-5")]),
        ("Campaign\t2026-03\nspring\t1.234,5\nbrand\t1,234.5\n", [Problem("not_clear", 3, 2, "1,234.5")]),
    ],
)
def test_what_cannot_be_read_is_named_by_its_place(text: str, problems: list[Problem]) -> None:
    assert list(read(text).problems) == problems


def enter(client: Client, table: str, currency: str = "RON") -> str:
    """Enter costs, let them be looked at, and give the address of the preview."""
    answer = client.post("/data/costs", {"table": table, "currency": currency})
    assert answer.status_code == 302, answer.content.decode()
    work_until_idle()
    return str(answer.url)


def bring_in(client: Client, table: str) -> str:
    address = enter(client, table)
    client.post(f"{address}/import")
    work_until_idle()
    return address


def spent(home: Home) -> list[tuple[str, date, int, str]]:
    """Campaign, day, minor units and currency of all spend that counts."""
    sql = "SELECT campaign, spent_on, amount, currency FROM {spend} JOIN {traffic} USING (traffic_id) ORDER BY 1, 2"
    return small.select(home.lake.current(), sql)


@pytest.mark.slow
def test_entered_costs_come_in_are_corrected_by_a_new_version_and_are_taken_back(filled: Home, lea: Client) -> None:
    bring_in(lea, "Campaign\t2026-01\t2026-02\nspring\t1.000,50\t200\nbrand\t\t30 EUR\n")
    first = [("brand", date(2026, 2, 1), 3000, "EUR"), ("spring", date(2026, 1, 1), 100050, "RON")]
    assert spent(filled) == [*first, ("spring", date(2026, 2, 1), 20000, "RON")]
    bring_in(lea, "Campaign\t2026-02\nspring\t250\n")
    assert spent(filled) == [*first, ("spring", date(2026, 2, 1), 25000, "RON")]
    load = filled.raw.loads()[-1]
    assert (load.source, load.rows, load.file_name.startswith("punte-costs-")) == ("entered_costs", 1, True)
    lea.post(f"/data/imports/{load.id}/take-back")
    work_until_idle()
    assert spent(filled) == [*first, ("spring", date(2026, 2, 1), 20000, "RON")]


@pytest.mark.slow
def test_the_preview_shows_the_costs_as_they_were_read_and_keeps_nothing(filled: Home, lea: Client) -> None:
    before = filled.lake.pointed()
    page = lea.get(enter(lea, "Campaign\t2026-01\t2026-02\tTotal\nspring\t1.000,50\t200\t1.200,50\n")).content.decode()
    told = [text in page for text in ("spring", "1,000.50", "1,200.50", "Jan\u00a02026", "Bring these costs in")]
    assert (told, "1 row or column of sums was left out." in page) == ([True] * 5, True)
    assert filled.lake.pointed() == before


@pytest.mark.slow
def test_costs_count_in_the_channel_of_their_campaign(home: Home, lea: Client) -> None:
    with_campaigns = small.MAPPING.replace('channel = "channel"', 'channel = "channel"\ncampaign = "campaign"')
    touches = "id,contact,at,channel,campaign\nt1,1,2026-01-04 08:00:00,email,spring\n"
    files = small.write(home.path.parent / "exports", contacts=small.CONTACTS, touches=touches)
    small.bring(home, files, mappings=[small.mapping(with_campaigns)])
    from punte.core import clock
    from punte.rooms import facts

    facts.remember([small.mapping(with_campaigns)], home, by="a test", at=clock.now())
    bring_in(lea, "Campaign\t2026-01\nspring\t10\nautumn\t20\n")
    with open_home(home.path) as numbers:
        rows = numbers.engine.to_arrow(numbers.loop(by=("channel",)).select("channel", "cost")).to_pylist()
    assert {row["channel"]: row["cost"] for row in rows if row["cost"] is not None} == {
        "email": Decimal("10.00"),
        "Unassigned": Decimal("20.00"),
    }


@pytest.mark.slow
def test_the_form_offers_the_campaigns_and_keeps_what_cannot_be_read(filled: Home, lea: Client) -> None:
    page = lea.get("/data/costs")
    assert (page.status_code, b"<textarea" in page.content) == (200, True)
    wrong = lea.post("/data/costs", {"table": "Campaign\t2026-01\nspring\tmuch\n", "currency": "RON"})
    text = wrong.content.decode()
    assert wrong.status_code == 422
    assert "Row 2, column 2: “much” is not an amount." in text
    assert "spring\tmuch" in text


@pytest.mark.slow
def test_only_those_who_may_import_enter_costs(filled: Home, client: Client, actors: Actors) -> None:
    statuses = {}
    for name in ("marta", "sandro", "vera", "lea", "ada"):
        client.force_login(getattr(actors, name))
        table = {"table": "Campaign\t2026-01\nspring\t1\n", "currency": "RON"}
        statuses[name] = (client.get("/data/costs").status_code, client.post("/data/costs", table).status_code)
    assert statuses == {
        "marta": (403, 403),
        "sandro": (403, 403),
        "vera": (403, 403),
        "lea": (200, 302),
        "ada": (200, 302),
    }
