"""How much nine attribution models cost, beside what the engine needs for the least that any of them must do.

    python benchmarks/attribution.py --touches 1000000

Touches of made-up persons, all of whom (or the share ``--converting``) end in a won deal, lie in Parquet. Each piece
runs in a process of its own, in one run, so that its peak of memory is its own: the floor (read three columns of the
ways and number each way's rows by one window), the nine models from the ways, the ways from the touches, and both
together. CPU seconds are of all threads, user and system; on a busy machine they say more than the clock on the wall.
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
from datetime import datetime
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from punte.engines import Engine, open_engine
from punte.measures.credit import MODELS, credits_by_model
from punte.measures.journeys import journey
from punte.records.tables import TABLES

AT = datetime.fromisoformat("2026-01-01")
START = np.datetime64("2024-01-01", "us")
SPAN_SECONDS = 600 * 86_400
TOUCHES_PER_PERSON = 8
N_TRAFFICS = 400
DIRECT_SHARE = 4
KINDS = ("page_view", "ad_click", "email_sent", "form", "webinar")
KILOBYTES_PER_MEGABYTE = 1024


def made(n_touches: int, converting: float, folder: Path) -> None:
    """Write touch, deal, deal_person, cycle and traffic; then the ways, as the product keeps them."""
    chance = np.random.default_rng(7)
    n_persons = max(n_touches // TOUCHES_PER_PERSON, 1)
    person = chance.integers(0, n_persons, n_touches)
    seconds = chance.integers(0, SPAN_SECONDS, n_touches)
    moments = START + seconds.astype("timedelta64[s]")
    kind = chance.integers(0, len(KINDS), n_touches)
    touches = {
        "touch_id": ids("t", np.arange(n_touches)),
        "person_id": ids("p", person),
        "account_id": pa.nulls(n_touches, pa.string()),
        "traffic_id": ids("c", chance.integers(0, N_TRAFFICS, n_touches)),
        "kind": pa.array(np.array(KINDS)[kind]),
        "is_response": pa.array(kind != KINDS.index("email_sent")),
        "occurred_at": pa.array(moments),
        "occurred_on": pa.array(moments.astype("datetime64[D]")),
    }
    pq.write_table(pa.table(touches).cast(TABLES["touch"].schema), folder / "touch.parquet")
    write_deals(max(int(n_persons * converting), 1), chance, folder)
    traffic = [
        {"traffic_id": f"c{n:011}", "channel": "Direct" if n % DIRECT_SHARE == 0 else "Else"} for n in range(N_TRAFFICS)
    ]
    pq.write_table(pa.Table.from_pylist(traffic), folder / "traffic.parquet")
    with opened(folder) as engine:
        engine.write_parquet(
            ways(tables(engine, folder)), folder / "journey.parquet", order_by=["opportunity_id", "ordinal"]
        )


def write_deals(n_deals: int, chance: np.random.Generator, folder: Path) -> None:
    number = np.arange(n_deals)
    opened = chance.integers(0, SPAN_SECONDS, n_deals).astype("timedelta64[s]")
    deals = pa.table(
        {
            "opportunity_id": ids("d", number),
            "account_id": pa.nulls(n_deals, pa.string()),
            "lead_id": ids("l", number),
            "cycle": pa.array(np.ones(n_deals, dtype="int64")),
            "status": pa.array(["won"] * n_deals),
            "created_at": pa.array(START + opened),
            "closed_at": pa.array(np.full(n_deals, START) + np.timedelta64(SPAN_SECONDS, "s")),
            "amount": pa.array(chance.integers(10_000, 100_000_000, n_deals)),
        }
    )
    pq.write_table(deals, folder / "deal.parquet")
    pairs = pa.table({"opportunity_id": ids("d", number), "person_id": ids("p", number)})
    pq.write_table(pairs, folder / "deal_person.parquet")
    opened_lead = START + (opened // 2)
    cycles = {"lead_id": ids("l", number), "cycle": deals["cycle"], "opened_at": pa.array(opened_lead)}
    pq.write_table(pa.table(cycles), folder / "cycle.parquet")
    nobody = pa.schema([("account_id", pa.string()), ("person_id", pa.string())]).empty_table()
    pq.write_table(nobody, folder / "account_person.parquet")


def ids(letter: str, numbers: np.ndarray) -> pa.Array:
    """Ids of twelve characters, as the product's are."""
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 11, "0")
    return pc.binary_join_element_wise(letter, digits, "")


def opened(folder: Path) -> Engine:
    return open_engine("duckdb", folders=[folder])


def tables(engine: Engine, folder: Path) -> dict[str, ir.Table]:
    return engine.tables({path.stem: [path] for path in folder.glob("*.parquet")})


def ways(given: dict[str, ir.Table]) -> ir.Table:
    names = ("deal", "deal_person", "account_person", "touch", "cycle")
    return journey(**{name: given[name] for name in names}, level="person", at=AT)


def floor(given: dict[str, ir.Table]) -> ir.Table:
    rows = given["journey"].select("opportunity_id", "ordinal", "traffic_id")
    numbered = rows.mutate(place=ibis.row_number().over(group_by="opportunity_id", order_by="ordinal"))
    return numbered.group_by("traffic_id").agg(places=numbered.place.sum())


def scan(given: dict[str, ir.Table]) -> ir.Table:
    rows = given["journey"]
    return rows.group_by("traffic_id").agg(ways=rows.opportunity_id.max(), ordinals=rows.ordinal.sum())


def nine_models(given: dict[str, ir.Table], way: ir.Table | None = None) -> ir.Table:
    wide = credits_by_model(
        journey=given["journey"] if way is None else way, deal=given["deal"], traffic=given["traffic"], models=MODELS
    )
    return wide.group_by("traffic_id").agg(**{name: wide[f"credit_{name}"].sum() for name in MODELS})


def building(given: dict[str, ir.Table]) -> ir.Table:
    way = ways(given)
    return way.group_by("traffic_id").agg(
        n=way.count(),
        ages=way.age_hours.sum(),
        leads=way.is_lead_creation.sum(),
        deals=way.is_opportunity_creation.sum(),
    )


def everything(given: dict[str, ir.Table]) -> ir.Table:
    return nine_models(given, ways(given))


PIECES: dict[str, tuple[str, Callable[[dict[str, ir.Table]], ir.Table]]] = {
    "scan": ("read three columns of the ways", scan),
    "floor": ("... and number each way by one window", floor),
    "nine_models": ("nine models from the ways", nine_models),
    "building": ("the ways from the touches", building),
    "everything": ("nine models from the touches", everything),
}


def run_piece(name: str, folder: Path, repeats: int) -> dict[str, float]:
    """Medians over the repeats, and the peak of memory of this process."""
    cpu, wall = [], []
    with opened(folder) as engine:
        given = tables(engine, folder)
        for _ in range(repeats):
            began, used = time.perf_counter(), cpu_seconds()
            engine.to_arrow(PIECES[name][1](given))
            cpu.append(cpu_seconds() - used)
            wall.append(time.perf_counter() - began)
    return {"cpu": statistics.median(cpu), "wall": statistics.median(wall), "peak": peak_megabytes()}


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_megabytes() -> float:
    """Of this process alone: what getrusage calls the peak begins with that of the process that started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / KILOBYTES_PER_MEGABYTE


def in_own_process(name: str, folder: Path, repeats: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--piece", name, "--folder", str(folder), "--repeats", str(repeats)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def report(n_touches: int, found: dict[str, dict[str, float]]) -> str:
    lines = [
        f"{n_touches:,} touches, {len(MODELS)} models, medians",
        f"{'':42}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'x floor':>9}",
    ]
    for name, figures in found.items():
        ratio = figures["cpu"] / found["floor"]["cpu"]
        title = PIECES[name][0]
        lines.append(f"{title:42}{figures['cpu']:9.2f}{figures['wall']:9.2f}{figures['peak']:9.0f}{ratio:9.1f}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Make the data, run every piece, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--touches", type=int, default=1_000_000, help="how many touches to make")
    parser.add_argument("--converting", type=float, default=1.0, help="share of the persons who end in a won deal")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each piece; the median counts")
    parser.add_argument("--piece", choices=PIECES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options: Any = parser.parse_args(arguments)
    if options.piece:
        print(json.dumps(run_piece(options.piece, options.folder, options.repeats)))
        return 0
    with tempfile.TemporaryDirectory(prefix="punte-attribution-") as folder:
        made(options.touches, options.converting, Path(folder))
        found = {name: in_own_process(name, Path(folder), options.repeats) for name in PIECES}
    print(report(options.touches, found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
