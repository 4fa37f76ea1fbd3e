"""From exports to a published snapshot, and from there to the closed loop, beside the engine's own least work.

    python benchmarks/closed_loop.py --persons 20000 200000 2000000

Draws the demo company in each size (a visitor makes about five touches), writes its exports, and measures, each in a
process of its own: the import up to the published snapshot; the floor (DuckDB reads every column of the same files
once, writes each file sorted by its key, and sums the touches once by visitor); the closed loop by campaign under one
model and under all nine; and the Loop page as Django answers it, from the address to the last byte of HTML, always
with days that were not asked for before. Drawing the largest sizes takes minutes: ``--drawn`` names a folder in which
exports are kept, and from which they are taken the next time. CPU seconds are of all threads, user and system. Peak
memory is the largest resident size of the process. Ratios are taken within the run.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

LAST_DAY = date(2026, 10, 31)
AT = datetime(2026, 11, 1, tzinfo=UTC)
TOUCHES = "marketing_touches"
N_PAGES = 7


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
    """The least that any import must do: read every file, sort it once, write it; and sum the touches once."""
    import duckdb

    connection = duckdb.connect(config={"memory_limit": memory})
    seconds = {}
    for source in sorted((folder / "exports").iterdir()):
        began = time.process_time()
        reader = "read_parquet" if source.suffix == ".parquet" else "read_csv"
        rows, target = f"FROM {reader}('{source}')", folder / f"floor-{source.stem}.parquet"
        connection.execute(f"COPY (SELECT * {rows} ORDER BY 1) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
        if source.stem == TOUCHES:
            connection.execute(
                f'SELECT "Visitor ID", count(*), min("Time"), max("Time") {rows} GROUP BY ALL'
            ).fetchall()
        seconds[source.stem] = time.process_time() - began
    return {"touches": seconds[TOUCHES]}


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


def page(folder: Path, persons: int, memory: str) -> dict[str, Any]:
    """Answers the Loop page: the first of a process, and then the median of pages about days not asked for before."""
    from punte.core.start import prepare

    prepare(folder / "home")
    from django.test import Client

    from punte.core import clock
    from punte.rooms.people.models import User

    user = User.objects.create(
        email="lea@bench.punte", name="Lea", role="side_lead", side="both", added_at=clock.now(), password="!"
    )
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    asked: dict[str, list[str | tuple[str, str]]] = {
        "first page of a process": ["period=all"],
        "by channel, other days": [_days(n) for n in range(N_PAGES)],
        "by campaign, other days": [f"by=campaign&{_days(n)}" for n in range(20, 20 + N_PAGES)],
        "by campaign, one channel, other days": [
            f"by=campaign&channel=Paid+Search&{_days(n)}" for n in range(40, 40 + N_PAGES)
        ],
        "funnel, other days": [("funnel", _days(n)) for n in range(60, 60 + N_PAGES)],
    }
    return {"pages": {name: _median([_answered(client, one) for one in asks]) for name, asks in asked.items()}}


def _days(n: int) -> str:
    """A quarter that begins on another day for each n."""
    since = date(2025, 9, 1) + timedelta(days=n)
    return f"since={since}&until={since + timedelta(days=90)}"


def _answered(client: Any, asked: str | tuple[str, str]) -> dict[str, float]:
    path, words = asked if isinstance(asked, tuple) else ("", asked)
    wall, cpu = time.perf_counter(), time.process_time()
    response = client.get(f"/loop/{path}?{words}", follow=True)
    if response.status_code != 200 or not response.content:
        raise SystemExit(f"The page answered {response.status_code}.")
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def _median(found: list[dict[str, float]]) -> dict[str, float]:
    """Without the first where there are several, in which the question's shape is written."""
    counted = found[1:] or found
    return {name: statistics.median(one[name] for one in counted) for name in ("wall", "cpu")}


PIECES: dict[str, Callable[[Path, int, str], dict[str, Any]]] = {
    "draw": draw,
    "floor": floor,
    "bring": bring,
    "ask": ask,
    "page": page,
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


def drawn_exports(folder: Path, kept: Path | None, persons: int, memory: str) -> dict[str, Any]:
    """Draws the exports into the folder, or takes those that were kept; returns what ``draw`` returns."""
    if kept is None:
        return measured("draw", folder, persons, memory)
    place = kept / str(persons)
    told = place / "drawn.json"
    if not told.exists():
        place.mkdir(parents=True, exist_ok=True)
        told.write_text(json.dumps(measured("draw", place, persons, memory)))
    (folder / "exports").symlink_to((place / "exports").resolve())
    return json.loads(told.read_text())


def run(persons: list[int], memory: str, kept: Path | None) -> None:
    """Measures every size and prints one table."""
    heads = {"touches": 12, "exports MB": 11, "floor CPU s": 12, "import CPU s": 13, "ratio": 6}
    heads |= {"to touches": 11, "wall s": 7, "peak MB": 8}
    print(" ".join(f"{head:>{width}}" for head, width in heads.items()))
    answers = []
    for size in persons:
        with tempfile.TemporaryDirectory(prefix="punte-bench-") as name:
            folder = Path(name)
            results = {"draw": drawn_exports(folder, kept, size, memory)}
            results |= {piece: measured(piece, folder, size, memory) for piece in PIECES if piece != "draw"}
        drawn, least, brought = results["draw"], results["floor"], results["bring"]
        print(
            f"{drawn['n_touches']:>12,} {drawn['megabytes']:>11.0f} {least['cpu']:>12.1f} {brought['cpu']:>13.1f} "
            f"{brought['cpu'] / least['cpu']:>6.1f} {brought['cpu'] / least['touches']:>11.1f} {brought['wall']:>7.1f} "
            f"{brought['peak_mb']:>8.0f}",
            flush=True,
        )
        answers.append((drawn["n_touches"], results["ask"]["questions"] | results["page"]["pages"]))
    print("ratio: import to the floor of all files; to touches: to that of the touches alone")
    for n_touches, questions in answers:
        print(f"\nquestions and pages over {n_touches:,} touches")
        for name, seconds in questions.items():
            print(f"  {name:<46} wall {seconds['wall']:.2f} s, CPU {seconds['cpu']:.2f} s")


def main() -> None:
    """Measures, or runs one piece for itself."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument("--memory", default="2GB", help="memory limit of the engine while importing")
    parser.add_argument("--drawn", type=Path, help="folder in which drawn exports are kept and found again")
    parser.add_argument("--piece", choices=PIECES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.piece is None:
        run(given.persons, given.memory, given.drawn)
        return
    found = PIECES[given.piece](given.folder, given.persons[0], given.memory)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**found, "peak_mb": peak}))


if __name__ == "__main__":
    main()
