"""The errors that punte raises, one tree, each with its facts and its remedy.

    PunteError                 anything punte refuses or cannot do
    ├── UnreadableFile         a file that is not the table it says it is
    ├── UnknownMapping         no mapping fits the files, or the mapping has a mistake
    ├── NothingUsable          an import in which no row could be used
    ├── LakeError              the lake on disk is not as it should be
    │   ├── DamagedSnapshot    a file's checksum differs from its manifest
    │   ├── DamagedImport      the rows of an import in raw are missing, or are not what was written
    │   ├── HomeIsBusy         another process is writing to this home
    │   ├── HomeIsReadOnly     this process may not write into the home
    │   ├── UnknownLoad        no import with that id
    │   ├── DiskFailed         the disk refused a write: full, broken or not ours
    │   └── IdCollision        two different rows came out with one id
    ├── TooManyDeletions       a full export lacks more of its earlier rows than can be meant
    ├── NoHome                 the folder is not a punte home
    ├── NoEngine               the engine asked for is not installed, or cannot start
    ├── OutsideHome            a file outside the folders that an engine may touch
    ├── UnknownName            a dimension, model, metric, table or id that does not exist
    └── AmountTooLarge         money beyond what can be computed exactly

A message says what happened, what it means, and ends with what to do. ``facts`` keeps the values for programs.
"""

from __future__ import annotations

from typing import Any


class PunteError(Exception):
    """Anything punte refuses or cannot do; ``remedy`` says what to do, ``facts`` carries the values."""

    def __init__(self, what: str, *, remedy: str = "", **facts: Any) -> None:
        super().__init__(what, remedy)
        self.what = what
        self.remedy = remedy
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}".strip()


class UnreadableFile(PunteError):
    """A file is not the table that its name promises, or it cannot be read as one."""


class UnknownMapping(PunteError):
    """No mapping fits the files, or the mapping itself has a mistake."""


class NothingUsable(PunteError):
    """An import in which not one row could be used."""


class LakeError(PunteError):
    """The lake on disk is not as it should be."""


class DamagedSnapshot(LakeError):
    """A file of a snapshot is missing, or its checksum differs from the manifest."""


class DamagedImport(LakeError):
    """The rows of an import in raw, or what is known of it, are missing or not what was written."""


class HomeIsBusy(LakeError):
    """Another process is writing to this home."""


class HomeIsReadOnly(LakeError):
    """This process may not write into the home: its disk is read-only, or its folder belongs to another account."""


class UnknownLoad(LakeError):
    """No import with that id is in the raw store."""


class DiskFailed(LakeError):
    """The disk refused to write, sync, rename or remove; what was there before is untouched."""


class IdCollision(LakeError):
    """Two different rows came out with one record_id."""


class TooManyDeletions(PunteError):
    """A full export lacks more of the rows that it held before than is likely to be meant."""


class NoHome(PunteError):
    """The folder is not a punte home."""


class NoEngine(PunteError):
    """The engine asked for is not installed here, or cannot start."""


class OutsideHome(PunteError):
    """A file outside the folders that an engine may read and write."""


class UnknownName(PunteError):
    """A dimension, model, metric, table or id that punte does not know; the remedy names those that it does."""


class AmountTooLarge(PunteError):
    """An amount beyond what whole minor units can hold exactly."""
