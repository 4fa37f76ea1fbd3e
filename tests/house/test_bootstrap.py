"""The first minute on a new machine: what is installed, what is refused, and what a person is told to type."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.house import tree


@pytest.fixture(scope="module")
def install() -> ModuleType:
    found = importlib.util.spec_from_file_location("install", tree.ROOT / "tools" / "install.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["install"] = module
    found.loader.exec_module(module)
    return module


def test_every_package_must_be_a_wheel_but_for_pyspark(install: ModuleType) -> None:
    assert install.wheel_options("base") == ["--only-binary", ":all:"]
    assert install.wheel_options("spark") == ["--only-binary", ":all:", "--no-binary", "pyspark"]


def test_an_unknown_set_is_refused_with_the_known_ones() -> None:
    run = subprocess.run([tree.ROOT / "tools" / "bootstrap", "--with", "test,tests"], capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.splitlines()[-1].endswith("error: no set is called tests; there are test, browser, spark")


def test_a_machine_without_python_is_told_what_to_type(tmp_path: Path) -> None:
    for name in ("dirname", "id"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    run = subprocess.run(
        ["/bin/sh", tree.ROOT / "tools" / "bootstrap"], env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].endswith("apt-get install -y python3 python3-venv")


def test_an_environment_that_was_copied_from_another_folder_is_not_taken_for_sound(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = tmp_path / ".venv"
    (copied / "bin").mkdir(parents=True)
    program = copied / "bin" / "pip"
    program.write_text("#!/bin/sh\n# of /elsewhere/.venv\nexit 0\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(install, "VENV", copied)
    assert install.is_sound() is False


def test_a_set_is_installed_again_when_its_file_changes(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "STAMPS", tmp_path / "stamps")
    source = tmp_path / "base.txt"
    source.write_text("one==1\n", encoding="utf-8")
    before = install.is_stamped("base", source)
    install.stamp("base", source)
    stamped = install.is_stamped("base", source)
    source.write_text("one==2\n", encoding="utf-8")
    assert (before, stamped, install.is_stamped("base", source)) == (False, True, False)


@pytest.mark.parametrize(
    ("told", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('openjdk version "21" 2023-09-19', 21),
        ('java version "1.8.0_202"', 1),
        ("no version at all", 0),
    ],
)
def test_the_version_of_java_is_read_from_what_java_says(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, version: int
) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho '{told}' >&2\n", encoding="utf-8")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert install.java_version() == version


def test_the_line_to_type_names_sudo_only_where_it_is_needed(install: ModuleType) -> None:
    sudo = "" if os.geteuid() == 0 else "sudo "
    assert install.apt_line("chromium") == (
        f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends chromium"
    )
