"""Makes a home that holds the demo company: writes its exports and brings them in as anybody's would be."""

from __future__ import annotations

from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

from punte.demo import story
from punte.demo.company import make_company
from punte.demo.files import write_exports
from punte.demo.ledger import Ledger, make_ledger
from punte.errors import NoHome
from punte.home.folder import SETTINGS, Home, create_home, open_home_folder
from punte.home.imports import import_files
from punte.home.reports import ImportReport
from punte.home.staging import Progress
from punte.sources.files.mapping import Mapping, load_mapping

EXPORTS = "exports"
"""Folder inside the home in which the demo company's exports lie, to be looked at and brought again."""
NAME = "Meridian Instruments"


def demo_mapping_text() -> str:
    """What the exports mean, as TOML."""
    return files("punte.demo").joinpath("mapping.toml").read_text("utf-8")


def demo_mapping() -> Mapping:
    """What the exports mean."""
    return load_mapping(demo_mapping_text())


def install_demo(
    path: Path, *, n_persons: int, seed: int, until: date, at: datetime, progress: Progress
) -> tuple[Home, ImportReport, Ledger]:
    """A home with the company of that size, seed and last day, and the right answers about it.

    The same company once more changes nothing. Raises NoHome where the folder is a home that is not the demo's,
    HomeIsReadOnly where it cannot be written.
    """
    home = _demo_home(path, at)
    progress("draw the company", 0, None)
    company = make_company(seed=seed, n_persons=n_persons, until=until)
    exports = write_exports(company, home.path / EXPORTS)
    report = import_files(home, exports, mappings=[demo_mapping()], at=at, by="demo", progress=progress)
    return home, report, make_ledger(company)


def _demo_home(path: Path, at: datetime) -> Home:
    if not (path / SETTINGS).is_file():
        return create_home(path, name=NAME, zone=story.ZONE, reporting_currency=story.CURRENCY, at=at, is_demo=True)
    home = open_home_folder(path)
    if not home.is_demo:
        raise NoHome(
            f"{home.path} is the home of {home.name}, not of the demo company.",
            remedy="Choose another folder: punte --home home-demo demo.",
            home=str(home.path),
        )
    home.refuse_read_only()
    return home
