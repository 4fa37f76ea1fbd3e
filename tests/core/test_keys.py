"""The secret keys of a home."""

from __future__ import annotations

from pathlib import Path

import pytest

from punte.core.keys import make_keys, read_key
from punte.errors import NoHome


def test_the_keys_of_a_home_can_be_read_by_their_owner_only(tmp_path: Path) -> None:
    make_keys(tmp_path)

    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "keys").iterdir()}
    assert modes == {"django": "0o600", "audit": "0o600"}
    assert oct((tmp_path / "keys").stat().st_mode & 0o777) == "0o700"


def test_keys_that_exist_stay_as_they_are(tmp_path: Path) -> None:
    make_keys(tmp_path)
    before = {name: read_key(tmp_path, name) for name in ("django", "audit")}

    make_keys(tmp_path)

    assert {name: read_key(tmp_path, name) for name in ("django", "audit")} == before
    assert len(set(before.values())) == 2
    assert min(len(key) for key in before.values()) >= 64


def test_a_folder_without_keys_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoHome) as refusal:
        read_key(tmp_path, "django")
    assert refusal.value.remedy == "Make one with `punte init`, or name another folder with --home or PUNTE_HOME."
