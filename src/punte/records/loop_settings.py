"""How the loop counts, as TOML: look-back window, which touches count, half-life, which channels are direct."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from punte.errors import UnknownMapping

DEFAULT_TEXT = """\
# How the loop counts. Leave look_back_days out to count every touch before the close.
counts_every_touch = false      # true: touches that were only shown (mail sent, advertisement seen) count too
half_life_days = 7              # time decay: a touch this many days before the close weighs half
direct_channels = ["Direct"]    # channels that the model last_non_direct passes over
"""


@dataclass(frozen=True)
class LoopSettings:
    """``look_back_days`` None counts every touch; ``half_life_days`` is at least 1."""

    look_back_days: int | None = None
    counts_every_touch: bool = False
    half_life_days: int = 7
    direct_channels: tuple[str, ...] = ("Direct",)


def loop_settings_from_toml(text: str) -> LoopSettings:
    """Reads the settings.

    Raises: UnknownMapping for TOML that cannot be read, an unknown word, or a value out of bounds.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnknownMapping(f"The loop settings are not TOML: {error}.", remedy="Correct that line.") from error
    unknown = set(values) - set(LoopSettings.__dataclass_fields__)
    if unknown:
        raise UnknownMapping(
            f"The loop settings have no word {', '.join(sorted(unknown))}.",
            remedy=f"They know {', '.join(LoopSettings.__dataclass_fields__)}.",
        )
    settings = LoopSettings(**{**values, "direct_channels": tuple(values.get("direct_channels", ("Direct",)))})
    for name in ("look_back_days", "half_life_days"):
        days = getattr(settings, name)
        if days is not None and (isinstance(days, bool) or not isinstance(days, int) or days < 1):
            raise UnknownMapping(f"{name} = {days!r} is not a number of days.", remedy="Give a whole number from 1 on.")
    if not isinstance(settings.counts_every_touch, bool):
        raise UnknownMapping("counts_every_touch is neither true nor false.", remedy="Write true or false.")
    return settings
