"""Dimensions: by what a figure can be told apart, and what each subject knows of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from punte.errors import UnknownName

ATTRIBUTE = "attribute:"
"""How the name of a dimension begins that is a column of a source which nothing maps: ``attribute:Colour``."""


@dataclass(frozen=True)
class Dimension:
    """One way to tell rows apart.

    ``column`` is the column of the subject's own table that holds its value, ``subjects`` the subjects that know it
    (``touch`` and ``spend`` stand for touch_day and spend_day), ``about`` one sentence.
    """

    name: str
    column: str
    subjects: tuple[str, ...]
    about: str

    @property
    def is_of_traffic(self) -> bool:
        """Whether the value is that of the touch or origin, and so of table traffic."""
        return "touch" in self.subjects


_PEOPLE = ("cycle", "deal", "person")
_TRAFFIC = (*_PEOPLE, "touch", "spend")
_ABOUT_TRAFFIC = {
    "channel": "Channel: as the source declares it, else by the channel rules",
    "source": "Traffic source (utm_source)",
    "medium": "Medium (utm_medium)",
    "campaign": "Campaign name (utm_campaign)",
    "term": "Search term (utm_term)",
    "content": "Ad or content variant (utm_content)",
    "landing_page": "Page that was reached first",
    "form": "Form at which the person converted",
    "offer": "Offer that the person asked for",
    "referrer": "Page or host that sent the visitor",
}
_NAMED = (
    *(Dimension(name, name, _TRAFFIC, about) for name, about in _ABOUT_TRAFFIC.items()),
    Dimension("owner", "owner_id", _PEOPLE, "Who is responsible (record_id of the owner)"),
    Dimension("segment", "segment", _PEOPLE, "Segment"),
    Dimension("country", "country", _PEOPLE, "Country"),
    Dimension("sourced_by", "sourced_by", _PEOPLE, "Which side found it: marketing, sales or partner"),
    Dimension("account", "account_id", _PEOPLE, "Company (its id)"),
    Dimension("kind", "kind", ("deal",), "Kind of deal: new, renewal or upsell"),
    Dimension("pipeline", "pipeline", ("deal",), "Pipeline, in the source's own word"),
    Dimension("lost_reason", "lost_reason", ("deal",), "Why a deal was lost"),
)
DIMENSIONS: dict[str, Dimension] = {dimension.name: dimension for dimension in _NAMED}
"""Every named dimension; ``attribute:<header>`` comes on top of these."""


def find_dimensions(names: Sequence[str]) -> tuple[Dimension, ...]:
    """The dimensions of these names, in this order.

    Raises UnknownName for a name that is none, and for one that stands twice.
    """
    found = tuple(_dimension(name) for name in names)
    if len(set(names)) < len(names):
        raise UnknownName(f"A dimension stands twice in {', '.join(names)}.", remedy="Name each once.", names=names)
    return found


def _dimension(name: str) -> Dimension:
    if name.startswith(ATTRIBUTE) and name != ATTRIBUTE:
        header = name.removeprefix(ATTRIBUTE)
        return Dimension(name, header, _PEOPLE, f"Column {header} of the source, as it is written there")
    if name not in DIMENSIONS:
        raise UnknownName(
            f"There is no dimension {name!r}.",
            remedy=f"Use one of: {', '.join(DIMENSIONS)}, or attribute:<header of a column>.",
            name=name,
            known=tuple(DIMENSIONS),
        )
    return DIMENSIONS[name]


@dataclass(frozen=True)
class Naming:
    """What values of dimensions are read from: labelled traffic; for attributes, table attribute and the clusters."""

    traffic: ir.Table
    attribute: ir.Table
    person_of: ir.Table
    account_of: ir.Table


def key_name(place: int) -> str:
    """What the key of the dimension at that place is called until a result is handed out."""
    return f"key_{place}"


def named_keys(dimensions: Sequence[Dimension]) -> dict[str, str]:
    """New name → name until then, for renaming the keys of a result to their dimensions."""
    return {dimension.name: key_name(place) for place, dimension in enumerate(dimensions)}


def is_known(subject: str, dimensions: Sequence[Dimension]) -> bool:
    """Whether that subject (cycle, deal, person, touch, spend) can be told apart by all of these."""
    return all(subject in dimension.subjects for dimension in dimensions)


def with_traffic_keys(rows: ir.Table, dimensions: Sequence[Dimension], naming: Naming) -> ir.Table:
    """Rows with a traffic_id get the keys of the dimensions of traffic (null: not known)."""
    places = {key_name(place): found for place, found in enumerate(dimensions) if found.is_of_traffic}
    if not places:
        return rows
    traffic = naming.traffic
    keys = traffic.select(
        of_traffic=traffic.traffic_id, **{key: traffic[found.column] for key, found in places.items()}
    )
    return rows.left_join(keys, rows.traffic_id == keys.of_traffic).drop("of_traffic")


def with_entity_keys(rows: ir.Table, subject: str, dimensions: Sequence[Dimension], naming: Naming) -> ir.Table:
    """Rows of a subject get the keys of the dimensions that are its own (null: not known)."""
    for place, dimension in enumerate(dimensions):
        if dimension.is_of_traffic:
            continue
        if dimension.name.startswith(ATTRIBUTE):
            rows = _with_attribute(rows, subject, dimension, key_name(place), naming)
        else:
            rows = rows.mutate(**{key_name(place): rows[dimension.column]})
    return rows


_IDS_OF_SUBJECT: Mapping[str, tuple[tuple[str, str], ...]] = {
    "deal": (("opportunity", "opportunity_id"), ("lead", "lead_id"), ("account", "account_id")),
    "cycle": (("lead", "lead_id"), ("account", "account_id"), ("person", "person_id")),
    "person": (("person", "person_id"), ("account", "account_id")),
}
"""Where a subject looks for an attribute: table of the record and the subject's column, the nearest first."""


def _with_attribute(rows: ir.Table, subject: str, dimension: Dimension, key: str, naming: Naming) -> ir.Table:
    """The value on the subject's own record, else on its lead's, its company's, its person's."""
    found = []
    for table, column in _IDS_OF_SUBJECT[subject]:
        values = _attribute_values(table, dimension.column, naming)
        values = values.select(**{f"of_{table}": values.id, f"in_{table}": values.value})
        rows = rows.left_join(values, rows[column] == values[f"of_{table}"]).drop(f"of_{table}")
        found.append(f"in_{table}")
    return rows.mutate(**{key: ibis.coalesce(*[rows[name] for name in found])}).drop(*found)


def _attribute_values(table: str, header: str, naming: Naming) -> ir.Table:
    """Columns id and value; of several records of one person or company the smallest record_id speaks."""
    rows = naming.attribute.filter((naming.attribute["table"] == table) & (naming.attribute["name"] == header))
    rows = rows.select("record_id", "value")
    cluster = {"person": naming.person_of, "account": naming.account_of}.get(table)
    if cluster is None:
        return rows.select("value", id=rows.record_id)
    members = cluster.select("record_id", id=f"{table}_id").join(rows, "record_id")
    return members.group_by("id").agg(value=members.value.argmin(members.record_id))
