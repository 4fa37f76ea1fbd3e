"""Every row is good, repaired or quarantined, and says why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punte.records.checks import REASONS, Finding, check, problem_rows, summary
from punte.records.tables import TABLES


def rows_of(table: str, *rows: dict[str, Any]) -> pa.Table:
    lineage = {"from_source": "crm", "load_id": "l1", "recorded_at": datetime(2026, 1, 1)}
    whole = [
        {"record_id": f"r{number}", "source_id": f"s{number}", "row_number": number, **lineage, **row}
        for number, row in enumerate(rows, start=1)
    ]
    return pa.Table.from_pylist(whole, schema=TABLES[table].whole_schema)


def outcomes(table: str, *rows: dict[str, Any], found: tuple[Finding, ...] = ()) -> list[tuple[Any, ...]]:
    """Per problem: row of the file, outcome, reason."""
    checked = check(TABLES[table], rows_of(table, *rows), found)
    problems = problem_rows(checked, from_source="crm", load_id="l1", file="deals.csv")
    return [(row["row_number"], row["outcome"], row["reason"]) for row in problems.to_pylist()]


def moment(name: str, at: datetime, precision: str = "second") -> dict[str, Any]:
    return {f"{name}_at": at, f"{name}_on": at.date(), f"{name}_precision": precision}


WON = {"status": "won", "amount": 100, "currency": "EUR"}


def test_a_row_without_fault_is_good_and_passes_unchanged() -> None:
    rows = rows_of("opportunity", WON, WON)
    checked = check(TABLES["opportunity"], rows)
    assert checked.rows.equals(rows)
    assert (checked.n_rows, checked.n_good, checked.n_repaired, checked.n_quarantined) == (2, 2, 0, 0)
    assert problem_rows(checked, from_source="crm", load_id="l1", file="deals.csv").num_rows == 0


@pytest.mark.parametrize(
    ("table", "row", "outcome", "reason", "left"),
    [
        ("opportunity", {**WON, "record_id": None}, "quarantined", "id_empty", []),
        ("opportunity", {**WON, "status": None}, "quarantined", "required_empty", []),
        ("opportunity", {**WON, "status": "Gewonnen"}, "quarantined", "not_one_of", []),
        ("opportunity", {**WON, "kind": "gift"}, "repaired", "not_one_of", [("kind", None)]),
        ("opportunity", {**WON, "probability": 1.5}, "repaired", "share_out_of_range", [("probability", None)]),
        (
            "opportunity",
            {**WON, "probability": float("nan")},
            "repaired",
            "share_out_of_range",
            [("probability", None)],
        ),
        ("opportunity", {**WON, "currency": None}, "repaired", "currency_missing", [("amount", None)]),
        (
            "opportunity",
            {**WON, **moment("closed", datetime(1969, 12, 31))},
            "repaired",
            "moment_out_of_range",
            [("closed_at", None), ("closed_on", None), ("closed_precision", None)],
        ),
        (
            "opportunity",
            {**WON, "expected_close": date(2100, 1, 1)},
            "repaired",
            "moment_out_of_range",
            [("expected_close", None)],
        ),
        ("account", {"n_employees": -1}, "repaired", "negative_count", [("n_employees", None)]),
        ("activity", {"kind": "call"}, "quarantined", "required_empty", []),
        ("activity", {"kind": "call", **moment("occurred", datetime(2100, 1, 1))}, "quarantined", None, []),
        ("spend", {**moment("spent", datetime(2026, 1, 1)), "amount": 5}, "quarantined", "currency_missing", []),
    ],
)
def test_a_faulty_row_is_repaired_or_quarantined_for_its_reason(
    table: str, row: dict[str, Any], outcome: str, reason: str | None, left: list[tuple[str, Any]]
) -> None:
    checked = check(TABLES[table], rows_of(table, row))
    found = problem_rows(checked, from_source="crm", load_id="l1", file="f.csv").to_pylist()
    assert {problem["outcome"] for problem in found} == {outcome}
    assert found[0]["reason"] == (reason or "moment_out_of_range")
    whole = rows_of(table, {**row, **dict(left)}).to_pylist() if outcome == "repaired" else []
    assert checked.rows.to_pylist() == whole


@pytest.mark.parametrize(
    ("created", "closed", "reported"),
    [
        (moment("created", datetime(2026, 1, 2, 8)), moment("closed", datetime(2026, 1, 2, 8)), False),
        (moment("created", datetime(2026, 1, 2, 8)), moment("closed", datetime(2026, 1, 2, 7, 59, 59)), True),
        (moment("created", datetime(2026, 1, 2, 8)), moment("closed", datetime(2026, 1, 2), "day"), False),
        (moment("created", datetime(2026, 1, 2, 8)), moment("closed", datetime(2026, 1, 1), "day"), True),
        ({}, moment("closed", datetime(2026, 1, 1)), False),
    ],
)
def test_a_deal_closed_before_it_was_created_is_kept_and_reported(
    created: dict[str, Any], closed: dict[str, Any], reported: bool
) -> None:
    row = {**WON, **created, **closed}
    expected = [(1, "repaired", "closed_before_created")] if reported else []
    assert outcomes("opportunity", row) == expected
    assert check(TABLES["opportunity"], rows_of("opportunity", row)).rows.equals(rows_of("opportunity", row))


def test_what_was_found_in_a_cell_quarantines_the_row_where_the_field_is_required() -> None:
    bad = Finding("occurred", "bad_moment", np.array([0]), pa.array(["'soon' is no date."]), "When")
    rows = ({"kind": "call"}, {"kind": "call", **moment("occurred", datetime(2026, 1, 1))})
    assert outcomes("activity", *rows, found=(bad,)) == [(1, "quarantined", "bad_moment")]


def test_what_was_found_in_a_cell_repairs_the_row_where_the_field_is_not_required() -> None:
    bad = Finding("amount", "bad_number", np.array([1]), pa.array(["'lots' is no number."]), "Amount")
    rows = (WON, {**WON, "amount": None})
    checked = check(TABLES["opportunity"], rows_of("opportunity", *rows), (bad,))
    assert problem_rows(checked, from_source="crm", load_id="l1", file="deals.csv").to_pylist() == [
        {
            "from_source": "crm",
            "load_id": "l1",
            "file": "deals.csv",
            "row_number": 2,
            "table": "opportunity",
            "column": "Amount",
            "outcome": "repaired",
            "reason": "bad_number",
            "sentence": "'lots' is no number.",
        }
    ]


def test_a_rounded_amount_keeps_its_row_even_where_the_amount_is_required() -> None:
    rounded = Finding("amount", "rounded", np.array([0]), pa.array(["rounded"]), "Cost")
    row = {**moment("spent", datetime(2026, 1, 1)), "amount": 5, "currency": "EUR"}
    assert outcomes("spend", row, found=(rounded,)) == [(1, "repaired", "rounded")]


def test_every_problem_of_a_quarantined_row_says_that_the_row_is_in_quarantine() -> None:
    assert outcomes("opportunity", {**WON, "status": "?", "kind": "gift"}) == [
        (1, "quarantined", "not_one_of"),
        (1, "quarantined", "not_one_of"),
    ]


def test_the_counts_of_all_parts_are_added_up_per_table() -> None:
    table = TABLES["opportunity"]
    parts = [check(table, rows_of("opportunity", WON, {})), check(table, rows_of("opportunity", {**WON, "kind": "x"}))]
    assert summary(parts) == {"opportunity": {"rows": 3, "good": 1, "repaired": 1, "quarantined": 1}}


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["won", "?", None]), st.sampled_from(["new", "gift", None])), max_size=20))
def test_rows_in_are_good_or_repaired_or_quarantined_and_nothing_else(kinds: list[tuple[Any, Any]]) -> None:
    rows = rows_of("opportunity", *({"status": status, "kind": kind} for status, kind in kinds))
    checked = check(TABLES["opportunity"], rows)
    quarantined = sum(status != "won" for status, _ in kinds)
    repaired = sum(status == "won" and kind == "gift" for status, kind in kinds)
    assert (checked.n_rows, checked.n_repaired, checked.n_quarantined) == (len(kinds), repaired, quarantined)
    assert checked.rows.num_rows == len(kinds) - quarantined


def test_every_reason_is_explained_in_one_sentence() -> None:
    assert [code for code, text in REASONS.items() if not text.endswith(".") or ". " in text] == []
