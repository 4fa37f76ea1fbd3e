"""Files in a language that punte has no words for, by the very steps of their page; figures counted by hand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "polish_crm"
BY_CHANNEL = {
    # Z/001 to Z/003; S-1 is won, S-2 lost.
    "Paid Search": ("3", "2", "1", "12000.50", "2700.00"),
    # Z/004 and Z/005; S-3 is won in euros, of which no rate is known.
    "Events": ("2", "1", "1", "", "4500.75"),
    # Z/006, which stands twice in the file; S-4 is open.
    "Referral": ("1", "1", "0", "0.00", ""),
    # Z/007, which does not say from where.
    "": ("1", "0", "0", "0.00", ""),
    # S-5, which has no enquiry.
    "unattributed": ("0", "1", "1", "250.00", ""),
}


def commands(folder: Path) -> list[list[str]]:
    """What the page says to type, with a home and a mapping in this folder."""
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    typed = [line for line in page.splitlines() if line.startswith("punte ")]
    places = {"my-home": str(folder / "home"), "m.toml": str(folder / "m.toml")}
    return [[places.get(word, word) for word in shlex.split(line)[1:]] for line in typed]


@pytest.fixture(scope="module")
def done(punte, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("polish")
    for words in commands(folder):
        said = punte(*words)
        assert (said.code, "put aside:" in said.err) == (0, False), said.err
    return folder


def test_every_column_that_was_not_understood_is_named_with_values_and_the_way_it_is_written(done: Path) -> None:
    text = (done / "m.toml").read_text(encoding="utf-8")
    lines = [line.split("#")[1].strip() for line in text.splitlines() if line.startswith('# "?"')]
    assert lines == [
        '"?" = "Miesiąc"',
        '"?" = "Kanał"',
        '"?" = "Kampania"',
        '"?" = { from = "Wydatki (PLN)", decimal = "," }',
        '"?" = "Nr szansy"',
        '"?" = "Nr zgłoszenia"',
        '"?" = "Przedmiot"',
        '"?" = { from = "Wartość netto", decimal = "," }',
        '"?" = "Waluta"',
        '"?" = { from = "Utworzono", format = "%d.%m.%Y" }',
        '"?" = { from = "Rozstrzygnięto", format = "%d.%m.%Y" }',
        '"?" = "Wynik"',
        '"?" = "Przyczyna straty"',
    ]
    assert "# 12 000,50 zł, 8.000,00, 3.000,00" in text
    assert re.search(r"^#   opportunity: id name account lead .* status! created closed", text, re.M)


def test_a_sketch_without_its_signs_becomes_a_rule_once_the_fields_are_written(punte, done: Path) -> None:
    text = (done / "m.toml").read_text(encoding="utf-8")
    head = text.split("\n\n")[0]
    sketch = text[text.index('# [[file]]\n# name = "koszty"') :].split("\n\n")[0]
    fields = iter(["spend", "spent", "", "", "amount"])
    lines = []
    for line in (line.removeprefix("#").removeprefix(" ") for line in sketch.splitlines()):
        field = next(fields) if '"?"' in line else "-"
        if field:
            lines.append(line.replace('"?"', '"spend"' if field == "spend" else field))
    (done / "costs.toml").write_text("\n".join([head, *lines]), encoding="utf-8")
    said = punte("import", FOLDER / "koszty.csv", "--map", done / "costs.toml", home=done / "other")
    assert said.code == 0, said.err
    (row,) = punte("loop", "--by", "", "--format", "csv", home=done / "other").rows
    assert (row["cost"], row["currency"]) == ("7200.75", "PLN")


def test_the_loop_is_what_was_counted_by_hand(punte, done: Path) -> None:
    rows = punte("loop", "--by", "channel", "--format", "csv", home=done / "home").rows
    wanted = ("n_leads", "n_opportunities", "n_won", "revenue", "cost")
    found = {
        "unattributed" if row["is_unattributed"] == "true" else row["channel"]: tuple(row[name] for name in wanted)
        for row in rows
    }
    assert found == BY_CHANNEL


def test_next_weeks_files_need_no_mapping(punte, done: Path, tmp_path: Path) -> None:
    later = (FOLDER / "szanse.csv").read_text(encoding="utf-8").replace(";;W toku;", ";01.03.2026;Wygrana;")
    (tmp_path / "szanse.csv").write_text(later, encoding="utf-8")
    assert punte("import", tmp_path / "szanse.csv", home=done / "home").code == 0
    (row,) = punte("loop", "--by", "", "--format", "csv", home=done / "home").rows
    assert (row["n_won"], row["revenue"]) == ("4", "17750.50")
