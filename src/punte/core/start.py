"""Start Django for a home: only when it is needed, and once."""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.apps import apps
from django.core import checks
from django.core.management import call_command

from punte.core.keys import DJANGO, make_keys, read_key
from punte.errors import PunteError

SETTINGS = "punte.web.settings"
CHECKS = "punte"
"""The tag of the checks that must hold before anything is read or written."""


class CannotStart(PunteError):
    """A check failed that must hold before punte may work."""


def set_up(home: Path) -> str:
    """Make Django ready to work with the choices of a home, and give the name of its database.

    The first home that is asked for becomes the process's own; asking again costs nothing.

    Raises: NoHome when the folder has no keys. CannotStart when the installation is not sound. OneHomeOnly for a second
    home beside a database server.
    """
    home = Path(home).resolve()
    read_key(home, DJANGO)
    if not apps.ready:
        os.environ["PUNTE_HOME"] = str(home)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        django.setup()
        refuse_to_start_unsound()

    from punte.core.databases import database_of

    return database_of(home)


def prepare(home: Path) -> str:
    """Make a home ready for its first start or for a new version: its keys, and its tables brought up to date.

    Nothing is lost by doing it twice. Gives the name of its database, as ``set_up`` does.
    """
    home = Path(home).resolve()
    home.mkdir(parents=True, exist_ok=True)
    make_keys(home)
    using = set_up(home)
    call_command("migrate", database=using, interactive=False, verbosity=0, skip_checks=True)
    return using


def refuse_to_start_unsound() -> None:
    """Run the checks that must hold in every process, whatever started it.

    Raises: CannotStart with the words of those that failed.
    """
    errors = [message for message in checks.run_checks(tags=[CHECKS]) if message.is_serious()]
    if errors:
        raise CannotStart(
            " ".join(str(message.msg) for message in errors),
            remedy=" ".join(str(message.hint) for message in errors),
            checks=[message.id for message in errors],
        )
