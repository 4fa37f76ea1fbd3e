"""A whole HubSpot portal as a newcomer brings it: all properties of contacts, companies and deals, beside two ad
managers; nothing is mapped by hand, and every figure was counted by hand from the rows below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cli.presets.drawn import drawn, figures, missing, write

pytestmark = pytest.mark.slow

CONTACTS, COMPANIES, DEALS, GOOGLE, META = (
    drawn("hubspot", name) for name in ("contacts", "companies", "deals", "google", "meta")
)


@pytest.fixture(scope="module")
def home(punte, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hubspot")
    files = [
        write(folder / "hubspot-crm-exports-all-contacts-2026-04-01.csv", CONTACTS.header, CONTACTS.rows),
        write(folder / "hubspot-crm-exports-all-companies-2026-04-01.csv", COMPANIES.header, COMPANIES.rows),
        write(folder / "hubspot-crm-exports-all-deals-2026-04-01.csv", DEALS.header, DEALS.rows),
        write(folder / "Campaign report.csv", GOOGLE.header, GOOGLE.rows),
        write(folder / "Untitled-report-Jan-1-2026.csv", META.header, META.rows),
    ]
    home = folder / "home"
    assert punte("init", "--zone", "Europe/Bucharest", home=home).code == 0
    said = punte("import", *files, home=home)
    assert (said.code, "Not used" in said.err, "put aside:" in said.err) == (0, False, False), said.err + said.out
    return home


COUNTED = (
    "n_touches",
    "n_leads",
    "n_mql",
    "n_sql",
    "n_opportunities",
    "n_won",
    "revenue",
    "cost",
    "median_days_to_won",
)
BY_CHANNEL = {
    # 101-106: three with a deal, two of them won for 12,000.50 and 8,000; Google Ads cost 1,100 + 900 + 200.
    "Paid Search": ("6", "6", "4", "3", "3", "2", "20000.50", "2200.00", "40.0"),
    # 107-111, and 126, who only reads the newsletter: a touch and no lead.
    "Organic Search": ("6", "5", "3", "2", "2", "1", "1499.99", "", "27.0"),
    # 112-115: the one won deal is in lei, and no rate is known.
    "Paid Social": ("4", "4", "1", "1", "1", "1", "", "400.00", "43.0"),
    # 116, 117, and 128, who is no lead.
    "Referral": ("3", "2", "1", "1", "0", "0", "0.00", "", ""),
    # 118, 119: won without an amount.
    "Email": ("2", "2", "1", "1", "1", "1", "", "", "54.0"),
    # 120-122, 129, and 127, who only reads the newsletter.
    "Direct": ("5", "4", "1", "0", "1", "0", "0.00", "", ""),
    # 123, 124: nobody visited anything.
    "Offline Sources": ("0", "2", "1", "1", "1", "1", "5000.00", "", "54.0"),
    "Organic Social": ("1", "1", "0", "0", "0", "0", "0.00", "", ""),
    "Other Campaigns": ("1", "1", "0", "0", "0", "0", "0.00", "", ""),
    # 510, which names nobody.
    "unattributed": ("0", "0", "0", "0", "1", "1", "250.00", "", "1.0"),
}


CONTACTS_ALONE = {name: row for name, row in BY_CHANNEL.items() if name != "unattributed"}


def by_channel(punte, home: Path) -> dict[str, tuple[str, ...]]:
    return figures(punte("loop", "--by", "channel", "--format", "csv", home=home).rows, "channel", *COUNTED)


def test_the_loop_by_channel_is_what_was_counted_by_hand(punte, home: Path) -> None:
    assert by_channel(punte, home) == BY_CHANNEL


def test_the_loop_by_campaign_joins_what_the_portal_and_the_ad_managers_say(punte, home: Path) -> None:
    rows_ = punte("loop", "--by", "campaign", "--model", "last", "--format", "csv", home=home).rows
    assert figures(rows_, "campaign", "n_leads", "n_won", "revenue", "credit_last", "cost") == {
        "crm-search": ("4", "1", "12000.50", "12000.50", "2000.00"),
        "brand": ("2", "1", "8000.00", "8000.00", "200.00"),
        "free-guide": ("3", "1", "", "", "400.00"),
        "jan-newsletter": ("2", "1", "", "", ""),
        "abm-q1": ("1", "0", "0.00", "0.00", ""),
        "podcast": ("1", "0", "0.00", "0.00", ""),
        "-": ("14", "2", "6499.99", "1499.99", ""),
        "unattributed": ("0", "1", "250.00", "5250.00", ""),
    }


def test_the_funnel_follows_the_dates_of_the_stages(punte, home: Path) -> None:
    found = figures(punte("funnel", "--format", "csv", home=home).rows, "stage", "n_reached", "n_skipped", "n_went_on")
    assert found == {
        "lead": ("27", "0", "12"),
        "mql": ("12", "0", "10"),
        "sal": ("0", "10", "0"),
        "sql": ("9", "1", "8"),
        "opportunity": ("9", "0", "7"),
        "won": ("7", "0", ""),
    }


def test_coverage_names_what_the_portal_does_not_say(punte, home: Path) -> None:
    assert missing(punte("coverage", "--format", "csv", home=home).rows) == {
        "opportunity deal rate_missing": 1,
        "opportunity deal without_person": 1,
        "opportunity deal without_touch": 2,
    }


def test_the_same_export_once_more_changes_nothing(punte, home: Path) -> None:
    before = (home / "lake" / "CURRENT").read_text(encoding="utf-8")
    said = punte("import", *sorted(home.parent.glob("*.csv")), home=home)
    assert (said.code, "Nothing new" in said.out) == (0, True)
    assert (home / "lake" / "CURRENT").read_text(encoding="utf-8") == before


def test_columns_that_only_next_weeks_export_has_count_as_well(punte, tmp_path: Path) -> None:
    home, few = tmp_path / "home", ["Record ID", "First Name", "Last Name", "Email", "Lifecycle Stage", "Create Date"]
    first = [{name: row[name] for name in few} for row in CONTACTS.rows[:10]]
    assert punte("init", "--zone", "Europe/Bucharest", home=home).code == 0
    assert punte("import", write(tmp_path / "contacts-2026-01.csv", few, first), home=home).code == 0
    later = write(tmp_path / "contacts-2026-02.csv", CONTACTS.header, CONTACTS.rows)
    assert punte("import", later, home=home).code == 0
    found = by_channel(punte, home)
    assert {name: row[:4] for name, row in found.items()} == {name: row[:4] for name, row in CONTACTS_ALONE.items()}


GERMAN = {
    "Record ID": "Datensatz-ID",
    "First Name": "Vorname",
    "Last Name": "Nachname",
    "Email": "E-Mail",
    "Lifecycle Stage": "Lifecycle-Phase",
    "Contact owner": "Kontaktverantwortlicher",
    "Create Date": "Erstellungsdatum",
    "Original Source": "Ursprüngliche Traffic-Quelle",
    "Deal Name": "Deal-Name",
    "Deal Stage": "Deal-Phase",
    "Amount": "Betrag",
    "Currency": "Währung",
    "Close Date": "Abschlussdatum",
    "Deal owner": "Deal-Verantwortlicher",
    "Company name": "Unternehmensname",
    "Number of Employees": "Anzahl der Mitarbeiter",
    "Industry": "Branche",
}
INTERNAL = {
    "Record ID": "hs_object_id",
    "First Name": "firstname",
    "Last Name": "lastname",
    "Email": "email",
    "Lifecycle Stage": "lifecyclestage",
    "Contact owner": "hubspot_owner_id",
    "Create Date": "createdate",
    "Original Source": "hs_analytics_source",
    "Original Source Drill-Down 1": "hs_analytics_source_data_1",
    "Original Source Drill-Down 2": "hs_analytics_source_data_2",
    "Became a Marketing Qualified Lead Date": "hs_lifecyclestage_marketingqualifiedlead_date",
    "Became a Sales Qualified Lead Date": "hs_lifecyclestage_salesqualifiedlead_date",
    "Became an Opportunity Date": "hs_lifecyclestage_opportunity_date",
    "Became a Customer Date": "hs_lifecyclestage_customer_date",
    "Deal Name": "dealname",
    "Deal Stage": "dealstage",
    "Amount": "amount",
    "Currency": "deal_currency_code",
    "Close Date": "closedate",
    "Is Closed Won": "hs_is_closed_won",
    "Is Deal Closed?": "hs_is_closed",
    "Company name": "name",
    "Company Domain Name": "domain",
}
CODES = {
    "Paid Search": "PAID_SEARCH",
    "Organic Search": "ORGANIC_SEARCH",
    "Paid Social": "PAID_SOCIAL",
    "Referrals": "REFERRALS",
    "Email Marketing": "EMAIL_MARKETING",
    "Direct Traffic": "DIRECT_TRAFFIC",
    "Offline Sources": "OFFLINE",
    "Organic Social": "SOCIAL_MEDIA",
    "Other Campaigns": "OTHER_CAMPAIGNS",
    "Marketing Qualified Lead": "marketingqualifiedlead",
    "Sales Qualified Lead": "salesqualifiedlead",
    "Closed Won": "closedwon",
    "Closed Lost": "closedlost",
}
MOMENT = re.compile(r"^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)$")
MONEY = re.compile(r"^[\d,]+(\.\d\d)?$")


def european(name: str, text: str) -> str:
    text = MOMENT.sub(r"\3.\2.\1 \4:\5", text)
    return text.translate(str.maketrans(",.", ".,")) if name in ("Amount", "Number of Employees") else text


def epoch(name: str, text: str) -> str:
    if not MOMENT.match(text):
        return CODES.get(text, text).replace(",", "") if name == "Amount" else CODES.get(text, text)
    local = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo("Europe/Bucharest"))
    return str(int(local.timestamp() * 1000))


def american(name: str, text: str) -> str:
    found = MOMENT.match(text)
    if not found:
        return f"€{text}" if name == "Amount" and text else text
    year, month, day, hour, minute = found.groups()
    return f"{month}/{day}/{year} {int(hour) % 12 or 12}:{minute} {'PM' if int(hour) >= 12 else 'AM'}"


def as_it_is(_: str, text: str) -> str:
    return text


WAYS: dict[str, tuple[dict[str, str], Callable[[str, str], str], str, str, bool]] = {
    "in German, as Excel in Europe saves it": (GERMAN, european, ";", "cp1252", True),
    "as tabbed text in UTF-16": ({}, as_it_is, "\t", "utf-16", True),
    "with internal names and milliseconds": (INTERNAL, epoch, ",", "utf-8", True),
    "in the American way, with a sign before each amount": (
        {"Create Date": "Created Date"},
        american,
        ",",
        "utf-8",
        True,
    ),
    "with no more columns than were drawn, turned round": ({}, as_it_is, ",", "utf-8-sig", False),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_same_portal_written_otherwise_gives_the_same_figures(punte, tmp_path: Path, way: str) -> None:
    names, said_as, separator, encoding, is_whole = WAYS[way]
    files = []
    for file, header, told_rows in (
        ("contacts", CONTACTS.header, CONTACTS.rows),
        ("companies", COMPANIES.header, COMPANIES.rows),
        ("deals", DEALS.header, DEALS.rows),
    ):
        told = [{names.get(name, name): said_as(name, text) for name, text in row.items()} for row in told_rows]
        if encoding == "cp1252":
            told = [{name: unaccented(text) for name, text in row.items()} for row in told]
        whole = [names.get(name, name) for name in header] if is_whole else list(told[0])[::-1]
        files.append(write(tmp_path / f"{file}.csv", whole, told, separator=separator, encoding=encoding))
    files.append(write(tmp_path / "google.csv", GOOGLE.header, GOOGLE.rows))
    files.append(write(tmp_path / "meta.csv", META.header, META.rows))
    home = tmp_path / "home"
    assert punte("init", "--zone", "Europe/Bucharest", home=home).code == 0
    said = punte("import", *files, home=home)
    assert (said.code, "put aside:" in said.err) == (0, False), said.err
    assert by_channel(punte, home) == BY_CHANNEL


def unaccented(text: str) -> str:
    """Signs that the code page of Western Europe has no place for, written without their accents."""
    return (
        "".join(sign if can_be_written(sign) else unicodedata.normalize("NFKD", sign)[0] for sign in text)
        .replace("Ł", "L")
        .replace("ł", "l")
    )


def can_be_written(sign: str) -> bool:
    return sign.encode("cp1252", "ignore") != b""
