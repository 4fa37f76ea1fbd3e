"""Which rule reads which of the files that somebody brings, and what of them is here already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from punte.errors import UnknownMapping, UnreadableFile
from punte.home.loadsets import newest_set
from punte.records.raw import Incoming, Load
from punte.sources.files.mapping import FileRule, Mapping, personal_headers, rule_for
from punte.sources.files.reading import DEFAULT_LIMITS, FoundFile, Limits, TableReader, find_files, open_table

Propose = Callable[[Sequence[tuple[FoundFile, TableReader]]], Sequence[Mapping]]
"""Given the files that no mapping reads, mappings for those it knows; of a source that has one, it extended."""


@dataclass(frozen=True)
class ReadingOptions:
    """How files are read where their own signs mislead: see ``punte.sources.files.reading.open_table``."""

    limits: Limits = DEFAULT_LIMITS
    encoding: str | None = None
    separator: str | None = None
    header_line: int | None = None


@dataclass(frozen=True)
class Chosen:
    """A file and the rule that reads it; without a rule, why nothing does: a sentence, and its code."""

    found: FoundFile
    why: str = ""
    reader: TableReader | None = None
    mapping: Mapping | None = None
    rule: FileRule | None = None
    why_code: str = ""

    @property
    def incoming(self) -> Incoming:
        """The file as the raw store takes it; only for a file with a rule."""
        assert self.reader is not None
        assert self.mapping is not None
        assert self.rule is not None
        header = tuple(self.reader.header)
        personal = frozenset(personal_headers(self.rule, header))
        return Incoming(
            source=self.mapping.source,
            rule=self.rule.name,
            file_name=self.found.name,
            sha256=self.found.sha256 or "",
            header=header,
            personal=personal,
            part=self.found.sheet or "",
        )


@dataclass(frozen=True)
class Planned:
    """What is to be done with a file: ``add``, ``bring_again``, ``seen``, or ``nothing``; ``known`` is its load."""

    chosen: Chosen
    action: str
    known: Load | None = None
    same_as: str = ""


def choose(
    paths: Iterable[str | Path], mappings: Sequence[Mapping], propose: Propose | None, options: ReadingOptions
) -> tuple[list[Chosen], list[Mapping]]:
    """Find the files and a rule for each; the first mapping that has one counts.

    Gives the files, and the mappings (one per source, earlier ones before later ones) with those proposed. Raises
    UnreadableFile where a path does not exist or holds no table.
    """
    known = list({mapping.source: mapping for mapping in reversed(mappings)}.values())[::-1]
    chosen = [_choose(found, known, options) for found in find_files(paths, options.limits)]
    unmatched = [(one.found, one.reader) for one in chosen if one.reader is not None and one.rule is None]
    if propose is None or not unmatched:
        return chosen, known
    by_source = {mapping.source: mapping for mapping in known}
    by_source |= {mapping.source: mapping for mapping in propose(unmatched)}
    every = list(by_source.values())
    return [_with_rule(one, every) if one.reader is not None else one for one in chosen], every


def plan(chosen: Sequence[Chosen], loads: Sequence[Load]) -> list[Planned]:
    """What is to be done with each file that has a rule; ``loads`` are all loads that are here, in order."""
    planned: list[Planned] = []
    names: dict[tuple[str, str, str, str], str] = {}
    for one in chosen:
        if one.rule is not None:
            twin = names.setdefault(one.incoming.identity, one.found.name)
            is_twin = twin != one.found.name
            planned.append(Planned(one, "nothing", same_as=twin) if is_twin else _plan(one, chosen, loads))
    return planned


def _plan(one: Chosen, chosen: Sequence[Chosen], loads: Sequence[Load]) -> Planned:
    assert one.rule is not None
    incoming = one.incoming
    known = next((load for load in reversed(loads) if load.identity == incoming.identity), None)
    if one.rule.mode == "full":
        return _plan_full(one, known, chosen, loads)
    if known is None:
        return Planned(one, "add")
    return Planned(one, "nothing" if known.counts else "bring_again", known)


def _plan_full(one: Chosen, known: Load | None, chosen: Sequence[Chosen], loads: Sequence[Load]) -> Planned:
    """A full export is known only as a whole: when its files are those of the newest set, no more and no fewer."""
    incoming = one.incoming
    counting = [load for load in loads if load.counts]
    newest = newest_set(counting, incoming.source, incoming.rule)
    together = {c.incoming.sha256 + c.incoming.part for c in chosen if c.rule is one.rule and c.mapping is one.mapping}
    if known is not None and known in newest:
        is_whole = together == {load.sha256 + load.part for load in newest}
        return Planned(one, "nothing" if is_whole else "seen", known)
    own = [load.id for load in counting if (load.source, load.rule) == (incoming.source, incoming.rule)]
    if known is not None and not known.counts and known.id > max(own, default=""):
        return Planned(one, "bring_again", known)
    return Planned(one, "add")


def _choose(found: FoundFile, mappings: Sequence[Mapping], options: ReadingOptions) -> Chosen:
    if not found.is_table:
        why, code = (found.refusal.sentence, found.refusal.reason) if found.refusal else ("", "not_a_table")
        return Chosen(found, why=why or f"{found.name} is no table.", why_code=code)
    try:
        reader = open_table(
            found,
            options.limits,
            encoding=options.encoding,
            separator=options.separator,
            header_line=options.header_line,
        )
    except UnreadableFile as error:
        return Chosen(found, why=str(error), why_code=error.facts.get("reason", ""))
    return _with_rule(Chosen(found, reader=reader), mappings)


def _with_rule(one: Chosen, mappings: Sequence[Mapping]) -> Chosen:
    assert one.reader is not None
    why = f"No mapping speaks of {one.found.name}."
    for mapping in mappings:
        try:
            rule = rule_for(mapping, one.found.name, one.reader.header)
        except UnknownMapping as error:
            why = str(error)
            continue
        if rule is not None:
            return Chosen(one.found, "", one.reader, mapping, rule)
    return Chosen(one.found, why, one.reader, why_code="no_mapping")
