"""Files that are not what their name says: one clear sentence each."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from punte.errors import UnreadableFile
from punte.sources.files.reading import find_files

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
        ("a.csv", gzip.compress(b"id\n1\n"), f"a.csv is a gzip archive, not a table. {UNPACK}"),
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


def test_a_table_that_begins_like_markup_or_json_is_still_a_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("[Region],[City]\nNorth,Iasi\n")
    (tmp_path / "b.csv").write_text("<none>,id\nx,1\n")
    assert [file.kind for file in find_files([tmp_path])] == ["csv", "csv"]
