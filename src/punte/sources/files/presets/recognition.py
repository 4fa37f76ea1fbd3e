"""Which vendor's export a file is, told by its headers and, where those fit several, by its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from punte.sources.files.mapping.choosing import fits_name, missing_headers, unwanted_headers
from punte.sources.files.mapping.headers import Headers
from punte.sources.files.mapping.language import FileRule, Mapping
from punte.sources.files.mapping.parsing import load_mapping
from punte.sources.files.mapping.privacy import mapped_headers
from punte.sources.files.presets.lexicon import meanings

_PLAIN = 0.9


@dataclass(frozen=True)
class Preset:
    """A rule of a vendor's preset that fits a file: ``n_known`` of its ``n_headers`` columns have a meaning,
    ``n_other`` more are ordinary words that it does not know; ``is_sure`` where no required column has another name."""

    name: str
    about: str
    source: str
    rule: FileRule
    n_known: int
    n_headers: int
    n_other: int = 0
    is_sure: bool = True

    @property
    def stands(self) -> bool:
        """Whether the file is that vendor's: its id is called as the vendor calls it, or few columns speak otherwise.

        Many systems have a ``Contact ID`` and a ``Company name``. Where ordinary words for what such a file holds are
        half as many as the columns that the preset knows, the guesser understands it better.
        """
        return self.is_sure or 2 * self.n_other < self.n_known

    @property
    def known_share(self) -> float:
        """Share of the file's columns that the preset gives a meaning."""
        return self.n_known / self.n_headers if self.n_headers else 0.0


@cache
def presets() -> tuple[Mapping, ...]:
    """The mappings of all vendors that punte knows, in the order of their files' names."""
    folder = resources.files(__package__)
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return tuple(load_mapping(one.read_text(encoding="utf-8")) for one in files)


@cache
def every_rule() -> dict[str, FileRule]:
    """The rules of all presets by name; no two have the same one."""
    return {rule.name: rule for mapping in presets() for rule in mapping.files}


def recognise(file_name: str, header: Iterable[str]) -> Preset | None:
    """The preset that gives most of the file's columns a meaning; None where no preset's own headers are there.

    Headers are compared without case, accents and odd spaces. A rule that names files fits only those.
    """
    header = [name for name in header if name.strip()]
    fitting = [
        _fit(mapping, rule, header)
        for mapping in presets()
        for rule in mapping.files
        if fits_name(rule, file_name) and not missing_headers(rule, header) and not unwanted_headers(rule, header)
    ]
    fitting = [one for one in fitting if one.stands]
    return max(fitting, key=lambda one: (one.n_known, bool(one.rule.match), len(one.rule.headers)), default=None)


def _fit(mapping: Mapping, rule: FileRule, header: list[str]) -> Preset:
    headers = Headers(header, rule.also_called)
    asked = mapped_headers(rule) | {name for names in rule.headers for name in names} | set(rule.personal)
    known = {found for name in asked if (found := headers.find(name)) is not None}
    n_other = sum(name not in known and _is_plain(name) for name in header)
    is_sure = not missing_headers(replace(rule, also_called=()), header)
    return Preset(rule.name, rule.about, mapping.source_of(rule), rule, len(known), len(header), n_other, is_sure)


def _is_plain(header: str) -> bool:
    """Whether a header says in ordinary words what is under it."""
    found = meanings(header)
    return bool(found) and found[0].sureness >= _PLAIN
