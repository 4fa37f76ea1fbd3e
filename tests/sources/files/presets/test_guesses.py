"""Files that no preset knows: what is guessed from their headers and values, and what is said about it."""

from __future__ import annotations

import pytest

from punte.sources.files import mapping as m
from punte.sources.files.presets import Sample, propose, recognise
from punte.sources.files.presets.lexicon import meanings
from punte.sources.files.presets.profiles import Sheet
from punte.sources.files.presets.proposing import pattern_of
from punte.sources.files.presets.shapes import shape_of
from punte.sources.files.presets.ways import date_way, number_way, numbered_date_way
from tests.sources.files.mapping.drawn import batch, file_at, shared
from tests.sources.files.presets.told import told

LEADS_IN_ROMANIAN = """
Nr,Nume complet,Adresă de email,Telefon,Firmă,Sursă,Data creării,Responsabil,Convertit,Județ
1,Ana Pop,ana@x.ro,0721 000 111,X SRL,Google Ads,13.03.2024,Marta Ilie,da,Cluj
2,Ion Dan,ion@y.ro,,Y SA,Recomandare,14.03.2024,,nu,n/a
"""
DEALS_IN_ROMANIAN = """
ID oportunitate;Nume oportunitate;Firmă;Etapă;Valoare (RON);Data închiderii;Responsabil
100;Contract X;X SRL;Câștigat;1.200,50;01.04.2024;Marta Ilie
101;Contract Y;Y SA;Ofertă;12.000;30.06.2024;Marta Ilie
102;Contract Z;Y SA;Pierdut;500,25;02.04.2024;Sandro Rusu
""".replace(",", "\x00").replace(";", ",")
DEALS_IN_ROMANIAN = "\n".join(
    ",".join(f'"{cell}"' for cell in line.split(",")) for line in DEALS_IN_ROMANIAN.strip().splitlines()
).replace("\x00", ",")


def test_a_flat_file_of_leads_in_romanian_gives_people_leads_touches_and_customers() -> None:
    assert told({"leaduri.csv": LEADS_IN_ROMANIAN}, zone="Europe/Bucharest") == {
        "person": [
            "1: created=2024-03-13 full_name=Ana Pop email=ana@x.ro phone=0721 000 111",
            "2: created=2024-03-14 full_name=Ion Dan email=ion@y.ro",
        ],
        "lead": [
            "1: person=1 account=X SRL opened=2024-03-13 owner=Marta Ilie [channel=Google Ads]",
            "2: person=2 account=Y SA opened=2024-03-14 [channel=Recomandare]",
        ],
        "stage_event": ["1|customer: lead=1 stage=customer basis=from_current"],
        "touchpoint": [
            "1: person=1 kind=form occurred=2024-03-13 [channel=Google Ads]",
            "2: person=2 kind=form occurred=2024-03-14 [channel=Recomandare]",
        ],
        "opportunity": ["1: lead=1 person=1 status=won"],
        "account": ["X SRL: name=X SRL", "Y SA: name=Y SA"],
        "owner": ["Marta Ilie: full_name=Marta Ilie"],
    }


def test_a_lead_that_became_a_customer_is_no_second_deal_beside_a_file_of_deals() -> None:
    result = told({"leaduri.csv": LEADS_IN_ROMANIAN, "vanzari.csv": DEALS_IN_ROMANIAN}, currency="RON")
    assert [line.split(":")[0] for line in result["opportunity"]] == ["100", "101", "102"]


def test_deals_in_romanian_are_read_in_their_own_way_of_writing_numbers_and_dates() -> None:
    assert told({"vanzari.csv": DEALS_IN_ROMANIAN}, zone="Europe/Bucharest", currency="RON")["opportunity"] == [
        "100: name=Contract X account=X SRL owner=Marta Ilie stage=Câștigat status=won closed=2024-04-01 amount=120050 "
        "currency=RON",
        "101: name=Contract Y account=Y SA owner=Marta Ilie stage=Ofertă status=open expected_close=2024-06-30 "
        "amount=1200000 currency=RON",
        "102: name=Contract Z account=Y SA owner=Sandro Rusu stage=Pierdut status=lost closed=2024-04-02 amount=50025 "
        "currency=RON",
    ]


def test_each_guess_says_what_it_rests_on_and_what_is_left_out() -> None:
    files = [Sample("leaduri.csv", batch(LEADS_IN_ROMANIAN)), Sample("note.csv", batch("a,b\n1,2"))]
    text = m.dump_mapping(propose(files, zone="Europe/Bucharest"))
    assert text.startswith(
        "# A proposal. Read it, correct what is wrong, then import with it.\n"
        "# Left out, because nothing in them is a lead, a touch, a deal or a cost: note.csv.\n"
    )
    assert "# Not mapped, kept as attributes: Județ (Cluj).\n[[file]]\n" in text
    assert 'table = "?"\n# "?" = "a"  # 1\n# "?" = "b"  # 2\n' in text
    assert 'opened = { from = "Data creării", format = "%d.%m.%Y" }  # 2 of 2 values fit\n' in text
    assert "# 'Convertit' is taken to say who became a customer.\n" in text
    assert 'empty = ["", "n/a"]' in text


def test_touches_of_a_website_keep_browser_person_and_address() -> None:
    text = """
    event id,visitor id,email,timestamp,event,page url
    e1,v1,,2024-03-12 09:14:00,page_view,https://p.ro/a?utm_source=news&utm_medium=email
    e2,v1,Ana@x.ro,2024-03-12 09:20:00,form_submit,https://p.ro/b
    e3,v2,,2024-03-12 10:00:00,scroll,/c?gclid=1
    """
    assert told({"touches.csv": text}) == {
        "person": ["ana@x.ro: email=Ana@x.ro"],
        "touchpoint": [
            "e1: anonymous=v1 kind=page_view occurred=2024-03-12T09:14 "
            "[source=news medium=email landing_page=https://p.ro/a]",
            "e2: person=ana@x.ro anonymous=v1 kind=form occurred=2024-03-12T09:20 [landing_page=https://p.ro/b]",
            "e3: anonymous=v2 kind=other occurred=2024-03-12T10:00 [source=google medium=cpc landing_page=/c]",
        ],
    }


def test_columns_beside_touches_are_left_out_and_those_beside_leads_are_kept() -> None:
    touches = "visitor id,timestamp,page url,Screen\nv1,2024-03-12,/a,wide\nv1,2024-03-13,/b,wide"
    leads = "Lead ID,Source,Created,County\n1,x,2024-03-12,Cluj"
    files = [Sample("touches.csv", batch(touches)), Sample("leads.csv", batch(leads))]
    assert {rule.name: rule.keep for rule in propose(files).files} == {"touches": "none", "leads": "all"}


def test_spend_is_known_by_its_cost_and_its_day() -> None:
    text = 'Ziua,Canal,Campanie,Cheltuieli,Clicuri\n01.03.2024,Google,Brand,"1.004,20",60\n14.03.2024,Meta,Brand,10,'
    assert told({"costuri.csv": text}, zone="Europe/Bucharest", currency="RON") == {
        "spend": [
            "01.03.2024|Google|Brand: spent=2024-03-01 [channel=Google campaign=Brand] amount=100420 currency=RON "
            "n_clicks=60",
            "14.03.2024|Meta|Brand: spent=2024-03-14 [channel=Meta campaign=Brand] amount=1000 currency=RON",
        ]
    }


def test_dates_that_could_be_read_in_two_ways_follow_those_that_cannot() -> None:
    clear = Sample("a.csv", batch("Lead ID,Source,Created\n1,x,03/25/2024\n2,x,03/26/2024"))
    vague = Sample("b.csv", batch("Deal ID,Amount,Close date\n1,5,03/04/2024\n2,5,05/06/2024"))
    alone = m.dump_mapping(propose([vague]))
    beside = m.dump_mapping(propose([clear, vague]))
    assert 'format = "%d/%m/%Y" }' in alone
    assert "day and month could be swapped: the day was taken first" in alone
    assert 'format = "%m/%d/%Y" }' in beside
    assert "day and month could be swapped: the month was taken first" in beside


def test_a_preset_is_read_in_the_formats_that_its_values_show() -> None:
    text = """
    Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date
    1,A,Closed Won,"1.200,50",31.01.2024 10:00,15.01.2024 09:00
    """
    assert told({"deals.csv": text}, zone="Europe/Bucharest") == {
        "opportunity": [
            "1: name=A stage=Closed Won status=won created=2024-01-15T07:00 closed=2024-01-31T08:00 "
            "expected_close=2024-01-31 amount=120050 currency=EUR"
        ]
    }


@pytest.mark.parametrize(
    ("values", "formats", "could_swap"),
    [
        (["2024-01-31", "2024-01-31T10:00:00Z"], ("iso",), False),
        (["31.01.2024"], ("%d.%m.%Y",), False),
        (["31/01/2024", "01/02/2024"], ("%d/%m/%Y",), False),
        (["01/31/2024", "01/02/2024"], ("%m/%d/%Y",), False),
        (["01/02/2024", "03/04/2024"], ("%d/%m/%Y",), True),
        (["31-01-24 10:00"], ("%d-%m-%y %H:%M",), False),
        (["3/15/2024 2:30 PM"], ("%m/%d/%Y %I:%M %p",), False),
        (["2024-03-12 09:14", "3/15/2024 2:30 PM"], ("iso", "%m/%d/%Y %I:%M %p"), False),
        (["5 martie 2024", "6 apr. 2024"], ("%d %b %Y",), False),
    ],
)  # fmt: skip
def test_the_way_of_writing_dates_is_decided_from_all_values(
    values: list[str], formats: tuple[str, ...], could_swap: bool
) -> None:
    way = date_way(values)
    assert way is not None
    assert (way.formats, way.n_read, way.could_swap) == (formats, len(values), could_swap)


@pytest.mark.parametrize("values", [["soon"], ["12", "13"], ["2024-01-01", "x", "y"], ["0721 000 111"], ["1-2-3"]])
def test_a_column_of_other_things_holds_no_dates(values: list[str]) -> None:
    assert date_way(values) is None


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (["45631.0", "45000"], "excel"),
        (["1700000000"], "epoch_s"),
        (["1700000000123"], "epoch_ms"),
        (["12"], None),
        (["45631", "x"], None),
    ],
)
def test_dates_written_as_numbers_are_told_by_their_size(values: list[str], name: str | None) -> None:
    way = numbered_date_way(values)
    assert (way.formats[0] if way else None) == name


@pytest.mark.parametrize(
    ("values", "decimal", "could_swap"),
    [
        (["1200.5", "3"], ".", False),
        (["1.200,50", "3"], ",", False),
        (["1,200", "3"], ".", True),
        (["12", "13"], ".", False),
        (["12,50 lei"], ",", False),
    ],
)
def test_the_decimal_sign_is_decided_from_all_values(values: list[str], decimal: str, could_swap: bool) -> None:
    way = number_way(values)
    assert way is not None
    assert (way.decimal, way.could_swap) == (decimal, could_swap)


@pytest.mark.parametrize(
    ("header", "concept"),
    [
        ("Deal - Close date", "closed"), ("mql_id", "lead_id"), ("firstContactDate", "created"),
        ("Sursă lead", "channel"),
        ("Valoare (RON)", "amount"), ("Firmă", "company"), ("E-mail", "email"), ("Adresa de e-mail", "email"),
        ("Data închiderii", "closed"), ("Abschlussdatum", "closed"), ("Fecha de creación", "created"),
        ("Société", "company"), ("Cégnév", "company"), ("Източник", "channel"), ("utm_campaign", "campaign"),
        ("Responsabil", "owner"), ("Verkaufsphase", "stage"), ("Cheltuieli", "cost"), ("Empresa", "company"),
    ],
)  # fmt: skip
def test_a_header_is_understood_in_several_languages(header: str, concept: str) -> None:
    assert meanings(header)[0].concept == concept


@pytest.mark.parametrize("header", ["xyz", "", "declared_monthly_revenue", "Asymmetrique Activity Index"])
def test_a_header_that_says_nothing_known_has_no_meaning(header: str) -> None:
    assert [one.concept for one in meanings(header) if one.sureness >= 0.45] == []


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("hubspot-contacts-2026-03-12.csv", "hubspot-contacts-*.csv"),
        ("Leads_001.csv", "Leads_*.csv"),
        ("deals.csv", "deals.csv"),
        ("report [March].csv", "report [[]March].csv"),
        ("2024.csv", "*.csv"),
    ],
)
def test_the_same_export_of_another_day_falls_under_the_same_rule(name: str, pattern: str) -> None:
    assert pattern_of(name) == pattern
    mapping = m.Mapping("s", files=(m.FileRule("f", match=(pattern,)),))
    assert m.rule_for(mapping, name, ["x"]) is not None


@pytest.mark.shared_data
@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "file", "shape"),
    [
        ("x_education_leads", "Leads.csv", "people"),
        ("maven_crm", "sales_pipeline.csv", "deals"),
        ("maven_crm", "accounts.csv", "companies"),
        ("maven_crm", "sales_teams.csv", "owners"),
        ("maven_crm", "products.csv", "unknown"),
        ("maven_crm", "data_dictionary.csv", "unknown"),
        ("olist", "olist_marketing_qualified_leads_dataset.csv", "people"),
        ("olist", "olist_closed_deals_dataset.csv", "deals"),
        ("olist", "olist_sellers_dataset.csv", "unknown"),
        ("olist", "product_category_name_translation.csv", "unknown"),
    ],
)
def test_real_files_are_taken_for_what_they_are(folder: str, file: str, shape: str) -> None:
    sample = Sample(file, file_at(shared(folder) / file).slice(0, 500))
    assert shape_of(Sheet(sample)) == shape


@pytest.mark.shared_data
@pytest.mark.slow
def test_a_crm_alone_is_proposed_with_its_deals_companies_and_agents() -> None:
    folder = shared("maven_crm")
    samples = [Sample(path.name, file_at(path).slice(0, 500)) for path in sorted(folder.glob("*.csv"))]
    mapping = propose(samples, currency="USD")
    assert {rule.name: [table.table for table in rule.tables] for rule in mapping.files} == {
        "accounts": ["account"],
        "sales pipeline": ["opportunity"],
        "sales teams": ["owner"],
    }
    status = dict(mapping.files[1].tables[0].fields)["status"]
    assert (status.headers, status.map, status.otherwise) == (
        ("deal_stage",),
        (("Won", "won"), ("Lost", "lost")),
        "'open'",
    )


CRM_OF_NOBODY = {
    "people.csv": "Contact ID,Name,Email,Company ID,Created\nc1,Ana Pop,ana@x.ro,f1,2024-03-01\n"
    "c2,Ion Dan,ion@y.ro,,2024-03-02",
    "enquiries.csv": "Lead ID,Contact ID,Opened,Sales rep ID,Sourced by\nl1,c1,2024-03-01,r1,marketing\n"
    "l2,c2,2024-03-02,r1,sales",
    "steps.csv": "Lead ID,Stage,Date,Reason\nl1,MQL,2024-03-02,\nl1,SAL,2024-03-03,\nl2,Rejected,2024-03-04,student\n"
    "l2,Parked,2024-03-05,",
    "given.csv": "Lead ID,Sales rep ID,Date\nl1,r1,2024-03-01 10:00\nl1,r2,2024-03-02 10:00",
    "done.csv": "Activity ID,Lead ID,Type,Date,Result,Sales rep ID\na1,l1,Call,2024-03-02 10:00,no answer,r1\n"
    "a2,l1,Fax,2024-03-03 10:00,,r1",
    "reps.csv": "Sales rep ID,Name,Team\nr1,Marta Ilie,North\nr2,Sandro Rusu,South",
    "roles.csv": "Deal ID,Contact ID,Role\nd1,c1,buyer\nd1,c2,user",
    "changes.csv": "Deal ID,Stage,Date\nd1,Offer,2024-03-05\nd1,Closed won,2024-03-06",
    "rates.csv": "Date,From currency,To currency,Rate\n2024-03-05,EUR,RON,4.97",
}


def test_the_files_of_a_system_that_nobody_knows_find_each_other() -> None:
    result = told(CRM_OF_NOBODY)
    assert {name: lines for name, lines in result.items() if name != "person_account"} == {
        "person": [
            "c1: created=2024-03-01 full_name=Ana Pop email=ana@x.ro",
            "c2: created=2024-03-02 full_name=Ion Dan email=ion@y.ro",
        ],
        "lead": [
            "l1: person=c1 opened=2024-03-01 owner=r1 sourced_by=marketing",
            "l2: person=c2 opened=2024-03-02 owner=r1 sourced_by=sales",
        ],
        "stage_event": [
            "l1|MQL|2024-03-02: lead=l1 stage=mql occurred=2024-03-02",
            "l1|SAL|2024-03-03: lead=l1 stage=sal occurred=2024-03-03",
            "l2|Rejected|2024-03-04: lead=l2 stage=rejected occurred=2024-03-04 reason=student",
        ],
        "assignment_event": [
            "l1|2024-03-01 10:00: lead=l1 owner=r1 occurred=2024-03-01T10:00",
            "l1|2024-03-02 10:00: lead=l1 owner=r2 occurred=2024-03-02T10:00",
        ],
        "activity": [
            "a1: lead=l1 owner=r1 kind=call disposition=no answer occurred=2024-03-02T10:00",
            "a2: lead=l1 owner=r1 kind=task occurred=2024-03-03T10:00",
        ],
        "owner": ["r1: team=North full_name=Marta Ilie", "r2: team=South full_name=Sandro Rusu"],
        "opportunity_person": [
            "d1|c1: opportunity=d1 person=c1 role=buyer",
            "d1|c2: opportunity=d1 person=c2 role=user",
        ],
        "opportunity_event": [
            "d1|Closed won|2024-03-06: opportunity=d1 subject=stage value=Closed won occurred=2024-03-06",
            "d1|Offer|2024-03-05: opportunity=d1 subject=stage value=Offer occurred=2024-03-05",
        ],
        "fx_rate": ["2024-03-05|EUR|RON: day=2024-03-05 base=EUR quote=RON rate=4970000000"],
    }


def test_a_file_of_ordinary_words_is_not_taken_for_a_vendor_by_the_name_of_its_id() -> None:
    headers = "Company ID,Company name,Domain,Country,City,Industry,Employees,Segment,Created"
    assert recognise("companies.csv", headers.split(",")) is None
    assert recognise("contacts.csv", "Contact ID,First name,Last name,Email,Company ID,Created".split(",")) is None
