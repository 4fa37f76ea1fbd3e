"""The pages of the loop: each reads its question from the address, asks once, and renders."""

from punte.rooms.loop.views.behind import behind, campaign
from punte.rooms.loop.views.comparing import models
from punte.rooms.loop.views.downloads import flow_svg, table_csv
from punte.rooms.loop.views.funnels import funnel
from punte.rooms.loop.views.home import home
from punte.rooms.loop.views.records import account, deal, person

__all__ = [
    "account",
    "behind",
    "campaign",
    "deal",
    "flow_svg",
    "funnel",
    "home",
    "models",
    "person",
    "table_csv",
]
