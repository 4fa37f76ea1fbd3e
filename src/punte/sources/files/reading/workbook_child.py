"""Reads a workbook in a process of its own, so that a hostile one can harm nobody else.

``python -m punte.sources.files.reading.workbook_child '{"task": ...}'`` with the workbook as standard input. A sheet
is a dense grid to its reader: one cell in the last row of the last column would ask for gigabytes, and a memory
limit can only be set for a whole process. The task "list" answers with JSON, "read" with an Arrow stream of text.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyarrow as pa
import python_calamine

from .cells import text_of
from .error_cells import count_error_cells
from .headers import ROW_NUMBER
from .workbooks import TOO_LARGE, UNREADABLE

ROWS_IN_A_BATCH = 20_000


def main(task: dict[str, Any]) -> int:
    """Do one task; the exit code says how it went, standard error why it did not."""
    _limit_resources(task["memory_bytes"], task["cpu_seconds"])
    os.lseek(sys.stdin.fileno(), 0, os.SEEK_SET)
    content = sys.stdin.buffer.read()
    try:
        with python_calamine.load_workbook(io.BytesIO(content)) as book:
            if task["task"] == "list":
                sys.stdout.write(json.dumps(list(_sheets(book))))
            else:
                _write_sheet(book.get_sheet_by_name(task["sheet"]), count_error_cells(content, task["sheet"]))
    except python_calamine.PasswordError:
        sys.stderr.write("it is locked with a password")
        return UNREADABLE
    except python_calamine.CalamineError as error:
        sys.stderr.write(str(error))
        return UNREADABLE
    except MemoryError:
        return TOO_LARGE
    return 0


def _limit_resources(memory_bytes: int, cpu_seconds: int) -> None:
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))


def _sheets(book: python_calamine.CalamineWorkbook) -> Iterator[dict[str, str]]:
    for sheet in book.sheets_metadata:
        reason = ""
        if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
            reason = "a chart or macro sheet"
        elif sheet.visible != python_calamine.SheetVisibleEnum.Visible:
            reason = "a hidden sheet"
        elif book.get_sheet_by_name(sheet.name).start is None:
            reason = "an empty sheet"
        yield {"name": sheet.name, "reason": reason}


def _write_sheet(sheet: python_calamine.CalamineSheet, n_error_cells: int | None) -> None:
    n_columns = sheet.width
    names = [ROW_NUMBER, *(str(place) for place in range(n_columns))]
    known = {} if n_error_cells is None else {"n_error_cells": str(n_error_cells)}
    schema = pa.schema(
        [(names[0], pa.int64()), *((name, pa.string()) for name in names[1:])],
        metadata=known,
    )
    rows = iter(sheet.iter_rows())
    number = 1
    with pa.ipc.new_stream(sys.stdout.buffer, schema) as stream:
        while some := list(islice(rows, ROWS_IN_A_BATCH)):
            columns = [pa.array(range(number, number + len(some)), pa.int64())]
            for cells in zip(*some, strict=True):
                columns.append(pa.array([text_of(cell) for cell in cells], pa.string()))
            stream.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
            number += len(some)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
