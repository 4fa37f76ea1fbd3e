"""Rules of files that have not come yet: others take values from them, so that the mapping must know them before."""

from __future__ import annotations

from dataclasses import replace

from punte.sources.files.mapping.language import FileRule


def awaited(rule: FileRule) -> FileRule:
    """The rule, reading no file until one comes that is known by its headers."""
    return replace(rule, match=(rule.name,))


def is_awaited(rule: FileRule) -> bool:
    """Whether no file of this rule has come yet."""
    return rule.match == (rule.name,)
