"""Files that are not what their name says: one clear sentence each."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punte.errors import UnreadableFile
from punte.sources.files.reading import find_files, open_table

BEGINNINGS = [
    b"PAR1", b"PK\3\4", b"PK\5\6", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xfe\0\0", b"id,name\n",
    b"id;name\r",
    b'"', b'a,"b', b"sep=;\n", b"<html", b"{", b"\0\0", "id,oraş\n".encode("utf-16-le"), "Bucureşti,".encode("cp1250"),
]  # fmt: skip
AS_TABLE = "Export the data again as CSV, Excel (.xlsx) or Parquet."
SAVE_ANEW = "Open it in Excel or LibreOffice, save it as .xlsx or CSV, and import that."
UNPACK = "Unpack it first and import the files that are inside."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def word_document() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\1" * 99, f"a.csv is a JPEG picture, not a table. {AS_TABLE}"),
        ("a.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", f"a.csv is a PDF document, not a table. {AS_TABLE}"),
        ("a.csv", gzip.compress(b"id\n1\n", mtime=0), f"a.csv is a gzip archive, not a table. {UNPACK}"),
        (
            "a.csv",
            b"SQLite format 3\0\x10\0\1\1",
            "a.csv is an SQLite database, not a table. Export the table from it as CSV.",
        ),
        (
            "report.xls",
            b"\r\n<html><head><meta charset='utf-8'></head><table><tr><td>id</td></tr></table></html>",
            f"report.xls is a web page (an HTML table that some exports name .xls), not a table. {SAVE_ANEW}",
        ),
        (
            "wide.csv",
            "\ufeff<!DOCTYPE html>\n<html>".encode("utf-16-le"),
            f"wide.csv is a web page (an HTML table that some exports name .xls), not a table. {SAVE_ANEW}",
        ),
        (
            "old.xls",
            b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            f"old.xls is an XML spreadsheet of 2003, not a table. {SAVE_ANEW}",
        ),
        ("a.csv", b'{"leads": [{"id": 1}]}', f"a.csv is a JSON document, not a table. {AS_TABLE}"),
        ("a.csv", b"BEGIN:VCARD\nVERSION:3.0\n", "a.csv is a set of vCards, not a table. Export the contacts as CSV."),
        ("a.csv", bytes(range(256)) * 40, f"a.csv is binary data, not a table. {AS_TABLE}"),
        (
            "a.csv",
            b"\0" * 5000,
            "a.csv is nothing but NUL bytes, as after a copy that was cut off, not a table. Copy or export it again.",
        ),
        ("a.csv", b"", "a.csv is empty (0 bytes). Export the data again."),
        (
            "a.xlsx",
            word_document(),
            f"a.xlsx is a text document or presentation of an office program, not a table. {AS_TABLE}",
        ),
        (
            "a.xlsx",
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx is a workbook locked with a password, not a table. Save it in Excel without a password.",
        ),
        ("a.xls", OLE + "WordDocument".encode("utf-16-le"), f"a.xls is a Word document, not a table. {AS_TABLE}"),
        (
            "a.xls",
            OLE,
            "a.xls cannot be read as a workbook: Cannot detect file format. "
            "Open it in Excel or LibreOffice and save it anew, without a password.",
        ),
        (
            "a.parquet",
            b"PAR1" + b"\1" * 99,
            "a.parquet is a damaged or incomplete Parquet file. Copy or write it again.",
        ),
        (
            "a.parquet",
            b"PARE" + b"\1" * 99,
            "a.parquet is an encrypted Parquet file, not a table. Save it without encryption.",
        ),
        ("notes.md", b"# Notes\n", f"notes.md is a text document, not a table. {AS_TABLE}"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile) as refused:
        find_files([tmp_path / name])
    assert str(refused.value) == message


@pytest.mark.parametrize(
    "first",
    ["PARENT_ID", "PAR1", "ORC", "RIFF", "GIF89", "BZh", "Rar!", "MZ", "PK", "Obj", "[Region]", "<none>", "{x}"],
)
def test_a_table_whose_header_begins_like_another_kind_of_file_is_still_a_table(tmp_path: Path, first: str) -> None:
    (tmp_path / "a.csv").write_text(f"{first},City\nNorth,Iasi\n")
    (file,) = find_files([tmp_path / "a.csv"])
    assert (file.kind, open_table(file).header) == ("csv", [first, "City"])


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(
    content=st.binary(max_size=200) | st.builds(bytes.__add__, st.sampled_from(BEGINNINGS), st.binary(max_size=100)),
    name=st.sampled_from(["a.csv", "a.txt", "a.parquet", "a"]),
)
def test_any_bytes_are_read_or_refused_with_one_sentence_and_a_remedy(content: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        try:
            table = open_table(find_files([Path(folder) / name])[0])
            n_rows = sum(batch.num_rows for batch in table.batches())
        except UnreadableFile as error:
            message, remedy = str(error), error.remedy
        else:
            message, remedy = f"{table.report.n_rows} rows", f"{n_rows} rows"
    assert message.endswith(remedy)
    assert remedy
    assert "\n" not in message
