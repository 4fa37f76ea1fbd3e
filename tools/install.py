"""Make this checkout ready to run: a virtual environment, pinned and hash-checked packages, and punte itself.

Started by ``tools/bootstrap``; needs nothing but the standard library. Running it again is quick: each step
leaves a stamp with the fingerprint of what it installed and is skipped while that still holds.

What Debian has to bring (the ``venv`` module, Chromium, Java) is installed with apt-get where that is allowed,
that is as root or with passwordless sudo. Where it is not, the line that installs it is printed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = VENV / ".punte"
BASE_SETS = ("build", "base")
PACKAGED_EXTRAS = ("test", "spark")
EXTRAS = ("test", "browser", "spark")
# pyspark is published as source only; everything else must come as a wheel, so that nothing is compiled here.
SOURCE_ALLOWED = {"spark": "pyspark"}


class CannotInstall(Exception):
    """A step that failed; the message ends with what to do."""


@dataclass(frozen=True)
class SystemProgram:
    """A program that pip cannot bring: what it is for, and the Debian packages that hold it, best first."""

    name: str
    needed_for: str
    packages: tuple[str, ...]


CHROMIUM = SystemProgram("Chromium", "the tests of the pages", ("chromium",))
JAVA = SystemProgram(
    "Java 17 or newer",
    "the tests on Spark",
    ("openjdk-17-jre-headless", "openjdk-21-jre-headless", "default-jre-headless"),
)
PROGRAMS = {"browser": CHROMIUM, "spark": JAVA}


def main() -> int:
    """Install what the chosen sets need; 0 when everything is in place, 1 when a step could not be done."""
    extras = chosen_extras()
    try:
        make_environment()
        for name in (*BASE_SETS, *(name for name in PACKAGED_EXTRAS if name in extras)):
            install_set(name)
        install_punte()
        for program in (PROGRAMS[name] for name in extras if name in PROGRAMS):
            install_program(program)
    except CannotInstall as problem:
        say(f"\n{problem}")
        return 1
    return 0


def chosen_extras() -> list[str]:
    """The extra sets named with ``--with``, in their own order."""
    parser = argparse.ArgumentParser(prog="tools/bootstrap", description="Make this checkout ready to run.")
    parser.add_argument("--with", dest="extras", default="", metavar="test,browser,spark", help="what tests need")
    named = {name for name in parser.parse_args().extras.split(",") if name}
    unknown = sorted(named - set(EXTRAS))
    if unknown:
        parser.error(f"no set is called {', '.join(unknown)}; there are {', '.join(EXTRAS)}")
    return [name for name in EXTRAS if name in named]


def make_environment() -> None:
    """A virtual environment in .venv with a pip that runs; a broken, moved or copied one is made again."""
    if is_sound():
        return
    if not has_venv_module():
        install_venv_module()
    say(f"making .venv with Python {sys.version_info.major}.{sys.version_info.minor}")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode:
        raise CannotInstall(f"The virtual environment could not be made:\n{made.stdout}{made.stderr}")


def is_sound() -> bool:
    """Whether .venv runs and was made for this folder: its programs carry the folder's name inside."""
    pip_program = VENV / "bin" / "pip"
    return (
        pip_program.exists()
        and str(VENV) in pip_program.read_text(encoding="utf-8")
        and runs([str(pip_program), "--version"])
    )


def has_venv_module() -> bool:
    """Whether this Python can make an environment with pip inside; Debian's cannot until it is given a package."""
    return runs([sys.executable, "-c", "import ensurepip, venv"])


def install_venv_module() -> None:
    """Bring the package that Debian keeps the venv module in; without it there is no pip to install with."""
    packages = (f"python{sys.version_info.major}.{sys.version_info.minor}-venv", "python3-venv")
    say(f"this Python has no venv module: trying to install {packages[0]}")
    if not (apt_install(packages) and has_venv_module()):
        raise CannotInstall(
            "It could not be installed from here, and without it there is no pip to install anything with. "
            f"Type this line, then run the same command again:\n    {apt_line(packages[0])}"
        )


def install_set(name: str) -> None:
    """Install one pinned set, checking every hash; nothing happens while the stamp matches the file."""
    source = ROOT / "requirements" / f"{name}.txt"
    if is_stamped(name, source):
        return
    pinned = re.findall(r"^[a-zA-Z0-9][^\s=]*==", source.read_text(encoding="utf-8"), flags=re.MULTILINE)
    say(f"installing {len(pinned)} packages of requirements/{name}.txt, hashes checked", end=" ")
    started = time.monotonic()
    pip("--require-hashes", "--no-build-isolation", *wheel_options(name), "-r", str(source))
    say(f"({time.monotonic() - started:.0f} s)")
    stamp(name, source)


def wheel_options(name: str) -> list[str]:
    """pip's options that allow wheels only, but for the one package that is published as source."""
    options = ["--only-binary", ":all:"]
    if name in SOURCE_ALLOWED:
        options += ["--no-binary", SOURCE_ALLOWED[name]]
    return options


def install_punte() -> None:
    """Install the checkout itself in place, so that an edit is seen at once."""
    source = ROOT / "pyproject.toml"
    if is_stamped("punte", source):
        return
    say("installing punte itself")
    pip("--no-deps", "--no-build-isolation", "-e", str(ROOT))
    stamp("punte", source)


def pip(*options: str) -> None:
    """Run pip of the environment; its output is shown only when it fails."""
    command = [
        str(VENV / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--quiet",
    ]
    done = subprocess.run([*command, *options], capture_output=True, text=True)
    if done.returncode:
        raise CannotInstall(
            f"\n{done.stdout}{done.stderr}\npip could not install the packages. Check the connection and the disk "
            "(about 1 GB is needed), then run the same command again: what is done is not done twice."
        )


def is_stamped(name: str, source: Path) -> bool:
    """Whether ``source`` is what was last installed under ``name`` in this environment."""
    mark = STAMPS / name
    return mark.exists() and mark.read_text(encoding="utf-8") == fingerprint(source)


def stamp(name: str, source: Path) -> None:
    """Note that ``source`` has been installed under ``name``."""
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(fingerprint(source), encoding="utf-8")


def fingerprint(source: Path) -> str:
    """What an install depends on: the file, where the checkout lies, and the options used here."""
    parts = (source.read_bytes(), str(ROOT).encode(), Path(__file__).read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def install_program(program: SystemProgram) -> None:
    """Bring Chromium or Java; where that is not allowed, name the line and go on: its tests are left out by name."""
    if is_present(program):
        return
    say(f"{program.name} is missing ({program.needed_for}): installing")
    if not (apt_install(program.packages) and is_present(program)):
        say(f"{program.name} could not be installed from here, so {program.needed_for} will be left out.")
        say(f"To run them too, first type:\n    {apt_line(program.packages[0])}")


def is_present(program: SystemProgram) -> bool:
    """Whether the program is on this machine, and for Java whether it is new enough for Spark."""
    if program is CHROMIUM:
        return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return java_version() >= 17


def java_version() -> int:
    """The major version of ``java`` on the PATH (or in JAVA_HOME), 0 when there is none."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if not java or not Path(java).exists():
        return 0
    told = subprocess.run([java, "-version"], capture_output=True, text=True)
    found = re.search(r'version "(\d+)', told.stderr)
    return int(found.group(1)) if found else 0


def apt_install(packages: tuple[str, ...]) -> bool:
    """Install the first of ``packages`` that this system offers; False when that is not allowed or did not work."""
    prefix = privilege()
    if prefix is None or not shutil.which("apt-get"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*prefix, "apt-get", "update", "-q"], env=environment, capture_output=True)
    install = [*prefix, "apt-get", "install", "-y", "-q", "--no-install-recommends"]
    return any(
        subprocess.run([*install, package], env=environment, capture_output=True).returncode == 0
        for package in packages
    )


def privilege() -> list[str] | None:
    """What to put before apt-get: nothing as root, sudo where it asks no password, None where neither holds."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and runs(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def apt_line(package: str) -> str:
    """The line that a person types to install ``package``."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {package}"


def runs(command: list[str]) -> bool:
    """Whether the command exists and ends well."""
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def say(text: str, end: str = "\n") -> None:
    """A line of progress, at once."""
    sys.stdout.write(f"{text}{end}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
