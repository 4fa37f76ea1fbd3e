"""Channel rules that punte ships, as TOML: a start that a company makes its own."""

from __future__ import annotations

from importlib.resources import files

from punte.errors import UnknownName

PRESETS = ("ga4",)
"""``ga4``: the default channel groups of Google Analytics 4."""


def preset(name: str) -> str:
    """The rules of that name, as TOML text.

    Raises UnknownName for a name that is not in ``PRESETS``.
    """
    if name not in PRESETS:
        known = ", ".join(PRESETS)
        raise UnknownName(f"punte ships no channel rules named {name!r}.", remedy=f"Use one of: {known}.", name=name)
    return (files(__name__) / f"{name}.toml").read_text(encoding="utf-8")
