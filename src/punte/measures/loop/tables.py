"""What the closed loop reads."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from punte.measures.dimensions import Naming


@dataclass(frozen=True)
class LoopTables:
    """The tables of a snapshot that a closed-loop question reads, by the names of the derived tables.

    ``traffic`` is labelled traffic (``channels.labelled_traffic``); it is joined several times, so it pays to have it
    computed before. ``touch`` is read only with scope ``touched``; ``attribute``, ``person_of`` and
    ``account_of`` only for dimensions ``attribute:<header>``; ``journey`` only for models and scope ``touched``.
    ``past`` names columns of moments none of which is later than the ``at`` of the question: the answer is the same
    without it, and takes half as long with it.
    """

    cycle: ir.Table
    deal: ir.Table
    journey: ir.Table
    person_origin: ir.Table
    touch: ir.Table
    touch_day: ir.Table
    spend_day: ir.Table
    traffic: ir.Table
    attribute: ir.Table
    person_of: ir.Table
    account_of: ir.Table
    past: frozenset[str] = frozenset()

    @property
    def naming(self) -> Naming:
        """What values of dimensions are read from."""
        return Naming(self.traffic, self.attribute, self.person_of, self.account_of)


NAMES = tuple(name for name in LoopTables.__dataclass_fields__ if name != "past")
"""The names of these tables."""
