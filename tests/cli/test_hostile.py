"""Files that are broken, wrong or meant to do harm, through the command line: a sentence with a remedy for each, the
good rows kept, no traceback, and no more memory than a small file needs.
"""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytestmark = pytest.mark.slow

MAPPING = """
version = 1
source = "crm"
zone = "UTC"
currency = "EUR"

[[file]]
name = "deals"
match = ["deals*"]

[[file.table]]
table = "opportunity"
id = "id"
name = "name"
status = "stage"
closed = "closed"
amount = "amount"
"""
HEADER = "id,name,stage,closed,amount\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 20
DATES = 'Say in the mapping how dates are written: dates = "%d.%m.%Y", or excel, epoch_s, epoch_ms.'
NUMBERS = 'Say in the mapping how numbers are written: decimal = "," or ".".'


def good(prefix: str) -> str:
    """Two won deals of 100 and 50.50."""
    return f"{HEADER}{prefix}1,Alfa,won,2026-01-05,100.00\n{prefix}2,Beta,won,2026-01-06,50.50\n"


def packed(name: str, content: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(name, content)
    return archive.getvalue()


def parquet() -> bytes:
    written = io.BytesIO()
    pq.write_table(pa.table({"id": ["d1"] * 1000}), written)
    return written.getvalue()


def workbook_with_empty_rows(path: Path, n_rows: int) -> None:
    """Two deals, the second one after so many rows that are there and hold nothing."""
    book = openpyxl.Workbook()
    for line in good("w").splitlines():
        book.active.append(line.split(","))
    small = io.BytesIO()
    book.save(small)
    with zipfile.ZipFile(small) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.namelist():
            text = source.read(member)
            if member == "xl/worksheets/sheet1.xml":
                rows = "".join(f'<row r="{number}"></row>' for number in range(4, n_rows)).encode()
                text = text.replace(b"</sheetData>", rows + b"</sheetData>")
            target.writestr(member, text)


ROWS: dict[str, tuple[bytes, str]] = {
    "deals-utf16.csv": (good("a").encode("utf-16-le"), ""),
    "deals-bytes.csv": (good("b").encode() + "b3,Łódź,won,2026-01-07,1\nb4,é,won,2026-01-08,1\n".encode("cp1250"), ""),
    "deals-mixed.csv": (
        (good("c") + "c3,Łódź șț,won,2026-01-07,1\n").encode() + "c4,é,won,2026-01-08,1\n".encode("cp1252"),
        "1 line is in cp1250, all others in utf-8: it was read so, the first on line 5. Look at the letters there, or "
        "export the data in one encoding.",
    ),
    "deals-broken.csv": (
        (good("l") + "l3,Łódź șț,won,2026-01-07,1\n").encode() + b"l4,a\xc8a,won,2026-01-08,1\n",
        "1 put aside: bad encoding. Line 5 holds bytes that are no characters of the file's encoding. "
        "Say the encoding of the file: --encoding cp1250, for example.",
    ),
    "deals-nul.csv": ((good("d") + "d3,Ga\0mma,won,2026-01-07,1\n").encode(), ""),
    "deals-quote.csv": (
        (good("e") + 'e3,"Gamma,won,2026-01-07,1\ne4,Delta,won,2026-01-08,1\n').encode(),
        "1 put aside: unclosed quote. A quote opens on line 4 and is not closed where a cell can end. That row was "
        "left out; reading goes on with the next line. Close the quotation mark in that line, or export the data "
        "again.",
    ),
    "deals-formulas.csv": (
        (good("f") + 'f3,"=HYPERLINK(""http://x"")",won,2026-01-07,=1+1\n').encode(),
        f"1 repaired: bad number. Row 4: '=1+1' in column 'amount' is no number as numbers are written here. {NUMBERS}",
    ),
    "deals-zeros.csv": (
        (good("g") + "g3,Gamma,won,00/00/0000,1\n").encode(),
        "1 repaired: zero moment. Row 4: '00/00/0000' in column 'closed' is a date of zeros, which stands for none. "
        "Correct it where it came from, if there is a date; else nothing is to be done.",
    ),
    "deals-serials.csv": (
        (good("h") + "h3,Gamma,won,46027,1\n").encode(),
        "1 repaired: bad moment. Row 4: '46027' in column 'closed' is no date or time in the declared format. " + DATES,
    ),
    "deals-twice.csv": (
        good("i").replace("name,stage", "name,stage,name").replace("won,", "won,x,").encode(),
        'Column 4 is called "name" like one before it; it is read as "name (2)".',
    ),
    "deals-huge.csv": (
        (good("j") + "j3," + "x" * 50_000_000 + ",won,2026-01-07,1\nj4,Delta,won,2026-01-08,1\n").encode(),
        "1 put aside: row too large. The row that begins on line 4 is larger than 16 MB, the most that is read as one "
        "row. Shorten the cell where it came from, or export without that column.",
    ),
    "deals-cells.csv": (
        (good("k") + "k3,Gamma,won,2026-01-07,1,too,many\n").encode(),
        "1 put aside: too many cells. Line 4 has 7 cells, the header 5. Quote the cell that holds the separator, "
        "export again, or say --separator.",
    ),
}
FILES: dict[str, tuple[bytes, str]] = {
    "photo.csv": (JPEG, "photo.csv is a JPEG picture, not a table. Save or export it as CSV, Excel (.xlsx) or"),
    "empty.csv": (b"", "empty.csv is empty (0 bytes). Export the data again."),
    "nothing.csv": (
        b"\0" * 9000,
        "nothing.csv is nothing but NUL bytes, as after a copy that was cut off, not a table.",
    ),
    "bomb.zip": (packed("deals.csv", b"0" * 80 * 2**20), "bomb.zip would grow 1028 times when unpacked, as a zip bomb"),
    "cut.zip": (packed("deals.csv", os.urandom(9000))[:3000], "cut.zip is a damaged zip archive. Copy, download or"),
    "cut.csv.gz": (gzip.compress(os.urandom(9000))[:900], "cut.csv.gz is a gzip archive, not a table. Save"),
    "cut.parquet": (
        parquet()[:200],
        "cut.parquet is a damaged or incomplete Parquet file. Copy, download or export it",
    ),
    "cut.xlsx": (
        packed("xl/workbook.xml", os.urandom(9000))[:3000],
        "cut.xlsx is a damaged zip archive. Copy, download",
    ),
    "locked.xlsx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2000,
        "locked.xlsx is a workbook locked with a password, not a table.",
    ),
    "page.xls": (b"<html><body><table><tr><td>id</td></tr></table>", "page.xls is a web page (an HTML table that some"),
    "strange.csv": (b"x,y\n1,2\n", "No mapping speaks of strange.csv. See how it could be understood with punte map,"),
}


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def lines_about(said_err: str, name: str) -> str:
    return " ".join(line for line in said_err.splitlines() if name in line)


def test_rows_that_cannot_be_read_are_named_with_a_remedy_and_the_others_count(punte, mapping, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, (content, _) in ROWS.items():
        (folder / name).write_bytes(content)
    said = punte("import", folder, "--map", mapping, home=tmp_path / "home")
    assert (said.code, "Traceback" in said.err) == (0, False), said.err
    assert [name for name, (_, expected) in ROWS.items() if expected not in lines_about(said.err, name)] == [], said.err
    (row,) = punte("loop", "--by", "", "--format", "csv", home=tmp_path / "home").rows
    # Twelve files with two good deals each, and of 1 each b3, b4, c3, c4, d3, e4, g3 and h3 (without a date), j4, l3;
    # f3 has lost its amount.
    assert (row["n_won"], row["revenue"], row["n_amount_unknown"]) == ("35", "1816.00", "1")


def test_files_that_are_no_tables_are_named_with_a_remedy_and_the_good_one_counts(punte, mapping, tmp_path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, (content, _) in FILES.items():
        (folder / name).write_bytes(content)
    (folder / "deals.csv").write_text(good("d"), encoding="utf-8")
    os.mkfifo(folder / "pipe.csv")
    (folder / "around").symlink_to(folder)
    (folder / "one.csv").symlink_to(folder / "two.csv")
    (folder / "two.csv").symlink_to(folder / "one.csv")
    said = punte("import", folder, "--map", mapping, home=tmp_path / "home")
    assert (said.code, "Traceback" in said.err) == (0, False), said.err
    others = {
        "pipe.csv": "pipe.csv is a device, pipe or socket, not a file. Name the folder or file itself.",
        "around": "around is a link to a folder, not a file. Name the folder or file itself.",
        "one.csv": "one.csv cannot be read: Too many levels of symbolic links. Check where it leads",
    }
    expected = {name: sentence for name, (_, sentence) in FILES.items()} | others
    assert [name for name, sentence in expected.items() if sentence not in lines_about(said.err, name)] == [], said.err
    (row,) = punte("loop", "--by", "", "--format", "csv", home=tmp_path / "home").rows
    assert (row["n_won"], row["revenue"]) == ("2", "150.50")


@pytest.mark.parametrize("name", ["photo.csv", "bomb.zip", "locked.xlsx"])
def test_a_file_that_is_no_table_alone_ends_with_a_sentence_and_a_remedy(punte, mapping, tmp_path, name: str) -> None:
    (tmp_path / name).write_bytes(FILES[name][0])
    said = punte("import", tmp_path / name, "--map", mapping, home=tmp_path / "home")
    assert (said.code, len(said.err.strip().splitlines()) >= 2, "Traceback" in said.err) == (1, True, False)
    assert said.err.startswith(name)


MEASURED = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "punte.cli.main", *sys.argv[1:]], capture_output=True, check=False)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def test_a_cell_of_fifty_megabytes_and_a_million_empty_rows_need_no_more_memory(mapping, tmp_path: Path) -> None:
    (tmp_path / "deals-huge.csv").write_bytes(ROWS["deals-huge.csv"][0])
    workbook_with_empty_rows(tmp_path / "deals-book.xlsx", 1_000_000)
    words = ["--home", tmp_path / "home", "import", tmp_path / "deals-huge.csv", tmp_path / "deals-book.xlsx"]
    command = [sys.executable, "-c", MEASURED, *map(str, words), "--map", str(mapping)]
    measured = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout.split()
    code, megabytes = map(int, measured)
    assert (code, megabytes < 600) == (0, True), megabytes


def test_a_dry_run_says_why_rows_would_be_mended_or_put_aside(punte, mapping, tmp_path: Path) -> None:
    deals = tmp_path / "deals.csv"
    content = good("a") + "a3,Gamma,won,00/00/0000,1\na4,Delta,won,2026-01-08\n,Epsilon,won,2026-01-08,1\n"
    deals.write_text(content, encoding="utf-8")
    said = punte("import", deals, "--map", mapping, "--dry-run", home=tmp_path / "home")
    assert [line for line in said.err.splitlines() if line.startswith("deals.csv: ")] == [
        "deals.csv: 1 put aside: id empty. Row 6: The row has no id. Give the row an id where it came from, or name "
        "another column under id in the mapping.",
        "deals.csv: 1 repaired: short row. Nothing is to be done, if the last cells are empty where the row came from.",
        "deals.csv: 1 repaired: zero moment. Row 4: '00/00/0000' in column 'closed' is a date of zeros, which stands "
        "for none. Correct it where it came from, if there is a date; else nothing is to be done.",
    ]
