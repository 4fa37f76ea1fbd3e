"""Where something came from: one id for each combination of channel, source, medium, campaign and so on."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.records import ids
from punte.records.tables import TABLES
from punte.records.tables.touches import TRAFFIC_FIELDS
from punte.sources.files.mapping.cells import Reading, texts_of
from punte.sources.files.mapping.language import TrafficRule
from punte.sources.files.mapping.privacy import E_MAIL

CLICK_IDS = {
    "gclid": ("google", "cpc"),
    "gbraid": ("google", "cpc"),
    "wbraid": ("google", "cpc"),
    "msclkid": ("bing", "cpc"),
    "li_fat_id": ("linkedin", "cpc"),
    "ttclid": ("tiktok", "cpc"),
    "fbclid": ("facebook", "social"),
}
"""Source and medium that a click id stands for where the address says neither; Facebook marks unpaid clicks as well."""

_OF_ADDRESS = ("source", "medium", "campaign", "term", "content", "landing_page")
_ADDRESS = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//|^/|^www\.", re.ASCII)
_LARGEST = 2**62
_PAGES = frozenset({"landing_page", "referrer"})


def read_traffic(rule: TrafficRule, reading: Reading, *, always: bool) -> tuple[pa.Array, pa.Table]:
    """The traffic_id of every row, and each distinct combination once, in the schema of table ``traffic``.

    ``always``: a row of which nothing is known has the id of the empty combination (touches, spend); otherwise null.
    """
    columns = {name: column.dictionary_encode() for name, column in _columns(rule, reading).items()}
    code = _codes(list(columns.values()), reading.rows.n)
    firsts = np.flatnonzero(np.diff(np.maximum.accumulate(code), prepend=-1))
    combinations = _values(list(columns.values()), firsts)
    wanted = [always or rule.declares or any(one) for one in combinations]
    traffic_ids = [ids.traffic_id(one) if keep else None for one, keep in zip(combinations, wanted, strict=True)]
    kept = dict.fromkeys((i, *one) for i, one in zip(traffic_ids, combinations, strict=True) if i is not None)
    return pa.array(traffic_ids, pa.string()).take(pa.array(code)), _table(list(kept))


def _codes(columns: list[pa.DictionaryArray], n: int) -> np.ndarray:
    """One number for each combination, counted from 0 in the order in which they first appear."""
    code, bound = np.zeros(n, np.int64), 1
    for column in columns:
        n_values = len(column.dictionary) + 1
        if bound * n_values > _LARGEST:
            code, bound = _dense(code), n
        code = code * n_values + np.asarray(pc.fill_null(column.indices, n_values - 1))
        bound *= n_values
    return _dense(code)


def _dense(code: np.ndarray) -> np.ndarray:
    return np.asarray(pa.array(code).dictionary_encode().indices).astype(np.int64)


def _values(columns: list[pa.DictionaryArray], rows: np.ndarray) -> list[tuple[str | None, ...]]:
    at = pa.array(rows)
    values = [_without_addresses(column.take(at).cast(pa.string())) for column in columns]
    return list(zip(*(one.to_pylist() for one in values), strict=True))


def _without_addresses(texts: pa.Array) -> pa.Array:
    """Newsletters put the reader's e-mail address into links: such a value is personal, and is left out."""
    return pc.if_else(pc.match_substring_regex(texts, E_MAIL), None, texts)


def _table(rows: list[tuple[str | None, ...]]) -> pa.Table:
    schema = TABLES["traffic"].whole_schema
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=schema)


def _columns(rule: TrafficRule, reading: Reading) -> dict[str, pa.Array]:
    nothing = pa.nulls(reading.rows.n, pa.string())
    columns = dict.fromkeys(TRAFFIC_FIELDS, nothing)
    for name, cell in rule.fields:
        texts = texts_of(cell, reading, f"traffic.{name}")
        columns[name] = _pages(texts) if name in _PAGES else texts
    if rule.url is not None:
        address = _split(texts_of(rule.url, reading, "traffic.url"))
        columns.update({name: pc.coalesce(columns[name], address[name]) for name in _OF_ADDRESS})
    return columns


def _pages(texts: pa.Array) -> pa.Array:
    """Addresses without their query and fragment; other texts as they are."""
    encoded = texts.dictionary_encode()
    pages = [page(text) if _ADDRESS.match(text) else text for text in encoded.dictionary.to_pylist()]
    return pa.array(pages, pa.string()).take(encoded.indices)


def _split(addresses: pa.Array) -> dict[str, pa.Array]:
    encoded = addresses.dictionary_encode()
    parts = [split_address(text) for text in encoded.dictionary.to_pylist()]
    return {
        name: pa.array([part.get(name) for part in parts], pa.string()).take(encoded.indices) for name in _OF_ADDRESS
    }


def split_address(address: str) -> dict[str, str]:
    """Landing page, utm parameters and, failing source and medium, what a click id says.

    >>> split_address("https://a.ro/guide?utm_source=News&utm_medium=email&gclid=1")
    {'landing_page': 'https://a.ro/guide', 'source': 'News', 'medium': 'email'}
    >>> split_address("/trial?gclid=1")
    {'landing_page': '/trial', 'source': 'google', 'medium': 'cpc'}
    """
    query = address.partition("#")[0].partition("?")[2]
    asked = {name.lower(): value.strip() for name, value in parse_qsl(query, max_num_fields=None)}
    found = {"landing_page": page(address)}
    found |= {name: asked[f"utm_{name}"] for name in _OF_ADDRESS[:-1] if asked.get(f"utm_{name}")}
    click = next((name for name in CLICK_IDS if asked.get(name)), None)
    if click is not None and not {"source", "medium"} & found.keys():
        found["source"], found["medium"] = CLICK_IDS[click]
    return {name: value for name, value in found.items() if value}


def page(address: str) -> str:
    """The address without query and fragment, its scheme and host in lower case."""
    bare = address.partition("#")[0].partition("?")[0]
    try:
        split = urlsplit(bare)
    except ValueError:
        return bare
    return split._replace(scheme=split.scheme.lower(), netloc=split.netloc.lower()).geturl() if split.netloc else bare
