"""How many cells of a sheet hold an error such as #N/A, which readers hand out as empty cells."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ERROR_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*\bt="e"')
CHUNK_BYTES = 4 * 1024**2


def count_error_cells(workbook: bytes, sheet: str) -> int | None:
    """The number of error cells on a sheet of an .xlsx workbook; None for other kinds, where it cannot be told."""
    if not zipfile.is_zipfile(io.BytesIO(workbook)):
        return None
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        part = _part_of(archive, sheet)
        if part is None:
            return None
        with archive.open(part) as stream:
            n_errors, rest = 0, b""
            while chunk := stream.read(CHUNK_BYTES):
                text = rest + chunk
                whole = text.rfind(b">") + 1
                n_errors += len(ERROR_CELL.findall(text[:whole]))
                rest = text[whole:]
            return n_errors


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The path of a sheet's XML inside the workbook."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return None
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    wanted = next((found for found in book.iter(f"{MAIN}sheet") if found.get("name") == sheet), None)
    target = targets.get(wanted.get(RELATION)) if wanted is not None else None
    if not target:
        return None
    path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return path if path in archive.namelist() else None
