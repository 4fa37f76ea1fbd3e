"""Salesforce's data export and reports, as whole small files whose results were counted by hand."""

from __future__ import annotations

from tests.sources.files.presets.told import told

LEADS = """
Id,IsDeleted,LastName,FirstName,Company,Email,LeadSource,Status,OwnerId,IsConverted,ConvertedDate,\
ConvertedAccountId,ConvertedContactId,ConvertedOpportunityId,CreatedDate,LastModifiedDate
00Q1,false,Pop,Ana,X SRL,ana@x.ro,Web,Qualified,0051,true,2024-03-20,0011,0031,0061,2024-03-01T10:00:00.000Z,\
2024-03-20T10:00:00.000Z
00Q2,false,Dan,Ion,Y SRL,ion@y.ro,,Unqualified,0052,false,,,,,2024-03-02T10:00:00.000Z,2024-03-02T10:00:00.000Z
00Q3,true,Gone,,Z,,Web,Open,0052,false,,,,,2024-03-02T10:00:00.000Z,2024-03-02T10:00:00.000Z
"""
CONTACTS = """
Id,IsDeleted,AccountId,LastName,FirstName,Email,MailingCity,MailingCountry,OwnerId,CreatedDate
0031,false,0011,Pop,Ana,ana@x.ro,Cluj,Romania,0051,2024-03-20T10:00:00.000Z
"""
ACCOUNTS = """
Id,IsDeleted,Name,Type,ParentId,BillingCity,BillingCountry,Website,Industry,NumberOfEmployees,OwnerId,CreatedDate
0011,false,X SRL,Customer,,Cluj,Romania,www.x.ro,Software,25,0051,2024-03-20T10:00:00.000Z
"""
DEALS = """
Id,IsDeleted,AccountId,Name,StageName,Amount,Probability,CloseDate,Type,LeadSource,IsClosed,IsWon,\
ForecastCategoryName,CampaignId,OwnerId,CreatedDate
0061,false,0011,X yearly,Closed Won,1200.5,100,2024-04-01,New Business,Web,true,true,Closed,7011,0051,\
2024-03-20T10:00:00.000Z
0062,false,0011,X more,Negotiation,,60,2024-05-01,Renewal,,false,false,Commit,,0051,2024-03-25T10:00:00.000Z
0063,false,0011,X lost,Closed Lost,50,0,2024-04-02,,,true,false,Omitted,,0051,2024-03-26T10:00:00.000Z
"""
HISTORY = """
Id,OpportunityId,StageName,Amount,Probability,ForecastCategory,CloseDate,CreatedDate,IsDeleted
0081,0061,Prospecting,,10,Pipeline,2024-04-01,2024-03-20T10:00:00.000Z,false
0082,0061,Closed Won,1200.5,100,Closed,2024-04-01,2024-04-01T09:30:00.000Z,false
"""
ROLES = """
Id,OpportunityId,ContactId,Role,IsPrimary,IsDeleted
00K1,0061,0031,Decision Maker,true,false
"""
CAMPAIGNS = """
Id,Name,Type,Status,StartDate,EndDate,BudgetedCost,ActualCost,IsDeleted
7011,Spring webinar,Webinar,Completed,2024-03-10,2024-03-11,2000,1500,false
"""
MEMBERS = """
Id,CampaignId,LeadId,ContactId,Status,HasResponded,FirstRespondedDate,CreatedDate,IsDeleted
00v1,7011,00Q1,0031,Attended,true,2024-03-10,2024-03-05T10:00:00.000Z,false
00v2,7011,00Q2,,Invited,false,,2024-03-05T10:00:00.000Z,false
"""
TASKS = """
Id,WhoId,WhatId,Subject,ActivityDate,Status,Priority,OwnerId,AccountId,TaskSubtype,CallType,CallDisposition,\
CallDurationInSeconds,CompletedDateTime,IsDeleted
00T1,00Q1,,Call Ana,2024-03-02,Completed,Normal,0051,,Call,Outbound,Connected,120,2024-03-02T08:30:00.000Z,false
00T2,0031,0061,Send offer,2024-03-22,Completed,Normal,0051,0011,Email,,,,,false
00T3,00Q2,,Call Ion,2024-03-09,Not Started,Normal,0052,,Call,,,,,false
"""
EVENTS = """
Id,WhoId,WhatId,Subject,StartDateTime,EndDateTime,DurationInMinutes,OwnerId,AccountId,IsDeleted
00U1,0031,0061,Demo,2024-03-25T13:00:00.000Z,2024-03-25T14:00:00.000Z,60,0051,0011,false
"""
USERS = """
Id,Username,Name,Email,IsActive,ManagerId,Department,ProfileId
0051,marta@p.ro,Marta Ilie,marta@p.ro,true,0053,Sales,00e1
"""
HISTORY_OF_LEADS = """
Id,IsDeleted,LeadId,CreatedDate,Field,OldValue,NewValue
0171,false,00Q1,2024-03-01T11:00:00.000Z,Owner,0050,0051
0172,false,00Q1,2024-03-01T11:00:00.000Z,Owner,Old name,New name
0173,false,00Q1,2024-03-05T11:00:00.000Z,Status,Open,Qualified
"""
EXPORT = {
    "Lead.csv": LEADS,
    "Contact.csv": CONTACTS,
    "Account.csv": ACCOUNTS,
    "Opportunity.csv": DEALS,
    "OpportunityHistory.csv": HISTORY,
    "OpportunityContactRole.csv": ROLES,
    "Campaign.csv": CAMPAIGNS,
    "CampaignMember.csv": MEMBERS,
    "Task.csv": TASKS,
    "Event.csv": EVENTS,
    "User.csv": USERS,
    "LeadHistory.csv": HISTORY_OF_LEADS,
}
COUNTED = {
    "lead": [
        "00Q1: person=00Q1 opened=2024-03-01T10:00 closed=2024-03-20 owner=0051 status=Qualified [channel=Web]",
        "00Q2: person=00Q2 opened=2024-03-02T10:00 owner=0052 status=Unqualified",
    ],
    "person": [
        "0031: created=2024-03-20T10:00 owner=0051 country=Romania city=Cluj first_name=Ana last_name=Pop "
        "email=ana@x.ro",
        "00Q1: created=2024-03-01T10:00 owner=0051 first_name=Ana last_name=Pop email=ana@x.ro",
        "00Q2: created=2024-03-02T10:00 owner=0052 first_name=Ion last_name=Dan email=ion@y.ro",
    ],
    "identity_link": ["00Q1|0031: left=00Q1 right=0031 kind=conversion occurred=2024-03-20"],
    "stage_event": [
        "00Q1|opportunity: lead=00Q1 stage=opportunity occurred=2024-03-20 basis=inferred",
        "00Q1|sql: lead=00Q1 stage=sql occurred=2024-03-20 basis=inferred",
        "00Q2|Unqualified: lead=00Q2 stage=disqualified basis=from_current not_after=2024-03-02T10:00",
        "0173: lead=00Q1 stage=sql occurred=2024-03-05T11:00",
    ],
    "assignment_event": ["0171: lead=00Q1 owner=0051 occurred=2024-03-01T11:00"],
    "person_account": ["0031|0011: person=0031 account=0011 is_primary=True"],
    "account": [
        "0011: name=X SRL domain=x.ro country=Romania city=Cluj industry=Software segment=Customer n_employees=25 "
        "owner=0051 created=2024-03-20T10:00"
    ],
    "opportunity": [
        "0061: name=X yearly account=0011 lead=00Q1 owner=0051 stage=Closed Won status=won created=2024-03-20T10:00 "
        "closed=2024-04-01 expected_close=2024-04-01 amount=120050 currency=EUR kind=new probability=1.0 "
        "forecast_category=Closed campaign=7011 [channel=Web campaign=Spring webinar]",
        "0062: name=X more account=0011 owner=0051 stage=Negotiation status=open created=2024-03-25T10:00 "
        "expected_close=2024-05-01 kind=renewal probability=0.6 forecast_category=Commit",
        "0063: name=X lost account=0011 owner=0051 stage=Closed Lost status=lost created=2024-03-26T10:00 "
        "closed=2024-04-02 expected_close=2024-04-02 amount=5000 currency=EUR probability=0.0 "
        "forecast_category=Omitted",
    ],
    "opportunity_event": [
        "0081|stage: opportunity=0061 subject=stage value=Prospecting occurred=2024-03-20T10:00",
        "0082|amount: opportunity=0061 subject=amount amount=120050 currency=EUR occurred=2024-04-01T09:30",
        "0082|stage: opportunity=0061 subject=stage value=Closed Won occurred=2024-04-01T09:30",
    ],
    "opportunity_person": ["00K1: opportunity=0061 person=0031 role=Decision Maker is_primary=True"],
    "campaign": [
        "7011: name=Spring webinar kind=Webinar status=Completed started=2024-03-10 ended=2024-03-11 budget=200000 "
        "currency=EUR"
    ],
    "spend": [
        "7011: spent=2024-03-10 campaign=7011 [channel=Webinar campaign=Spring webinar] amount=150000 currency=EUR"
    ],
    "campaign_member": [
        "00v1: campaign=7011 person=0031 status=Attended is_response=True occurred=2024-03-05T10:00 "
        "responded=2024-03-10",
        "00v2: campaign=7011 person=00Q2 status=Invited is_response=False occurred=2024-03-05T10:00",
    ],
    "touchpoint": [
        "00v1: person=0031 campaign=7011 kind=campaign is_response=True occurred=2024-03-10 "
        "[channel=Webinar campaign=Spring webinar]"
    ],
    "activity": [
        "00T1: person=00Q1 lead=00Q1 owner=0051 kind=call direction=outbound disposition=Connected "
        "occurred=2024-03-02T08:30 duration_seconds=120 title=Call Ana",
        "00T2: person=0031 account=0011 opportunity=0061 owner=0051 kind=email occurred=2024-03-22 title=Send offer",
        "00U1: person=0031 account=0011 opportunity=0061 owner=0051 kind=meeting occurred=2024-03-25T13:00 title=Demo",
    ],
    "owner": ["0051: team=Sales manager=0053 is_active=True full_name=Marta Ilie email=marta@p.ro"],
}


def test_a_data_export_gives_every_object_its_table() -> None:
    assert told(EXPORT) == COUNTED


def test_a_deal_finds_its_lead_only_where_the_leads_are_exported_too() -> None:
    deals = told({"Opportunity.csv": DEALS})["opportunity"]
    assert [line for line in deals if "lead=" in line] == []


def test_the_same_objects_out_of_a_warehouse_give_the_same_records() -> None:
    snake = {
        "sf_opportunity_data.csv": (
            "id,is_deleted,account_id,name,stage_name,amount,close_date,is_closed,is_won,created_date,"
            "_fivetran_synced\n"
            "0061,false,0011,X yearly,Closed Won,1200.5,2024-04-01 00:00:00,true,true,2024-03-20 10:00:00,2024-04-02"
        ),
        "sf_opportunity_history_data.csv": (
            "_fivetran_active,_fivetran_start,_fivetran_end,id,amount,close_date,stage_name\n"
            "false,2024-03-20 10:00:00,2024-03-31 10:00:00,0061,,2024-04-01 00:00:00,Prospecting\n"
            "true,2024-04-01 10:00:00,9999-12-31 23:59:59,0061,1200.5,2024-04-01 00:00:00,Closed Won"
        ),
        "sf_contact_history_data.csv": "_fivetran_start,_fivetran_end,id,mailing_city\n2024-03-20 10:00:00,,0031,Cluj",
    }
    assert told(snake) == {
        "opportunity": [
            "0061: name=X yearly account=0011 stage=Closed Won status=won created=2024-03-20T10:00 closed=2024-04-01 "
            "expected_close=2024-04-01 amount=120050 currency=EUR"
        ],
        "opportunity_event": [
            "0061|2024-03-20 10:00:00: opportunity=0061 subject=stage value=Prospecting occurred=2024-03-20T10:00",
            "0061|2024-04-01 10:00:00: opportunity=0061 subject=stage value=Closed Won occurred=2024-04-01T10:00",
        ],
    }


def test_a_report_of_leads_is_read_in_the_way_of_writing_dates_that_it_shows() -> None:
    text = """
    Lead ID,Lead Owner: Manager,Lead Owner,First Name,Last Name,Email,Lead Status,Primary Campaign,Campaign Channel,\
Create Date
    00Q1,Lea Boss,Marta Ilie,Ana,Pop,ana@x.ro,Open,Spring,Webinar,1/5/2026
    00Q2,Lea Boss,Marta Ilie,Ion,Dan,ion@y.ro,Open,,,1/25/2026
    """
    result = told({"report.csv": text})
    assert result["lead"] == [
        "00Q1: person=00Q1 opened=2026-01-05 owner=Marta Ilie status=Open [channel=Webinar campaign=Spring]",
        "00Q2: person=00Q2 opened=2026-01-25 owner=Marta Ilie status=Open",
    ]
    assert set(result["owner"]) == {"Marta Ilie: manager=Lea Boss full_name=Marta Ilie"}


def test_a_report_of_deals_without_numbers_is_known_by_name_and_company() -> None:
    text = """
    Territory Region,Opportunity Owner,Account Name,Opportunity Name,Stage,Forecast Category,Total Amount Currency,\
Total Amount,Close Date,Type
    East,Marta Ilie,X SRL,X yearly,Closed Won,Closed,RON,"1,200.50",1/25/2026,New Business
    East,Marta Ilie,X SRL,X more,Proposal,Commit,RON,100,2/5/2026,
    """
    result = told({"report.csv": text})
    assert result["opportunity"] == [
        "X SRL X more: name=X more account=x srl owner=Marta Ilie stage=Proposal status=open expected_close=2026-02-05 "
        "amount=10000 currency=RON forecast_category=Commit",
        "X SRL X yearly: name=X yearly account=x srl owner=Marta Ilie stage=Closed Won status=won closed=2026-01-25 "
        "expected_close=2026-01-25 amount=120050 currency=RON kind=new forecast_category=Closed",
    ]
    assert set(result["account"]) == {"x srl: name=X SRL"}
