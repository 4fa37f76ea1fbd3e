"""Write the documents that are made from code, so that they cannot part from it; ``check`` only says which are old.

python tools/documents.py            write them
python tools/documents.py check      name those that are not as the code says, and exit with 1 if any is
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from punte.catalog.documents import measures_page
from punte.records.documents import records_page

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES: dict[str, Callable[[], str]] = {"measures.md": measures_page, "records.md": records_page}


def outdated() -> list[str]:
    """The pages whose file is missing or says something else than the code."""
    return [name for name, page in PAGES.items() if not (DOCS / name).exists() or read(name) != page()]


def read(name: str) -> str:
    """What a page's file says now."""
    return (DOCS / name).read_text(encoding="utf-8")


def main(words: list[str]) -> int:
    """Check, or write what is old."""
    old = outdated()
    if words == ["check"]:
        if old:
            sys.stdout.write(f"Old: {', '.join(f'docs/{name}' for name in old)}. Run `make docs`.\n")
        return 1 if old else 0
    for name in old:
        (DOCS / name).write_text(PAGES[name](), encoding="utf-8")
        sys.stdout.write(f"wrote docs/{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
