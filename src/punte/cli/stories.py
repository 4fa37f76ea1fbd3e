"""Tells the demo company's story: the right answers that it was built with, and where to see them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rich.table import Table

from punte.cli.console import out
from punte.demo.ledger import Ledger, Row

LAST_DAY = Path("exports") / "last-day.txt"


def last_day_of(home: Path) -> date | None:
    """The last day of the company that the home holds already, so that making it again changes nothing."""
    path = home / LAST_DAY
    return date.fromisoformat(path.read_text("ascii").strip()) if path.is_file() else None


def remember_last_day(home: Path, day: date) -> None:
    """Writes down the company's last day beside its exports."""
    (home / LAST_DAY).write_text(f"{day}\n", encoding="ascii")


def tell(ledger: Ledger, last_day: date) -> None:
    """Prints the right answers: by channel, and the six things that are true of the company."""
    out.print(f"\n[bold]Meridian Instruments, eighteen months to {last_day}: what a right closed loop says[/bold]\n")
    out.print(_by_channel(ledger))
    out.print()
    for number, sentence in enumerate(_sentences(ledger), start=1):
        out.print(f"{number}. {sentence}")
    out.print("\nSee for yourself: punte loop --by campaign --model last,first")


def _by_channel(ledger: Ledger) -> Table:
    view = Table(box=None, pad_edge=False, header_style="bold")
    view.add_column("channel")
    for name in ("leads", "MQL", "SAL", "SQL", "deals", "won", "revenue EUR", "cost EUR"):
        view.add_column(name, justify="right")
    for channel, row in sorted(ledger.by_channel.items(), key=lambda pair: -pair[1].revenue):
        view.add_row(channel, *_cells(row))
    view.add_row("[bold]all[/bold]", *_cells(ledger.total))
    return view


def _cells(row: Row) -> tuple[str, ...]:
    counts = (row.leads, row.mql, row.sal, row.sql, row.opportunities, row.won)
    return (*(f"{n:,}" for n in counts), _euros(row.revenue), _euros(row.cost))


def _euros(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02d}"


def _sentences(ledger: Ledger) -> list[str]:
    brand = ledger.by_campaign["brand-search"]
    return [
        f"brand-search gets {_euros(ledger.last_touch.get('brand-search', 0))} EUR on last touch, yet its own leads "
        f"brought {_euros(brand.revenue)} EUR and it cost {_euros(brand.cost)} EUR.",
        f"Leads of a week-end wait {ledger.routing_hours_weekend:.1f} h to be routed, others "
        f"{ledger.routing_hours_weekday * 60:.0f} min.",
        f"One rep calls {ledger.response_hours_slow_rep:.1f} h after assignment, the others after "
        f"{ledger.response_hours_others:.1f} h.",
        f"{ledger.student_mql:,} students became MQL; sales accepted {ledger.student_accepted:,} of them.",
        f"The executive breakfast stands on the way of {_euros(ledger.breakfast_revenue_accounts)} EUR when whole "
        f"companies are looked at, and of {_euros(ledger.breakfast_revenue_persons)} EUR among the deals' own persons.",
        f"{ledger.n_recycled_twice_mql:,} recycled leads came back as MQL a second time.",
    ]
