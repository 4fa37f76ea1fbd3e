"""The rows of the closed loop: which cycle, deal, person, touch and spend falls into which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from punte.measures.dimensions import Dimension, is_known, key_name, with_entity_keys, with_traffic_keys
from punte.measures.loop.tables import LoopTables
from punte.measures.views import View, cycles_as_of, deals_as_of, ways_as_of

UNATTRIBUTED = "is_unattributed"


@dataclass(frozen=True)
class Rows:
    """Gives each subject its keys: the dimensions' values and whether it has no known origin at all.

    Exclusive, each subject stands in one row, that of its origin; overlapping, in every row of which it had a touch.
    """

    tables: LoopTables
    dimensions: Sequence[Dimension]
    view: View
    is_overlapping: bool
    level: str

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that tell rows apart."""
        return (*[key_name(place) for place in range(len(self.dimensions))], UNATTRIBUTED)

    @property
    def has_traffic(self) -> bool:
        """Whether any dimension is one of traffic."""
        return any(dimension.is_of_traffic for dimension in self.dimensions)

    def know(self, subject: str) -> bool:
        """Whether that subject can be told apart by the dimensions."""
        return is_known(subject, self.dimensions)

    def cycles(self, *, within: Sequence[str] = ()) -> ir.Table:
        """Cycles as of the view, with keys; ``within`` as for ``cycles_as_of``."""
        rows = self._own_keys(cycles_as_of(self.tables.cycle, self.view, within=within), "cycle")
        return self._by_touches(rows, "person_id") if self.is_overlapping else self._by_origin(rows)

    def deals(self) -> ir.Table:
        """Deals as of the view, with keys."""
        rows = self.own_deals()
        return self._by_touches(rows, "opportunity_id") if self.is_overlapping else self._by_origin(rows)

    def own_deals(self) -> ir.Table:
        """Deals as of the view, with the keys that are their own."""
        return self._own_keys(deals_as_of(self.tables.deal, self.view), "deal")

    def persons(self) -> ir.Table:
        """Persons that came within the view's days, with keys: by their first touch; overlapping, by any touch."""
        persons = self.tables.person_origin
        came = self.view.has_happened(persons.first_touch_at) | persons.first_touch_at.isnull()
        if not self.is_overlapping:
            persons = persons.filter(came & self.view.holds(persons.first_touch_on))
            return self._by_origin(self._own_keys(persons, "person"))
        rows = self._by_touches(self._own_keys(persons.filter(came), "person"), "person_id", self.view)
        return rows.filter(~rows[UNATTRIBUTED]) if self.view.is_bounded else rows

    def by_traffic(self, rows: ir.Table, is_unattributed: ir.BooleanValue | bool = False) -> ir.Table:
        """Rows with a traffic_id of their own, with keys; the flag holds only where there is a dimension of traffic."""
        flag = is_unattributed if self.has_traffic else ibis.literal(False)
        return with_traffic_keys(rows.mutate(**{UNATTRIBUTED: flag}), self.dimensions, self.tables.naming)

    def _own_keys(self, rows: ir.Table, subject: str) -> ir.Table:
        return with_entity_keys(rows, subject, self.dimensions, self.tables.naming)

    def _by_origin(self, rows: ir.Table) -> ir.Table:
        return self.by_traffic(rows, rows.origin_basis == "none")

    def _by_touches(self, rows: ir.Table, column: str, view: View | None = None) -> ir.Table:
        """One row for every set of keys that was touched; one that is unattributed where nothing was."""
        touched = self._touched_persons(view) if column == "person_id" else self._touched_deals()
        keys = [name for name in touched.columns if name != column]
        touched = touched.rename(touched_id=column).distinct()
        found = rows.left_join(touched, rows[column] == touched.touched_id)
        return found.mutate(**{UNATTRIBUTED: found.touched_id.isnull()}).select(*rows.columns, *keys, UNATTRIBUTED)

    def _touched_persons(self, view: View | None) -> ir.Table:
        touch = self.tables.touch.filter(lambda t: t.person_id.notnull() & self.view.has_happened(t.occurred_at))
        if view is not None:
            touch = touch.filter(view.holds(touch.occurred_on))
        pairs = touch.select("person_id", "traffic_id").distinct()
        return with_traffic_keys(pairs, self.dimensions, self.tables.naming).drop("traffic_id")

    def _touched_deals(self) -> ir.Table:
        ways = ways_as_of(self.tables.journey, self.view, self.level)
        pairs = ways.select("opportunity_id", "traffic_id").distinct()
        return with_traffic_keys(pairs, self.dimensions, self.tables.naming).drop("traffic_id")
