"""The lake: whole snapshots, shared files, one writer, collection by age, damage that is named."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from punte.errors import DamagedSnapshot, HomeIsBusy, UnknownName
from punte.records.lake import Lake, Snapshot

AT = datetime(2026, 3, 2, 9, 0)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def publish(lake: Lake, at: datetime = AT, **tables: list[int]) -> Snapshot:
    """Publish tables with one column ``n``; each table in one file."""
    staged = {}
    for name, numbers in tables.items():
        path = lake.path.parent / f"{name}.parquet"
        path.parent.mkdir(exist_ok=True)
        pq.write_table(pa.table({"n": numbers}), path)
        staged[name] = [path]
    with lake.writing("test"):
        return lake.publish(staged, schema_version=1, at=at, about={"loads": []})


def numbers(snapshot: Snapshot, table: str) -> list[int]:
    return [n for path in snapshot.paths(table) for n in pq.read_table(path).column("n").to_pylist()]


def files(lake: Lake) -> set[str]:
    return {path.stem for path in (lake.path / "files").iterdir()}


def test_a_lake_without_a_snapshot_has_no_current_one(lake: Lake) -> None:
    assert lake.current() is None


def test_what_was_published_is_read_back_with_its_rows_and_checksums(lake: Lake) -> None:
    published = publish(lake, person=[1, 2], person_private=[7, 8], deal=[])
    current = lake.current()
    assert current == published
    current.verify()
    assert (current.tables, current.at) == (("deal", "person"), AT)
    assert (numbers(current, "person"), current.rows("person"), current.rows("deal")) == ([1, 2], 2, 0)
    assert [pq.read_table(path).column("n").to_pylist() for path in current.private_paths("person")] == [[7, 8]]
    assert current.private_paths("deal") == []


def test_a_table_that_is_not_there_is_named(lake: Lake) -> None:
    with pytest.raises(UnknownName, match=r"no table lead.*Its tables are person"):
        publish(lake, person=[1]).paths("lead")


def test_files_that_did_not_change_are_shared_between_snapshots(lake: Lake) -> None:
    first = publish(lake, person=[1, 2], deal=[5])
    second = publish(lake, AT + timedelta(hours=1), person=[1, 2], deal=[5, 6])
    assert second.paths("person") == first.paths("person")
    assert second.paths("deal") != first.paths("deal")
    assert len(files(lake)) == 3
    assert second.manifest["parent"] == first.id


def test_publishing_the_same_rows_again_publishes_nothing(lake: Lake) -> None:
    first = publish(lake, person=[1, 2])
    again = publish(lake, AT + timedelta(days=1), person=[1, 2])
    assert (again, [snapshot.id for snapshot in lake.history()]) == (first, [first.id])


def test_going_back_to_earlier_rows_gives_the_state_from_before_in_a_new_snapshot(lake: Lake) -> None:
    first = publish(lake, person=[1])
    second = publish(lake, AT + timedelta(hours=1), person=[1, 2])
    third = publish(lake, AT + timedelta(hours=2), person=[1])
    assert third.state == first.state != second.state
    assert third.id not in {first.id, second.id}


def test_a_reader_keeps_its_snapshot_while_others_are_published(lake: Lake) -> None:
    before = publish(lake, person=[1])
    publish(lake, AT + timedelta(hours=1), person=[2])
    assert numbers(before, "person") == [1]


def test_a_second_writer_is_refused_and_told_who_writes(lake: Lake) -> None:
    code = (
        "import sys; from pathlib import Path; from punte.records.lake import Lake\n"
        f"with Lake(Path({str(lake.path)!r})).writing('a long import'):\n"
        "    print('writing', flush=True); sys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout.readline() == "writing\n"
        with pytest.raises(HomeIsBusy) as refused, lake.writing("another"):
            pass
        writer.communicate("done\n")
    assert refused.value.facts["pid"] == writer.pid
    assert f"Process {writer.pid} is writing here (a long import)" in str(refused.value)
    with lake.writing("another"):
        assert lake.current() is None


def test_publishing_without_the_lock_is_a_mistake_in_the_program(lake: Lake) -> None:
    with pytest.raises(RuntimeError, match="inside writing"):
        lake.publish({}, schema_version=1, at=AT, about={})


def test_snapshots_are_collected_a_day_after_they_were_replaced_and_not_after_they_were_made(lake: Lake) -> None:
    first = publish(lake, AT, person=[1])
    second = publish(lake, AT + timedelta(days=30), person=[2])
    third = publish(lake, AT + timedelta(days=30, hours=1), person=[3])
    with lake.writing("collect"):
        early = lake.collect(at=AT + timedelta(days=30, hours=2))
        assert early == []
        assert numbers(first, "person") == [1]
        late = lake.collect(at=AT + timedelta(days=31))
    assert late == [first.id, first.paths("person")[0].name]
    assert [snapshot.id for snapshot in lake.history()] == [third.id, second.id]
    assert files(lake) == {second.paths("person")[0].stem, third.paths("person")[0].stem}


def test_the_current_snapshot_and_the_one_before_it_are_never_collected(lake: Lake) -> None:
    first = publish(lake, AT, person=[1], deal=[1])
    second = publish(lake, AT + timedelta(hours=1), person=[2], deal=[1])
    with lake.writing("collect"):
        assert lake.collect(at=AT + timedelta(days=400)) == []
    first.verify()
    second.verify()


def test_files_of_a_publishing_that_never_ended_are_collected(lake: Lake) -> None:
    current = publish(lake, person=[1])
    (lake.path / "files" / "lost.parquet").write_bytes(b"half")
    (lake.path / "manifests" / "abc.json.unfinished").write_bytes(b"half")
    with lake.writing("collect"):
        assert lake.collect(at=AT) == ["abc.json.unfinished", "lost.parquet"]
    current.verify()


def test_a_flipped_byte_anywhere_is_refused_with_the_name_of_the_file(lake: Lake) -> None:
    snapshot = publish(lake, person=list(range(500)), deal=list(range(200)))
    names = [*(lake.path / "files").iterdir(), *(lake.path / "manifests").iterdir()]
    chance = random.Random(7)
    refused = []
    for _ in range(300):
        path = chance.choice(names)
        sound = path.read_bytes()
        place = chance.randrange(len(sound))
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 1 << chance.randrange(8)]) + sound[place + 1 :])
        with pytest.raises(DamagedSnapshot) as error:
            lake.snapshot(snapshot.id).verify()
        refused.append(path.name in str(error.value))
        path.write_bytes(sound)
    assert refused == [True] * 300
    lake.snapshot(snapshot.id).verify()


def test_on_request_the_latest_snapshot_without_damage_is_read(lake: Lake) -> None:
    first = publish(lake, person=[1])
    second = publish(lake, AT + timedelta(hours=1), person=[2])
    assert lake.newest_sound().id == second.id
    second.paths("person")[0].write_bytes(b"rot")
    assert lake.newest_sound().id == first.id
    first.paths("person")[0].unlink()
    with pytest.raises(DamagedSnapshot, match="No snapshot of this home is sound"):
        lake.newest_sound()


def test_a_pointer_to_nowhere_is_named_and_the_next_publishing_mends_it(lake: Lake) -> None:
    first = publish(lake, person=[1])
    (lake.path / "CURRENT").write_text("nowhere\n")
    with pytest.raises(DamagedSnapshot, match="no manifest of snapshot nowhere"):
        lake.current()
    assert publish(lake, AT + timedelta(hours=1), person=[1]).id == first.id
    assert lake.current().id == first.id


def test_a_damaged_file_is_replaced_when_the_same_rows_are_published_again(lake: Lake) -> None:
    first = publish(lake, person=[1])
    first.paths("person")[0].write_bytes(b"rot")
    again = publish(lake, AT + timedelta(hours=1), person=[1])
    again.verify()
    assert again.id == first.id
