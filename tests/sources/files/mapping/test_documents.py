"""docs/mapping.md speaks of every word of the language, and its example is a mapping that works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from punte.records.checks import REASONS
from punte.records.tables.touches import TRAFFIC_FIELDS
from punte.sources.files.mapping import formats, load_mapping
from punte.sources.files.mapping.cell_words import WORDS
from punte.sources.files.mapping.language import MODES, OPERATORS, OTHERWISE
from punte.sources.files.mapping.parsing import FILE, HEAD, TABLE
from punte.sources.files.mapping.traffic import CLICK_IDS
from tests.sources.files.mapping.drawn import convert

TEXT = (Path(__file__).resolve().parents[4] / "docs" / "mapping.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```toml\n(version = 1.*?)```", TEXT, flags=re.DOTALL)


@pytest.mark.parametrize(
    "words", [HEAD, FILE, TABLE, WORDS, OPERATORS, OTHERWISE, MODES, formats.NAMED, TRAFFIC_FIELDS, CLICK_IDS],
)  # fmt: skip
def test_every_word_of_the_language_is_explained(words: tuple[str, ...]) -> None:
    assert [word for word in words if f"`{word}`" not in TEXT] == []


def test_every_reason_is_explained_as_the_checks_explain_it() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", TEXT.split("| reason | meaning |")[1], flags=re.MULTILINE))
    assert rows == REASONS


def test_the_example_is_a_mapping_that_works() -> None:
    assert EXAMPLE is not None
    text = 'Id,Stage,Deal name,Company,Closed,Value,Lead source,Owner\n1,Won,A,X,31.01.2026,"1.200,50",Web,Marta'
    result = convert(EXAMPLE[1], text)
    assert {name: rows.num_rows for name, rows in result.tables.items()} == {
        "opportunity": 1,
        "traffic": 1,
        "attribute": 0,
        "owner": 1,
    }
    assert load_mapping(EXAMPLE[1]).files[0].name == "deals"


@pytest.mark.parametrize("part", re.findall(r"```toml\n(\[.*?)```", TEXT, flags=re.DOTALL))
def test_every_other_piece_of_the_document_is_toml_that_is_understood(part: str) -> None:
    whole = (
        part
        if part.startswith("[[")
        else f'[[file.table]]\ntable = "opportunity"\nid = "Id"\nstatus = "\'won\'"\n{part}'
    )
    others = "".join(f'\n[[file]]\nname = "{name}"\nmatch = "{name}*"' for name in ("items", "contacts"))
    mapping = load_mapping(f'version = 1\nsource = "s"\n[[file]]\nname = "f"\nmatch = "*"\n{whole}{others}')
    assert [rule.name for rule in mapping.files] == ["f", "items", "contacts"]
