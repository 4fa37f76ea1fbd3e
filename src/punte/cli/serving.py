"""Runs the site on one machine: web processes and one job worker, ended together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from contextlib import closing

from punte.cli.console import err, out
from punte.errors import PunteError
from punte.home.folder import Home

N_PORTS = 20
GRACE_SECONDS = 10
START_SECONDS = 30


class PortIsBusy(PunteError):
    """No free port near the one asked for."""


def serve(home: Home, *, host: str, port: int, workers: int, opens: bool) -> None:
    """Serves until it is told to stop (Ctrl-C, SIGTERM); if either part dies, the other is ended too."""
    free = free_port(host, port)
    environment = {**os.environ, "PUNTE_HOME": str(home.path)}
    web = subprocess.Popen(_web_command(host, free, workers), env=environment)
    jobs = subprocess.Popen([sys.executable, "-m", "punte.cli.work"], env=environment)
    address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{free}/"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _wait_until_answering(web, host, free)
        _welcome(home, address)
        if opens:
            webbrowser.open(address)
        _wait_for_an_end(web, jobs)
    finally:
        _end(web, jobs)


def free_port(host: str, port: int) -> int:
    """The port, or the next free one after it; raises PortIsBusy when none of twenty is free."""
    for candidate in range(port, port + N_PORTS):
        with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if probe.connect_ex(("127.0.0.1" if host == "0.0.0.0" else host, candidate)) != 0:
                return candidate
    raise PortIsBusy(
        f"Ports {port} to {port + N_PORTS - 1} are all in use.", remedy="Choose another with --port.", port=port
    )


def _web_command(host: str, port: int, workers: int) -> list[str]:
    gunicorn = [sys.executable, "-m", "gunicorn", "punte.web.wsgi", "--bind", f"{host}:{port}"]
    gunicorn += ["--config", "python:punte.web.workers"]
    return [*gunicorn, "--workers", str(workers), "--threads", "4", "--log-level", "warning", "--timeout", "120"]


def _wait_until_answering(web: subprocess.Popen[bytes], host: str, port: int) -> None:
    target = "127.0.0.1" if host == "0.0.0.0" else host
    for _ in range(START_SECONDS * 10):
        if web.poll() is not None:
            sys.exit(web.returncode)
        with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
            if probe.connect_ex((target, port)) == 0:
                return
        time.sleep(0.1)


def _welcome(home: Home, address: str) -> None:
    out.print(f"[bold]{home.name}[/bold] is served at {address}", soft_wrap=True)
    if home.is_demo:
        from punte.rooms.people.rules import DEMO_ACCOUNTS, DEMO_PASSWORD

        for account in DEMO_ACCOUNTS:
            out.print(f"  {account.email}  ({account.name}, {account.side} {account.role.replace('_', ' ')})")
        out.print(f"  password of each: {DEMO_PASSWORD}")
    else:
        from punte.rooms.people.queries import has_people

        if not has_people():
            out.print("Nobody has an account yet. Give yourself one: punte add-colleague you@company.com")
    out.print("Stop with Ctrl-C.")


def _wait_for_an_end(*parts: subprocess.Popen[bytes]) -> None:
    while all(part.poll() is None for part in parts):
        try:
            parts[0].wait(timeout=1)
        except subprocess.TimeoutExpired:
            continue
    err.print("A part of the site has ended; ending the rest.")


def _end(*parts: subprocess.Popen[bytes]) -> None:
    for part in parts:
        if part.poll() is None:
            part.terminate()
    for part in parts:
        try:
            part.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            part.kill()
            part.wait()
