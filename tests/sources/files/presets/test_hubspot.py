"""HubSpot's exports, as whole small files whose results were counted by hand."""

from __future__ import annotations

from tests.sources.files.presets.told import identifiers, told

CONTACTS = """
Record ID,First Name,Last Name,Email,Phone Number,Lifecycle Stage,Lead Status,Contact owner,Create Date,\
Original Source,Original Source Drill-Down 1,First Page Seen,First Conversion,First Conversion Date,\
Became a Marketing Qualified Lead Date,Became a Customer Date,Associated Company IDs
1,Ana,Pop,ANA@x.ro,0721 000 111,Customer,Connected,Marta Ilie,2024-03-12 09:14,Organic Social,Instagram,\
https://p.ro/a?x=1,Guide: form,2024-03-12 09:15,2024-03-14 10:00,2024-04-01 12:00,10
2,Ion,Dan,ion@y.ro,,Subscriber,,,2024-03-13 08:00,Direct Traffic,,https://p.ro/,,,,,
3,Eva,Nistor,eva@z.ro,,Lead,New,Marta Ilie,3/15/2024 2:30 PM,Paid Search,spring,,,,,,10; 11
"""
COMPANIES = """
Record ID,Company name,Company Domain Name,Industry,Number of Employees,Company owner,Create Date
10,X SRL,x.ro,Software,25,Marta Ilie,2024-03-01 10:00
11,Z SA,https://www.z.ro/ro,,,,
"""
DEALS = """
Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date,Deal owner,Associated Company IDs,\
Associated Contact IDs,Closed Lost Reason,Deal Type
100,X yearly,Closed Won,Sales,"1,200.50",2024-04-01 12:00,2024-03-20 09:00,Sandro Rusu,10,1; 3,,New Business
101,Z trial,Contract Sent,Sales,500,2024-06-30 00:00,2024-03-21 09:00,,11,,,
102,Z pilot,Closed Lost,Sales,,2024-04-02 08:00,2024-03-22 09:00,Sandro Rusu,11,3,Price,
"""
MQLS = """
Record ID,Email,First Name,Last Name,Create Date,Company Name,Job Title,Annual Revenue,Original Source,\
Original Source Drill-Down 1,Original Source Drill-Down 2,First Conversion,First Page Seen,Last Page Seen,\
Number of Associated Deals
7,a@x.ro,A,B,2024-03-12 09:14,X SRL,CEO,1000,Paid Social,facebook,spring,Demo,https://p.ro/d?utm_source=f,\
https://p.ro/e,1
"""


SOCIAL = "[channel=Organic Social source=Instagram landing_page=https://p.ro/a form=Guide: form]"
TOGETHER = {
    "person": [
        "1: created=2024-03-12T09:14 owner=Marta Ilie lifecycle_stage=Customer first_name=Ana last_name=Pop "
        "email=ANA@x.ro phone=0721 000 111",
        "2: created=2024-03-13T08:00 lifecycle_stage=Subscriber first_name=Ion last_name=Dan email=ion@y.ro",
        "3: created=2024-03-15T14:30 owner=Marta Ilie lifecycle_stage=Lead first_name=Eva last_name=Nistor "
        "email=eva@z.ro",
    ],
    "lead": [
        f"1: person=1 opened=2024-03-12T09:14 owner=Marta Ilie status=Connected {SOCIAL}",
        "3: person=3 opened=2024-03-15T14:30 owner=Marta Ilie status=New [channel=Paid Search campaign=spring]",
    ],
    "stage_event": [
        "1|customer: lead=1 stage=customer occurred=2024-04-01T12:00",
        "1|mql: lead=1 stage=mql occurred=2024-03-14T10:00",
    ],
    "touchpoint": [
        "1|first conversion: person=1 kind=form occurred=2024-03-12T09:15 "
        "[channel=Organic Social source=Instagram form=Guide: form]",
        "2|first seen: person=2 kind=session occurred=2024-03-13T08:00 [channel=Direct landing_page=https://p.ro/]",
        "3|first seen: person=3 kind=session occurred=2024-03-15T14:30 [channel=Paid Search campaign=spring]",
    ],
    "person_account": [
        "1|10: person=1 account=10",
        "3|10: person=3 account=10",
        "3|11: person=3 account=11",
    ],
    "account": [
        "10: name=X SRL domain=x.ro industry=Software n_employees=25 owner=Marta Ilie created=2024-03-01T10:00",
        "11: name=Z SA domain=z.ro",
    ],
    "opportunity": [
        "100: name=X yearly account=10 person=1 owner=Sandro Rusu pipeline=Sales stage=Closed Won status=won "
        "created=2024-03-20T09:00 closed=2024-04-01T12:00 expected_close=2024-04-01 amount=120050 currency=EUR "
        "kind=new",
        "101: name=Z trial account=11 pipeline=Sales stage=Contract Sent status=open created=2024-03-21T09:00 "
        "expected_close=2024-06-30 amount=50000 currency=EUR",
        "102: name=Z pilot account=11 person=3 owner=Sandro Rusu pipeline=Sales stage=Closed Lost status=lost "
        "created=2024-03-22T09:00 closed=2024-04-02T08:00 expected_close=2024-04-02 lost_reason=Price",
    ],
    "opportunity_person": [
        "100|1: opportunity=100 person=1",
        "100|3: opportunity=100 person=3",
        "102|3: opportunity=102 person=3",
    ],
    "owner": [
        "Marta Ilie: full_name=Marta Ilie",
        "Marta Ilie: full_name=Marta Ilie",
        "Marta Ilie: full_name=Marta Ilie",
        "Sandro Rusu: full_name=Sandro Rusu",
        "Sandro Rusu: full_name=Sandro Rusu",
    ],
}


def test_contacts_companies_and_deals_come_together() -> None:
    assert told({"contacts.csv": CONTACTS, "companies.csv": COMPANIES, "deals.csv": DEALS}) == TOGETHER


def test_contacts_are_identified_by_address_and_number() -> None:
    assert identifiers({"contacts.csv": CONTACTS}) == [
        "1 email ana@x.ro",
        "1 phone 0721 000 111",
        "2 email ion@y.ro",
        "3 email eva@z.ro",
    ]


def test_a_contact_without_stage_dates_has_reached_the_stage_that_it_is_in() -> None:
    text = """
    Record ID,First Name,Last Name,Email,Phone Number,Lifecycle Stage,Contact owner
    1,A,B,a@x.ro,,Marketing Qualified Lead,
    2,C,D,c@x.ro,,Lead,
    3,E,F,e@x.ro,,Customer,
    """
    assert told({"all-contacts.csv": text})["stage_event"] == [
        "1|Marketing Qualified Lead: lead=1 stage=mql basis=from_current",
        "3|Customer: lead=3 stage=customer basis=from_current",
    ]


def test_a_company_that_is_only_named_is_known_by_its_name() -> None:
    text = """
    Record ID,First Name,Last Name,Email,Phone Number,Job Title,Company Name,Contact owner
    1,A,B,a@x.ro,,CEO,X SRL,
    2,C,D,c@x.ro,,,x srl,
    3,E,F,e@x.ro,,,,
    """
    result = told({"hubspot-2026-01-01.csv": text})
    assert result["account"] == ["x srl: name=X SRL", "x srl: name=x srl"]
    assert [line.split(": ")[1] for line in result["person_account"]] == [
        "person=1 account=x srl",
        "person=2 account=x srl",
    ]


def test_an_export_of_mqls_says_that_each_contact_qualified() -> None:
    assert told({"MQL export March.csv": MQLS}) == {
        "person": ["7: created=2024-03-12T09:14 first_name=A last_name=B email=a@x.ro job_title=CEO"],
        "lead": [
            "7: person=7 opened=2024-03-12T09:14 [channel=Paid Social source=facebook campaign=spring "
            "landing_page=https://p.ro/d form=Demo]"
        ],
        "stage_event": ["7|mql: lead=7 stage=mql basis=inferred"],
        "account": ["x srl: name=X SRL"],
        "person_account": ["7|X SRL: person=7 account=x srl"],
    }


def test_submissions_of_forms_are_touches_of_the_one_who_wrote() -> None:
    text = """
    Email,First Name,Submitted at,Form name,Page URL
    A@x.ro,Ana,2024-03-12 09:14,Demo,https://p.ro/d?utm_source=news&utm_medium=email
    """
    result = told({"submissions.csv": text})
    assert result["person"] == ["a@x.ro: first_name=Ana email=A@x.ro"]
    assert [line.split(": ", 1)[1] for line in result["touchpoint"]] == [
        "person=a@x.ro kind=form is_response=True occurred=2024-03-12T09:14 "
        "[source=news medium=email landing_page=https://p.ro/d form=Demo]"
    ]


def test_events_of_an_email_are_touches_by_what_the_recipient_did() -> None:
    text = """
    Recipient,Event type,Event date,Email name
    a@x.ro,SENT,2024-03-12 09:00,March news
    a@x.ro,OPEN,2024-03-12 09:05,March news
    a@x.ro,CLICK,2024-03-12 09:06,March news
    b@x.ro,BOUNCE,2024-03-12 09:00,March news
    """
    mail = "[channel=email medium=email campaign=March news]"
    assert sorted(line.split(": ", 1)[1] for line in told({"events.csv": text})["touchpoint"]) == [
        f"person=a@x.ro kind=email_click occurred=2024-03-12T09:06 {mail}",
        f"person=a@x.ro kind=email_open occurred=2024-03-12T09:05 {mail}",
        f"person=a@x.ro kind=email_sent occurred=2024-03-12T09:00 {mail}",
    ]
