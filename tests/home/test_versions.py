"""Which of all rows of a record stands: the quick pass is held against a slow twin over drawn cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punte.errors import IdCollision
from punte.home.loadsets import LOAD_SHIFT, LoadSets, load_sets
from punte.home.versions import ORDINAL, RULE, Deletions, Outcome, standing
from punte.records.raw import Decision, Load
from punte.records.tables import TABLES

AT = datetime(2026, 3, 2)
CAMPAIGN = TABLES["campaign"]
NO_DELETIONS = Deletions(pa.array([], pa.string()), np.array([], np.int64))
Row = dict[str, object]


def load(number: int, rule: str, *seen: int) -> Load:
    """The load that came on day ``number``, and was seen again in the exports of other days."""
    at = AT + timedelta(days=number)
    decisions = tuple(Decision("seen", "", AT + timedelta(days=day), "") for day in seen)
    return Load(f"load{number:08}", "crm", rule, "f", "", "", 0, (), (), at, {}, decisions, Path("x"))


def row(
    record: str, position: int, place: int, name: str | None, updated: int | None = None, kind: str | None = None
) -> Row:
    """A row of the load at a position; ``in_order`` fills in the number of its load's rule."""
    nothing = dict.fromkeys(CAMPAIGN.whole_schema.names)
    return {
        **nothing,
        "record_id": record,
        "from_source": "crm",
        "source_id": record,
        "load_id": f"load{position:08}",
        "row_number": place,
        "recorded_at": AT + timedelta(days=position),
        "updated_at": None if updated is None else AT + timedelta(days=updated),
        "name": name,
        "kind": kind,
        ORDINAL: (position << LOAD_SHIFT) + place,
    }


def in_order(rows: Sequence[Row], sets: LoadSets) -> list[Row]:
    numbered = [{**r, RULE: int(sets.rule_of[int(str(r["load_id"])[4:])])} for r in rows]
    return sorted(numbered, key=lambda r: (r["record_id"], r[RULE], r["updated_at"] or datetime.min, r[ORDINAL]))


def batches(rows: Sequence[Row], sets: LoadSets, size: int) -> list[pa.RecordBatch]:
    schema = CAMPAIGN.whole_schema.append(pa.field(RULE, pa.int64())).append(pa.field(ORDINAL, pa.int64()))
    table = pa.Table.from_pylist(in_order(rows, sets), schema=schema)
    return [batch for start in range(0, len(rows), size) for batch in table.slice(start, size).to_batches()]


def stand(
    rows: Sequence[Row], sets: LoadSets, size: int = 3, deletions: Deletions = NO_DELETIONS
) -> tuple[list[tuple[object, ...]], Outcome]:
    outcome = Outcome()
    kept = standing(CAMPAIGN, batches(rows, sets, size), sets, deletions, outcome, keeps_last_seen=True)
    columns = ("record_id", "name", "load_id", "recorded_at")
    return [tuple(r[c] for c in columns) for part in kept for r in part.to_pylist()], outcome


def slow_twin(rows: Sequence[Row], sets: LoadSets) -> list[tuple[object, ...]]:
    """The same by walking over each record's rules and each rule's versions one by one."""
    records: dict[object, dict[object, list[Row]]] = {}
    for one in in_order(rows, sets):
        records.setdefault(one["record_id"], {}).setdefault(one[RULE], []).append(one)
    found = []
    for record, rules in sorted(records.items()):
        told = [last_version(versions) for versions in rules.values() if any(stands(v, sets) for v in versions)]
        told.sort(key=lambda version: version[ORDINAL])
        if told:
            names = [version["name"] for version in told if version["name"] is not None]
            first = min(v["recorded_at"] for versions in rules.values() for v in versions)
            found.append((record, names[-1] if names else None, told[-1]["load_id"], first))
    return found


def last_version(rows: Sequence[Row]) -> Row:
    kept = rows[0]
    for one in rows:
        kept = one if one["name"] != kept["name"] else kept
    return kept


def stands(one: Row, sets: LoadSets) -> bool:
    return bool(sets.stands[int(str(one["load_id"])[4:])])


@st.composite
def drawn_cases(draw: st.DrawFn) -> tuple[list[Row], LoadSets, int]:
    n_loads = draw(st.integers(1, 5))
    rules = [draw(st.sampled_from(["full", "delta"])) for _ in range(n_loads)]
    rows = []
    for place in range(draw(st.integers(0, 25))):
        record = draw(st.sampled_from("abcdef"))
        name = draw(st.sampled_from(["x", "y", None]))
        rows.append(row(record, draw(st.integers(0, n_loads - 1)), place, name, draw(st.sampled_from([None, 1, 2]))))
    loads = [load(number, rule) for number, rule in enumerate(rules)]
    return rows, load_sets(loads, frozenset({("crm", "full")})), draw(st.integers(1, 7))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(case=drawn_cases())
def test_what_stands_is_what_the_slow_twin_says(case: tuple[list[Row], LoadSets, int]) -> None:
    rows, sets, size = case
    found, outcome = stand(rows, sets, size)
    assert found == slow_twin(rows, sets)
    assert outcome.n_came == len(rows)
    assert outcome.n_superseded == len(rows) - len({r["record_id"] for r in rows})
    gone = [r["record_id"] for part in outcome.gone for r in part.to_pylist()]
    assert sorted([*gone, *(r[0] for r in found)]) == sorted({r["record_id"] for r in rows})


def test_a_repeated_row_keeps_the_lineage_of_the_load_that_first_brought_its_content() -> None:
    sets = load_sets([load(n, "delta") for n in range(4)], frozenset())
    rows = [row("a", 0, 1, "old"), row("a", 1, 1, "new"), row("a", 2, 1, "new"), row("a", 3, 1, "new")]
    found, outcome = stand(rows, sets)
    assert found == [("a", "new", "load00000001", AT)]
    assert outcome.newest_load == 1


def test_what_one_rule_leaves_empty_is_taken_from_another_and_stays_when_either_comes_again() -> None:
    loads = [load(0, "companies"), load(1, "deals"), load(2, "deals"), load(3, "companies")]
    sets = load_sets(loads, frozenset())
    rows = [row("a", 0, 1, "Acme", kind="big"), row("a", 1, 1, "ACME"), row("a", 2, 1, "ACME")]
    for more in ([], [row("a", 3, 1, "Acme", kind="big")]):
        kept = list(standing(CAMPAIGN, batches([*rows, *more], sets, 2), sets, NO_DELETIONS, Outcome()))
        assert [(r["name"], r["kind"], r["load_id"]) for part in kept for r in part.to_pylist()] == [
            ("ACME", "big", "load00000001")
        ]


def test_an_empty_cell_in_a_rules_last_version_is_empty() -> None:
    sets = load_sets([load(0, "companies"), load(1, "companies")], frozenset())
    assert stand([row("a", 0, 1, "Acme"), row("a", 1, 1, None)], sets)[0] == [("a", None, "load00000001", AT)]


def test_an_amount_is_never_taken_without_its_currency() -> None:
    deal, sets = TABLES["opportunity"], load_sets([load(0, "crm"), load(1, "erp")], frozenset())
    schema = deal.whole_schema.append(pa.field(RULE, pa.int64())).append(pa.field(ORDINAL, pa.int64()))
    told = [{"amount": 10, "currency": "EUR", "name": "x"}, {"recurring_amount": 7, "currency": "RON"}]
    rows = [
        {
            "record_id": "a",
            "from_source": "crm",
            "source_id": "a",
            "recorded_at": AT,
            "row_number": 1,
            RULE: rule,
            ORDINAL: rule << LOAD_SHIFT,
            **values,
        }
        for rule, values in enumerate(told)
    ]
    batch = pa.Table.from_pylist(rows, schema=schema).to_batches()
    kept = [r for part in standing(deal, batch, sets, NO_DELETIONS, Outcome()) for r in part.to_pylist()]
    assert [(r["name"], r["amount"], r["recurring_amount"], r["currency"]) for r in kept] == [("x", None, 7, "RON")]


def test_what_the_source_says_it_updated_last_wins_over_what_came_last() -> None:
    sets = load_sets([load(n, "delta") for n in range(3)], frozenset())
    rows = [row("a", 0, 1, "of March", updated=60), row("a", 1, 1, "of January", updated=0), row("a", 2, 1, "undated")]
    assert stand(rows, sets)[0] == [("a", "of March", "load00000000", AT)]


def test_a_record_absent_from_the_newest_full_export_is_gone_from_the_first_that_lacked_it() -> None:
    sets = load_sets([load(n, "full") for n in range(4)], frozenset({("crm", "full")}))
    rows = [row("a", n, 1, "x") for n in range(4)] + [row("b", 0, 2, "x"), row("b", 1, 2, "x")]
    found, outcome = stand(rows, sets)
    assert [r[0] for r in found] == ["a"]
    gone = [(r["record_id"], r["gone_at"], r["gone_load"]) for part in outcome.gone for r in part.to_pylist()]
    assert gone == [("b", AT + timedelta(days=2), "load00000002")]
    assert (outcome.n_previous["crm", "full"], outcome.n_gone["crm", "full"]) == (1, 0)


def test_a_file_seen_again_in_a_later_export_still_stands() -> None:
    loads = [load(0, "full", 2), load(1, "full"), load(2, "full")]
    sets = load_sets(loads, frozenset({("crm", "full")}))
    rows = [row("a", 0, 1, "x"), row("b", 1, 1, "x"), row("c", 2, 1, "x")]
    found, outcome = stand(rows, sets)
    assert [r[0] for r in found] == ["a", "c"]
    assert (outcome.n_previous["crm", "full"], outcome.n_gone["crm", "full"]) == (1, 1)


def test_a_record_that_another_rule_still_brings_stands_though_a_full_export_lacks_it() -> None:
    sets = load_sets([load(0, "full"), load(1, "delta"), load(2, "full")], frozenset({("crm", "full")}))
    rows = [row("a", 0, 1, "x"), row("a", 1, 1, "x"), row("b", 2, 1, "x")]
    found, outcome = stand(rows, sets)
    assert [r[0] for r in found] == ["a", "b"]
    assert outcome.n_gone["crm", "full"] == 1


def test_a_deletion_counts_until_the_record_comes_again() -> None:
    sets = load_sets([load(n, "delta") for n in range(3)], frozenset())
    rows = [row("a", 0, 1, "x"), row("b", 0, 2, "x"), row("b", 2, 1, "x"), row("c", 1, 1, "x")]
    said = Deletions(pa.array(["a", "b", "c"]), np.array([1, 1, 1]))
    assert [r[0] for r in stand(rows, sets, deletions=said)[0]] == ["b"]


def test_the_last_load_of_each_rule_is_kept_for_records_that_came_more_than_once() -> None:
    sets = load_sets(
        [load(0, "delta"), load(1, "full"), load(2, "delta"), load(3, "full")], frozenset({("crm", "full")})
    )
    rows = [row("a", 0, 1, "x"), row("a", 1, 1, "x"), row("a", 2, 1, "x"), row("b", 0, 2, "x"), row("c", 1, 2, "x")]
    seen = [tuple(r.values()) for part in stand(rows, sets)[1].last_seen for r in part.to_pylist()]
    assert sorted(seen) == [("a", 0, 2), ("a", 1, 1), ("c", 1, -1)]


def test_two_rows_of_different_ids_with_one_record_id_are_refused() -> None:
    sets = load_sets([load(0, "delta")], frozenset())
    clash = row("a", 0, 2, "x") | {"source_id": "other"}
    with pytest.raises(IdCollision, match="'a' of crm and 'other' of crm came out with one id, a"):
        stand([row("a", 0, 1, "x"), clash], sets)
