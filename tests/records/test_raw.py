"""The raw store: loads that are never changed, decisions about them, personal columns apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from punte.errors import DamagedImport, DiskFailed, LakeError, UnknownLoad
from punte.records.raw import Incoming, Load, RawStore

AT = datetime(2026, 3, 2, 9, 0)
HEADER = ("id", "email", "country")


@pytest.fixture
def store(tmp_path: Path) -> RawStore:
    return RawStore(tmp_path / "raw", tmp_path / "tmp")


def incoming(sha256: str = "ab" * 32, personal: tuple[str, ...] = ("email",), rule: str = "contacts") -> Incoming:
    return Incoming("crm", rule, "contacts.csv", sha256, HEADER, frozenset(personal))


def batch(*rows: tuple[int, str, str | None, str | None]) -> pa.RecordBatch:
    text = [(name, pa.string()) for name in HEADER]
    names = ("row_number", *HEADER)
    return pa.RecordBatch.from_pylist(
        [dict(zip(names, row, strict=True)) for row in rows], schema=pa.schema([("row_number", pa.int64()), *text])
    )


TWO = batch((2, "1", "a@x.ro", "RO"), (3, "2", None, "DE"))
ONE = batch((4, "3", "c@x.ro", None))


def rows(load: Load, n: int = 65_536) -> list[dict[str, object]]:
    return [row for part in load.batches(n) for row in part.to_pylist()]


def test_rows_come_back_as_they_came_in(store: RawStore) -> None:
    load = store.add(incoming(), [TWO, ONE], at=AT, about=lambda: {"encoding": "utf-8"})
    assert rows(load) == rows(load, 1) == TWO.to_pylist() + ONE.to_pylist()
    assert [part.schema.names for part in load.batches()][0] == ["row_number", "id", "email", "country"]
    assert (load.rows, load.sha256, load.header, load.personal) == (3, "ab" * 32, HEADER, ("email",))
    assert (load.recorded_at, load.about, load.counts, load.decisions) == (AT, {"encoding": "utf-8"}, True, ())


def test_personal_columns_lie_in_a_file_of_their_own(store: RawStore) -> None:
    load = store.add(incoming(), [TWO], at=AT)
    assert pq.read_table(load.path).column_names == ["row_number", "id", "country"]
    assert pq.read_table(load.private_path).to_pydict() == {"row_number": [2, 3], "email": ["a@x.ro", None]}
    assert b"a@x.ro" not in load.path.read_bytes()


def test_a_load_without_personal_columns_has_one_file(store: RawStore) -> None:
    load = store.add(incoming(personal=()), [TWO], at=AT)
    assert not load.private_path.exists()
    assert rows(load) == TWO.to_pylist()


def test_a_file_without_rows_is_a_load_that_keeps_its_columns(store: RawStore) -> None:
    load = store.add(incoming(), [], at=AT)
    assert load.rows == 0
    assert [part.num_rows for part in load.batches()] in ([], [0])
    assert pq.read_schema(load.path).names == ["row_number", "id", "country"]


def test_loads_are_listed_in_the_order_in_which_they_came_even_within_one_second(store: RawStore) -> None:
    first = store.add(incoming("ff" * 32), [TWO], at=AT)
    second = store.add(incoming("00" * 32, rule="deals"), [ONE], at=AT)
    earlier_clock = store.add(incoming("11" * 32), [ONE], at=AT - timedelta(days=1))
    ids = [first.id, second.id, earlier_clock.id]
    assert ids == sorted(ids) == [load.id for load in store.loads()]
    assert [len(load_id) for load_id in ids] == [12, 12, 12]
    assert earlier_clock.recorded_at == AT - timedelta(days=1)


def test_another_store_on_the_same_folder_sees_the_same_loads(store: RawStore) -> None:
    store.add(incoming(), [TWO], at=AT)
    store.take_back(store.loads()[0].id, by="marta", at=AT)
    assert RawStore(store.path, store.scratch).loads() == store.loads()


def test_the_same_bytes_of_the_same_source_and_rule_are_known_again(store: RawStore) -> None:
    load = store.add(incoming(), [TWO], at=AT)
    assert store.same(incoming()) == load
    assert store.same(incoming("cd" * 32)) is None
    assert store.same(incoming(rule="deals")) is None


def test_a_load_is_taken_back_and_brought_again_and_all_of_it_stays_written(store: RawStore) -> None:
    load_id = store.add(incoming(), [TWO], at=AT).id
    away = store.take_back(load_id, by="marta", at=AT + timedelta(hours=1), reason="wrong file")
    assert (away.counts, rows(away)) == (False, TWO.to_pylist())
    back = store.bring_again(load_id, by="sandro", at=AT + timedelta(hours=2))
    assert back.counts
    assert [(d.action, d.by, d.at.hour, d.reason) for d in back.decisions] == [
        ("taken_back", "marta", 10, "wrong file"),
        ("brought_again", "sandro", 11, ""),
    ]


def test_a_held_load_does_not_count_until_it_is_confirmed(store: RawStore) -> None:
    load_id = store.add(incoming(), [TWO], at=AT).id
    held = store.decide(load_id, "held", by="punte", at=AT)
    assert (held.counts, held.is_confirmed) == (False, False)
    confirmed = store.decide(load_id, "confirmed", by="lea", at=AT)
    assert (confirmed.counts, confirmed.is_confirmed) == (True, True)


def test_a_load_that_nobody_knows_is_named(store: RawStore) -> None:
    with pytest.raises(UnknownLoad, match="No import has the id 000000000000"):
        store.take_back("000000000000", by="marta", at=AT)


def test_a_crash_while_rows_are_read_leaves_no_load_and_its_files_are_swept(store: RawStore) -> None:
    whole = store.add(incoming("cd" * 32), [TWO], at=AT)

    def breaking() -> object:
        yield TWO
        raise ValueError("the file breaks off")

    with pytest.raises(ValueError, match="breaks off"):
        store.add(incoming(), breaking(), at=AT)
    (whole.path.with_name("000000000abc.parquet")).write_bytes(b"half")
    (whole.path.with_name("000000000abc.json.unfinished")).write_bytes(b"half")
    assert store.loads() == [whole]
    assert store.sweep() == 2
    assert rows(store.loads()[0]) == TWO.to_pylist()


def test_two_files_of_a_load_that_do_not_fit_together_are_refused(store: RawStore) -> None:
    load = store.add(incoming(), [TWO], at=AT)
    pq.write_table(pa.table({"row_number": [2, 9], "email": ["a@x.ro", None]}), load.private_path)
    with pytest.raises(DamagedImport, match=r"are not what was written.*_private.parquet"):
        rows(load)
    with pytest.raises(LakeError, match=r"do not hold the same rows.*Import contacts.csv again"):
        rows(replace(load, checksums={}))  # as a load is that came before checksums were kept


def test_a_disk_that_refuses_is_named_with_the_file(store: RawStore) -> None:
    store.path.parent.joinpath("raw").write_bytes(b"a file where the folder should be")
    with pytest.raises(DiskFailed, match=r"refused to work on .*raw"):
        store.add(incoming(), [TWO], at=AT)


def test_names_of_sources_and_rules_may_hold_any_sign(store: RawStore) -> None:
    strange = Incoming("..", "deals/2024", "x.csv", "ab" * 32, HEADER, frozenset())
    load = store.add(strange, [TWO], at=AT)
    assert load.path.parent == store.path / "%2E%2E" / "deals%2F2024"
    assert (store.loads()[0].source, store.loads()[0].rule) == ("..", "deals/2024")
