"""What is found in files, folders and zips."""

from __future__ import annotations

import hashlib
import os
import re
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from punte.errors import UnreadableFile
from punte.sources.files.reading import FoundFile, Limits, find_files, open_table

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 4
WriteZip = Callable[..., Path]


def found_in(*paths: Path, limits: Limits | None = None) -> list[tuple[str, str]]:
    return [(file.name, file.kind) for file in find_files(paths, limits or Limits())]


def sentences(found: list[FoundFile]) -> dict[str, str]:
    return {file.name: file.refusal.sentence for file in found if file.refusal}


def test_a_folder_is_walked_in_the_order_of_names_and_its_documents_are_skipped_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "deals.tsv").write_text("id\tname\n1\tAna\n")
    (tmp_path / "a.csv").write_text("id,name\n1,Ana\n")
    (tmp_path / "README.md").write_text("# Exports, and what they mean\n")
    (tmp_path / "LICENSE").write_text("Permission is hereby granted,\nfree of charge, to any person, to do\nthis\n")
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    (tmp_path / ".hidden.csv").write_text("id\n1\n")
    (tmp_path / "~$book.xlsx").write_bytes(b"lock")
    found = find_files([tmp_path])
    assert [(file.name, file.kind) for file in found] == [
        ("LICENSE", "skipped"),
        ("README.md", "skipped"),
        ("a.csv", "csv"),
        ("b/deals.tsv", "csv"),
        ("logo.png", "skipped"),
    ]
    assert sentences(found) == {
        "LICENSE": "LICENSE is a text document, not a table.",
        "README.md": "README.md is a text document, not a table.",
        "logo.png": "logo.png is a PNG picture, not a table.",
    }


def test_size_and_checksum_are_those_of_the_bytes(tmp_path: Path) -> None:
    content = b"id,name\n1,Ana\n" * 100_000
    (tmp_path / "a.csv").write_bytes(content)
    (file,) = find_files([tmp_path / "a.csv"])
    assert (file.name, file.n_bytes, file.sha256) == ("a.csv", 1_400_000, hashlib.sha256(content).hexdigest())


def test_the_kind_is_told_by_the_content_and_not_by_the_name(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1]}), tmp_path / "a.csv")
    (tmp_path / "b.parquet").write_text("id,name\n1,Ana\n2,Ion\n")
    book = openpyxl.Workbook()
    book.active["A1"] = "id"
    book.save(tmp_path / "c.txt")
    assert found_in(tmp_path) == [("a.csv", "parquet"), ("b.parquet", "csv"), ("c.txt#Sheet", "excel")]


def test_a_text_file_without_a_telling_name_is_a_table_when_its_lines_are_alike(tmp_path: Path) -> None:
    (tmp_path / "deals.txt").write_text("id;name\n1;Ana\n2;Ion\n")
    (tmp_path / "export.xls").write_text("id\tname\n1\tAna\n")
    (tmp_path / "notes.txt").write_text("We met, and talked.\nThen we went home\nand, later, slept.\n")
    assert found_in(tmp_path) == [("deals.txt", "csv"), ("export.xls", "csv"), ("notes.txt", "skipped")]


def test_a_workbook_gives_one_table_for_each_visible_sheet_with_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Leads"
    book.active.append(["id", "name"])
    book.create_sheet("Empty")
    hidden = book.create_sheet("Lists")
    hidden["A1"], hidden.sheet_state = "x", "hidden"
    book.create_sheet("Won & lost").append(["id"])
    book.create_chartsheet("Chart")
    book.save(tmp_path / "crm.xlsx")
    found = find_files([tmp_path / "crm.xlsx"])
    assert [(file.name, file.kind, file.sheet) for file in found] == [
        ("crm.xlsx#Leads", "excel", "Leads"),
        ("crm.xlsx#Empty", "skipped", "Empty"),
        ("crm.xlsx#Lists", "skipped", "Lists"),
        ("crm.xlsx#Won & lost", "excel", "Won & lost"),
        ("crm.xlsx#Chart", "skipped", "Chart"),
    ]
    assert sentences(found) == {
        "crm.xlsx#Empty": "crm.xlsx#Empty is an empty sheet.",
        "crm.xlsx#Lists": "crm.xlsx#Lists is a hidden sheet.",
        "crm.xlsx#Chart": "crm.xlsx#Chart is a chart or macro sheet.",
    }


def test_the_members_of_a_zip_are_found_and_read(write_zip: WriteZip) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id"])
    book.active.append([7])
    book.save(write_zip({}).parent / "book.xlsx")
    parquet = pa.BufferOutputStream()
    pq.write_table(pa.table({"id": [8]}), parquet)
    path = write_zip(
        {
            "folder/b.csv": b"id\n9\n",
            "a.xlsx": (write_zip({}).parent / "book.xlsx").read_bytes(),
            "c.parquet": parquet.getvalue().to_pybytes(),
            "__MACOSX/._b.csv": b"\0\5",
            "folder/.DS_Store": b"\0\0",
            "readme.md": b"# Hello\n",
        }
    )
    found = find_files([path])
    assert [(file.name, file.kind) for file in found] == [
        ("export.zip/a.xlsx#Sheet", "excel"),
        ("export.zip/c.parquet", "parquet"),
        ("export.zip/folder/b.csv", "csv"),
        ("export.zip/readme.md", "skipped"),
    ]
    read = [[batch.to_pydict() for batch in open_table(file).batches()] for file in found if file.is_table]
    assert read == [
        [{"row_number": [2], "id": ["7"]}],
        [{"row_number": [1], "id": [8]}],
        [{"row_number": [2], "id": ["9"]}],
    ]


def test_two_members_of_the_same_name_are_two_tables(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", "id\n1\n")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.csv", "id\n2\n")
    read = [[b.to_pydict()["id"] for b in open_table(file).batches()] for file in find_files([tmp_path / "a.zip"])]
    assert read == [[["1"]], [["2"]]]


def test_names_that_leave_the_zip_are_only_shown(write_zip: WriteZip) -> None:
    path = write_zip({"../../etc/evil.csv": b"id\n1\n", "/abs.csv": b"id\n2\n", "new\nline.csv": b"id\n3\n"})
    found = find_files([path])
    assert [file.name for file in found] == [
        "export.zip/../../etc/evil.csv",
        "export.zip//abs.csv",
        "export.zip/new\ufffdline.csv",
    ]
    assert [file.path for file in found] == [path] * 3
    assert not (path.parent.parent / "etc").exists()


def test_a_zip_inside_a_zip_is_refused_and_the_rest_is_read(write_zip: WriteZip) -> None:
    inner = write_zip({"a.csv": b"id\n1\n"}, name="inner.zip").read_bytes()
    found = find_files([write_zip({"b.csv": b"id\n1\n", "inner.zip": inner})])
    assert [(file.name, file.kind) for file in found] == [
        ("export.zip/b.csv", "csv"),
        ("export.zip/inner.zip", "refused"),
    ]
    assert sentences(found) == {
        "export.zip/inner.zip": "export.zip/inner.zip is a zip inside a zip, which is not opened."
    }


def lock(path: Path) -> None:
    """Set the "encrypted" bit of every member, as password protection does."""
    content = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(signature)
        while start >= 0:
            (flags,) = struct.unpack_from("<H", content, start + at)
            struct.pack_into("<H", content, start + at, flags | 1)
            start = content.find(signature, start + 4)
    path.write_bytes(content)


def test_a_zip_with_a_password_is_refused_with_one_sentence(write_zip: WriteZip) -> None:
    path = write_zip({"a.csv": b"id\n1\n"})
    lock(path)
    with pytest.raises(UnreadableFile) as refused:
        find_files([path])
    assert str(refused.value) == (
        "export.zip/a.csv is locked with a password. Unpack the zip with its password and import the files."
    )
    assert refused.value.facts == {"file": "export.zip/a.csv", "reason": "locked"}


@pytest.mark.parametrize(
    ("limits", "reason", "sentence"),
    [
        (Limits(zip_bytes=10**6), "too_large", "export.zip would unpack to 9.5 MB, more than the 976.6 KB allowed."),
        (Limits(zip_entries=1), "too_many_entries", "export.zip holds 2 files, more than the 1 that are read .*"),
        (Limits(zip_ratio_from_bytes=1), "zip_bomb", "export.zip would grow 1[0-9]{3} times when unpacked, .*"),
    ],
)
def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    write_zip: WriteZip, limits: Limits, reason: str, sentence: str
) -> None:
    path = write_zip({"zeros.csv": b"0" * 9_999_000, "a.csv": b"id\n1\n"})
    with pytest.raises(UnreadableFile) as refused:
        find_files([path], limits)
    assert refused.value.facts == {"file": "export.zip", "reason": reason}
    assert re.fullmatch(sentence, refused.value.what)


def test_a_zip_that_lies_about_its_sizes_does_not_get_past_the_limit(write_zip: WriteZip) -> None:
    path = write_zip({"a.csv": b"id\n" + b"1\n" * 1_000_000})
    content = bytearray(path.read_bytes())
    central = content.find(b"PK\x01\x02")
    struct.pack_into("<I", content, central + 24, 10)
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as refused:
        find_files([path])
    assert refused.value.what == "export.zip/a.csv is a damaged zip archive."


def test_a_damaged_zip_is_refused_with_one_sentence(write_zip: WriteZip) -> None:
    path = write_zip({"a.csv": os.urandom(10_000)})
    path.write_bytes(path.read_bytes()[:5_000])
    with pytest.raises(UnreadableFile) as refused:
        find_files([path])
    assert str(refused.value) == "export.zip is a damaged zip archive. Download or export it again."


def test_a_member_whose_bytes_are_damaged_is_refused_and_the_rest_is_read(write_zip: WriteZip) -> None:
    path = write_zip({"a.csv": b"id\n" + b"1\n" * 5000, "b.csv": b"id\n1\n"}, method=zipfile.ZIP_STORED)
    content = path.read_bytes().replace(b"1\n1\n1\n", b"2\n1\n1\n", 1)
    path.write_bytes(content)
    found = find_files([path])
    assert [(file.name, file.kind) for file in found] == [("export.zip/a.csv", "refused"), ("export.zip/b.csv", "csv")]
    assert sentences(found) == {"export.zip/a.csv": "export.zip/a.csv is a damaged zip archive."}


def test_a_file_named_twice_comes_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id\n1\n")
    assert found_in(tmp_path / "a.csv", tmp_path, tmp_path / "a.csv") == [("a.csv", "csv")]


def test_links_that_go_round_in_circles_end(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id\n1\n")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    (tmp_path / "z.csv").symlink_to(tmp_path / "a.csv")
    assert found_in(tmp_path) == [("a.csv", "csv"), ("again", "skipped"), ("loop.csv", "refused")]


def test_pipes_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id\n1\n")
    os.mkfifo(tmp_path / "pipe.csv")
    found = find_files([tmp_path])
    assert sentences(found) == {"pipe.csv": "pipe.csv is a device, pipe or socket, not a file."}


@contextmanager
def as_nobody() -> Iterator[None]:
    """Run without the rights of root, who may read everything."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(was)


def test_what_may_not_be_read_is_refused_by_name() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "a.csv").write_text("id\n1\n")
        (folder / "b.csv").write_text("id\n1\n")
        (folder / "b.csv").chmod(0)
        (folder / "c").mkdir(mode=0)
        with as_nobody():
            found = find_files([folder])
    assert [(file.name, file.kind) for file in found] == [("a.csv", "csv"), ("b.csv", "refused"), ("c", "refused")]
    assert sentences(found) == {
        "b.csv": "b.csv may not be read by this user.",
        "c": "c may not be read by this user.",
    }


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        find_files([tmp_path / "no.csv"])
    assert str(refused.value) == f"There is no file or folder {tmp_path}/no.csv. Check the path."


def test_a_folder_without_tables_is_refused_and_says_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "photo.csv").write_bytes(JPEG)
    (tmp_path / "notes.md").write_text("# Notes\n")
    with pytest.raises(UnreadableFile) as refused:
        find_files([tmp_path])
    assert str(refused.value) == (
        f"There is no table in {tmp_path}: 2 files were looked at and none is one. "
        "notes.md is a text document, not a table. photo.csv is a JPEG picture, not a table. "
        "Export the data again as CSV, Excel (.xlsx) or Parquet."
    )


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="There is no table in .*: 0 files were looked at"):
        find_files([tmp_path])


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id\n1\n")
    with pytest.raises(UnreadableFile) as refused:
        find_files([tmp_path / "a.csv"], Limits(file_bytes=4))
    assert refused.value.what == "a.csv has 5 bytes, more than the 4 bytes allowed."


def test_opening_what_was_refused_says_why_again(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id\n1\n")
    (tmp_path / "photo.csv").write_bytes(JPEG)
    refused_file = find_files([tmp_path])[1]
    with pytest.raises(UnreadableFile) as refused:
        open_table(refused_file)
    assert str(refused.value) == (
        "photo.csv is a JPEG picture, not a table. Export the data again as CSV, Excel (.xlsx) or Parquet."
    )
