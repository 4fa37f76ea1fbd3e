"""The data sets that have a mapping, and what their files say was won, counted in pandas and not by punte."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from punte.demo import story
from punte.demo.company import make_company
from punte.demo.files import write_exports
from punte.demo.install import demo_mapping_text

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
LAST_DAY = date(2026, 10, 31)
Won = dict[str, int | None]
"""Id of a won deal in its source → its value in cents of the reporting currency (None: the source does not know it)."""


@dataclass(frozen=True)
class Example:
    """One data set: where its files lie, what they mean, and which deals they say were won."""

    name: str
    zone: str
    currency: str
    folder: str
    won: Callable[[Path], Won]

    def files(self, scratch: Path) -> Path:
        """The folder with the files; skips where real data are not here."""
        if self.name == "demo":
            write_exports(make_company(seed=7, n_persons=1_500, until=LAST_DAY), scratch / "exports")
            return scratch / "exports"
        if not (DATA / self.folder).is_dir():
            pytest.skip(f"the data of {self.name} do not lie beside the checkout")
        return DATA / self.folder

    @property
    def mapping(self) -> str:
        """What the files mean."""
        if self.name == "demo":
            return demo_mapping_text()
        return (ROOT / "examples" / self.name / "mapping.toml").read_text("utf-8")


def read(path: Path) -> pd.DataFrame:
    """A file as text, nothing guessed, empty cells as empty texts."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def cents(text: str) -> int:
    return int((Decimal(text) * 100).to_integral_exact())


def demo(folder: Path) -> Won:
    """Lei become euros at the rate of the local day of the close, each deal rounded once, halves to even."""
    deals, rates = read(folder / "crm_deals.csv"), read(folder / "fx_rates.csv")
    lei = dict(zip(rates["Day"], rates["Rate"].map(Fraction), strict=True))
    found: Won = {}
    for row in deals[deals["Stage"] == "Closed won"].to_dict("records"):
        moment = datetime.fromisoformat(row["Closed"])
        on = (moment.astimezone(ZoneInfo(story.ZONE)) if moment.tzinfo else moment).date().isoformat()
        exact = Fraction(cents(row["Amount"])) / (lei[on] if row["Currency"] == "RON" else 1)
        found[row["Deal ID"]] = round(exact)
    return found


def olist(folder: Path) -> Won:
    deals = read(folder / "olist_closed_deals_dataset.csv")
    items = read(folder / "olist_order_items_dataset.csv")
    sold = items.assign(cents=items["price"].map(cents)).groupby("seller_id")["cents"].sum()
    return dict(zip(deals["mql_id"], deals["seller_id"].map(sold).fillna(0).astype(int).tolist(), strict=True))


def maven_crm(folder: Path) -> Won:
    deals = read(folder / "sales_pipeline.csv")
    won = deals[deals["deal_stage"] == "Won"]
    return dict(zip(won["opportunity_id"], won["close_value"].map(cents).tolist(), strict=True))


def x_education_leads(folder: Path) -> Won:
    leads = read(folder / "Leads.csv")
    return dict.fromkeys(leads.loc[leads["Converted"] == "1", "Prospect ID"])


def fivetran_hubspot(folder: Path) -> Won:
    deals, stages = read(folder / "deal_data.csv"), read(folder / "deal_pipeline_stage_data.csv")
    sure = set(stages.loc[stages["probability"] == "1.0", "stage_id"])
    won = deals[deals["deal_pipeline_stage_id"].isin(sure) & (deals["is_deleted"].str.lower() == "false")]
    return {row["deal_id"]: cents(row["property_amount"] or "0") for row in won.to_dict("records")}


def fivetran_salesforce(folder: Path) -> Won:
    deals = read(folder / "sf_opportunity_data.csv")
    won = deals[(deals["is_won"].str.lower() == "true") & (deals["is_deleted"].str.lower() == "false")]
    return {row["id"]: cents(row["amount"] or "0") for row in won.to_dict("records")}


def fivetran_marketo(folder: Path) -> Won:
    """Marketo's tables hold leads and no deals."""
    return {}


EXAMPLES = (
    Example("demo", story.ZONE, story.CURRENCY, "", demo),
    Example("olist", "America/Sao_Paulo", "BRL", "olist", olist),
    Example("maven_crm", "America/New_York", "USD", "maven_crm", maven_crm),
    Example("x_education_leads", "Asia/Kolkata", "INR", "x_education_leads", x_education_leads),
    Example("fivetran_hubspot", "UTC", "USD", "fivetran_dbt_seeds/hubspot_source", fivetran_hubspot),
    Example("fivetran_salesforce", "UTC", "USD", "fivetran_dbt_seeds/salesforce_source", fivetran_salesforce),
    Example("fivetran_marketo", "UTC", "USD", "fivetran_dbt_seeds/marketo_source", fivetran_marketo),
)
