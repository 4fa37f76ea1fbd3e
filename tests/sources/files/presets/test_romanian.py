"""Exports with Romanian headers that no preset knows: what is guessed, and what came of it."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from punte.sources.files import mapping as m
from punte.sources.files.presets import Sample, propose

HUBSPOT = """ID înregistrare;Nume tranzacție;Etapa tranzacției;Valoare;Data creării;Data închiderii;Proprietar
9001;Licențe;Închis câștigat;1.234,50 lei;23.11.2026 14:05;24.11.2026 09:00;Marta Ilie
9002;Service;Închis pierdut;12.000,00 lei;02.10.2026 08:15;05.11.2026 17:30;Marta Ilie
9003;Audit;Ofertă trimisă;980,00 lei;03.11.2026 10:00;15.12.2026 10:00;Ion Pop"""
PIPEDRIVE = """Tranzacție - ID;Tranzacție - Titlu;Tranzacție - Valoare;Tranzacție - Monedă;Tranzacție - Stare;\
Tranzacție - Data câștigării;Tranzacție - Data pierderii;Tranzacție - Data estimată de închidere
31;Licențe;1.234,50;RON;Câștigată;2026-11-23 14:05:00;;
32;Service;12.000,00;RON;Pierdută;;2026-11-05 17:30:00;
33;Audit;980,00;RON;Deschisă;;;2026-12-15""".replace("\\\n", "")
REPORT = """Cod oportunitate;Client;Stare;Data închiderii;Valoare (lei)
OP-1;Acme SRL;Câștigată;2026-11-23;1234.50
OP-2;Beta SA;Pierdută;2026-11-05;12000
OP-3;Gama SRL;În lucru;;980
Total;;;;14214.50"""


def deals(text: str) -> list[tuple[str, str, int, str, str | None]]:
    """Name or id, status, minor units, currency and day of close of every deal, in a home that counts in euros."""
    header, *lines = [line.split(";") for line in text.splitlines()]
    cells = [[cell or None for cell in column] for column in zip(*lines, strict=True)]
    numbers = pa.array(range(2, len(lines) + 2), pa.int64())
    columns = [numbers, *(pa.array(column, pa.string()) for column in cells)]
    batch = pa.RecordBatch.from_arrays(columns, names=["row_number", *header])
    mapping = propose([Sample("export.csv", batch)], source="crm", zone="Europe/Bucharest", currency="EUR")
    (rule,) = mapping.files
    moment = datetime(2026, 11, 28)
    made = m.convert(batch, rule=rule, mapping=mapping, key=bytes(32), load_id="1", recorded_at=moment)
    return [
        (row["source_id"], row["status"], row["amount"], row["currency"], str(row["closed_on"] or ""))
        for row in made.tables["opportunity"].to_pylist()
    ]


@pytest.mark.parametrize(
    ("text", "ids"),
    [(HUBSPOT, ("9001", "9002", "9003")), (PIPEDRIVE, ("31", "32", "33")), (REPORT, ("OP-1", "OP-2", "OP-3"))],
)
def test_deals_with_romanian_headers_keep_their_value_currency_and_close(text: str, ids: tuple[str, ...]) -> None:
    assert deals(text) == [
        (ids[0], "won", 123450, "RON", "2026-11-24" if text is HUBSPOT else "2026-11-23"),
        (ids[1], "lost", 1200000, "RON", "2026-11-05"),
        (ids[2], "open", 98000, "RON", ""),
    ]
