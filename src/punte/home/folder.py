"""A home as a folder: its settings, its key, its raw store, its lake, and room for passing files.

settings.toml    name, zone and reporting currency, the version of this layout, and by what the key is recognised
keys/records     the key under which record ids are hashed; without it the same files give other ids
raw/ lake/       what came in, and what is published (``punte.records.raw``, ``punte.records.lake``)
tmp/             passing files of the one writer; emptied when a writer begins
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomlkit
from tomlkit.exceptions import ParseError

from punte.errors import HomeIsReadOnly, NoHome, UnknownName
from punte.records import disk, ids
from punte.records.lake import Lake
from punte.records.raw import RawStore

LAYOUT = 1
SETTINGS = "settings.toml"
KEY = Path("keys") / "records"
KEY_BYTES = 32
FINGERPRINT = "key_fingerprint"


@dataclass(frozen=True)
class Home:
    """An open home. ``zone`` is an IANA name, ``reporting_currency`` an ISO 4217 code.

    ``key_fingerprint`` tells the key of the record ids from any other; empty in a home that was not built since
    fingerprints are kept.
    """

    path: Path
    name: str
    zone: str
    reporting_currency: str
    is_demo: bool = False
    key_fingerprint: str = ""

    @property
    def lake(self) -> Lake:
        """What is published."""
        return Lake(self.path / "lake")

    @property
    def raw(self) -> RawStore:
        """What came in."""
        return RawStore(self.path / "raw", self.scratch / "raw")

    @property
    def scratch(self) -> Path:
        """The folder of passing files."""
        return self.path / "tmp"

    @property
    def key(self) -> bytes:
        """The key under which ids are hashed. Raises NoHome where it is missing, damaged or another one."""
        path = self.path / KEY
        text = path.read_text("ascii", errors="replace").strip() if path.is_file() else ""
        if not re.fullmatch(f"[0-9a-f]{{{2 * KEY_BYTES}}}", text):
            raise NoHome(
                f"The home {self.path} has no key for its record ids ({path.name} is missing or damaged).",
                remedy=f"Put {path} back from a backup; another key would give every record another id.",
                home=str(self.path),
            )
        key = bytes.fromhex(text)
        if self.key_fingerprint and ids.fingerprint(key) != self.key_fingerprint:
            raise NoHome(
                f"The key {path} is not the one under which this home was built: "
                "with it every record would get another id.",
                remedy=f"Put it back from a backup. If it is lost for good, remove the line {FINGERPRINT} from "
                f"{SETTINGS} and run `punte build`: then all ids are others, and what people decided about records no "
                "longer finds them.",
                home=str(self.path),
            )
        return key

    def remember_key(self) -> None:
        """Let later builds refuse another key than this one; the caller has built with it and holds the lock."""
        if not self.key_fingerprint:
            document = _settings(self.path / SETTINGS)
            document[FINGERPRINT] = ids.fingerprint(self.key)
            disk.write(self.path / SETTINGS, tomlkit.dumps(document).encode())

    @property
    def is_read_only(self) -> bool:
        """Whether this process may only read the home."""
        return not os.access(self.path, os.W_OK)

    def refuse_read_only(self) -> None:
        """Raise HomeIsReadOnly where this process may not write into the home."""
        if self.is_read_only:
            raise HomeIsReadOnly(
                f"The home {self.path} cannot be written: its disk is read-only, or the folder is another account's.",
                remedy="Let this account write there, or copy the home to where it may, and try again; "
                "figures can be read from it as it is.",
                home=str(self.path),
            )

    @contextmanager
    def writing(self, purpose: str) -> Iterator[Lake]:
        """Be the only writer of this home, with an empty folder for passing files.

        Raises HomeIsBusy, HomeIsReadOnly, and NoHome where the key is not the home's own.
        """
        self.refuse_read_only()
        _ = self.key  # refused before anything is written
        lake = self.lake
        with lake.writing(purpose):
            disk.make_folder(self.scratch)
            disk.clear(self.scratch)
            self.raw.sweep()
            yield lake
            disk.clear(self.scratch)


def create_home(
    path: Path, *, name: str, zone: str, reporting_currency: str, at: datetime, is_demo: bool = False
) -> Home:
    """Make a home in a folder that is new, or is not a home yet, and open it.

    A demo home holds an invented company, and has accounts whose password everybody knows.

    Raises UnknownName for a zone that does not exist; NoHome where a home is there already.
    """
    path = Path(path).resolve()
    if (path / SETTINGS).exists():
        raise NoHome(f"{path} is a home already.", remedy="Open it, or name another folder.", home=str(path))
    _refuse_unknown_zone(zone)
    disk.make_folder(path, mode=0o700)
    disk.make_folder(path / KEY.parent, mode=0o700)
    if not (path / KEY).exists():
        disk.write(path / KEY, secrets.token_hex(KEY_BYTES).encode() + b"\n", mode=0o600)
    document = tomlkit.document()
    document["layout"] = LAYOUT
    document["name"] = name
    document["zone"] = zone
    document["reporting_currency"] = reporting_currency
    document[FINGERPRINT] = ids.fingerprint(Home(path, name, zone, reporting_currency).key)
    if is_demo:
        document["is_demo"] = True
    document["made_at"] = naive_utc(at).isoformat(timespec="seconds") + "Z"
    disk.write(path / SETTINGS, tomlkit.dumps(document).encode())
    return open_home_folder(path)


def open_home_folder(path: Path) -> Home:
    """Open the home in a folder.

    Raises NoHome where there is none, one of a newer layout, or one whose settings cannot be read; UnknownName for a
    time zone that does not exist.
    """
    path = Path(path).resolve()
    settings = path / SETTINGS
    if not settings.is_file():
        raise NoHome(
            f"{path} is not a punte home: it has no {SETTINGS}.",
            remedy="Make one with `punte init`, or name another folder with --home or PUNTE_HOME.",
            home=str(path),
        )
    document = _settings(settings)
    missing = [name for name in ("layout", "name", "zone", "reporting_currency") if name not in document]
    if missing:
        raise NoHome(
            f"{settings} does not say the home's {', '.join(missing)}.",
            remedy="Put the file back from a backup, or write the line that is missing.",
            home=str(path),
        )
    if not isinstance(document["layout"], int):
        raise _damaged_settings(settings, "its layout is no number")
    if document["layout"] > LAYOUT:
        raise NoHome(
            f"{path} was made by a newer punte (layout {document['layout']}, this one knows {LAYOUT}).",
            remedy="Install the newer version.",
            home=str(path),
        )
    name, zone, currency = (str(document[word]) for word in ("name", "zone", "reporting_currency"))
    _refuse_unknown_zone(zone)
    fingerprint = str(document.get(FINGERPRINT, ""))
    return Home(path, name, zone, currency, document.get("is_demo", False) is True, fingerprint)


def _settings(path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(path.read_text("utf-8"))
    except (UnicodeDecodeError, ParseError) as error:
        raise _damaged_settings(path, str(error)) from error


def _damaged_settings(path: Path, why: str) -> NoHome:
    return NoHome(
        f"The settings {path} cannot be read: {why.rstrip('.')}.",
        remedy="Put the file back from a backup, or correct that line.",
        home=str(path.parent),
    )


def naive_utc(at: datetime) -> datetime:
    """A moment as the lake writes it: in UTC, without a zone. A naive one is taken to be in UTC."""
    return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at


def quarter_of_memory() -> str:
    """A quarter of this machine's memory, as an engine's limit is written."""
    n_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{max(n_bytes // 4 // 2**20, 256)}MB"


def _refuse_unknown_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise UnknownName(
            f"There is no time zone {zone!r}.", remedy="Use a name such as Europe/Bucharest.", zone=zone
        ) from None
