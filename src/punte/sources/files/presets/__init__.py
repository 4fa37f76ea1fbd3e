"""Mappings for files that nobody has mapped yet: vendors' exports that are recognised, and guesses for all others.

``recognise`` names the preset that fits a file; ``propose`` writes a whole mapping for a set of files, each guess with
a remark that says what it rests on.
"""

from __future__ import annotations

from punte.sources.files.presets.awaited import is_awaited
from punte.sources.files.presets.profiles import Sample
from punte.sources.files.presets.proposing import propose
from punte.sources.files.presets.recognition import Preset, presets, recognise

__all__ = ["Preset", "Sample", "is_awaited", "presets", "propose", "recognise"]
