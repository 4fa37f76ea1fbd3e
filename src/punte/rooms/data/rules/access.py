"""Who may bring data in, what may be refused, and the limits of the room."""

from __future__ import annotations

from datetime import timedelta

from punte.core.access import Person, may_import
from punte.errors import PunteError

PREVIEW, IMPORT, REBUILD = "data.preview_files", "data.import_files", "data.rebuild"
"""Kinds of jobs of this room."""

KEPT = timedelta(days=1)
"""How long files wait to be imported."""

MAPPING_BYTES = 1_000_000
"""No mapping is longer than this."""

ROWS_PER_PAGE = 50


class CannotImport(PunteError):
    """Only an admin or the lead of a side brings data in and takes them back."""


class NothingBrought(PunteError):
    """No file was chosen."""


class CannotReadMapping(PunteError):
    """What was given as a mapping is too long, or not text."""


class FilesAreGone(PunteError):
    """The files of an upload were imported already, or removed because nobody imported them in time."""


class NotLookedAtYet(PunteError):
    """Files can be imported when punte has looked at them and found something that can come in."""


class MustConfirmDeletions(PunteError):
    """An import after which many records would be gone needs somebody's word."""


class CannotSeeRows(PunteError):
    """Rows are for those who work with leads."""


def must_import(person: Person) -> None:
    """Raises CannotImport for those who may not."""
    if not may_import(person):
        raise CannotImport(
            "Only an admin or the lead of a side brings data in.", remedy="Ask one of them.", by=person.pk
        )
