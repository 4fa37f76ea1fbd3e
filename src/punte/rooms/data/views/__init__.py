"""The pages of the data room."""

from punte.rooms.data.views.bring import ask_import, bring, look_again, proposal, stop, upload
from punte.rooms.data.views.costs import costs
from punte.rooms.data.views.downloads import problems_csv, table_csv, table_parquet
from punte.rooms.data.views.home import bring_again, home, take_back, work
from punte.rooms.data.views.missing import missing, problems

__all__ = [
    "ask_import",
    "bring",
    "bring_again",
    "costs",
    "home",
    "look_again",
    "missing",
    "problems",
    "problems_csv",
    "proposal",
    "stop",
    "table_csv",
    "table_parquet",
    "take_back",
    "upload",
    "work",
]
