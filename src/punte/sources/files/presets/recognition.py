"""Which vendor's export a file is, told by its headers and, where those fit several, by its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from punte.sources.files.mapping.choosing import fits_name, missing_headers, unwanted_headers
from punte.sources.files.mapping.headers import Headers
from punte.sources.files.mapping.language import FileRule, Mapping
from punte.sources.files.mapping.parsing import load_mapping
from punte.sources.files.mapping.privacy import mapped_headers


@dataclass(frozen=True)
class Preset:
    """A rule of a vendor's preset that fits a file: ``n_known`` of its ``n_headers`` columns have a meaning."""

    name: str
    about: str
    source: str
    rule: FileRule
    n_known: int
    n_headers: int

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
    return max(fitting, key=lambda one: (one.n_known, bool(one.rule.match), len(one.rule.headers)), default=None)


def _fit(mapping: Mapping, rule: FileRule, header: list[str]) -> Preset:
    headers = Headers(header, rule.also_called)
    asked = mapped_headers(rule) | {name for names in rule.headers for name in names} | set(rule.personal)
    known = {found for name in asked if (found := headers.find(name)) is not None}
    return Preset(rule.name, rule.about, mapping.source_of(rule), rule, len(known), len(header))
