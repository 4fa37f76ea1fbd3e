"""Pipedrive, Zoho, Mailchimp and the ad managers, as whole small files whose results were counted by hand."""

from __future__ import annotations

from tests.sources.files.presets.told import identifiers, told

PIPEDRIVE = {
    "deals.csv": """
Deal - ID,Deal - Title,Deal - Value,Deal - Currency,Deal - Stage,Deal - Status,Deal - Organization,\
Deal - Contact person,Deal - Owner,Deal - Pipeline,Deal - Deal created,Deal - Won time,Deal - Lost time,\
Deal - Lost reason,Deal - Last stage change,Deal - Expected close date,Deal - Source channel
1,X yearly,1200.5,RON,Offer,Won,X SRL,Ana Pop,Marta Ilie,Sales,2024-03-01 10:00:00,2024-03-20 12:00:00,,,\
2024-03-19 09:00:00,2024-03-31,Web form
2,Z trial,500,EUR,Demo,Open,Z SA,,Marta Ilie,Sales,2024-03-02 10:00:00,,,,,2024-04-30,
3,Y pilot,,EUR,Demo,Lost,,,,Sales,2024-03-03 10:00:00,,2024-03-10 10:00:00,Price,,,
""",
    "people.csv": """
Person - Name,Person - Email - Work,Person - Phone,Person - Organization,Person - Owner
Ana Pop,ana@x.ro,0721,X SRL,Marta Ilie
""",
    "organizations.csv": """
Organization - Name,Organization - Owner,Organization - Address,Organization - Country
X SRL,Marta Ilie,"Strada 5, Cluj",Romania
""",
    "activities.csv": """
Activity - Subject,Activity - Type,Activity - Due date,Activity - Done,Activity - Contact person,\
Activity - Organization,Activity - Assigned to user
First call,Call,2024-03-05,Done,Ana Pop,X SRL,Marta Ilie
Next call,Call,2024-03-25,To do,Ana Pop,X SRL,Marta Ilie
""",
    "leads.csv": """
Lead - ID,Lead - Title,Lead - Owner,Lead - Contact person,Lead - Organization,Lead - Lead created,\
Lead - Source channel
a-b,X asks,Marta Ilie,Ana Pop,X SRL,2024-02-28 10:00:00,Web form
""",
}


def test_pipedrive_lists_join_by_the_names_that_they_carry() -> None:
    assert told(PIPEDRIVE) == {
        "opportunity": [
            "1: name=X yearly account=x srl person=ana pop owner=Marta Ilie pipeline=Sales stage=Offer status=won "
            "created=2024-03-01T10:00 closed=2024-03-20T12:00 expected_close=2024-03-31 amount=120050 currency=RON "
            "[channel=Web form]",
            "2: name=Z trial account=z sa owner=Marta Ilie pipeline=Sales stage=Demo status=open "
            "created=2024-03-02T10:00 expected_close=2024-04-30 amount=50000 currency=EUR",
            "3: name=Y pilot pipeline=Sales stage=Demo status=lost created=2024-03-03T10:00 closed=2024-03-10T10:00 "
            "currency=EUR lost_reason=Price",
        ],
        "opportunity_event": [
            "1|Offer|2024-03-19 09:00:00: opportunity=1 subject=stage value=Offer occurred=2024-03-19T09:00"
        ],
        "opportunity_person": ["#: opportunity=1 person=ana pop is_primary=True"],
        "owner": ["Marta Ilie: full_name=Marta Ilie", "Marta Ilie: full_name=Marta Ilie"],
        "person": ["ana pop: owner=Marta Ilie full_name=Ana Pop email=ana@x.ro phone=0721"],
        "person_account": ["#: person=ana pop account=x srl"],
        "account": ["x srl: name=X SRL country=Romania owner=Marta Ilie"],
        "activity": ["#: person=ana pop account=x srl owner=Marta Ilie kind=call occurred=2024-03-05 title=First call"],
        "lead": [
            "a-b: person=ana pop account=x srl opened=2024-02-28T10:00 owner=Marta Ilie [channel=Web form]",
        ],
    }


def test_pipedrive_deals_of_a_view_without_numbers_are_known_by_title_and_organization() -> None:
    text = """
    Deal - Title,Deal - Value,Deal - Currency,Deal - Stage,Deal - Status,Deal - Organization,Deal - Owner,\
Deal - Won time
    X yearly,1200.5,RON,Offer,Won,X SRL,Marta Ilie,2024-03-20 12:00:00
    X yearly,1,RON,Offer,Open,Y SRL,Marta Ilie,
    """
    assert told({"view.csv": text})["opportunity"] == [
        "X yearly|X SRL: name=X yearly account=x srl owner=Marta Ilie stage=Offer status=won closed=2024-03-20T12:00 "
        "amount=120050 currency=RON",
        "X yearly|Y SRL: name=X yearly account=y srl owner=Marta Ilie stage=Offer status=open amount=100 currency=RON",
    ]


def test_pipedrives_own_sheet_holds_people_organizations_and_deals_together() -> None:
    text = """
    Person - Name*,Person - Email (Work),Organization - Name*,Deal - Title,Deal - Value,Activity - Subject*,\
Activity - Due date
    Tony Turner,tony@m.com,Moveer Limited,Moveer Deal,100.0,First pitch,45631.0
    """
    assert told({"sheet.csv": text}) == {
        "opportunity": [
            "Moveer Deal|Moveer Limited: name=Moveer Deal account=moveer limited person=tony turner status=open "
            "amount=10000 currency=EUR"
        ],
        "person": ["tony turner: full_name=Tony Turner email=tony@m.com"],
        "account": ["moveer limited: name=Moveer Limited"],
        "person_account": ["#: person=tony turner account=moveer limited"],
    }


ZOHO = {
    "Leads.csv": """
Record Id,Lead Owner.id,Lead Owner,Company,First Name,Last Name,Email,Lead Source,Lead Status,Is Converted,\
Converted Date Time,Converted Contact.id,Converted Deal.id,Created Time
zcrm_1,zcrm_9,Marta Ilie,X SRL,Ana,Pop,ana@x.ro,Web,Contacted,true,2024-03-20 10:00:00,zcrm_2,zcrm_4,\
2024-03-01 10:00:00
""",
    "Contacts.csv": """
Record Id,Contact Owner.id,Contact Owner,First Name,Last Name,Email,Account Name.id,Account Name,Mailing City,\
Created Time
zcrm_2,zcrm_9,Marta Ilie,Ana,Pop,ana@x.ro,zcrm_3,X SRL,Cluj,2024-03-20 10:00:00
""",
    "Accounts.csv": """
Record Id,Account Owner.id,Account Owner,Account Name,Website,Industry,Employees,Created Time
zcrm_3,zcrm_9,Marta Ilie,X SRL,http://www.x.ro,Software,25,2024-03-20 10:00:00
""",
    "Deals.csv": """
Record Id,Deal Owner.id,Deal Owner,Deal Name,Amount,Closing Date,Account Name.id,Account Name,Stage,Type,\
Probability (%),Lead Source,Contact Name.id,Contact Name,Created Time
zcrm_4,zcrm_9,Marta Ilie,X yearly,1200.5,2024-04-01,zcrm_3,X SRL,Closed Won,New Business,100,Web,zcrm_2,Ana Pop,\
2024-03-20 10:00:00
zcrm_5,zcrm_9,Marta Ilie,X more,,2024-05-01,zcrm_3,X SRL,Negotiation,,40,,,,2024-03-21 10:00:00
""",
}


def test_zoho_modules_join_by_their_numbers() -> None:
    owner = "zcrm_9: full_name=Marta Ilie"
    assert told(ZOHO) == {
        "lead": [
            "zcrm_1: person=zcrm_1 opened=2024-03-01T10:00 closed=2024-03-20T10:00 owner=zcrm_9 status=Contacted "
            "[channel=Web]"
        ],
        "person": [
            "zcrm_1: created=2024-03-01T10:00 owner=zcrm_9 first_name=Ana last_name=Pop email=ana@x.ro",
            "zcrm_2: created=2024-03-20T10:00 owner=zcrm_9 city=Cluj first_name=Ana last_name=Pop email=ana@x.ro",
        ],
        "identity_link": ["zcrm_1|zcrm_2: left=zcrm_1 right=zcrm_2 kind=conversion occurred=2024-03-20T10:00"],
        "stage_event": ["zcrm_1: lead=zcrm_1 stage=sql occurred=2024-03-20T10:00 basis=inferred"],
        "owner": [owner, owner, owner, owner, owner],
        "person_account": ["zcrm_2|zcrm_3: person=zcrm_2 account=zcrm_3 is_primary=True"],
        "account": [
            "zcrm_3: name=X SRL domain=x.ro industry=Software n_employees=25 owner=zcrm_9 created=2024-03-20T10:00"
        ],
        "opportunity": [
            "zcrm_4: name=X yearly account=zcrm_3 lead=zcrm_1 person=zcrm_2 owner=zcrm_9 stage=Closed Won status=won "
            "created=2024-03-20T10:00 closed=2024-04-01 expected_close=2024-04-01 amount=120050 currency=EUR kind=new "
            "probability=1.0 [channel=Web]",
            "zcrm_5: name=X more account=zcrm_3 owner=zcrm_9 stage=Negotiation status=open created=2024-03-21T10:00 "
            "expected_close=2024-05-01 probability=0.4",
        ],
        "opportunity_person": ["zcrm_4|zcrm_2: opportunity=zcrm_4 person=zcrm_2 is_primary=True"],
    }


MAILCHIMP = """
Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CC,UNSUB_TIME,LAST_CHANGED,LEID,\
EUID,NOTES
A@x.ro,Ana,Pop,3,2024-03-01 10:00:00,1.2.3.4,2024-03-01 10:05:00,RO,,2024-03-02 10:00:00,501,e1,met at the fair
b@y.ro,Ion,Dan,1,,,,,2024-03-09 08:00:00,2024-03-09 08:00:00,502,e2,
"""


def test_members_of_an_audience_are_persons_with_their_consent() -> None:
    assert told({"unsubscribed_segment_export.csv": MAILCHIMP}) == {
        "person": [
            "501: created=2024-03-01T10:00 country=RO first_name=Ana last_name=Pop email=A@x.ro",
            "502: first_name=Ion last_name=Dan email=b@y.ro",
        ],
        "touchpoint": [
            "501|sign-up: person=501 kind=form is_response=True occurred=2024-03-01T10:00 "
            "[source=mailchimp form=sign-up]"
        ],
        "consent_event": [
            "501|in: person=501 purpose=marketing medium=email is_granted=True occurred=2024-03-01T10:05",
            "502|out|2024-03-09 08:00:00: person=502 purpose=marketing medium=email is_granted=False "
            "occurred=2024-03-09T08:00",
        ],
    }
    assert identifiers({"audience.csv": MAILCHIMP}) == ["501 email a@x.ro", "502 email b@y.ro"]


def test_spend_on_meta_is_read_in_the_language_of_the_screen_and_without_its_total() -> None:
    text = """
    بداية التقارير,نهاية التقارير,اسم الحملة,اسم مجموعة الإعلانات,اسم الإعلان,المبلغ الذي تم إنفاقه (EGP),مرات الظهور
    2026-09-01,2026-09-03,حملة الشتاء,الكل,فيديو,300,3000
    ,,,,,300,3000
    """
    assert told({"export.csv": text})["spend"] == [
        "2026-09-01|حملة الشتاء|الكل|فيديو: spent=2026-09-01 "
        "[source=facebook medium=cpc campaign=حملة الشتاء term=الكل content=فيديو] amount=30000 currency=EGP "
        "n_impressions=3000"
    ]


def test_spend_on_meta_is_in_the_currency_of_its_header() -> None:
    text = """
    Day,Campaign name,Ad set name,Ad name,Amount spent (EUR),Link clicks
    2026-08-01,Spring,Like 1%,Video A,120.50,12
    2026-08-01,Spring,Like 1%,Video B,80,
    """
    where = "source=facebook medium=cpc campaign=Spring term=Like 1%"
    assert told({"export.csv": text}, currency="RON")["spend"] == [
        f"2026-08-01|Spring|Like 1%|Video A: spent=2026-08-01 [{where} content=Video A] amount=12050 currency=EUR "
        "n_clicks=12",
        f"2026-08-01|Spring|Like 1%|Video B: spent=2026-08-01 [{where} content=Video B] amount=8000 currency=EUR",
    ]


def test_spend_on_google_tiktok_and_linkedin_is_read_by_day() -> None:
    google = """
    Day,Campaign,Ad group,Currency code,Cost,Impr.,Clicks
    2026-09-20,Brand,Terms,USD,"1,004.20",800,60
    Total: Account,,,USD,"1,004.20",800,60
    """
    tiktok = """
    By Day,Campaign name,Ad group name,Ad name,Cost,Impressions,Clicks (destination)
    2026-09-20,Winter,Interest,UGC 1,8.00,5000,70
    """
    linkedin = """
    Start Date (in UTC),Account Name,Currency,Campaign Group Name,Campaign Name,Impressions,Clicks,Total Spent
    9/20/2026,p,EUR,B2B,Guide,900,9,45.5
    """
    assert told({"google.csv": google, "tiktok.csv": tiktok, "linkedin.csv": linkedin}, currency="RON")["spend"] == [
        "2026-09-20|Brand|Terms|USD: spent=2026-09-20 [source=google medium=cpc campaign=Brand content=Terms] "
        "amount=100420 currency=USD n_impressions=800 n_clicks=60",
        "2026-09-20|Winter|Interest|UGC 1: spent=2026-09-20 "
        "[source=tiktok medium=cpc campaign=Winter term=Interest content=UGC 1] amount=800 currency=RON "
        "n_impressions=5000 n_clicks=70",
        "9/20/2026|B2B|Guide: spent=2026-09-20 [source=linkedin medium=cpc campaign=Guide term=B2B] amount=4550 "
        "currency=EUR n_impressions=900 n_clicks=9",
    ]
