"""Pipedrive's list views, all columns shown, beside a Mailchimp audience; people and deals join by name and address."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.cli.presets.drawn import Drawn, drawn, figures, missing, write

pytestmark = pytest.mark.slow

VIEWS = ("deals", "people", "organizations", "leads", "activities")


@pytest.fixture(scope="module")
def home(punte, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pipedrive")
    for name in VIEWS:
        export = drawn("pipedrive", name)
        write(folder / "export" / f"{name}-1234567-8.csv", export.header, export.rows, encoding="utf-8")
    audience = drawn("pipedrive", "mailchimp")
    write(folder / "export" / "subscribed_members_export_5f.csv", audience.header, audience.rows, encoding="utf-8")
    home = folder / "home"
    assert punte("init", "--zone", "Europe/Bucharest", home=home).code == 0
    said = punte("import", folder / "export", home=home)
    assert (said.code, "Not used" in said.err, "put aside:" in said.err) == (0, False, False), said.err + said.out
    return home


WANTED = ("n_touches", "n_leads", "n_opportunities", "n_won", "n_open", "revenue", "median_days_to_won")
BY_CHANNEL = {
    # Deals 1, 2, 3 and 9, of which 1 is won; leads aa-1 to aa-3.
    "Web forms": ("0", "3", "4", "1", "2", "12000.50", "31.0"),
    # Deals 4 and 5; the second one in lei, of which no rate is known.
    "Prospector": ("0", "1", "2", "2", "0", "7500.00", "53.5"),
    # Deals 7 (lost) and 8 (won, without a value).
    "Live chat": ("0", "0", "2", "1", "0", "", "38.0"),
    "unattributed": ("0", "0", "1", "1", "0", "250.00", "1.0"),
}
SIGN_UPS = {"Unassigned": ("3", "0", "0", "0", "0", "0.00", "")}


def test_the_loop_by_channel_is_what_was_counted_by_hand(punte, home: Path) -> None:
    rows = punte("loop", "--by", "channel", "--format", "csv", home=home).rows
    assert figures(rows, "channel", *WANTED) == BY_CHANNEL | SIGN_UPS


def test_credit_goes_to_the_newsletter_that_the_buyer_had_signed_up_for(punte, home: Path) -> None:
    rows = punte("loop", "--by", "source", "--model", "last", "--format", "csv", home=home).rows
    assert figures(rows, "source", "n_won", "revenue", "credit_last") == {
        "-": ("4", "19500.50", "0.00"),
        "mailchimp": ("0", "0.00", "12000.50"),
        "unattributed": ("1", "250.00", "7750.00"),
    }


def test_the_funnel_shows_leads_that_became_deals_and_no_stages_that_pipedrive_does_not_keep(punte, home) -> None:
    rows = punte("funnel", "--format", "csv", home=home).rows
    assert figures(rows, "stage", "n_reached") == {
        "lead": ("4",),
        "mql": ("0",),
        "sal": ("0",),
        "sql": ("0",),
        "opportunity": ("3",),
        "won": ("2",),
    }


def test_coverage_names_what_the_views_do_not_say(punte, home: Path) -> None:
    assert missing(punte("coverage", "--format", "csv", home=home).rows) == {
        "opportunity deal rate_missing": 1,
        "opportunity deal without_person": 1,
        "opportunity deal without_touch": 6,
    }


GERMAN = {
    "Title": "Titel",
    "Owner": "Besitzer",
    "Value": "Wert",
    "Currency of Value": "Währung von Wert",
    "Organization": "Organisation",
    "Contact person": "Kontaktperson",
    "Stage": "Phase",
    "Deal created": "Deal erstellt am",
    "Won time": "Gewonnen am",
    "Lost time": "Verloren am",
    "Lost reason": "Verlustgrund",
    "Source channel": "Quellkanal",
    "Lead created": "Lead erstellt am",
}
STATES = {"Won": "Gewonnen", "Lost": "Verloren", "Open": "Offen"}


def test_views_of_a_person_who_works_in_german_give_the_same_deals(punte, tmp_path: Path) -> None:
    for name in ("deals", "leads"):
        export = drawn("pipedrive", name)
        header = [in_german(one) for one in export.header]
        rows = [{in_german(key): STATES.get(text, text) for key, text in row.items()} for row in export.rows]
        write(tmp_path / f"{name}.csv", header, rows, separator=";")
    home = tmp_path / "home"
    assert punte("init", "--zone", "Europe/Bucharest", home=home).code == 0
    said = punte("import", *sorted(tmp_path.glob("*.csv")), home=home)
    assert (said.code, "Not used" in said.err) == (0, False), said.err
    rows = punte("loop", "--by", "channel", "--format", "csv", home=home).rows
    assert figures(rows, "channel", *WANTED[:-1]) == {name: row[:-1] for name, row in BY_CHANNEL.items()}


def in_german(header: str) -> str:
    thing, _, rest = header.partition(" - ")
    return f"{thing} - {GERMAN.get(rest, rest)}"


def test_views_saved_as_workbooks_give_the_same_deals(punte, tmp_path: Path) -> None:
    for name in ("deals", "leads"):
        write_workbook(tmp_path / f"{name}.xlsx", drawn("pipedrive", name))
    home = tmp_path / "home"
    assert punte("init", "--zone", "Europe/Bucharest", home=home).code == 0
    said = punte("import", *sorted(tmp_path.glob("*.xlsx")), home=home)
    assert (said.code, "Not used" in said.err) == (0, False), said.err
    rows = punte("loop", "--by", "channel", "--format", "csv", home=home).rows
    assert figures(rows, "channel", *WANTED[:-1]) == {name: row[:-1] for name, row in BY_CHANNEL.items()}


def write_workbook(path: Path, export: Drawn) -> None:
    """Moments as dates of the spreadsheet and amounts as numbers, as Pipedrive writes its workbooks."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(export.header)
    for row in export.rows:
        sheet.append([cell_of(row.get(name, "")) for name in export.header])
    book.save(path)


def cell_of(text: str) -> object:
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text):
        return datetime.fromisoformat(text)
    return float(text) if re.fullmatch(r"[\d.]+", text) else text or None
