"""Zoho CRM's modules exported whole, beside a report of Google Ads in German: title lines, totals, decimal commas."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.presets.drawn import drawn, figures, missing, write

pytestmark = pytest.mark.slow

MODULES = ("Leads", "Contacts", "Accounts", "Deals")
OWNERS = {
    f"{module} Owner{id_}": value
    for module in ("Lead", "Contact", "Account", "Deal")
    for id_, value in ((".id", "zcrm_9"), ("", "Marta Ilie"))
}


@pytest.fixture(scope="module")
def home(punte, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zoho")
    for name in MODULES:
        export = drawn("zoho", name.lower())
        write(folder / "export" / f"{name}_2026_04_01.csv", export.header, export.rows, always=OWNERS, encoding="utf-8")
    report = drawn("zoho", "google")
    path = write(folder / "export" / "Kampagnenbericht.csv", report.header, report.rows, separator="\t")
    table = path.read_text(encoding="utf-8-sig")
    total = '"Gesamt: Kampagnen"\t" --"\t"EUR"\t"1.300,00"\t"13.000"\t"320"\r\n'
    text = f"Kampagnenbericht\r\n1. Januar 2026 - 31. Januar 2026\r\n{table}{total}"
    path.write_text(text, encoding="utf-16", newline="")
    home = folder / "home"
    assert punte("init", "--zone", "Europe/Bucharest", home=home).code == 0
    said = punte("import", folder / "export", home=home)
    assert (said.code, "Not used" in said.err, "put aside:" in said.err) == (0, False, False), said.err + said.out
    return home


COUNTED = ("n_leads", "n_sql", "n_opportunities", "n_won", "n_open", "revenue", "cost", "median_days_to_won")


def test_the_loop_by_channel_is_what_was_counted_by_hand(punte, home: Path) -> None:
    rows = punte("loop", "--by", "channel", "--format", "csv", home=home).rows
    assert figures(rows, "channel", *COUNTED) == {
        # Leads 101 to 103; deals 401 (won) and 402 (lost).
        "Web Download": ("3", "2", "2", "1", "0", "12000.50", "", "36.0"),
        # Leads 104 and 105; deal 403.
        "Trade Show": ("2", "1", "1", "1", "0", "7500.00", "", "52.0"),
        # Lead 106; deal 405, in lei.
        "Cold Call": ("1", "0", "1", "1", "0", "", "", "43.0"),
        "Paid Search": ("0", "0", "0", "0", "0", "0.00", "1300.00", ""),
        # Lead 107; deal 404, which is open.
        "unattributed": ("1", "0", "1", "0", "1", "0.00", "", ""),
    }


def test_the_campaign_of_the_advertisement_that_brought_the_lead_gets_the_deal(punte, home: Path) -> None:
    rows = punte("loop", "--by", "campaign", "--format", "csv", home=home).rows
    assert figures(rows, "campaign", "n_leads", "n_won", "revenue", "cost", "n_amount_unknown") == {
        "spring": ("2", "1", "12000.50", "1300.00", "0"),
        "-": ("4", "2", "7500.00", "", "1"),
        "unattributed": ("1", "0", "0.00", "", "0"),
    }


def test_the_funnel_counts_conversions(punte, home: Path) -> None:
    rows = punte("funnel", "--format", "csv", home=home).rows
    assert figures(rows, "stage", "n_reached") == {
        "lead": ("7",),
        "mql": ("0",),
        "sal": ("0",),
        "sql": ("3",),
        "opportunity": ("3",),
        "won": ("2",),
    }


def test_coverage_names_what_the_modules_do_not_say(punte, home: Path) -> None:
    assert missing(punte("coverage", "--format", "csv", home=home).rows) == {
        "lead origin empty": 1,
        "opportunity deal rate_missing": 1,
        "opportunity deal without_touch": 5,
    }
