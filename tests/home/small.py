"""A small company's exports and what they mean, for the tests of the home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from punte.home.build import BuildSettings
from punte.home.folder import Home, create_home
from punte.home.imports import import_files
from punte.home.reports import ImportReport
from punte.records.lake import Snapshot
from punte.sources.files.mapping import Mapping, load_mapping

AT = datetime(2026, 3, 2, 9, 0)
KEY = bytes(range(32))
SETTINGS = BuildSettings(memory_limit="512MB", threads=1)

MAPPING = """
version = 1
source = "crm"
zone = "Europe/Bucharest"
currency = "RON"

[[file]]
name = "contacts"
match = ["contacts*"]
mode = "full"
key = ["id"]
[[file.table]]
table = "person"
id = "id"
email = "email"
country = "country"
[[file.table]]
table = "lead"
id = "id"
person = "id"
opened = "created"
status = "status"

[[file]]
name = "deals"
match = ["deals*"]
mode = "full"
key = ["id"]
[[file.table]]
table = "opportunity"
id = "id"
person = "contact"
status = "status"
stage = "stage"
created = "created"
closed = "closed"
amount = "amount"
currency = "currency"

[[file]]
name = "touches"
match = ["touches*"]
key = ["id"]
[[file.table]]
table = "touchpoint"
id = "id"
person = "contact"
kind = "'form'"
occurred = "at"
[file.table.traffic]
channel = "channel"

[[file]]
name = "rates"
match = ["rates*"]
key = ["day", "base"]
[[file.table]]
table = "fx_rate"
day = "day"
base = "base"
quote = "'RON'"
rate = "rate"
"""

CONTACTS = """id,email,country,status,created
1,ana@acme.ro,RO,new,2026-01-05 10:00:00
2,bob@beta.de,DE,mql,2026-01-06 11:30:00
3,ana@acme.ro,RO,new,2026-01-07
"""
DEALS = """id,contact,status,stage,created,closed,amount,currency
d1,1,won,Closed,2026-01-20 09:00:00,2026-02-10 16:00:00,1000.50,RON
d2,2,open,Offer,2026-02-01 09:00:00,,200,EUR
d3,2,won,Closed,2026-02-02 09:00:00,2026-02-12 10:00:00,100,EUR
"""
TOUCHES = """id,contact,at,channel
t1,1,2026-01-04 08:00:00,email
t2,2,2026-01-05 08:00:00,paid
t3,3,2026-01-06 08:00:00,email
t4,1,someday,email
"""
RATES = "day,base,rate\n2026-02-10,EUR,4.97\n"


def mapping(text: str = MAPPING) -> Mapping:
    return load_mapping(text)


def new_home(path: Path) -> Home:
    """A home whose key is always the same, so that two homes give equal bytes for equal input."""
    (path / "keys").mkdir(parents=True)
    (path / "keys" / "records").write_text(KEY.hex())
    (path / "keys").chmod(0o700)
    return create_home(path, name="Acme", zone="Europe/Bucharest", reporting_currency="RON", at=AT)


def write(folder: Path, **files: str) -> Path:
    """Put files into a folder as ``<name>.csv``; gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def everything(folder: Path) -> Path:
    return write(folder, contacts=CONTACTS, deals=DEALS, touches=TOUCHES, rates=RATES)


def bring(home: Home, *paths: Path, at: datetime = AT, mappings: Sequence[Mapping] = (), **more: Any) -> ImportReport:
    return import_files(
        home, paths, mappings=mappings or [mapping()], at=at, by="marta", **{"settings": SETTINGS, **more}
    )


def select(snapshot: Snapshot | None, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query in which ``{table}`` stands for a table of the snapshot."""
    assert snapshot is not None
    files = {name: f"read_parquet({[str(path) for path in snapshot.paths(name)]})" for name in snapshot.tables}
    private = {
        f"{name}_private": f"read_parquet({[str(path) for path in snapshot.private_paths(name)]})"
        for name in snapshot.tables
        if snapshot.private_paths(name)
    }
    with duckdb.connect() as connection:
        return connection.execute(sql.format(**files, **private)).fetchall()
