"""Files whose lines are in two encodings: each line is read in its own, and how many they were is said."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import Read

ROMANIAN = ["Răşinari", "Timişoara", "Ţurcanu", "Păşune", "Mădălina Ioniţă", "Câmpulung"]
POLISH = ["Łódź", "Wiśniewski", "Częściowo", "Kraków", "Źródło"]
FRENCH = ["André", "à la carte", "“Big” deal – ok", "É", "NESCAFÉ®", "Crêperie", "€ 5"]
WORDS = {"cp1250": ROMANIAN, "iso8859_2": ROMANIAN, "cp1252": FRENCH}
LINES = 40


def note_of(n: int, other: str, main: str, first: int) -> str:
    return (
        f"{n} lines are in {other}, all others in {main}: they were read so, the first on line {first}. "
        "Look at the letters there, or export the data in one encoding."
    )


@pytest.mark.parametrize("page", WORDS)
def test_letters_of_utf_8_among_those_of_an_old_encoding_are_no_mojibake(read: Read, page: str) -> None:
    old = WORDS[page][0]
    lines = [f"{place},{old}".encode(page) for place in range(LINES)]
    lines[9:11] = ["9,Iași și Brăila".encode(), "10,café".encode()]
    table = read(b"id,city\n" + b"\n".join(lines))
    assert table.cells[8:12] == [("8", old), ("9", "Iași și Brăila"), ("10", "café"), ("11", old)]
    encoding = table.report.encoding
    assert encoding is not None
    assert encoding.other == "utf-8"
    assert [note.sentence for note in table.report.notes] == [note_of(2, "utf-8", encoding.name, 11)]
    assert table.report.repaired == {"other_encoding": 2}


def test_lines_of_an_old_encoding_among_those_of_utf_8_come_in(read: Read) -> None:
    good = "".join(f"{place},Brăila\n" for place in range(20)).encode()
    table = read(b"id,city\n" + good + "98,Bucureşti\n99,Iaşi\n".encode("cp1250") + good)
    assert (len(table.rows), table.problems) == (42, [])
    assert table.cells[20:22] == [("98", "Bucureşti"), ("99", "Iaşi")]
    assert [note.sentence for note in table.report.notes] == [note_of(2, "cp1250", "utf-8", 22)]


def test_a_line_in_which_both_stand_is_read_cell_by_cell(read: Read) -> None:
    good = "1,Brăila,Iași\n".encode() * 20
    table = read(b"id,from,to\n" + good + "2,Galați,".encode() + "Timişoara\n".encode("cp1250"))
    assert table.cells[-1] == ("2", "Galați", "Timişoara")
    assert table.report.repaired == {"other_encoding": 1}


def test_what_fits_neither_encoding_is_left_out_and_named(read: Read) -> None:
    good = "1,Brăila\n".encode() * 20
    table = read(b"id,city\n" + good + b"2,Ia\xc8\n" + good)
    assert (len(table.rows), table.problems) == (40, [(22, "bad_encoding")])


def test_lines_that_were_read_otherwise_are_counted_over_the_whole_file(read: Read) -> None:
    good = "1,Brăila\n".encode() * 300_000
    table = read(b"id,city\n" + good + "2,Iaşi\n".encode("cp1250") + good + "3,Bacău\n".encode("cp1250") + good)
    assert len(table.rows) == 900_002
    assert [note.sentence for note in table.report.notes] == [note_of(2, "cp1250", "utf-8", 300_002)]


def test_an_encoding_chosen_by_hand_is_that_of_every_line(read: Read) -> None:
    table = read("a\nș\n".encode() + "ş\n".encode("cp1250"), encoding="cp1250")
    assert table.cells == [("Č™",), ("ş",)]
    assert table.report.repaired == {}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_each_line_comes_out_as_it_was_written(read: Read, data: st.DataObject) -> None:
    page, known = data.draw(st.sampled_from([("cp1250", ROMANIAN), ("cp1250", POLISH), ("cp1252", FRENCH)]))
    words = st.sampled_from([*known, *(word.upper() for word in known)])
    rows = data.draw(st.lists(st.tuples(words, words), min_size=30, max_size=60))
    in_utf8 = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    certain = [(f"{known[0]} {place}", "x") for place in range(LINES)]
    lines = [",".join(row).encode("utf-8" if place % 2 else page) for place, row in enumerate(certain)]
    lines += [",".join(row).encode("utf-8" if own else page) for row, own in zip(rows, in_utf8, strict=True)]
    table = read(b"from,to\n" + b"\n".join(lines) + b"\n")
    assert table.cells == [*certain, *rows]
