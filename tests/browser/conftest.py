"""A real site and a real browser: the demo company, served as people serve it, looked at with Chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

N_PERSONS = "600"
LAST_DAY = "2026-11-20"
START_SECONDS = 60
PASSWORD = "over-the-footbridge"


@dataclass
class Watched:
    """A page with everything that the browser complained about."""

    page: Any
    site: str
    complaints: list[str] = field(default_factory=list)

    def visit(self, address: str) -> None:
        self.page.goto(f"{self.site}{address}")

    def sideways(self) -> int:
        """How far the page can be scrolled sideways, in pixels."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser of this machine."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    return pytest.skip("no Chromium is installed")


@pytest.fixture(scope="session")
def site(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo company's site, served by ``punte serve`` in a process of its own."""
    home = demo_home(tmp_path_factory.mktemp("browser") / "home")
    with served(home) as address:
        yield address


def demo_home(home: Path, n_persons: str = N_PERSONS) -> Path:
    """The demo company in a home of its own."""
    subprocess.run([*punte(home), "demo", "--persons", n_persons, "--until", LAST_DAY], check=True)
    return home


@contextmanager
def served(home: Path, *, n_workers: int = 1) -> Iterator[str]:
    """The address at which ``punte serve`` serves the home while the block runs."""
    port = _free_port()
    serving = subprocess.Popen([*punte(home), "serve", "--port", str(port), "--workers", str(n_workers)])
    try:
        yield _answering(f"http://127.0.0.1:{port}", serving)
    finally:
        serving.terminate()
        serving.wait(timeout=30)


def punte(home: Path) -> list[str]:
    """The command ``punte`` for a home."""
    return [sys.executable, "-c", "from punte.cli.main import run; run()", "--quiet", "--home", str(home)]


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answering(address: str, serving: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and serving.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return address
        except (URLError, TimeoutError):  # it listens before it has loaded
            time.sleep(0.2)
    raise AssertionError(f"The site did not answer within {START_SECONDS} s (exit code {serving.poll()}).")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """Chromium without a window."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def signed_in(browser: Any, site: str) -> dict[str, Any]:
    """The session of each demo person who has signed in at the door."""
    return {name: sign_in(browser, site, name) for name in ("marta", "sandro")}


def sign_in(browser: Any, site: str, name: str) -> Any:
    """The session of a demo person who signs in at the door."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/")
    page.get_by_label("E-mail").fill(f"{name}@demo.punte")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/loop/**")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def open_page(browser: Any, site: str, signed_in: dict[str, Any], request: pytest.FixtureRequest) -> Iterator[Any]:
    """Opens a page for a person at a width, in a language and a theme; a failed test leaves a picture of it."""
    contexts = []

    def opened(name: str = "marta", *, width: int = 1280, lang: str = "en", **options: Any) -> Watched:
        context = browser.new_context(
            storage_state=signed_in[name], viewport={"width": width, "height": 900}, **options
        )
        contexts.append(context)
        page = context.new_page()
        watched = Watched(page, site)
        page.on("console", lambda message: watched.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        _speak(watched, lang)
        return watched

    yield opened
    for number, context in enumerate(contexts):
        if request.node.stash.get(FAILED, False):
            folder = Path("test-pictures")
            folder.mkdir(exist_ok=True)
            context.pages[0].screenshot(path=folder / f"{request.node.name}-{number}.png", full_page=True)
        context.close()


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """Remember that a test failed, for the picture."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


def _speak(watched: Watched, lang: str) -> None:
    watched.visit("/people/profile")
    if watched.page.evaluate("document.documentElement.lang") != lang:
        watched.page.locator(f"footer button[value={lang}]").click()
        watched.page.wait_for_function(f"document.documentElement.lang === '{lang}'")
