"""The gate to the figures: who asks is told what they may know, as frozen records."""

from punte.rooms.loop.queries.behind import BehindPage, DealLine, LeadLine, MonthLine, get_behind_page_for
from punte.rooms.loop.queries.colleagues import (
    CannotSeePersonFigures,
    may_see_colleagues,
    may_see_owners,
    naming_colleagues,
)
from punte.rooms.loop.queries.events import Event
from punte.rooms.loop.queries.flow import FlowPart, LoopFlow
from punte.rooms.loop.queries.opened import NothingImported
from punte.rooms.loop.queries.pages import (
    Basis,
    LoopPage,
    ModelsPage,
    WonInCrm,
    get_loop_page_for,
    get_models_page_for,
    get_table_for,
    warm,
)
from punte.rooms.loop.queries.paths import Step
from punte.rooms.loop.queries.records import (
    AccountPage,
    CannotSeePersonalData,
    DealPage,
    NoSuchRecord,
    PersonPage,
    get_account_page_for,
    get_deal_page_for,
    get_person_page_for,
)
from punte.rooms.loop.queries.sources import SourceRow
from punte.rooms.loop.queries.stages import FunnelPage, StageLine, get_funnel_page_for
from punte.rooms.loop.queries.table import LoopRow

__all__ = [
    "AccountPage",
    "Basis",
    "BehindPage",
    "CannotSeePersonFigures",
    "CannotSeePersonalData",
    "DealLine",
    "DealPage",
    "Event",
    "FlowPart",
    "FunnelPage",
    "LeadLine",
    "LoopFlow",
    "LoopPage",
    "LoopRow",
    "ModelsPage",
    "MonthLine",
    "NoSuchRecord",
    "NothingImported",
    "PersonPage",
    "SourceRow",
    "StageLine",
    "Step",
    "WonInCrm",
    "get_account_page_for",
    "get_behind_page_for",
    "get_deal_page_for",
    "get_funnel_page_for",
    "get_loop_page_for",
    "get_models_page_for",
    "get_person_page_for",
    "get_table_for",
    "may_see_colleagues",
    "may_see_owners",
    "naming_colleagues",
    "warm",
]
