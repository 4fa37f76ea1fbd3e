"""Runs ``punte`` in processes that need not load the libraries anew: each is forked from one that has.

``python -m tests.cli.forked`` reads what to run as JSON lines and answers each with its exit code. What is loaded
before the fork is only what other projects wrote; punte itself is loaded by each process, with its own environment.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import struct
import sys
import traceback
from typing import Any, NoReturn

LIBRARIES = (
    "django.conf",
    "django.http",
    "django.urls",
    "duckdb",
    "ibis.backends.duckdb",
    "pandas",
    "pyarrow.compute",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "scipy.sparse.csgraph",
    "typer",
)
"""None of them looks at the terminal or at what the tests set in the environment when it is loaded."""

PATIENCE_SECONDS = 300


def run(job: dict[str, Any]) -> int:
    """The exit code of ``punte`` with these words, in this environment, writing to these files."""
    child = os.fork()
    if child == 0:
        become(job)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def give_up_privileges() -> None:
    """Be bound by what files allow their owner, whoever runs the tests: root keeps its name and loses its powers."""
    header = struct.pack("Ii", 0x20080522, 0)  # the third version of Linux's capabilities, of this process
    if ctypes.CDLL(None, use_errno=True).capset(header, bytes(24)):
        raise OSError(ctypes.get_errno(), "capset")


def become(job: dict[str, Any]) -> NoReturn:
    """Be that process up to its end."""
    for number, name in ((0, os.devnull), (1, job["out"]), (2, job["err"])):
        handle = os.open(name, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(handle, number)
        os.close(handle)
    signal.alarm(PATIENCE_SECONDS)  # ends a process that hangs
    if job["has_no_privileges"]:
        give_up_privileges()
    os.environ.clear()
    os.environ.update(job["environment"])
    sys.argv = ["punte", *job["words"]]
    code = 1
    try:
        importlib.import_module("punte.cli.main").run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        if sys.exc_info()[0]:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # the libraries' own threads were not forked with them, and would be waited for


if __name__ == "__main__":
    for library in LIBRARIES:
        importlib.import_module(library)
    for line in sys.stdin:
        sys.stdout.write(f"{run(json.loads(line))}\n")
        sys.stdout.flush()
