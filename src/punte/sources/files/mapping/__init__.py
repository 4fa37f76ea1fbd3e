"""What the rows of a file mean: the mapping language, and the conversion of rows to canonical records.

A mapping is written in TOML (docs/mapping.md). ``load_mapping`` reads it, ``rule_for`` finds the rule for a file,
``convert`` turns batches of rows into records.
"""

from __future__ import annotations

from punte.sources.files.mapping.choosing import rule_for
from punte.sources.files.mapping.converting import Converted, convert
from punte.sources.files.mapping.language import FileRule, Mapping, Remark, TableRule, Writing
from punte.sources.files.mapping.lookups import Lookup, LookupNeed, build_lookup, lookup_needs
from punte.sources.files.mapping.parsing import load_mapping
from punte.sources.files.mapping.privacy import personal_headers
from punte.sources.files.mapping.writing import dump_mapping

__all__ = [
    "Converted",
    "FileRule",
    "Lookup",
    "LookupNeed",
    "Mapping",
    "Remark",
    "TableRule",
    "Writing",
    "build_lookup",
    "convert",
    "dump_mapping",
    "load_mapping",
    "lookup_needs",
    "personal_headers",
    "rule_for",
]
