"""Which loads make up a full export, which came before, and what a row's load means for whether the row still stands.

A rule whose files are full exports says that what is absent is gone. All files of one rule in one import are one *set*;
a load belongs to the set of the import that brought it, and to those of later imports that found it unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from punte.records.raw import Load

LOAD_SHIFT = 40
"""An ordinal is the load's position shifted by so many bits, plus the row's place in the load's converted rows."""


@dataclass(frozen=True)
class RuleSets:
    """The sets of one rule of full exports, oldest first: when each came, and its loads.

    Positions are those of the loads in the list of loads that count.
    """

    source: str
    rule: str
    moments: tuple[datetime, ...]
    sets: tuple[frozenset[int], ...]
    is_confirmed: bool

    @property
    def newest(self) -> frozenset[int]:
        """The loads of the newest set: what the source has now."""
        return self.sets[-1]

    @property
    def previous(self) -> frozenset[int]:
        """The loads of the set before it; nothing where there was none."""
        return self.sets[-2] if len(self.sets) > 1 else frozenset()

    def last_set_of(self, n_loads: int) -> np.ndarray:
        """For each load position the number of the last set that it belongs to; -1 for those of other rules."""
        last = np.full(n_loads + 1, -1)
        for number, members in enumerate(self.sets):
            last[list(members)] = number
        return last


@dataclass(frozen=True)
class LoadSets:
    """The loads that count, in order, and the sets of those rules whose files are full exports.

    ``rule_of`` and ``stands`` have one place more than there are loads: that of rows which were made here.
    """

    loads: tuple[Load, ...]
    rule_of: np.ndarray
    stands: np.ndarray
    full: tuple[RuleSets, ...]

    def newest_of(self, source: str, rule: str) -> frozenset[str]:
        """Ids of the loads in the newest set of a rule of full exports; nothing for other rules."""
        for sets in self.full:
            if (sets.source, sets.rule) == (source, rule):
                return frozenset(self.loads[position].id for position in sets.newest)
        return frozenset()


def load_sets(loads: Sequence[Load], full_rules: frozenset[tuple[str, str]]) -> LoadSets:
    """Sort loads that count, in the order in which they came, into sets.

    ``full_rules`` names source and rule of the full exports. In the result ``rule_of`` numbers the rule of each load
    and ``stands`` says for each load whether its rows still stand: always, but of full exports only the newest set's.
    """
    rules = sorted({(load.source, load.rule) for load in loads})
    full = tuple(_rule_sets(loads, source, rule) for source, rule in rules if (source, rule) in full_rules)
    stands = np.ones(len(loads) + 1, bool)
    for sets in full:
        for position, load in enumerate(loads):
            if (load.source, load.rule) == (sets.source, sets.rule):
                stands[position] = position in sets.newest
    rule_of = np.array([*(rules.index((load.source, load.rule)) for load in loads), len(rules)], np.int64)
    return LoadSets(tuple(loads), rule_of, stands, full)


def set_moments(load: Load) -> set[datetime]:
    """The moments of the imports whose sets a load belongs to; a set that was held never came to be."""
    moments = {load.recorded_at}
    for decision in load.decisions:
        if decision.action == "held":
            moments.clear()
        elif decision.action == "seen" or (decision.action == "brought_again" and not moments):
            moments.add(decision.at)
        elif decision.action == "unseen":
            moments.discard(decision.at)
    return moments


def newest_set(loads: Sequence[Load], source: str, rule: str) -> tuple[Load, ...]:
    """Of the loads that count, those in the newest set of one rule."""
    own = [load for load in loads if (load.source, load.rule) == (source, rule)]
    newest = max((moment for load in own for moment in set_moments(load)), default=None)
    return tuple(load for load in own if newest in set_moments(load))


def _rule_sets(loads: Sequence[Load], source: str, rule: str) -> RuleSets:
    own = {i: set_moments(load) for i, load in enumerate(loads) if (load.source, load.rule) == (source, rule)}
    moments = sorted({moment for mine in own.values() for moment in mine})
    sets = tuple(frozenset(i for i, mine in own.items() if moment in mine) for moment in moments)
    return RuleSets(source, rule, tuple(moments), sets, any(loads[i].is_confirmed for i in sets[-1]))
