"""From exports to a published snapshot, and from there to the closed loop, beside the engine's own least work.

    python benchmarks/closed_loop.py --persons 20000 200000 2000000

Draws the demo company in each size (a visitor makes about five touches), writes its exports, and measures, each in a
process of its own: the import up to the published snapshot; the floor (DuckDB reads the same touches from Parquet and
sorts them once by person and moment, and sums them once by person); the closed loop by campaign under one model and
under all nine, with filters not asked before, cold and warm. CPU seconds are of all threads, user and system. Peak
memory is the largest resident size of the process. Ratios are taken within the run.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

LAST_DAY = date(2026, 10, 31)
AT = datetime(2026, 11, 1, tzinfo=UTC)


def draw(folder: Path, persons: int, memory: str) -> dict[str, Any]:
    """Writes the exports; returns how many touches they hold."""
    from punte.demo.company import make_company
    from punte.demo.files import write_exports

    company = make_company(n_persons=persons, until=LAST_DAY)
    files = write_exports(company, folder / "exports")
    return {"n_touches": len(company.touches.at), "megabytes": sum(file.stat().st_size for file in files) / 1e6}


def bring(folder: Path, persons: int, memory: str) -> dict[str, Any]:
    """Imports the exports into a new home and publishes."""
    from punte.demo.install import demo_mapping
    from punte.home.build import BuildSettings
    from punte.home.folder import create_home
    from punte.home.imports import import_files

    home = create_home(folder / "home", name="bench", zone="Europe/Bucharest", reporting_currency="EUR", at=AT)
    settings = BuildSettings(memory_limit=memory)
    report = import_files(home, [folder / "exports"], mappings=[demo_mapping()], at=AT, settings=settings)
    return {"snapshot": report.snapshot_id}


def floor(folder: Path, persons: int, memory: str) -> dict[str, Any]:
    """The least that any import must do with the touches: read them, sort them once, sum them once."""
    import duckdb

    connection = duckdb.connect(config={"memory_limit": memory})
    source = next((folder / "exports").glob("marketing_touches.*"))
    reader = "read_parquet" if source.suffix == ".parquet" else "read_csv"
    touches = f'SELECT "Visitor ID" v, "Time" t, "Source" s, "Medium" m, "Campaign" c FROM {reader}(\'{source}\')'
    connection.execute(f"COPY ({touches} ORDER BY v, t) TO '{folder / 'floor.parquet'}' (FORMAT parquet)")
    connection.execute(f"SELECT v, count(*), min(t), max(t) FROM ({touches}) GROUP BY v").fetchall()
    return {}


def ask(folder: Path, persons: int, memory: str) -> dict[str, Any]:
    """Asks the closed loop; seconds of CPU of each question, the first one with everything that it has to open."""
    import os

    os.environ["PUNTE_HOME"] = str(folder / "home")
    import punte

    home = punte.open_home(folder / "home")
    questions: dict[str, dict[str, Any]] = {
        "cold, by campaign, last touch": {"by": ["campaign"], "models": ["last"]},
        "warm, another quarter, last touch": {"models": ["last"], "since": date(2026, 4, 1), "until": date(2026, 7, 1)},
        "warm, by channel and campaign, nine models": {"by": ["channel", "campaign"], "models": ["all"]},
        "warm, account level, w-shaped": {"by": ["campaign"], "models": ["w_shaped"], "level": "account"},
    }
    found = {}
    for name, question in questions.items():
        wall, cpu = time.perf_counter(), time.process_time()
        home.loop(**question).to_pyarrow()
        found[name] = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return {"questions": found}


PIECES: dict[str, Callable[[Path, int, str], dict[str, Any]]] = {
    "draw": draw,
    "floor": floor,
    "bring": bring,
    "ask": ask,
}


def measured(piece: str, folder: Path, persons: int, memory: str) -> dict[str, Any]:
    """Runs one piece in a process of its own; adds wall and CPU seconds and peak memory (MB)."""
    words = [sys.executable, __file__, "--piece", piece, "--folder", str(folder), "--memory", memory]
    wall = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([*words, "--persons", str(persons)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {**json.loads(done.stdout.splitlines()[-1]), "wall": time.perf_counter() - wall, "cpu": cpu}


def run(persons: list[int], memory: str) -> None:
    """Measures every size and prints one table."""
    heads = {"touches": 12, "exports MB": 11, "floor CPU s": 12, "import CPU s": 13, "ratio": 6}
    heads |= {"wall s": 7, "peak MB": 8}
    print(" ".join(f"{head:>{width}}" for head, width in heads.items()))
    answers = []
    for size in persons:
        with tempfile.TemporaryDirectory(prefix="punte-bench-") as name:
            folder = Path(name)
            results = {piece: measured(piece, folder, size, memory) for piece in PIECES}
        drawn, least, brought = results["draw"], results["floor"], results["bring"]
        print(
            f"{drawn['n_touches']:>12,} {drawn['megabytes']:>11.0f} {least['cpu']:>12.1f} {brought['cpu']:>13.1f} "
            f"{brought['cpu'] / least['cpu']:>6.1f} {brought['wall']:>7.1f} {brought['peak_mb']:>8.0f}",
            flush=True,
        )
        answers.append((drawn["n_touches"], results["ask"]["questions"]))
    for n_touches, questions in answers:
        print(f"\nquestions over {n_touches:,} touches")
        for name, seconds in questions.items():
            print(f"  {name:<46} wall {seconds['wall']:.2f} s, CPU {seconds['cpu']:.2f} s")


def main() -> None:
    """Measures, or runs one piece for itself."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument("--memory", default="2GB", help="memory limit of the engine while importing")
    parser.add_argument("--piece", choices=PIECES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.piece is None:
        run(given.persons, given.memory)
        return
    found = PIECES[given.piece](given.folder, given.persons[0], given.memory)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**found, "peak_mb": peak}))


if __name__ == "__main__":
    main()
