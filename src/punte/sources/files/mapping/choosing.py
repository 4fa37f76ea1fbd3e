"""Which rule of a mapping a file falls under."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import PurePath

from punte.sources.files.mapping.headers import Headers
from punte.sources.files.mapping.language import FileRule, Mapping
from punte.sources.files.mapping.mistakes import Place, mistake, suggestion


def rule_for(mapping: Mapping, file_name: str, header: Iterable[str]) -> FileRule | None:
    """The first rule whose name patterns and headers both fit; None when the mapping does not speak of the file.

    Raises UnknownMapping where rules fit the name, and each misses a header that it says must be there.
    """
    header = tuple(header)
    named = [rule for rule in mapping.files if fits_name(rule, file_name) and not unwanted_headers(rule, header)]
    for rule in named:
        if not missing_headers(rule, header):
            return rule
    for rule in named:
        if rule.match:
            missing = missing_headers(rule, header)[0]
            what = f"'{file_name}' has no column '{missing}', by which this file is known"
            raise mistake(Place(file=rule.name), what, suggestion(missing, header))
    return None


def fits_name(rule: FileRule, file_name: str) -> bool:
    """Whether a pattern fits the file's name without regard to case; a rule without patterns fits every name."""
    name = PurePath(file_name).name.lower()
    return not rule.match or any(fnmatchcase(name, pattern.lower()) for pattern in rule.match)


def missing_headers(rule: FileRule, header: Iterable[str]) -> list[str]:
    """The headers that must be there and are not; of alternatives, the first."""
    headers = Headers(header, rule.also_called)
    return [names[0] for names in rule.headers if not any(headers.find(name) for name in names)]


def unwanted_headers(rule: FileRule, header: Iterable[str]) -> list[str]:
    """The headers that a file under this rule must not have, and has."""
    headers = Headers(header)
    return [name for name in rule.without if headers.find(name) is not None]
