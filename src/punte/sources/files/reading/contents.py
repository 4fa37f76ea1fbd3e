"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .encodings import MARKS, wide_encoding
from .reports import Refusal

Form = Literal["text", "zip", "excel", "parquet", "other"]

AS_TABLE = "Export the data again as CSV, Excel (.xlsx) or Parquet."
UNPACK = "Unpack it first and import the files that are inside."
SAVE_ANEW = "Open it in Excel or LibreOffice, save it as .xlsx or CSV, and import that."
EXPORT_TABLE = "Export the table from it as CSV."

SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\xff\xd8\xff", "a JPEG picture", AS_TABLE),
    (b"\x89PNG\r\n", "a PNG picture", AS_TABLE),
    (b"GIF89a", "a GIF picture", AS_TABLE),
    (b"GIF87a", "a GIF picture", AS_TABLE),
    (b"%PDF", "a PDF document", AS_TABLE),
    (b"\x1f\x8b", "a gzip archive", UNPACK),
    (b"BZh91AY&SY", "a bzip2 archive", UNPACK),
    (b"\xfd7zXZ\x00", "an xz archive", UNPACK),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (b"SQLite format 3\x00", "an SQLite database", EXPORT_TABLE),
    (b"{\\rtf", "an RTF document", AS_TABLE),
    (b"ARROW1\x00\x00", "an Arrow file", "Save it as Parquet."),
    (b"Obj\x01", "an Avro file", "Save it as Parquet."),
    (b"\x7fELF", "a program", AS_TABLE),
    (b"MZ\x90", "a Windows program", AS_TABLE),
    (b"BEGIN:VCARD", "a set of vCards", "Export the contacts as CSV."),
    (b"BEGIN:VCALENDAR", "a calendar", "Export the events as CSV."),
    (b"MIME-Version:", "a web archive or an e-mail", SAVE_ANEW),
    (b"OggS\x00", "a sound file", AS_TABLE),
)
# These letters may also begin the header of a text file, as in PARENT_ID.
BINARY_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"PARE", "an encrypted Parquet file", "Save it without encryption."),
    (b"ORC", "an ORC file", "Save it as Parquet."),
    (b"RIFF", "a sound, video or WebP file", AS_TABLE),
)
HTML = re.compile(
    r"\s*(<!--.*?-->\s*)?<(!doctype html|html|head|body|table|meta|div|style)\b", re.IGNORECASE | re.DOTALL
)
JSON = re.compile(r"\s*(\{\s*[\"}]|\[\s*[{\[\]\"])")
CONTROL = bytes(set(range(32)) - set(b"\x00\t\n\x0b\x0c\r\x1b\x1c\x1d\x1e\x1f")) + b"\x7f"
MOST_CONTROL_SHARE, MOST_NUL_SHARE = 0.02, 0.3


@dataclass(frozen=True)
class Content:
    """What a file holds. Form "other" says with ``what`` and ``remedy`` why it is no table."""

    form: Form
    what: str = ""
    remedy: str = ""

    def refusal(self, name: str) -> Refusal:
        """The sentence for a file whose content is no table."""
        return Refusal("not_a_table", f"{name} is {self.what}, not a table.", self.remedy)


def recognise(head: bytes) -> Content:
    """What the first 64 KB of a file say that it is; ``zip`` may yet prove to be a workbook."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Content("zip")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _of_office(head)
    is_binary = len(head.translate(None, CONTROL + b"\0")) < len(head)
    if head.startswith(b"PAR1") and is_binary:
        return Content("parquet")
    for signature, what, remedy in SIGNATURES + (BINARY_SIGNATURES if is_binary else ()):
        if head.startswith(signature):
            return Content("other", what, remedy)
    if not head.strip(b"\0"):
        return Content("other", "nothing but NUL bytes, as after a copy that was cut off", "Copy or export it again.")
    return _of_text(head)


def _of_office(head: bytes) -> Content:
    """Excel 97-2003 workbooks share their container with other Office documents and with encrypted ones."""
    if "EncryptedPackage".encode("utf-16-le") in head:
        return Content("other", "a workbook locked with a password", "Save it in Excel without a password.")
    if "WordDocument".encode("utf-16-le") in head:
        return Content("other", "a Word document", AS_TABLE)
    if "PowerPoint Document".encode("utf-16-le") in head:
        return Content("other", "a PowerPoint presentation", AS_TABLE)
    return Content("excel")


def _of_text(head: bytes) -> Content:
    encoding = next((name for mark, name in MARKS if head.startswith(mark)), None) or wide_encoding(head)
    if encoding is None:
        n_control = len(head) - len(head.translate(None, CONTROL))
        if n_control > max(8, MOST_CONTROL_SHARE * len(head)) or head.count(0) > MOST_NUL_SHARE * len(head):
            return Content("other", "binary data", AS_TABLE)
    text = head[:4096].decode(encoding or "latin-1", "replace").lstrip("\ufeff")
    if HTML.match(text):
        return Content("other", "a web page (an HTML table that some exports name .xls)", SAVE_ANEW)
    if text.lstrip().startswith("<?xml"):
        what = "an XML document"
        if "urn:schemas-microsoft-com:office:spreadsheet" in text:
            what = "an XML spreadsheet of 2003"
        return Content("other", what, SAVE_ANEW)
    if JSON.match(text):
        return Content("other", "a JSON document", AS_TABLE)
    return Content("text")
