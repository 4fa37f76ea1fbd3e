"""Rows as they are in real exports: what is kept exactly, what is repaired and said, what is left out and named."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from punte.sources.files.reading import Limits, find_files, open_table

from .conftest import Read

MIB = 1024**2


def test_cells_are_kept_exactly_as_written(read: Read) -> None:
    kept = [
        "=1+1", "+40 712 345 678", "-5", "@SUM(A1)", "00123", "00/00/0000", "1E+05", "1.234", "NULL", "NA", "#N/A",
        "TRUE", " padded ", "“smart” ‘quotes’", "a\u2028b\u0085c", "03/04/05", "24:00", "\U0001f600", "e\u0301",
    ]  # fmt: skip
    table = read("id,value\n" + "".join(f"{place},{cell}\n" for place, cell in enumerate(kept)))
    assert table.cells == [(str(place), cell) for place, cell in enumerate(kept)]
    assert (table.report.repaired, table.problems) == ({}, [])


def test_empty_and_quoted_empty_cells_are_null(read: Read) -> None:
    assert read('a,b,c\n,"",x\n').cells == [(None, None, "x")]


def test_quoted_cells_may_hold_separators_quotes_and_line_breaks(read: Read) -> None:
    table = read(
        'id,note\r\n1,"a, b"\r\n2,"said ""hi"""\r\n3,"line one\nline two\r\nline three"\r\n4,"{""a"":1,""b"":""""}"\r\n'
    )
    assert table.rows == [
        (2, "1", "a, b"),
        (3, "2", 'said "hi"'),
        (4, "3", "line one\nline two\r\nline three"),
        (7, "4", '{"a":1,"b":""}'),
    ]
    assert (table.report.repaired, table.problems, table.report.newline) == ({}, [], "CRLF")


def test_the_last_row_needs_no_line_end(read: Read) -> None:
    assert read('a,b\n1,2\n3,"x\ny"').rows == [(2, "1", "2"), (3, "3", "x\ny")]


def test_short_rows_are_filled_and_counted(read: Read) -> None:
    table = read("a,b,c\n1,2,3\n4\n5,6\n")
    assert table.rows == [(2, "1", "2", "3"), (3, "4", None, None), (4, "5", "6", None)]
    assert table.report.repaired == {"short_row": 2}


def test_rows_with_too_many_cells_are_left_out_and_named(read: Read) -> None:
    table = read("a,b\n1,2\n3,4,5\n6,7\n8,9,,\n")
    assert table.rows == [(2, "1", "2"), (4, "6", "7"), (5, "8", "9")]
    assert table.report.repaired == {"empty_cells_too_many": 1}
    (problem,) = table.report.problems
    assert (problem.row_number, problem.reason, problem.sentence, problem.excerpt) == (
        3,
        "too_many_cells",
        "Line 3 has 3 cells, the header 2.",
        "3,4,5",
    )


def test_rows_and_lines_with_nothing_in_them_are_left_out(read: Read) -> None:
    table = read('a,b\n1,2\n,\n\n   \n"",\n3,4\n')
    assert (table.rows, table.report.n_empty_rows) == ([(2, "1", "2"), (7, "3", "4")], 2)


def test_nul_bytes_are_removed_and_counted(read: Read) -> None:
    table = read(b"id,name\n1,A\0na\n2,Ion\n")
    assert (table.cells, table.report.repaired) == ([("1", "Ana"), ("2", "Ion")], {"nul_removed": 1})


def test_a_quote_in_the_middle_of_an_unquoted_cell_is_text(read: Read) -> None:
    table = read('id,item,size\n1,pipe 5",x\n2,5" pipe,"y"\n')
    assert (table.cells, table.report.repaired) == ([("1", 'pipe 5"', "x"), ("2", '5" pipe', "y")], {})


def test_quotes_that_somebody_forgot_to_double_are_kept_as_text_and_counted(read: Read) -> None:
    table = read('id,note,x\n1,"He said "hi" to me",a\n2,b,c\n')
    assert table.cells == [("1", 'He said "hi" to me', "a"), ("2", "b", "c")]
    assert table.report.repaired == {"stray_quote": 1}


def test_spaces_around_quotes_are_not_part_of_the_cell(read: Read) -> None:
    table = read('a,b,c\n1, "x, y" ,"z" \n2, plain, "not" closed\n')
    assert table.cells == [("1", "x, y", "z"), ("2", " plain", ' "not" closed')]
    assert table.report.repaired == {"spaces_around_quotes": 1}


@pytest.mark.parametrize(
    ("lines", "problem", "rows"),
    [
        (['2,"open,b', "3,c,d", "4,e,f"], (3, "unclosed_quote"), [(2, "1"), (4, "3"), (5, "4")]),
        (['2,"open,b', '3,"c",d', "4,e,f"], (3, "unclosed_quote"), [(2, "1"), (4, "3"), (5, "4")]),
        (['"2","open', '"3","c","d"', '"4","e","f"'], (3, "unclosed_quote"), [(2, "1"), (4, "3"), (5, "4")]),
        (["2,a,b", '3,c,"open', "4,e,f"], (4, "unclosed_quote"), [(2, "1"), (3, "2"), (5, "4")]),
        (["2,a,b", "3,c,d", '4,e,"open'], (5, "unclosed_quote"), [(2, "1"), (3, "2"), (4, "3")]),
    ],
)
def test_a_quote_that_is_never_closed_costs_its_own_row_only(
    read: Read, lines: list[str], problem: tuple[int, str], rows: list[tuple[int, str]]
) -> None:
    table = read("\n".join(["id,x,y", "1,a,b", *lines]) + "\n")
    assert [row[:2] for row in table.rows] == rows
    assert table.problems == [problem]


def test_an_unclosed_quote_after_a_long_cell_names_the_line_on_which_it_opened(read: Read) -> None:
    table = read('id,x,y\n1,"a\nb","open\n2,c,d\n')
    assert table.rows == [(4, "2", "c", "d")]
    (problem,) = table.report.problems
    assert (problem.row_number, problem.excerpt) == (2, '1,"a\nb","open')
    assert problem.sentence == (
        "A quote opens on line 3 and is not closed where a cell can end. "
        "That row was left out; reading goes on with the next line."
    )


def test_an_unclosed_quote_far_from_the_end_is_found_by_the_rows_it_would_swallow(read: Read) -> None:
    rows = [f"{place},a,b" for place in range(5000)]
    rows[10] = '10,"open,b'
    table = read("\n".join(["id,x,y", *rows]) + "\n")
    assert table.problems == [(12, "unclosed_quote")]
    assert [row[1] for row in table.rows] == [str(place) for place in range(5000) if place != 10]


def test_a_quoted_cell_of_very_many_lines_is_a_cell(read: Read) -> None:
    letter = "Dear Ana,\nthank you\n" * 2000
    table = read(f'id,x,y\n1,"{letter}",b\n2,c,d\n')
    assert (table.rows, table.problems) == ([(2, "1", letter, "b"), (4003, "2", "c", "d")], [])


def test_a_cell_of_200000_characters_is_read(read: Read) -> None:
    assert read(f"id,x\n1,{'ă' * 200_000}\n").cells == [("1", "ă" * 200_000)]


@pytest.mark.parametrize("large", ["x" * (MIB + 1), '"' + "x" * (MIB + 1) + '"', '"' + "line\n" * 300_000 + '"'])
def test_a_cell_over_the_limit_costs_its_own_row_only(read: Read, large: str) -> None:
    table = read(f"id,x,y\n1,a,b\n2,{large},c\n3,d,e\n")
    assert [row[1:] for row in table.rows] == [("1", "a", "b"), ("3", "d", "e")]
    assert table.problems == [(3, "cell_too_large")]
    assert table.report.problems[0].sentence == "A cell of the row on line 3 is larger than 1 MB."
    assert table.report.problems[0].excerpt == f"2,{large}"[:200]


@pytest.mark.slow
@pytest.mark.parametrize("large", ["x" * 50_000_000, '"' + "x" * 50_000_000 + '"', '"' + "lines\r\n" * 7_000_000 + '"'])
def test_a_cell_of_50_megabytes_costs_its_own_row_only(read: Read, large: str) -> None:
    table = read(f"id,x,y\n1,a,b\n2,{large},c\n3,d,e\n")
    assert [row[1:] for row in table.rows] == [("1", "a", "b"), ("3", "d", "e")]
    assert table.rows[1][0] == 4 + large.count("\n")
    assert table.problems == [(3, "row_too_large")]


def test_problems_beyond_those_kept_are_still_counted(read: Read) -> None:
    table = read("a,b\n" + "1,2,3\n" * 30 + "4,5\n", limits=Limits(problems_kept=10))
    assert (len(table.report.problems), table.report.problem_counts, table.report.n_problems) == (
        10,
        {"too_many_cells": 30},
        30,
    )
    assert table.cells == [("4", "5")]


def test_every_row_below_the_header_is_accounted_for(read: Read) -> None:
    table = read('a,b\n1,2\n,\n3,4,5\n6\n7,"open\n8,9\n\nGenerated by Ana\n')
    report = table.report
    assert [row[1] for row in table.rows] == ["1", "6", "8"]
    assert (report.n_rows, report.n_empty_rows, report.n_footer_rows, report.n_problems) == (3, 1, 1, 2)


def test_batches_have_the_size_asked_for_and_can_be_had_again(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id\n" + "".join(f"{place}\n" for place in range(25)))
    table = open_table(find_files([tmp_path / "a.csv"])[0])
    sizes = [[batch.num_rows for batch in table.batches(10)] for _ in range(2)]
    assert sizes == [[10, 10, 5], [10, 10, 5]]
    assert table.report.n_rows == 25
    assert {batch.schema for batch in table.batches(7)} == {table.schema}
    assert table.schema == pa.schema([("row_number", pa.int64()), ("id", pa.string())])
