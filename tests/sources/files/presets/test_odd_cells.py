"""Whatever stands in the cells of a recognised export, every row is accounted for and nothing stops the import."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punte.records.tables import TABLES
from punte.sources.files import mapping as m
from punte.sources.files.mapping.headers import STAR
from punte.sources.files.mapping.privacy import mapped_headers
from punte.sources.files.presets import presets
from tests.sources.files.mapping.drawn import AT, KEY, from_rows

RULES = {rule.name: (mapping, rule) for mapping in presets() for rule in mapping.files if rule.tables}
ODD = ["", " ", "1", "-1", "1e400", "NaN", "99999999999999999999", "2026-02-30", "0000-00-00", "24:00", "1970-01-01",
       "9999-12-31 23:59:59", "2026-03-29 03:30", "true", "Won", "Closed Won", ";", ";;a;", "|", "\\", "=1+1", "\u0000",
       "\u202e", "ș", "𝔸", "a@b.ro", "http://[", "/?utm_source=%FF", "EUR", "XXX", "(5)", "5%", "x" * 5000]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", RULES)
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_odd_cells_of_an_export_are_all_accounted_for(name: str, data: st.DataObject) -> None:
    mapping, rule = RULES[name]
    named = mapped_headers(rule) | {names[0] for names in rule.headers}
    header = sorted({one.replace(STAR, "(EUR)") for one in named})
    cells = st.lists(st.sampled_from(ODD), min_size=len(header), max_size=len(header))
    rows = from_rows(header, data.draw(st.lists(cells, max_size=6)))
    whole = m.Mapping(mapping.source, m.Writing("Europe/Bucharest", "EUR"), mapping.files)
    lookups = [m.build_lookup(need, []) for need in m.lookup_needs(whole)]
    result = m.convert(rows, rule=rule, mapping=whole, key=KEY, lookups=lookups, load_id="l", recorded_at=AT)
    for table, counts in result.counts.items():
        assert counts["rows"] == counts["good"] + counts["repaired"] + counts["quarantined"]
        assert result.tables[table].num_rows == counts["good"] + counts["repaired"]
    assert {name: one.schema for name, one in result.tables.items()} == {
        name: TABLES[name].whole_schema for name in result.tables
    }
