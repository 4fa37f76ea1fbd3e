"""What a failing disk does to a home is found, named in a sentence, and mended by what the sentence says."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pysqlite3
import pytest

from tests.cli.conftest import Punte, Said

pytestmark = pytest.mark.slow

Damage = Callable[[Path], None]
LOOP = ("loop", "--by", "campaign", "--format", "csv")


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    """A copy of the demo home, to be damaged; the log of its choices is brought into their database."""
    home = shutil.copytree(demo_home, tmp_path / "home")
    with closing(pysqlite3.connect(home / "choices.sqlite3")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return home


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 0x10
    path.write_bytes(content)


def flip_in_the_middle(path: Path) -> None:
    flip(path, path.stat().st_size // 2)


def flip_at_a_fifth(path: Path) -> None:
    flip(path, path.stat().st_size // 5)


def flip_where_the_first_data_begin(path: Path) -> None:
    flip(path, pq.read_metadata(path).row_group(0).column(0).data_page_offset)


def flip_in_the_footer(path: Path) -> None:
    flip(path, path.stat().st_size - 40)


def cut_the_tail(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


DAMAGES = (
    flip_in_the_middle,
    flip_at_a_fifth,
    flip_where_the_first_data_begin,
    flip_in_the_footer,
    cut_the_tail,
    Path.unlink,
)


def largest(files: Path) -> Path:
    return max(files.iterdir(), key=lambda path: path.stat().st_size)


def deals_in(home: Path) -> Path:
    """The rows of the deals' export in raw."""
    return next(path for path in (home / "raw" / "crm" / "deals").iterdir() if path.suffix == ".parquet")


def said_in_one_line(said: Said) -> str:
    assert "Traceback" not in said.err
    return " ".join(said.err.split())


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_of_the_lake_is_named_and_a_build_mends_it(
    punte: Punte, demo_home: Path, home: Path, damage: Damage
) -> None:
    victim = largest(home / "lake" / "files")
    damage(victim)
    how = "is missing" if damage is Path.unlink else "is not what was written"

    said = punte(*LOOP, home=home)
    assert (said.code, said.out) == (1, "")
    assert said_in_one_line(said).startswith(f"The file {victim.name} of snapshot ")
    assert f" {how}. Run `punte build` to make the snapshot again from raw" in said_in_one_line(said)

    doctor = punte("doctor", home=home)
    assert (doctor.code, f"{victim.name} of snapshot" in doctor.out) == (1, True)
    assert punte("build", home=home).code == 0
    assert punte(*LOOP, home=home).rows == punte(*LOOP, home=demo_home).rows
    assert punte("doctor", home=home).code == 0


@pytest.mark.parametrize("damage", [flip_in_the_middle, cut_the_tail, Path.unlink])
def test_a_damaged_file_in_raw_is_named_and_importing_its_export_once_more_mends_it(
    punte: Punte, home: Path, damage: Damage
) -> None:
    victim = deals_in(home)
    whole = victim.read_bytes()
    damage(victim)
    how = "are gone" if damage is Path.unlink else "are not what was written"

    doctor = punte("doctor", home=home)
    assert (doctor.code, f"The rows of crm_deals.csv (import {victim.name[:12]}) {how}" in doctor.out) == (1, True)
    said = said_in_one_line(punte("build", home=home))
    assert f"{how}: look at {home}" in said.replace("/ ", "/")
    assert "Import crm_deals.csv once more, which mends it, or put the folder raw back from a backup." in said

    assert punte("import", home / "exports" / "crm_deals.csv", home=home).code == 0
    assert victim.read_bytes() == whole
    assert "Nothing new" in punte("build", home=home).out
    assert punte("doctor", home=home).code == 0


def test_a_file_in_raw_that_came_before_checksums_were_kept_is_read_through(punte: Punte, home: Path) -> None:
    for path in (home / "raw").rglob("*.json"):
        document = json.loads(path.read_text("utf-8"))
        del document["checksums"]
        path.write_text(json.dumps(document), encoding="utf-8")
    assert punte("doctor", home=home).code == 0
    cut_the_tail(deals_in(home))
    doctor = punte("doctor", home=home)
    assert (doctor.code, "The rows of crm_deals.csv" in doctor.out, "can no longer be read" in doctor.out) == (
        1,
        True,
        True,
    )
    assert "can no longer be read" in said_in_one_line(punte("build", home=home))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("settings.toml", "settings.toml cannot be read"),
        ("keys/records", "has no key for its record ids (records is missing or damaged)"),
        ("keys/django", "keys/django is damaged"),
        ("choices.sqlite3", "choices.sqlite3) cannot be read: file is not a database"),
    ],
)
def test_what_cannot_be_decoded_is_named_by_the_doctor_and_by_a_build(
    punte: Punte, home: Path, name: str, sentence: str
) -> None:
    (home / name).write_bytes(b"\xff\xfe" * 4_000)
    for words in (("doctor",), ("build",)):
        said = punte(*words, home=home, columns=1_000)
        assert (said.code, "Traceback" in said.err) == (1, False), said.err
        assert sentence in said.out + said.err


def test_a_damaged_note_of_an_import_is_named(punte: Punte, home: Path) -> None:
    (note,) = deals_in(home).parent.glob("*.json")
    note.write_bytes(note.read_bytes()[:100])
    for words in (("doctor",), ("build",)):
        said = punte(*words, home=home, columns=1_000)
        assert said.code == 1
        assert f"What is known of an import cannot be read any more: {note} is damaged." in said.out + said.err
