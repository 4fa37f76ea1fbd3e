"""A company small enough to count by hand: five deals, four leads, and names that want to be code."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

AT = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
SCRIPT = "<script>alert('company')</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
BRACES = "{{ 7|add:7 }}"

MAPPING = """
version = 1
source = "crm"
zone = "Europe/Bucharest"
currency = "EUR"

[[file]]
name = "owners"
match = ["owners.csv"]
[[file.table]]
table = "owner"
id = "Owner"
full_name = "Name"
side = "'sales'"

[[file]]
name = "companies"
match = ["companies.csv"]
[[file.table]]
table = "account"
id = "Company"
name = "Name"
segment = "Segment"

[[file]]
name = "contacts"
match = ["contacts.csv"]
[[file.table]]
table = "person"
id = "Contact"
full_name = "Name"
email = "Email"
anonymous_id = "Visitor"
[[file.table]]
table = "person_account"
id = ["Contact", "Company"]
person = "Contact"
account = "Company"
is_primary = "'true'"

[[file]]
name = "leads"
match = ["leads.csv"]
[[file.table]]
table = "lead"
id = "Lead"
person = "Contact"
account = "Company"
opened = "Opened"
owner = "Owner"

[[file]]
name = "history"
match = ["history.csv"]
[[file.table]]
table = "stage_event"
id = ["Lead", "Stage"]
lead = "Lead"
stage = "Stage"
occurred = "Date"
reason = "Reason"
basis = "'observed'"

[[file]]
name = "calls"
match = ["calls.csv"]
[[file.table]]
table = "activity"
id = "Call"
kind = "'call'"
lead = "Lead"
person = "Contact"
owner = "Owner"
occurred = "Date"
disposition = "Outcome"

[[file]]
name = "deals"
match = ["deals.csv"]
[[file.table]]
table = "opportunity"
id = "Deal"
name = "Name"
account = "Company"
lead = "Lead"
owner = "Owner"
stage = "Stage"
status = { from = "Stage", map = { "Proposal" = "open", "Signed" = "won", "Gone" = "lost" } }
created = "Created"
closed = "Closed"
amount = "Amount"
currency = "'EUR'"

[[file]]
name = "touches"
match = ["touches.csv"]
source = "marketing"
[[file.table]]
table = "touchpoint"
id = "Touch"
anonymous = "Visitor"
kind = "Kind"
occurred = { from = "Time", zone = "UTC" }
[file.table.traffic]
channel = "Channel"
campaign = "Campaign"

[[file]]
name = "spend"
match = ["spend.csv"]
source = "marketing"
[[file.table]]
table = "spend"
id = ["Day", "Campaign"]
spent = "Day"
amount = "Cost"
currency = "'EUR'"
[file.table.traffic]
channel = "Channel"
campaign = "Campaign"
"""

FILES = {
    "owners.csv": "Owner,Name\no1,Radu Stan\no2,Ilinca Vlad\n",
    "companies.csv": f"Company,Name,Segment\nc1,Elmet SRL,small\nc2,{SCRIPT},large\nc3,Optic SA,\n",
    "contacts.csv": (
        "Contact,Name,Email,Visitor,Company\n"
        "p1,Ana Pop,ana@elmet.example,v1,c1\n"
        f"p2,{BRACES},bob@two.example,v2,c2\n"
        "p3,Dan Ilie,dan@optic.example,v3,c3\n"
        "p4,Eva Rusu,eva@optic.example,v4,c3\n"
    ),
    "leads.csv": (
        "Lead,Contact,Company,Opened,Owner\n"
        "l1,p1,c1,2026-06-10T08:00:00Z,o1\n"
        "l2,p2,c2,2026-07-01T08:00:00Z,o2\n"
        "l3,p3,c3,2026-09-20T08:00:00Z,o1\n"
        "l4,p4,c3,2026-07-02T08:00:00Z,o2\n"
    ),
    "history.csv": (
        "Lead,Stage,Date,Reason\n"
        "l1,mql,2026-06-11T08:00:00Z,\nl1,sal,2026-06-12T08:00:00Z,\nl1,sql,2026-06-15T08:00:00Z,\n"
        "l2,mql,2026-07-03T08:00:00Z,\nl2,sal,2026-07-04T08:00:00Z,\n"
        "l3,mql,2026-09-21T08:00:00Z,\n"
        "l4,mql,2026-07-05T08:00:00Z,\nl4,rejected,2026-07-06T08:00:00Z,a student\n"
    ),
    "calls.csv": "Call,Lead,Contact,Owner,Date,Outcome\na1,l1,p1,o1,2026-06-11T09:00:00Z,answered\n",
    "deals.csv": (
        "Deal,Name,Company,Lead,Owner,Stage,Created,Closed,Amount\n"
        "d1,Line one,c1,l1,o1,Signed,2026-06-20T08:00:00Z,2026-07-20T08:00:00Z,1000.00\n"
        "d2,Line two,c2,l2,o2,Signed,2026-07-10T08:00:00Z,2026-08-05T08:00:00Z,250.50\n"
        "d3,Line three,c3,l3,o1,Proposal,2026-09-25T08:00:00Z,,900.00\n"
        "d4,Line four,c3,l4,o2,Gone,2026-07-10T08:00:00Z,2026-07-30T08:00:00Z,500.00\n"
        "d5,By phone,,,o1,Signed,2026-08-20T08:00:00Z,2026-09-01T08:00:00Z,100.10\n"
    ),
    "touches.csv": (
        "Touch,Visitor,Time,Kind,Channel,Campaign\n"
        "t1,v1,2026-06-09T08:00:00Z,webinar,Webinars,spring\n"
        "t2,v1,2026-06-25T08:00:00Z,session,Direct,\n"
        "t3,v1,2026-07-19T08:00:00Z,ad_click,Paid Search,brand\n"
        f't4,v2,2026-06-30T08:00:00Z,ad_click,Paid Search,"{IMAGE.replace(chr(34), chr(34) * 2)}"\n'
        "t5,v3,2026-09-19T08:00:00Z,webinar,Webinars,spring\n"
        "t6,v4,2026-07-01T08:00:00Z,session,Direct,\n"
    ),
    "spend.csv": (
        "Day,Channel,Campaign,Cost\n2026-06-05,Webinars,spring,100.00\n2026-07-05,Paid Search,brand,2000.00\n"
    ),
}


def make_home(path: Path, *, without: tuple[str, ...] = ()) -> Path:
    """The company in a home of its own; ``without`` leaves files out."""
    from punte.home.folder import create_home
    from punte.home.imports import import_files
    from punte.sources.files.mapping import load_mapping

    exports = path.with_name(f"{path.name}-exports")
    exports.mkdir()
    for name, text in FILES.items():
        if name not in without:
            (exports / name).write_text(text, encoding="utf-8")
    home = create_home(path, name="Small", zone="Europe/Bucharest", reporting_currency="EUR", at=AT)
    import_files(home, [exports], mappings=[load_mapping(MAPPING)], at=AT)
    return home.path
