"""Where the exports are that punte needs, by the menus of each system; they speak English to everybody."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class System:
    """One system with the menu of its deals, and of its people with where they came from."""

    name: str
    deals: str
    people: str


SYSTEMS = (
    System(
        "HubSpot",
        "CRM → Deals → All deals → Export",
        "CRM → Contacts → All contacts → Export (with Original source)",
    ),
    System("Pipedrive", "… (More) → Import data / Export data → Deals", "… (More) → Export data → People, Activities"),
    System(
        "Salesforce",
        "Reports → New Report → Opportunities → Export → Details Only",
        "Reports → New Report → Leads (with Lead Source) → Export → Details Only",
    ),
    System(
        "Zoho CRM",
        "Setup → Data Administration → Export → Deals",
        "Setup → Data Administration → Export → Leads, Contacts",
    ),
)
