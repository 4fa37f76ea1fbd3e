"""Exports that name records instead of giving their ids, brought on different days: what joins, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CONTACTS = """Record Id,Contact Owner,First Name,Last Name,Account Name,Email,Created Time
zcrm_11,Marta Ilie,Ana,Pop,Acme SRL,ana@acme.ro,2026-01-05 10:00:00
zcrm_12,Marta Ilie,Ion,Ene,Beta SA,ion@beta.ro,2026-01-06 10:00:00
zcrm_13,Marta Ilie,Ion,Ene,Acme SRL,ion@acme.ro,2026-01-06 10:00:00
"""
ACCOUNTS = """Record Id,Account Name,Account Owner,Website,Created Time
zcrm_21,Acme SRL,Marta Ilie,acme.ro,2026-01-05 10:00:00
zcrm_22,Beta SA,Marta Ilie,beta.ro,2026-01-05 10:00:00
"""
DEALS = """Record Id,Deal Owner,Amount,Deal Name,Closing Date,Account Name,Stage,Lead Source,Contact Name,Created Time
zcrm_41,Marta Ilie,1000,Licences,2026-02-10,ACME  SRL,Closed Won,Web Download,Ana Pop,2026-01-05 10:00:00
zcrm_42,Marta Ilie,500,Service,2026-02-12,Beta SA,Closed Won,Cold Call,Ion Ene,2026-01-08 10:00:00
zcrm_43,Marta Ilie,300,Gama,2026-02-12,Gama SRL,Closed Won,Cold Call,Vlad Rus,2026-01-08 10:00:00
"""
ZOHO = {"Deals.csv": DEALS, "Contacts.csv": CONTACTS, "Accounts.csv": ACCOUNTS}
PEOPLE = """Person - ID,Person - Name,Person - Organization,Person - Email - Work,Person - Owner
1,Ana Pop,Acme SRL,ana@acme.ro,Marta Ilie
2,Ion Ene,Beta SA,ion@beta.ro,Marta Ilie
3,Ion Ene,Acme SRL,ion@acme.ro,Marta Ilie
"""
PIPEDRIVE = {
    "deals.csv": """Deal - ID,Deal - Title,Deal - Status,Deal - Value,Deal - Organization,Deal - Contact person
71,Licences,Won,1000,Acme SRL,Ana Pop
72,Service,Won,500,Beta SA,Ion Ene
""",
    "people.csv": PEOPLE,
}
LEAD_REPORT = """Lead ID,First Name,Last Name,Company / Account,Lead Owner,Lead Status,Lead Source,Email,Create Date
00Q1,Ana,Pop,Acme SRL,Marta Ilie,Qualified,Web,ana@acme.ro,1/5/2026
00Q2,Ion,Ene,Beta SA,Marta Ilie,Qualified,Web,ion@beta.ro,1/5/2026
"""
OPPORTUNITY_REPORT = """Opportunity ID,Opportunity Name,Account Name,Primary Contact,Stage,Close Date,Amount
0061,Licences,Acme SRL,Ana Pop,Closed Won,2/10/2026,1000
0062,Service,Beta SA,Dan Rus,Closed Won,2/12/2026,500
"""
SALESFORCE = {"opportunities.csv": OPPORTUNITY_REPORT, "leads.csv": LEAD_REPORT}


def unmatched(punte, home: Path, *tables: str) -> dict[str, int]:
    """References that find no row, by table and column."""
    rows = punte("coverage", "--format", "csv", home=home).rows
    found = {f"{row['table']} {row['subject']}": int(row["n"]) for row in rows if row["reason"] == "unmatched"}
    return {name: n for name, n in found.items() if n and name.split()[0] in tables}


def bring(punte, home: Path, files: dict[str, str], order: tuple[str, ...], *, together: bool = False) -> list[str]:
    """What each import said on standard error."""
    home.parent.mkdir(parents=True, exist_ok=True)
    assert punte("init", "--zone", "Europe/Bucharest", home=home).code == 0
    paths = [home.parent / name for name in order]
    for path in paths:
        path.write_text(files[path.name], encoding="utf-8")
    done = [punte("import", *some, home=home) for some in ([paths] if together else [[path] for path in paths])]
    assert [said.code for said in done] == [0] * len(done), [said.err for said in done]
    return [said.err for said in done]


@pytest.mark.parametrize(
    ("order", "together"),
    [
        (("Deals.csv", "Contacts.csv", "Accounts.csv"), False),
        (("Accounts.csv", "Contacts.csv", "Deals.csv"), False),
        (("Contacts.csv", "Deals.csv", "Accounts.csv"), True),
    ],
)
def test_names_join_in_whichever_order_the_exports_come(punte, tmp_path: Path, order, together: bool) -> None:
    home = tmp_path / "home"
    bring(punte, home, ZOHO, order, together=together)
    # Ion Ene is the name of two contacts; nobody brought Vlad Rus and Gama SRL.
    assert unmatched(punte, home, "opportunity", "person_account") == {
        "opportunity account_record_id": 1,
        "opportunity person_record_id": 2,
    }


def test_the_import_says_which_name_several_have_and_what_finds_nothing(punte, tmp_path: Path) -> None:
    first, _, last = bring(punte, tmp_path / "home", ZOHO, ("Accounts.csv", "Contacts.csv", "Deals.csv"))
    assert "Bring the whole list" not in first
    assert "2 repaired: ambiguous name. Row 3: " in last, last
    assert "Export the column with the ids as well, or give these records names that differ." in last
    assert (
        "zoho opportunity: 2 of 3 name a record under person that no file brought, or a name that several have. "
        "Bring the whole list of these records, or an export with their ids."
    ) in last


def test_ids_that_pipedrive_shows_keep_two_people_of_one_name_apart(punte, tmp_path: Path) -> None:
    home = tmp_path / "home"
    bring(punte, home, PIPEDRIVE, ("deals.csv", "people.csv"))
    rows = punte("coverage", "--format", "csv", home=home).rows
    assert [row["n"] for row in rows if (row["table"], row["reason"]) == ("person", "standing")] == ["3"]
    assert unmatched(punte, home, "opportunity")["opportunity person_record_id"] == 1


def test_a_report_of_opportunities_finds_its_contacts_in_last_weeks_report_of_leads(punte, tmp_path: Path) -> None:
    home = tmp_path / "home"
    bring(punte, home, SALESFORCE, ("leads.csv", "opportunities.csv"))
    assert unmatched(punte, home, "opportunity") == {"opportunity person_record_id": 1}
