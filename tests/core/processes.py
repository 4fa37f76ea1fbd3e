"""Run punte in processes of their own, as it is run: each with its home and its database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def environment(home: Path, **names: str) -> dict[str, str]:
    """Our environment without any name of punte's or Django's but those given."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PUNTE_", "DJANGO_"))}
    return {**kept, "PUNTE_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **names}


def run_python(code: str, home: Path, **names: str) -> subprocess.CompletedProcess[str]:
    """Run a piece of Python and give what it wrote."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment(home, **names), cwd=home, capture_output=True, text=True, timeout=60)


def answer_of(code: str, home: Path, **names: str) -> Any:
    """Run a piece of Python that prints one line of JSON, and give its value."""
    done = run_python(code, home, **names)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
