"""A home as a folder: made once, opened often, whole or refused by name; and what the doctor sees in it."""

from __future__ import annotations

import json
import stat
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from punte.errors import HomeIsBusy, NoHome, UnknownName
from punte.home.doctor import doctor
from punte.home.folder import create_home, naive_utc, open_home_folder
from tests.home.small import AT, CONTACTS, bring, new_home, write

pytestmark = pytest.mark.slow


def test_a_new_home_is_opened_with_what_was_said(tmp_path: Path) -> None:
    made = create_home(tmp_path / "home", name="Acme", zone="Europe/Bucharest", reporting_currency="RON", at=AT)
    opened = open_home_folder(tmp_path / "home")
    assert opened == made
    assert (opened.name, opened.zone, opened.reporting_currency) == ("Acme", "Europe/Bucharest", "RON")
    assert len(opened.key) == 32
    modes = [stat.S_IMODE((tmp_path / "home" / name).stat().st_mode) for name in ("", "keys", "keys/records")]
    assert modes == [0o700, 0o700, 0o600]


def test_two_homes_have_different_keys(tmp_path: Path) -> None:
    homes = [create_home(tmp_path / n, name=n, zone="UTC", reporting_currency="EUR", at=AT) for n in ("a", "b")]
    assert homes[0].key != homes[1].key


def test_a_home_is_not_made_twice(tmp_path: Path) -> None:
    new_home(tmp_path / "home")
    with pytest.raises(NoHome, match="is a home already"):
        create_home(tmp_path / "home", name="x", zone="UTC", reporting_currency="EUR", at=AT)


def test_a_zone_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="There is no time zone 'Europe/Atlantis'"):
        create_home(tmp_path / "home", name="x", zone="Europe/Atlantis", reporting_currency="EUR", at=AT)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (None, "it has no settings.toml"),
        ("layout = 1\n", "name, zone, reporting_currency"),
        ("layout = 99\nname = 'x'\nzone = 'UTC'\nreporting_currency = 'EUR'\n", "newer punte"),
    ],
)
def test_a_folder_that_is_no_home_is_refused_by_name(tmp_path: Path, settings: str | None, said: str) -> None:
    if settings is not None:
        (tmp_path / "settings.toml").write_text(settings)
    with pytest.raises(NoHome, match=said):
        open_home_folder(tmp_path)


def test_a_home_without_its_key_does_not_go_on_with_another(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    (home.path / "keys" / "records").unlink()
    with pytest.raises(NoHome, match="no key for its record ids"):
        bring(home, write(tmp_path / "x", contacts=CONTACTS))


def test_a_home_does_not_go_on_with_a_key_that_differs_by_one_digit(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    bring(home, write(tmp_path / "x", contacts=CONTACTS))
    before = home.lake.current()
    key = home.path / "keys" / "records"
    key.write_text("f" + key.read_text()[1:])

    with pytest.raises(NoHome, match="not the one under which this home was built.*Put it back from a backup"):
        bring(home, write(tmp_path / "y", contacts=CONTACTS + "4,dan@x.ro,RO,new,2026-01-09\n"))
    assert (home.lake.current(), len(home.raw.loads())) == (before, 1)
    assert [check.name for check in doctor(home) if not check.is_ok] == ["key"]


def test_a_home_from_before_fingerprints_gets_one_at_its_next_build_and_says_nothing_of_the_key(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    settings = home.path / "settings.toml"
    told = settings.read_text()
    settings.write_text("".join(line for line in told.splitlines(keepends=True) if "fingerprint" not in line))
    old = open_home_folder(home.path)
    assert (old.key_fingerprint, "fingerprint" in settings.read_text()) == ("", False)

    bring(old, write(tmp_path / "x", contacts=CONTACTS))
    assert open_home_folder(home.path) == home
    assert (len(home.key_fingerprint), home.key_fingerprint in home.key.hex()) == (16, False)


def test_an_import_waits_for_nobody_and_names_who_writes(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    with home.writing("a long import"), pytest.raises(HomeIsBusy, match="a long import"):
        bring(home, write(tmp_path / "x", contacts=CONTACTS))


def test_passing_files_of_a_crash_are_gone_when_the_next_writer_begins(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    (home.scratch / "old").mkdir(parents=True)
    (home.scratch / "old" / "half.parquet").write_bytes(b"half")
    with home.writing("test"):
        assert list(home.scratch.iterdir()) == []


def test_moments_are_kept_in_utc_without_a_zone() -> None:
    bucharest = timezone(timedelta(hours=2))
    assert naive_utc(datetime(2026, 3, 2, 11, 0, tzinfo=bucharest)) == AT == naive_utc(AT)


def test_a_sound_home_passes_every_check(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    bring(home, write(tmp_path / "x", contacts=CONTACTS))
    checks = doctor(home)
    assert [(check.name, check.is_ok) for check in checks] == [
        ("key", True),
        ("snapshot", True),
        ("checksums", True),
        ("imports", True),
        ("disk", True),
        ("leftovers", True),
    ]


@pytest.mark.parametrize("fault", ["key", "snapshot", "checksums", "imports", "leftovers"])
def test_each_fault_is_named_by_its_check_with_a_remedy(tmp_path: Path, fault: str) -> None:
    home = new_home(tmp_path / "home")
    bring(home, write(tmp_path / "x", contacts=CONTACTS))
    current = home.lake.current()
    if fault == "key":
        (home.path / "keys" / "records").write_text("short")
    elif fault == "snapshot":
        (home.path / "lake" / "CURRENT").write_text("nowhere")
    elif fault == "checksums":
        current.paths("person")[0].write_bytes(b"rot")
    elif fault == "imports":
        home.raw.loads()[0].private_path.unlink()
    else:
        (home.scratch / "half.parquet").write_bytes(b"half")
    failed = {check.name: check for check in doctor(home) if not check.is_ok}
    assert set(failed) == ({fault, "checksums"} if fault == "snapshot" else {fault})
    assert all(check.remedy for check in failed.values())


def test_a_load_says_what_reading_guessed_and_nothing_of_its_rows(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    bring(home, write(tmp_path / "x", contacts=CONTACTS + "4,broken@x.ro,RO,new,2026-01-05,too,many\n"))
    path = home.raw.loads()[0].path.with_suffix(".json")
    document = json.loads(path.read_bytes())
    assert (document["file_name"], document["about"]["separator"], document["rows"]) == ("contacts.csv", ",", 3)
    assert document["about"]["unread"] == {"too_many_cells": 1}
    assert "@" not in path.read_text()
