"""One word for each thing, in both languages, spelled the way people who speak them write."""

from __future__ import annotations

import re

from tests.house import tree

ROW = re.compile(r"^\| \*\*(?P<term>[^*|]+)\*\* \|(?P<romanian>[^|]*)\|(?P<meaning>[^|]*)\|$", flags=re.MULTILINE)
CEDILLA = re.compile("[\u015e\u015f\u0162\u0163]")


def test_every_word_of_the_glossary_has_a_romanian_label_and_a_meaning() -> None:
    rows = [match.groupdict() for match in ROW.finditer(tree.read("GLOSSARY.md"))]
    assert len(rows) > 50
    assert [row["term"] for row in rows if not row["romanian"].strip() or not row["meaning"].strip()] == []


def test_every_row_of_the_glossary_is_a_word_with_its_label_and_meaning() -> None:
    text = tree.read("GLOSSARY.md")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith(("| English", "| ---"))]
    assert len(rows) == len(ROW.findall(text))


def test_no_word_stands_twice_in_the_glossary() -> None:
    terms = [match["term"] for match in ROW.finditer(tree.read("GLOSSARY.md"))]
    assert sorted({term for term in terms if terms.count(term) > 1}) == []


def test_each_meaning_in_the_glossary_is_one_sentence() -> None:
    meanings = [match["meaning"].strip() for match in ROW.finditer(tree.read("GLOSSARY.md"))]
    assert [meaning for meaning in meanings if not meaning.endswith(".") or ". " in meaning] == []


def test_romanian_is_written_with_commas_below_and_not_with_cedillas() -> None:
    written = [*tree.files(ending=".po"), *tree.files(ending=".html"), *tree.files(ending=".md")]
    assert [str(path) for path in written if CEDILLA.search(tree.read(path))] == []
