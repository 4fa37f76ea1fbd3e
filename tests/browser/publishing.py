"""A process that publishes one snapshot after the other into a home, each when it is told to.

``python -m tests.browser.publishing HOME FILE…``: for each line that comes in, the next file is imported, and the id of
the snapshot that it published is printed.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

N_SNAPSHOTS = 21


def write_deals(exports: Path, folder: Path) -> dict[int, Path]:
    """The demo company's deals 21 times over, all that closed won: in file ``i`` deal ``k`` is worth 10 k + i euros."""
    with (exports / "crm_deals.csv").open(encoding="utf-8", newline="") as file:
        deals = list(csv.DictReader(file))
    folder.mkdir()
    written = {}
    for number in range(N_SNAPSHOTS):
        rows = [
            deal
            | {
                "Currency": "EUR",
                "Amount": str(10 * k + number),
                "Stage": "Closed won" if deal["Closed"] else "Proposal",
            }
            for k, deal in enumerate(deals, start=1)
        ]
        path = written[number] = folder / str(number) / "crm_deals.csv"
        path.parent.mkdir()
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(deals[0]))
            writer.writeheader()
            writer.writerows(rows)
    return written


def won_value(path: Path) -> int:
    """What the won deals of a file are worth, in euros."""
    with path.open(encoding="utf-8", newline="") as file:
        return sum(int(deal["Amount"]) for deal in csv.DictReader(file) if deal["Stage"] == "Closed won")


def publish(home_path: Path, files: list[Path]) -> None:
    """Imports a file for each line on the standard input, and prints the snapshot's id."""
    from punte.core import clock
    from punte.rooms import facts

    home = facts.existing_home(home_path)
    for file in files:
        sys.stdin.readline()
        report = facts.bring_in(home, [file], given=(), by="another process", at=clock.now())
        sys.stdout.write(f"{report.snapshot_id}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    publish(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
